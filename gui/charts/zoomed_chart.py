"""Coming closer in time, for charts of a run: the wheel, dragging and the keys."""

import math
from typing import ClassVar, Final, NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from gui.charts.chart import Chart
from gui.charts.time_axis import Window, moved, zoomed

NOTCH: Final = 120
"""What Qt reports for one notch of a wheel."""

CLOSER_A_NOTCH: Final = 1.25
CLOSER_A_KEY: Final = 1.5
SHARE_A_KEY: Final = 0.1
"""Share of the window by which an arrow key moves it."""


class TimeView(NamedTuple):
    """What a chart shows of time, and where."""

    plot: QRectF
    window: Window
    bounds: Window
    rows: int = 0
    """How many rows there are, seen or not."""
    seen: int = 0
    """How many of them are seen."""
    pitch: float = math.inf
    """How far from one to the next; infinite where dragging moves no rows."""

    def time_at(self, x: float) -> float:
        """Return the moment at a place."""
        share = (x - self.plot.left()) / max(1.0, self.plot.width())
        return self.window.begin_s + share * self.window.span_s


class ZoomedChart(Chart):
    """A chart of a stretch of time: all of the run at first, live while it goes on.

    The wheel comes closer, dragging moves along, a double click shows everything again;
    with the keyboard: up and down, left and right, Home.

    Attributes
    ----------
    closest_s : float
        It tells no more of a shorter stretch than this.
    """

    closest_s: ClassVar[float] = 0.02

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chosen: Window | None = None  # None: everything
        self._scroll = 0
        self._dragged_from: QPointF | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def time_view(self) -> TimeView | None:
        """Return what is shown of time; None when nothing is."""
        raise NotImplementedError

    def show_all(self) -> None:
        """Show the whole run again, from its first row on."""
        self._chosen, self._scroll = None, 0
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Come closer at the pointer; with Shift move the rows."""
        view, notches = self.time_view(), event.angleDelta().y() / NOTCH
        modifiers = event.modifiers()
        if view is None or modifiers & Qt.KeyboardModifier.ControlModifier:
            event.ignore()  # Ctrl and the wheel is the zoom of the window
            return
        if modifiers & Qt.KeyboardModifier.ShiftModifier:
            self._scroll_by(view, -round(notches or event.angleDelta().x() / NOTCH))
        else:
            self._zoom(view, view.time_at(event.position().x()), CLOSER_A_NOTCH**notches)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Begin to drag."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._dragged_from = event.position()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802, ARG002 - Qt's
        """End dragging."""
        self._dragged_from = None
        self.unsetCursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802, ARG002 - Qt's
        """Show everything again."""
        self.show_all()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Drag along time and rows, or tell what is under the pointer."""
        view = self.time_view()
        if view is None:
            return
        if self._dragged_from is None:
            self._hover(event.position())
            return
        by = self._dragged_from - event.position()
        self._dragged_from = QPointF(event.position().x(), self._dragged_from.y())
        self.setCursor(Qt.CursorShape.ClosedHandCursor)
        self._move(view, by.x() * view.window.span_s / max(1.0, view.plot.width()))
        rows = int(by.y() / view.pitch)
        if rows:
            self._dragged_from.setY(event.position().y())
            self._scroll_by(view, rows)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Do with keys what the pointer does."""
        view, key = self.time_view(), Qt.Key(event.key())
        closer = {Qt.Key.Key_Up: CLOSER_A_KEY, Qt.Key.Key_Down: 1 / CLOSER_A_KEY}
        along = {Qt.Key.Key_Left: -SHARE_A_KEY, Qt.Key.Key_Right: SHARE_A_KEY}
        plain = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if view is None or event.modifiers() not in plain:
            super().keyPressEvent(event)
        elif key in closer:
            self._zoom(view, view.window.begin_s + view.window.span_s / 2, closer[key])
        elif key in along:
            self._move(view, along[key] * view.window.span_s)
        elif key == Qt.Key.Key_Home:
            self.show_all()
        else:
            super().keyPressEvent(event)

    def _hover(self, place: QPointF) -> None:
        """Tell what is under the pointer, in a chart that follows it."""

    def _zoom(self, view: TimeView, at_s: float, factor: float) -> None:
        closest_s = min(self.closest_s, view.bounds.span_s)
        factor = min(factor, view.window.span_s / closest_s)
        window = zoomed(view.window, at_s, factor, view.bounds)
        self._chosen = None if window == view.bounds else window
        self.update()

    def _move(self, view: TimeView, by_s: float) -> None:
        if self._chosen is not None:
            self._chosen = moved(self._chosen, by_s, view.bounds)
            self.update()

    def _scroll_by(self, view: TimeView, rows: int) -> None:
        self._scroll = min(max(0, self._scroll + rows), max(0, view.rows - view.seen))
        self.update()
