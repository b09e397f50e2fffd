"""One frame of the timeline as a picture: where its things are. Others paint them."""

from heapq import nlargest
from typing import Final

from PySide6.QtCore import QRectF

from gui.charts import paint, timeline_text
from gui.charts.time_axis import Window
from gui.charts.timeline_frame import Frame, Rows, has_queue, queue_height, reserved_rows, rows_in
from gui.charts.timeline_ghost import Ghost
from gui.charts.timeline_index import Lane
from gui.charts.timeline_paint import BAR_SHARE, RowBox
from gui.charts.timeline_staff import Staff
from gui.charts.words import word
from gui.theme import FontKind, Theme

TALLEST_ROW: Final = 44
LOWEST_ROW: Final = 7
TALLEST_QUEUE: Final = 36
LOWEST_QUEUE: Final = 22
_MEASURED: Final = 20
"""Labels that are measured: those with the most characters."""

WIDEST_LABELS: Final = 0.3
"""Share of the chart's width that lane labels may take."""


class TimelinePicture:
    """The picture of one frame in a box of the chart.

    Parameters
    ----------
    theme, language
        How it looks and what it speaks.
    box : QRectF
        The room, its margins taken off.
    frame : Frame
        What to show.
    window : Window
        Which stretch of time.
    scroll : int
        The first row to show where not all rows fit.
    ghost : Ghost, optional
        A run to show as outlines.

    Attributes
    ----------
    plot, queue : QRectF
        Where the rows and the hill of waiting tasks below them are.
    rows : Rows
        Which lanes are seen, and how far they stand from each other.
    labels, modes, contents : list
        By lane: its name, the mode of its tasks, the tasks themselves.
    staff : Staff
        Which workers set themselves up or ran nothing.
    """

    def __init__(
        self,
        theme: Theme,
        language: str,
        box: QRectF,
        frame: Frame,
        window: Window,
        scroll: int,
        ghost: Ghost | None = None,
    ) -> None:
        self.frame = frame
        self.ghost = ghost
        self.window = window
        self.theme = theme
        self.language = language
        head = paint.text_height(theme, "text") + theme.grid()
        axis = paint.text_height(theme, "text") + theme.grid()
        body = box.adjusted(0, head, 0, -axis)
        self.box = box
        self.modes = [timeline_text.lane_mode(frame, lane) for lane in frame.index.lanes]
        self.staff = Staff.of(frame.recording, len(self.modes))
        idle = self.staff.idle
        self.labels = timeline_text.lane_labels(frame.recording, self.modes, language, idle)
        self.modes += timeline_text.idle_modes(frame.recording, idle)
        self.contents = [*frame.index.lanes, *(Lane() for _ in idle)]
        lanes = len(self.labels)
        reserved = reserved_rows(frame.recording, max(lanes, ghost.lanes if ghost else 0))
        sizes = (theme.px(LOWEST_QUEUE), theme.px(TALLEST_QUEUE), theme.px(LOWEST_ROW))
        has_one = has_queue(frame.recording)
        queue = queue_height(body.height(), reserved, *sizes) if has_one else 0.0
        low, high = theme.px(LOWEST_ROW), theme.px(TALLEST_ROW)
        self.rows: Rows = rows_in(body.height() - queue, reserved, lanes, scroll, low, high)
        roomy = paint.fits(theme, "text", self.rows.pitch * BAR_SHARE)
        self.label_font: FontKind = "text" if roomy else "note"
        self.plot = body.adjusted(self._label_room(body.width()), 0, 0, 0)
        below = self.plot.top() + self.rows.pitch * max(
            self.rows.stop - self.rows.first, min(reserved, (body.height() - queue) / high)
        )
        below = min(below, body.bottom() - queue)
        self.queue = QRectF(self.plot.left(), below, self.plot.width(), queue)

    @property
    def lanes(self) -> int:
        """Return the number of lanes, seen or not."""
        return len(self.labels)

    def x_of(self, time_s: float) -> float:
        """Return the place of a moment."""
        share = (time_s - self.window.begin_s) / self.window.span_s
        return self.plot.left() + share * self.plot.width()

    def time_at(self, x: float) -> float:
        """Return the moment at a place."""
        share = (x - self.plot.left()) / self.plot.width()
        return self.window.begin_s + share * self.window.span_s

    def lane_at(self, y: float) -> int | None:
        """Return the lane at a height, None if there is none."""
        row = int((y - self.plot.top()) // self.rows.pitch) + self.rows.first
        return row if self.rows.first <= row < self.rows.stop else None

    def row_box(self, lane: int) -> RowBox:
        """Return where a lane's bars and its line of waiting time are."""
        pitch = self.rows.pitch
        top = self.plot.top() + (lane - self.rows.first) * pitch
        high = pitch * BAR_SHARE
        bar = QRectF(self.plot.left(), top + pitch * 0.08, self.plot.width(), high)
        thin = max(1.0, min(self.theme.px(4), pitch * 0.12))
        wait = QRectF(self.plot.left(), bar.bottom() + pitch * 0.06, self.plot.width(), thin)
        return RowBox(bar, wait)

    def _label_room(self, width: float) -> float:
        """Return the width of the labels: that of a long one, so that it never changes."""
        longest = nlargest(_MEASURED, set(self.labels), key=len)
        samples = [*longest, timeline_text.sample_label(self.frame, self.language)]
        samples.append(word(self.language, "lane_waiting"))
        measures = paint.metrics(self.theme, self.label_font)
        widest = max(measures.horizontalAdvance(sample) for sample in samples)
        return min(widest + self.theme.grid(1.5), width * WIDEST_LABELS)
