"""Paints the rows of the comparison: label, bar, dots, values, the tutorial's figure."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from core.number_format import ratio, seconds
from gui.charts import paint
from gui.charts.comparison_layout import ComparisonRow, scatter
from gui.charts.time_axis import Window, tick_label
from gui.charts.time_axis_paint import fitting_ticks_s
from gui.charts.words import word
from gui.theme import FontKind, Theme

THICKEST_BAR: Final = 30
BAR_SHARE: Final = 0.5
"""Thickness of a bar in its row, up to `THICKEST_BAR`."""

LABEL_SHARE: Final = 0.3
"""Share of the width that the names of modes may take."""

VALUE_SHARE: Final = 0.5
"""Share of the width that is kept at most for what stands at the longest bar."""

LONG_TIME_S: Final = 0.888
LONG_RATIO: Final = "× 0.888"
"""A time and a speed-up as long as they usually come: the room does not change with them."""

TICK_ROOM: Final = 110

PALENESS: Final = 0.4
"""Of the outline of a pinned run: as in the timeline."""


class RowPainter:
    """Paints the rows of one picture; all share its axis.

    Parameters
    ----------
    painter, theme, language
        With what, how it looks and what it speaks.
    body : QRectF
        The room for all rows and the axis.
    rows : sequence of ComparisonRow
        All rows: they decide how wide labels are and whether figures need a line.
    height : float
        Height of a row.
    end_s : float
        Time at the end of the longest bar, more than 0.
    """

    def __init__(
        self,
        painter: QPainter,
        theme: Theme,
        language: str,
        body: QRectF,
        rows: Sequence[ComparisonRow],
        height: float,
        end_s: float,
    ) -> None:
        self._painter = painter
        self._theme = theme
        self._language = language
        self._body = body
        self._end_s = end_s
        self._height = height
        note = paint.text_height(theme, "note")
        figures = any(row.figure_s is not None for row in rows)
        thinnest = theme.px(8)
        self._figure_line = note if figures and height - note >= thinnest * 2 else 0.0
        room = height - self._figure_line
        self._bar_height = min(theme.px(THICKEST_BAR), max(room * BAR_SHARE, thinnest))
        roomy = room >= paint.text_height(theme, "heading")
        self._value_font: FontKind = "heading" if roomy else "text"
        left = self._label_room(rows)
        right = min(self._value_room(rows), body.width() * VALUE_SHARE)
        self._axis = body.adjusted(left, 0, -right, 0)

    def _label_room(self, rows: Sequence[ComparisonRow]) -> float:
        measures = paint.metrics(self._theme, "text")
        widest = max(measures.horizontalAdvance(row.label) for row in rows)
        bolder = 1.08  # the chosen mode is bold, and the room does not change with the choice
        return min(widest * bolder + self._theme.grid(1.5), self._body.width() * LABEL_SHARE)

    def _value_room(self, rows: Sequence[ComparisonRow]) -> float:
        """Return the room for a dot, a time and, if any mode has one, a speed-up."""
        measures = paint.metrics(self._theme, self._value_font)
        times = [seconds(row.median_s, self._language) for row in rows if row.median_s is not None]
        compared = [row for row in rows if row.speedup is not None and row.mode != "sequential"]
        speedups = [ratio(row.speedup) for row in compared if row.speedup is not None]
        time = seconds(LONG_TIME_S, self._language)
        room = self._theme.grid(2) + max(map(measures.horizontalAdvance, (time, *times)))
        if speedups:
            widest = max(map(measures.horizontalAdvance, (LONG_RATIO, *speedups)))
            room += self._theme.grid(1.5) + widest
        return room

    def _x(self, time_s: float) -> float:
        return self._axis.left() + self._axis.width() * time_s / self._end_s

    # -- the axis --------------------------------------------------------------

    def paint_axis(self, foot: float) -> None:
        """Paint a few ticks with their unit under the rows."""
        theme = self._theme
        look, window = (theme, self._language), Window(0.0, self._end_s)
        ticks, step_s = fitting_ticks_s(*look, window, 0.0, self._axis.width(), TICK_ROOM)
        for tick in ticks.tolist():
            x = self._x(tick)
            top, end = QPointF(x, self._body.top()), QPointF(x, foot + theme.px(2))
            paint.hairline(self._painter, theme, top, end)
            room = theme.px(TICK_ROOM)
            high = paint.text_height(theme, "text")
            box = QRectF(x - room / 2, foot + theme.px(4), room, high)
            text, align = tick_label(tick, step_s, self._language), paint.CENTRE
            paint.write(self._painter, theme, box, text, colour=theme.muted, align=align)

    # -- one row ---------------------------------------------------------------

    def paint(self, row: ComparisonRow, top: float, value: str, running_s: float | None) -> None:
        """Paint one row; ``running_s`` is how long its mode has been running, None if not."""
        theme = self._theme
        room = QRectF(self._body.left(), top, self._body.width(), self._height - self._figure_line)
        bar = QRectF(self._axis.left(), 0, 0, self._bar_height)
        bar.moveTop(room.center().y() - self._bar_height / 2)
        labels = self._axis.left() - self._body.left() - theme.grid(1.5)
        label = QRectF(self._body.left(), room.top(), labels, room.height())
        paint.write(self._painter, theme, label, row.label, bold=row.current)
        right = self._paint_bar(row, bar, running_s)
        right = max(right, self._paint_dots(row, bar), self._paint_pinned(row, bar))
        self._paint_value(row, room, right + theme.grid(), value, running_s is not None)
        if row.figure_s is not None and self._figure_line:
            self._paint_figure(row.figure_s, bar.bottom())

    def _paint_bar(self, row: ComparisonRow, bar: QRectF, running_s: float | None) -> float:
        """Paint the bar, and the outline of a run that goes on; return where they end."""
        painter, theme = self._painter, self._theme
        colour = theme.mode_colour(row.mode)
        radius = theme.px(3)
        if row.median_s is not None:
            bar.setRight(max(self._x(row.median_s), bar.left() + theme.px(2)))
            painter.setPen(Qt.PenStyle.NoPen)
            fill = colour if running_s is None else theme.softened(colour, 0.6)
            painter.setBrush(fill)
            painter.drawRoundedRect(bar, radius, radius)
        if running_s is None:
            return bar.right()
        rim = theme.px(2)
        outline = QRectF(bar)
        outline.setRight(max(self._x(running_s), bar.left() + rim * 2))
        painter.setPen(QPen(colour, rim))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(outline.adjusted(1, 1, -1, -1), radius, radius)
        return max(bar.right(), outline.right())

    def _paint_dots(self, row: ComparisonRow, bar: QRectF) -> float:
        """Paint a dot for each run; return where the last one ends."""
        theme = self._theme
        radius = min(theme.px(4), bar.height() / 3)
        right = bar.left()
        for run_s, off in scatter(row.runs_s):
            middle = QPointF(self._x(run_s), bar.center().y() + off * (bar.height() - 2 * radius))
            paint.dot(self._painter, theme, middle, radius, QColor(theme.ink))
            right = max(right, middle.x() + radius)
        return right

    def _paint_pinned(self, row: ComparisonRow, bar: QRectF) -> float:
        """Paint the outline of the pinned run around the bar; return where it ends."""
        if row.pinned_s is None:
            return bar.left()
        theme, rim = self._theme, self._theme.px(3)
        outline = QRectF(bar)
        outline.setRight(max(self._x(row.pinned_s), bar.left() + rim))
        colour = theme.softened(theme.mode_colour(row.mode), PALENESS)
        self._painter.setPen(QPen(colour, theme.px(1.5)))
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.drawRoundedRect(outline.adjusted(0, -rim, 0, rim), rim, rim)
        return outline.right()

    def _paint_value(
        self, row: ComparisonRow, room: QRectF, left: float, value: str, running: bool
    ) -> None:
        theme, painter = self._theme, self._painter
        box = QRectF(left, room.top(), max(0.0, self._body.right() - left), room.height())
        if row.median_s is None and not running:
            paint.clear_for(painter, theme, box, value, "text")
            paint.write(painter, theme, box, value, colour=theme.muted)
            return
        paint.clear_for(painter, theme, box, value, self._value_font)
        used = paint.write(painter, theme, box, value, kind=self._value_font)
        if row.speedup is not None and not running and row.mode != "sequential":
            rest = box.adjusted(used + theme.grid(1.5), 0, 0, 0)
            colour = theme.muted
            text = ratio(row.speedup)
            paint.clear_for(painter, theme, rest, text, self._value_font)
            paint.write(painter, theme, rest, text, kind=self._value_font, colour=colour)

    def _paint_figure(self, figure_s: float, top: float) -> None:
        """Paint the tutorial's figure as a small marker under the bar, labelled."""
        theme = self._theme
        beyond = figure_s > self._end_s
        x = self._x(min(figure_s, self._end_s))
        side = theme.px(7)
        text = word(self._language, "comparison_figure", seconds=seconds(figure_s, self._language))
        text = f"{text} →" if beyond else text
        tip = QPointF(x, top + theme.px(2))
        paint.marker(self._painter, tip, side, QColor(theme.muted))
        width = paint.metrics(theme, "note").horizontalAdvance(text) + theme.px(2)
        left = x + side
        if left + width > self._body.right():
            left = x - side - width
        box = QRectF(left, top + theme.px(1), width, paint.text_height(theme, "note"))
        paint.clear_for(self._painter, theme, box, text, "note")
        paint.write(self._painter, theme, box, text, kind="note", colour=theme.muted)
