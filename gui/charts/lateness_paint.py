"""Paints ticks by their lateness, against the lines of "on time" and of one frame."""

from typing import Final, NamedTuple

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen

from core.number_format import number
from core.series import Entries, largest_by_column
from gui.charts import paint
from gui.charts.lateness_frame import FRAME_MS, ROUND_SHARE, Beats
from gui.charts.time_axis_paint import paint_time_axis
from gui.charts.words import word
from gui.theme import Theme

COLUMN_PX: Final = 5
"""Room of one tick at 100 %; where there are more, the latest of its column is shown."""

DOT_PX: Final = 3.5
GUTTER: Final = 10
"""Between labels and plot."""


class _Line(NamedTuple):
    """A line of the scale and what stands at it."""

    value_ms: float
    text: str
    dashed: bool = False


def in_ms(value: float) -> str:
    """Return a number of milliseconds with its unit, to one decimal where that can be seen."""
    return f"{number(round(value, 1 if value >= 1 else 2))} ms"


class LatenessPainter:
    """Paints into the room that the chart gives it."""

    def __init__(self, painter: QPainter, theme: Theme, language: str) -> None:
        self._painter = painter
        self._theme = theme
        self._language = language

    def paint(self, room: QRectF, beats: Beats) -> None:
        """Paint scale, ticks, the median and the worst."""
        theme = self._theme
        high = paint.text_height(theme, "text")
        lines = self._scale(beats)
        left = max(self._width(line.text) for line in lines) + theme.px(GUTTER)
        median = word(self._language, "lateness_median")
        value = in_ms(beats.spread.median) if beats.spread else ""
        right = max(self._width(median), self._width(value)) + theme.px(GUTTER)
        plot = room.adjusted(left, high / 2, -right, -high - theme.px(8))
        paint_time_axis(self._painter, theme, plot, beats.span_s, self._language)
        self._paint_scale(plot, beats, lines)
        self._paint_ticks(plot, beats)
        if beats.spread is not None:
            self._paint_median(plot, beats, median, value)
            self._paint_worst(plot, beats)

    # -- the scale -------------------------------------------------------------

    def _scale(self, beats: Beats) -> list[_Line]:
        """Return the lines from the most important on: a label that finds no room is left out."""
        return [
            _Line(0.0, word(self._language, "lateness_on_time")),
            _Line(FRAME_MS, word(self._language, "lateness_frame", value=in_ms(FRAME_MS)), True),
            _Line(beats.top_ms * ROUND_SHARE, in_ms(beats.top_ms * ROUND_SHARE)),
        ]

    def _paint_scale(self, plot: QRectF, beats: Beats, lines: list[_Line]) -> None:
        theme, painter = self._theme, self._painter
        high = paint.text_height(theme, "text")
        lowest = plot.bottom() + high  # the next label has to stand above this
        for line in lines:
            y = self._y(plot, beats, line.value_ms)
            middle = min(y, lowest - high)
            if y - middle > 2 * high or middle - high / 2 < plot.top() - high:
                continue
            is_crowded = y - middle > high / 2 and not line.dashed
            if is_crowded:
                continue  # a round number far from its place would tell a wrong one
            if line.dashed:
                painter.setPen(QPen(QColor(theme.ink), theme.px(1.5), Qt.PenStyle.DashLine))
                painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            else:
                paint.hairline(painter, theme, QPointF(plot.left(), y), QPointF(plot.right(), y))
            width = plot.left() - theme.px(GUTTER)
            box = QRectF(plot.left() - theme.px(GUTTER) - width, middle - high / 2, width, high)
            colour = theme.ink if line.dashed else theme.muted
            paint.write(painter, theme, box, line.text, colour=colour, align=paint.RIGHT)
            lowest = middle

    # -- the ticks -------------------------------------------------------------

    def _paint_ticks(self, plot: QRectF, beats: Beats) -> None:
        """Paint how late each tick became while it was waited for, and a dot where it came."""
        theme, painter = self._theme, self._painter
        columns = max(1, int(plot.width() / theme.px(COLUMN_PX)))
        shown = largest_by_column(beats.ticks, 0.0, beats.span_s, columns)
        colour, attention = theme.mode_colour(beats.mode), QColor(theme.attention)
        late = shown.values > FRAME_MS
        painter.setPen(Qt.PenStyle.NoPen)
        for which, shade in ((~late, colour), (late, attention)):
            part = Entries(shown.at_s[which], shown.values[which])
            painter.setBrush(theme.softened(shade, 0.45))
            painter.drawPath(self._waits(plot, beats, part))
        for at_s, value, is_late in zip(*shown, late.tolist(), strict=True):
            shade = attention if is_late else colour
            paint.dot(painter, theme, self._point(plot, beats, at_s, value), self._radius(), shade)

    def _waits(self, plot: QRectF, beats: Beats, ticks: Entries) -> QPainterPath:
        """Return a triangle a tick: from when it was due, on time, to when it came, late."""
        path = QPainterPath()
        least = self._theme.px(1.5) / 2
        for at_s, value in zip(*ticks, strict=True):
            top = self._point(plot, beats, at_s, value)
            due = min(self._x(plot, beats, at_s - value / 1000), top.x() - least)
            path.moveTo(max(due, plot.left()), plot.bottom())
            path.lineTo(top)
            path.lineTo(top.x() + least, plot.bottom())
            path.closeSubpath()
        return path

    def _paint_median(self, plot: QRectF, beats: Beats, name: str, value: str) -> None:
        theme, painter = self._theme, self._painter
        assert beats.spread is not None  # noqa: S101 - looked at before
        y = self._y(plot, beats, beats.spread.median)
        painter.setPen(QPen(theme.mode_colour(beats.mode), theme.px(2)))
        painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
        high = paint.text_height(theme, "text")
        top = min(max(y - high, plot.top() - high / 2), plot.bottom() - 2 * high)
        left = plot.right() + theme.px(GUTTER)
        for place, text in enumerate((name, value)):
            box = QRectF(left, top + place * high, self._width(text) + theme.px(2), high)
            paint.write(painter, theme, box, text, bold=place == 1)

    def _paint_worst(self, plot: QRectF, beats: Beats) -> None:
        theme, painter = self._theme, self._painter
        place = int(np.argmax(beats.ticks.values))
        worst_ms = float(beats.ticks.values[place])
        point = self._point(plot, beats, float(beats.ticks.at_s[place]), worst_ms)
        late = worst_ms > FRAME_MS
        shade = QColor(theme.attention) if late else theme.mode_colour(beats.mode)
        paint.dot(painter, theme, point, self._radius() * 1.7, shade)
        text = word(self._language, "lateness_worst", value=in_ms(worst_ms))
        high, width = paint.text_height(theme, "text"), self._width(text)
        left = min(max(point.x() - width / 2, plot.left()), plot.right() - width)
        box = QRectF(left, point.y() - high - theme.px(8), width + theme.px(2), high)
        painter.fillRect(box, QColor(theme.paper))  # no line of the scale goes through the words
        colour = theme.attention_text if late else theme.ink
        paint.write(painter, theme, box, text, colour=colour, bold=True)

    # -- measures --------------------------------------------------------------

    def _width(self, text: str) -> float:
        bold = self._theme.font("text")
        bold.setBold(True)
        return float(QFontMetricsF(bold).horizontalAdvance(text))

    def _radius(self) -> float:
        return self._theme.px(DOT_PX * 10) / 10

    def _x(self, plot: QRectF, beats: Beats, at_s: float) -> float:
        return plot.left() + plot.width() * at_s / beats.span_s

    def _y(self, plot: QRectF, beats: Beats, value_ms: float) -> float:
        return plot.bottom() - plot.height() * min(max(value_ms / beats.top_ms, 0.0), 1.0)

    def _point(self, plot: QRectF, beats: Beats, at_s: float, value_ms: float) -> QPointF:
        return QPointF(self._x(plot, beats, at_s), self._y(plot, beats, value_ms))
