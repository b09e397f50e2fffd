"""The timeline: a row a worker, a bar a task, growing while it runs."""

import html
import math
from dataclasses import replace
from typing import ClassVar, Final

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QToolTip, QWidget

from core.recording import Recording
from gui.charts import paint
from gui.charts.chart import Chart
from gui.charts.time_axis import Window, moved, zoomed
from gui.charts.timeline_frame import frame_at
from gui.charts.timeline_ghost import Ghost
from gui.charts.timeline_index import TimelineIndex
from gui.charts.timeline_picture import TimelinePicture
from gui.frame_clock import FRAME_MS

NOTCH: Final = 120
"""What Qt reports for one notch of a wheel."""

CLOSER_A_NOTCH: Final = 1.25
CLOSER_A_KEY: Final = 1.5
SHARE_A_KEY: Final = 0.1
"""Share of the window by which an arrow key moves it."""


class TimelineChart(Chart):
    """Draws the tasks of a recording on their workers.

    The wheel comes closer, dragging moves along, a double click shows everything again;
    with the keyboard: up and down, left and right, Home.
    """

    kind: ClassVar[str] = "timeline"
    comfortable_px: ClassVar[int] = 200
    lowest_px: ClassVar[int] = 110

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._recording: Recording | None = None
        self._index: TimelineIndex | None = None
        self._ghost: Ghost | None = None
        self._cursor_s = math.inf
        self._chosen: Window | None = None  # None: everything, live while it runs
        self._scroll = 0
        self._dragged_from: QPointF | None = None
        self._hovered: int | None = None
        self.bars_painted = 0
        """Single bars in the last frame: bounded, whatever the number of tasks."""
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._catch_up = QTimer(self)
        self._catch_up.setSingleShot(True)
        self._catch_up.setInterval(FRAME_MS)
        self._catch_up.timeout.connect(self._draw_again)

    # -- what to show ----------------------------------------------------------

    def clear(self) -> None:
        """Show the empty state."""
        self._catch_up.stop()
        self._recording = self._index = self._hovered = None
        self._reset_view()

    def draw(self, recording: Recording, cursor_s: float = math.inf) -> None:
        """Show a recording up to a moment, in seconds of the recording."""
        if recording is not self._recording:
            self.clear()
            self._recording, self._index = recording, TimelineIndex(recording)
        self._cursor_s = cursor_s
        self._draw_again()

    @property
    def ghost(self) -> Recording | None:
        """The run that is shown as outlines."""
        return self._ghost.recording if self._ghost else None

    def set_ghost(self, recording: Recording | None) -> None:
        """Show a run that is over as outlines behind the others; None: show none."""
        if recording is not self.ghost:
            self._ghost = Ghost(recording) if recording is not None else None
            self._draw_again()

    def _draw_again(self) -> None:
        """Take in what is new; what one frame could not take in is left to the next."""
        behind = self._ghost is not None and self._ghost.follow()
        if (self._index is not None and self._index.follow()) or behind:
            self._catch_up.start()  # in case nobody ticks: a saved recording, just opened
        self.update()

    def picture(self) -> TimelinePicture | None:
        """Return what is shown now; None when nothing is."""
        if self._recording is None or self._index is None:
            return None
        frame = frame_at(self._recording, self._index, self._cursor_s)
        ghost = (
            self._ghost if self._ghost and self._ghost.recording is not self._recording else None
        )
        if ghost is not None:
            frame = replace(frame, bounds=ghost.bounds(frame))
        window, look = self._chosen or frame.bounds, (self._theme, self._language)
        return TimelinePicture(*look, self._room(), frame, window, self._scroll, ghost)

    def message(self) -> str:
        """Return what the chart says instead of a picture; empty when there is one to show."""
        if self._recording is None:
            return self._word("timeline_empty")
        if self._index is not None and (self._index.lanes or len(self._index.finished_s)):
            return ""
        return self._word("timeline_first" if self._recording.running else "timeline_none")

    def _name_for_readers(self) -> None:
        super()._name_for_readers()
        self.setAccessibleDescription(self._word("timeline_help"))

    def hover_text(self, place: QPointF) -> str:
        """Return what the pointer is told at a place, in lines; empty when nothing is there."""
        picture = self.picture()
        return "\n".join(picture.hover_lines(place)) if picture else ""

    def _room(self) -> QRectF:
        margin = self._theme.grid()
        return QRectF(self.rect()).adjusted(margin, margin, -margin, -margin)

    # -- painting --------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name and argument
        """Paint the frame."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(self._theme.paper))
        picture, message = self.picture(), self.message()
        if message or picture is None:
            box = paint.head(painter, self._theme, self._room(), self._word("timeline_title"), "")
            paint.empty_note(painter, self._theme, box, message)
        else:
            self.bars_painted = picture.paint(painter, self._hovered)
        if self.hasFocus():
            painter.setPen(QPen(QColor(self._theme.accent), self._theme.px(2)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))
        painter.end()

    # -- pointer and keys ------------------------------------------------------

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Come closer at the pointer; with Shift move the rows."""
        picture, notches = self.picture(), event.angleDelta().y() / NOTCH
        if picture is None or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()  # Ctrl and the wheel is the zoom of the window
            return
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._scroll_to(
                picture, self._scroll - round(notches or event.angleDelta().x() / NOTCH)
            )
        else:
            at_s = picture.time_at(event.position().x())
            self._zoom(picture, at_s, CLOSER_A_NOTCH**notches)
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
        self._reset_view()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Drag along time and rows, or tell what is under the pointer."""
        picture = self.picture()
        if picture is None:
            return
        if self._dragged_from is None:
            self._hover(picture, event.position())
            return
        by = self._dragged_from - event.position()
        self._dragged_from = QPointF(event.position().x(), self._dragged_from.y())
        self.setCursor(Qt.CursorShape.ClosedHandCursor)
        self._move(picture, by.x() * picture.window.span_s / picture.plot.width())
        rows = int(by.y() / picture.rows.pitch)
        if rows:
            self._dragged_from.setY(event.position().y())
            self._scroll_to(picture, self._scroll + rows)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Forget what was under the pointer."""
        self._hovered = None
        self.update()
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Do with keys what the pointer does."""
        picture = self.picture()
        closer = {Qt.Key.Key_Up: CLOSER_A_KEY, Qt.Key.Key_Down: 1 / CLOSER_A_KEY}
        along = {Qt.Key.Key_Left: -SHARE_A_KEY, Qt.Key.Key_Right: SHARE_A_KEY}
        key = Qt.Key(event.key())
        if picture is None or event.modifiers() not in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        ):
            super().keyPressEvent(event)
        elif key in closer:
            middle_s = picture.window.begin_s + picture.window.span_s / 2
            self._zoom(picture, middle_s, closer[key])
        elif key in along:
            self._move(picture, along[key] * picture.window.span_s)
        elif key == Qt.Key.Key_Home:
            self._reset_view()
        else:
            super().keyPressEvent(event)

    def _zoom(self, picture: TimelinePicture, at_s: float, factor: float) -> None:
        bounds = picture.frame.bounds
        window = zoomed(picture.window, at_s, factor, bounds)
        self._chosen = None if window == bounds else window
        self.update()

    def _move(self, picture: TimelinePicture, by_s: float) -> None:
        if self._chosen is not None:
            self._chosen = moved(self._chosen, by_s, picture.frame.bounds)
            self.update()

    def _scroll_to(self, picture: TimelinePicture, row: int) -> None:
        fitting = picture.rows.stop - picture.rows.first
        self._scroll = min(max(0, row), max(0, picture.lanes - fitting))
        self.update()

    def _reset_view(self) -> None:
        self._chosen, self._scroll = None, 0
        self.update()

    def _hover(self, picture: TimelinePicture, place: QPointF) -> None:
        found = picture.task_at(place)
        hovered = found[0] if found else None
        if hovered != self._hovered:
            self._hovered = hovered
            self.update()
        lines = picture.hover_lines(place)
        # As rich text of our own: Qt would take a result such as "<b>" for markup otherwise.
        text = "<br>".join(html.escape(line) for line in lines)
        QToolTip.showText(
            self.mapToGlobal(place.toPoint()), f"<qt>{text}</qt>" if text else "", self
        )
