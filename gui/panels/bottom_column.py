"""What stands at the bottom of the window: the transport's line, and below it the output."""

from typing import Final

from PySide6.QtCore import QEvent
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.theme import Theme

LOWEST_OUTPUT: Final = 72


class BottomColumn(QWidget):
    """The line as high as it needs to be, and the output with the rest."""

    def __init__(self, transport: QWidget, output: QWidget) -> None:
        super().__init__()
        self._output = output
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(transport)
        self._column.addWidget(output, 1)

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        self._column.setSpacing(theme.grid(0.5))
        self._output.setMinimumHeight(theme.px(LOWEST_OUTPUT))
        self._need_room()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - an override
        """Ask for the height that the line needs at this width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._need_room()

    def event(self, event: QEvent) -> bool:
        """Ask for the height that the line needs when it comes or goes."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._need_room()
        return done

    def _need_room(self) -> None:
        """Ask for the height that everything needs at this width; splitters do not."""
        self.setMinimumHeight(max(0, self._column.minimumHeightForWidth(self.width())))
