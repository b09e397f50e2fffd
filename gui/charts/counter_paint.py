"""Paints the course of a watched value and what each run lost of it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Self

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from core.columns import FloatArray
from core.number_format import count
from core.recording import Recording
from gui.charts import paint
from gui.charts.counter_layout import curve
from gui.charts.time_axis import Window, live_span_s
from gui.charts.time_axis_paint import paint_time_axis
from gui.charts.words import mode_place, mode_word, word
from gui.theme import Theme

LOSS_ROW: Final = 22
LOWEST_CURVE: Final = 40
"""A curve lower than this tells nothing and is left out."""

HEADROOM: Final = 1.04


class Loss(NamedTuple):
    """The updates that one run lost."""

    mode: str
    lost: float


@dataclass(frozen=True, slots=True)
class Course:
    """A watched value up to a moment."""

    mode: str
    at_s: FloatArray
    """Seconds from the beginning of ``main()``, shape (n,)."""
    values: FloatArray
    expected: float
    """NaN when not known."""
    span_s: float
    """Length of the time axis."""
    over: bool
    """Whether ``main()`` had ended: what is missing now is lost."""

    @classmethod
    def of(cls, recording: Recording, watch: str, expected: float, cursor_s: float) -> Self:
        """Return the course of a watch in a recording."""
        at_s, values = recording.watch(watch)
        main_s, end_s = recording.main_started_s, recording.main_ended_s
        if math.isnan(main_s):
            main_s = float(at_s[0]) if len(at_s) else 0.0
        if math.isnan(end_s) and recording.ending:
            end_s = recording.ending.at_s
        # The last sample is taken when main() has ended, so a little later than its end.
        seen = len(at_s) if cursor_s >= end_s else int(np.searchsorted(at_s, cursor_s, "right"))
        at_s, values = at_s[:seen] - main_s, values[:seen]
        now_s = cursor_s - main_s if math.isfinite(cursor_s) else float(at_s.max(initial=0.0))
        last_s = max(end_s - main_s, float(at_s.max(initial=0.0)))
        span_s = live_span_s(now_s) if math.isnan(end_s) else last_s
        return cls(
            recording.header.mode, at_s, values, expected, max(span_s, 1e-6), cursor_s >= end_s
        )

    @property
    def last(self) -> float:
        """Return the newest value; NaN before the first."""
        return float(self.values[-1]) if len(self.values) else math.nan

    @property
    def top(self) -> float:
        """Return the value at the top of the axis."""
        known = 0.0 if math.isnan(self.expected) else self.expected
        return max(known, float(self.values.max(initial=0.0)), 1.0) * HEADROOM


class CounterPainter:
    """Paints into the room that the chart gives it."""

    def __init__(self, painter: QPainter, theme: Theme, language: str) -> None:
        self._painter = painter
        self._theme = theme
        self._language = language

    # -- the curve -------------------------------------------------------------

    def paint_course(self, room: QRectF, course: Course) -> None:
        """Paint the curve against the line of the expected value."""
        theme = self._theme
        line = paint.text_height(theme, "text")
        plot = room.adjusted(theme.px(2), line, -theme.px(8), -line - theme.px(8))
        if plot.height() < theme.px(LOWEST_CURVE):
            return
        paint_time_axis(self._painter, theme, plot, course.span_s, self._language)
        self._paint_expected(plot, course)
        points = self._points(plot, course)
        colour = theme.mode_colour(course.mode)
        pen = QPen(colour, theme.px(2.5))
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        self._painter.setPen(pen)
        self._painter.drawPolyline(QPolygonF(points))
        if course.over:
            self._paint_lost(plot, course, points[-1])
        paint.dot(self._painter, theme, points[-1], theme.px(5), colour)

    def _y(self, plot: QRectF, course: Course, value: float) -> float:
        return plot.bottom() - plot.height() * min(max(value / course.top, 0.0), 1.0)

    def _points(self, plot: QRectF, course: Course) -> list[QPointF]:
        window = Window(0.0, course.span_s)
        columns = max(1, int(plot.width()))
        at_s, values = curve(course.at_s, course.values, window, columns)
        xs = plot.left() + plot.width() * at_s / course.span_s
        ys = plot.bottom() - plot.height() * np.clip(values / course.top, 0.0, 1.0)
        return [QPointF(x, y) for x, y in zip(xs.tolist(), ys.tolist(), strict=True)]

    def _paint_expected(self, plot: QRectF, course: Course) -> None:
        if math.isnan(course.expected):
            return
        theme, painter = self._theme, self._painter
        y = self._y(plot, course, course.expected)
        pen = QPen(QColor(theme.ink), theme.px(1.5), Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
        text = word(self._language, "counter_expected_line", value=count(course.expected))
        high = paint.text_height(theme, "text")
        box = QRectF(plot.left(), y - high - theme.px(2), plot.width(), high)
        paint.write(painter, theme, box, text)

    def _paint_lost(self, plot: QRectF, course: Course, end: QPointF) -> None:
        """Paint the gap between what is and what should be, labelled with its size."""
        lost = course.expected - course.last
        if math.isnan(lost) or lost == 0:
            return
        theme, painter = self._theme, self._painter
        y = self._y(plot, course, course.expected)
        painter.setPen(QPen(QColor(theme.attention), theme.px(3)))
        painter.drawLine(end, QPointF(end.x(), y))
        high = paint.text_height(theme, "text")
        if abs(end.y() - y) < high + theme.px(4):
            return  # the number stands above in large digits anyway
        text = word(self._language, "counter_lost_mark", value=count(lost))
        middle = (end.y() + y) / 2
        box = QRectF(plot.left(), middle - high / 2, end.x() - plot.left() - theme.grid(), high)
        colour, align = theme.attention_text, paint.RIGHT
        paint.write(painter, theme, box, text, colour=colour, align=align, bold=True)

    # -- what each run lost ----------------------------------------------------

    @staticmethod
    def strip_height(theme: Theme, losses: Sequence[Loss]) -> float:
        """Return the height of the dots of all runs; there is room for one mode at least."""
        modes = len({loss.mode for loss in losses})
        caption = paint.text_height(theme, "text") + theme.px(6)
        return caption + max(1, modes) * theme.px(LOSS_ROW) if modes else 0.0

    def paint_losses(self, room: QRectF, losses: Sequence[Loss], expected: float) -> None:
        """Paint a dot a run, a row a mode; the latest run is the large one."""
        if not losses:
            return
        theme, painter = self._theme, self._painter
        high = paint.text_height(theme, "text")
        caption = QRectF(room.left(), room.top() + theme.px(4), room.width(), high)
        text = word(self._language, "counter_losses")
        paint.write(painter, theme, caption, text, colour=theme.muted)
        modes = sorted({loss.mode for loss in losses}, key=mode_place)
        labels = max(self._label_width(mode) for mode in modes) + theme.grid()
        numbers = paint.metrics(theme, "text").horizontalAdvance(count(-9_999_999)) + theme.grid()
        axis = room.adjusted(labels, caption.height() + theme.px(6), -numbers, 0)
        end = max(loss.lost for loss in losses) or expected
        for place, mode in enumerate(modes):
            row = QRectF(
                room.left(), axis.top() + place * theme.px(LOSS_ROW), 0, theme.px(LOSS_ROW)
            )
            row.setRight(room.right())
            own = [loss.lost for loss in losses if loss.mode == mode]
            self._paint_loss_row(row, axis, mode, own, end)

    def _label_width(self, mode: str) -> float:
        label = mode_word(self._language, mode)
        return paint.metrics(self._theme, "text").horizontalAdvance(label)

    def _paint_loss_row(
        self, row: QRectF, axis: QRectF, mode: str, lost: Sequence[float], end: float
    ) -> None:
        theme, painter = self._theme, self._painter
        paint.write(painter, theme, row, mode_word(self._language, mode))
        y = row.center().y()
        paint.hairline(painter, theme, QPointF(axis.left(), y), QPointF(axis.right(), y))
        colour = theme.mode_colour(mode)
        for place, value in enumerate(lost):
            share = min(max(value / end, 0.0), 1.0) if end else 0.0
            middle = QPointF(axis.left() + axis.width() * share, y)
            latest = place == len(lost) - 1
            radius = theme.px(6) if latest else theme.px(4)
            paint.dot(painter, theme, middle, radius, colour)
        left = axis.left() + axis.width() * share + theme.px(10)
        box = QRectF(left, row.top(), row.right() - left, row.height())
        paint.write(painter, theme, box, count(lost[-1]))
