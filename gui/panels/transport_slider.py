"""The slider of the transport: its whole length is the run."""

from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QSlider, QStyle, QStyleOptionSlider

PLACES: Final = 100_000
"""Places of the handle: more than any screen has pixels."""


class TransportSlider(QSlider):
    """A slider that goes to where it is clicked, and leaves the keys to its panel."""

    sought = Signal(float)
    """Somebody moved the handle, 0 to 1; never emitted by `show_share`."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setRange(0, PLACES)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSingleStep(PLACES // 100)
        self.valueChanged.connect(lambda value: self.sought.emit(value / PLACES))

    def show_share(self, share: float) -> None:
        """Show where the cursor stands, unless somebody holds the handle."""
        place = round(share * PLACES)
        if not self.isSliderDown() and place != self.value():
            self.blockSignals(True)
            self.setValue(place)
            self.blockSignals(False)
            self.update()  # with its signals blocked a slider does not always do so itself

    def sizeHint(self) -> QSize:  # noqa: N802 - an override
        """Return no more width than it needs: the layout gives it what is left."""
        return QSize(self.minimumWidth(), super().sizeHint().height())

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - an override
        """Let the handle jump to the pointer, where it can be dragged on."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.setValue(self._place_at(event.position().x()))
        super().mousePressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - an override
        """Leave Ctrl and the wheel to the window: it zooms everything."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - an override
        """Leave the keys to the panel: they step from event to event, not from pixel to pixel."""
        event.ignore()

    def _place_at(self, x: float) -> int:
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        control, parts = QStyle.ComplexControl.CC_Slider, QStyle.SubControl
        groove = self.style().subControlRect(control, option, parts.SC_SliderGroove, self)
        handle = self.style().subControlRect(control, option, parts.SC_SliderHandle, self)
        span = max(1, groove.width() - handle.width())
        offset = round(x - groove.left() - handle.width() / 2)
        return QStyle.sliderValueFromPosition(0, PLACES, offset, span)
