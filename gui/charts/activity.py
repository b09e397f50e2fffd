"""The activity of the threads: which one really runs, as seen from outside the run."""

import math
from typing import ClassVar, Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from core.number_format import percent
from core.recording import Recording
from gui.charts import paint
from gui.charts.activity_cpu import CpuPainter
from gui.charts.activity_frame import ActivityFrame, rows_of
from gui.charts.activity_head import paint_head
from gui.charts.activity_index import Together
from gui.charts.activity_paint import ActivityPainter
from gui.charts.activity_share import Share
from gui.charts.activity_span import RunSpan
from gui.charts.activity_strips import StripImages
from gui.charts.zoomed_chart import TimeView, ZoomedChart

NOTES: Final = frozenset(("off", "system", "failed"))
"""Why there is no activity, see core/activity.py; each has a sentence."""


class ActivityChart(ZoomedChart):
    """Draws a strip a thread: running, waiting for a processor, waiting.

    Where nobody saw the threads it says why, and shows CPU time against elapsed time by task.
    """

    kind: ClassVar[str] = "activity"
    comfortable_px: ClassVar[int] = 260
    lowest_px: ClassVar[int] = 130

    def __init__(self, parent: QWidget | None = None) -> None:
        self._recording: Recording | None = None  # before Qt's part: the first name speaks of it
        self._frame: ActivityFrame | None = None
        self._together = Together()
        self._images = StripImages()
        self._cursor_s = math.inf
        self._behind = False
        super().__init__(parent)
        self._catch_up = self._frame_later(self._draw_again)

    # -- what to show ----------------------------------------------------------

    def clear(self) -> None:
        """Show the empty state."""
        self._catch_up.stop()
        self._recording = self._frame = None
        self._together, self._images = Together(), StripImages()
        self._name_for_readers()
        self.show_all()

    def draw(self, recording: Recording, cursor_s: float = math.inf) -> None:
        """Show the threads up to a moment."""
        if recording is not self._recording:
            self.clear()
            self._recording = recording
        self._cursor_s = cursor_s
        self._draw_again()

    def set_language(self, language: str) -> None:
        """Speak another language; the threads are called otherwise then."""
        super().set_language(language)
        self._draw_again()

    def _draw_again(self) -> None:
        """Take in what is new; what one frame could not take in is left to the next."""
        recording = self._recording
        if recording is None:
            return
        until_s = recording.activity_until_s  # first: the tracks then hold everything up to it
        # Changes come before the note that somebody looked: until then nothing is known.
        seen = () if math.isnan(until_s) else recording.activity()
        rows = rows_of(recording, seen, self._language)
        self._behind = self._together.follow([row.track for row in rows], until_s)
        if self._behind:
            self._catch_up.start()  # in case nobody ticks: a saved recording, just opened
        span = RunSpan.of(recording, self._cursor_s, until_s)
        share = Share.of(self._together, recording.cores(), span.zero_s, span.now_s)
        self._frame = ActivityFrame(rows, span, until_s, share, recording.activity_rate_hz)
        self._name_for_readers()
        self.update()

    def time_view(self) -> TimeView | None:
        """Return what is shown of time; None when nothing is."""
        picture = self.picture()
        return picture.view if picture else None

    def picture(self) -> ActivityPainter | None:
        """Return the strips as they are shown; None when there are none."""
        frame = self._frame
        if frame is None or not frame.rows:
            return None
        line = paint.text_height(self._theme, "text") + self._theme.grid()
        room = self._room().adjusted(0, line, 0, 0)
        return ActivityPainter(self._theme, self._language, frame, room, self._chosen, self._scroll)

    @property
    def catching_up(self) -> bool:
        """Return whether there is more to take in, or to paint, than one frame could."""
        return self._behind or self._images.behind

    # -- words -----------------------------------------------------------------

    def message(self) -> str:
        """Return what the chart says instead of strips; empty when there are some."""
        frame, recording = self._frame, self._recording
        if frame is None or recording is None:
            return self._word("activity_empty")
        if frame.rows:
            return ""
        if recording.activity_note in NOTES:
            return self._word(f"activity_note_{recording.activity_note}")
        return self._word("activity_first" if recording.running else "activity_none")

    def note(self) -> str:
        """Return the measured share of time in which two or more ran; empty if unknown."""
        frame = self._frame
        if frame is None or not frame.rows or not frame.share.is_known:
            return ""
        least, most = (self._percent(value) for value in frame.share)
        if frame.share.is_sure:
            return self._word("activity_share", share=most)
        return self._word("activity_share_between", least=least, most=most)

    def _percent(self, share: float) -> str:
        """Return a share in digits that do not dance."""
        value = share * 100
        return percent(round(value) if value >= 1 else round(value, 1), self._language)

    def _name_for_readers(self) -> None:
        super()._name_for_readers()
        parts = [self.note(), self.message()]
        if self._frame is not None and self._frame.rows:
            labels = ", ".join(row.label for row in self._frame.rows)
            parts += [self._word("activity_threads", threads=labels), self._word("activity_help")]
        self.setAccessibleDescription(" ".join(part for part in parts if part))

    # -- painting --------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name and argument
        """Paint the heading and the strips, or what there is instead."""
        theme, recording = self._theme, self._recording
        painter = self._paper()
        box = self._paint_head(painter)
        picture, message = self.picture(), self.message()
        if picture is not None:
            picture.paint(painter, self._images)
            if self._images.behind:
                self._catch_up.start()
        elif recording is not None and recording.activity_note in NOTES and len(recording):
            CpuPainter(theme, self._language, recording, self._cursor_s).paint(
                painter, box, message
            )
        else:
            paint.empty_note(painter, theme, box, message)
        self._paint_focus(painter)
        painter.end()

    def _paint_head(self, painter: QPainter) -> QRectF:
        """Paint the title and, as large, the number that says it all; return the room below."""
        title = self._word("activity_title")
        return paint_head(painter, self._theme, self._room(), title, [self.note()])
