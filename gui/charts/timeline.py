"""The timeline: a row a worker, a bar a task, growing while it runs."""

import html
import math
from dataclasses import replace
from typing import ClassVar

from PySide6.QtCore import QEvent, QPointF
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget

from core.recording import Recording
from gui.charts import paint
from gui.charts.time_axis import MIN_SPAN_S
from gui.charts.timeline_axis import paint_axis
from gui.charts.timeline_frame import frame_at
from gui.charts.timeline_ghost import Ghost
from gui.charts.timeline_heading import paint_heading
from gui.charts.timeline_hover import hover_lines, task_at
from gui.charts.timeline_index import TimelineIndex
from gui.charts.timeline_picture import TimelinePicture
from gui.charts.timeline_rows import RowsPainter
from gui.charts.zoomed_chart import TimeView, ZoomedChart


class TimelineChart(ZoomedChart):
    """Draws the tasks of a recording on their workers."""

    kind: ClassVar[str] = "timeline"
    comfortable_px: ClassVar[int] = 200
    lowest_px: ClassVar[int] = 110
    closest_s: ClassVar[float] = MIN_SPAN_S

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._recording: Recording | None = None
        self._index: TimelineIndex | None = None
        self._ghost: Ghost | None = None
        self._cursor_s = math.inf
        self._hovered: int | None = None
        self.bars_painted = 0
        """Single bars in the last frame: bounded, whatever the number of tasks."""
        self.setMouseTracking(True)
        self._catch_up = self._frame_later(self._draw_again)

    # -- what to show ----------------------------------------------------------

    def clear(self) -> None:
        """Show the empty state."""
        self._catch_up.stop()
        self._recording = self._index = self._hovered = None
        self.show_all()

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

    def time_view(self) -> TimeView | None:
        """Return what is shown of time; None when nothing is."""
        picture = self.picture()
        if picture is None:
            return None
        rows, bounds = picture.rows, picture.frame.bounds
        seen = rows.stop - rows.first
        return TimeView(picture.plot, picture.window, bounds, picture.lanes, seen, rows.pitch)

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
        return "\n".join(hover_lines(picture, place)) if picture else ""

    # -- painting --------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name and argument
        """Paint the frame."""
        painter = self._paper()
        picture, message = self.picture(), self.message()
        if message or picture is None:
            box = paint.head(painter, self._theme, self._room(), self._word("timeline_title"), "")
            paint.empty_note(painter, self._theme, box, message)
        else:
            paint_heading(painter, picture)
            paint_axis(painter, picture)
            self.bars_painted = RowsPainter(painter, picture).paint(self._hovered)
        self._paint_focus(painter)
        painter.end()

    # -- pointer ---------------------------------------------------------------

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Forget what was under the pointer."""
        self._hovered = None
        self.update()
        super().leaveEvent(event)

    def _hover(self, place: QPointF) -> None:
        picture = self.picture()
        if picture is None:
            return
        found = task_at(picture, place)
        hovered = found[0] if found else None
        if hovered != self._hovered:
            self._hovered = hovered
            self.update()
        lines = hover_lines(picture, place)
        # As rich text of our own: Qt would take a result such as "<b>" for markup otherwise.
        text = "<br>".join(html.escape(line) for line in lines)
        QToolTip.showText(
            self.mapToGlobal(place.toPoint()), f"<qt>{text}</qt>" if text else "", self
        )
