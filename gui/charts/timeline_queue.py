"""Paints how many tasks wait below the rows of the timeline, and where some left the queue."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from core.columns import FloatArray, IntArray
from core.events import CANCELLED, FAILED
from gui.charts import timeline_layout as layout
from gui.charts.paint import CENTRE, metrics, text_height, write
from gui.charts.time_axis import Window
from gui.charts.timeline_frame import Frame
from gui.charts.timeline_pixels import Badges, paint_pixels, pixel_of
from gui.theme import Theme

NARROWEST_HILL: Final = 48
"""Pixels at 100 % that a hill of waiting tasks needs to carry its number."""


class QueuePainter:
    """Paints the queue of one frame into one plot."""

    def __init__(self, painter: QPainter, theme: Theme, frame: Frame, window: Window) -> None:
        self._painter, self._theme = painter, theme
        self._frame, self._window = frame, window
        self._scale = painter.device().devicePixelRatioF()
        self._badges = Badges(painter, theme)

    def paint(self, box: QRectF, peak_text: Callable[[int], str]) -> None:
        """Paint how many tasks wait as a hill, its peak labelled, and marks where some left it."""
        frame = self._frame
        columns = max(1, round(box.width() * self._scale))
        edges = layout.edges_s(self._window, columns)[1:]
        waiting = layout.waiting_count(frame.index, frame.tasks, edges)
        waiting[edges - self._window.span_s / columns > frame.now_s] = 0
        side = min(self._theme.px(8), box.height() * 0.5)
        marks = {outcome: self._left(box, outcome, side) for outcome in (CANCELLED, FAILED)}
        peak = int(waiting.max())
        if peak:
            self._hill(waiting / peak, box)
            seen = int(np.count_nonzero(waiting)) / self._scale
            if seen > self._theme.px(NARROWEST_HILL):
                taken = [x for places in marks.values() for x in places]
                self._plate(box, waiting, peak_text(peak), taken)
        self._marks(box.center().y(), marks, side)

    def _plate(self, box: QRectF, waiting: IntArray, text: str, marks: Sequence[float]) -> None:
        """Write a number on a plate of paper: on the peak if it is wide, else beside it."""
        theme = self._theme
        width = metrics(theme, "text").horizontalAdvance(text) + theme.px(10)
        height = min(text_height(theme, "text") + theme.px(2), box.height())
        columns, gap = math.ceil(width * self._scale), theme.px(6)
        first, beyond = layout.peak_of(waiting)
        if (beyond - first) / self._scale >= width + 2 * gap:
            left, top = box.left() + first / self._scale + gap, box.center().y() - height / 2
        else:
            column = layout.place_beside(waiting, first, beyond, columns)
            left, top = box.left() + column / self._scale, box.top()
        clear = layout.clear_of(marks, left, width, gap)
        plate = QRectF(clear if clear + width <= box.right() else left, top, width, height)
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(QColor(theme.paper))
        self._painter.drawRoundedRect(plate, theme.px(4), theme.px(4))
        write(self._painter, theme, plate, text, align=CENTRE)

    def _hill(self, heights: FloatArray, box: QRectF) -> None:
        rows = max(1, round(box.height() * self._scale))
        tall = np.ceil(heights * rows).astype(np.int64)  # one task is seen among 100,000
        inside = np.arange(rows, 0, -1)[:, np.newaxis] <= tall[np.newaxis, :]
        paint_pixels(self._painter, np.where(inside, pixel_of(QColor(self._theme.waiting)), 0), box)

    def _left(self, box: QRectF, outcome: int, side: float) -> list[float]:
        """Return where tasks ended so that never started; near ones are one."""
        rows = self._frame.index.left_unstarted()
        ended_s = self._frame.tasks.finished_s[rows]
        here = np.sort(ended_s[self._frame.tasks.outcome[rows] == outcome])
        here = here[: int(np.searchsorted(here, self._frame.now_s, side="right"))]
        shares = (here - self._window.begin_s) / self._window.span_s
        places = np.unique(np.floor(shares * box.width() / (side * 1.5))) * side * 1.5
        seen = places[(places >= 0) & (places < box.width())]
        return [box.left() + place for place in seen.tolist()]

    def _marks(self, y: float, marks: Mapping[int, Sequence[float]], side: float) -> None:
        """Mark where tasks ended that never started: a square for cancelled, a cross for failed."""
        for outcome, places in marks.items():
            for x in places:
                middle = QPointF(x, y)
                if outcome == FAILED:
                    self._badges.paint(middle, side / 2)
                else:
                    self._square(middle, side)

    def _square(self, middle: QPointF, side: float) -> None:
        self._painter.setPen(QColor(self._theme.ink))
        self._painter.setBrush(QColor(self._theme.paper))
        self._painter.drawRect(QRectF(middle.x() - side / 2, middle.y() - side / 2, side, side))
