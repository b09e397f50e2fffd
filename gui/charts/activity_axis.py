"""The time axis below charts of samples, and the line of the moment that is shown."""

from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen

from core.columns import FloatArray
from gui.charts import paint
from gui.charts.activity_span import RunSpan
from gui.charts.time_axis import Window, tick_label, ticks_s
from gui.theme import Theme

TICK_ROOM: Final = 110
"""Pixels at 100 % that a tick and its label take at least."""


class TimeAxis:
    """Where moments are in a plot."""

    def __init__(self, theme: Theme, plot: QRectF, window: Window, span: RunSpan) -> None:
        self.plot = QRectF(round(plot.left()), plot.top(), int(plot.width()), plot.height())
        self._theme, self._window, self._span = theme, window, span

    def x_of(self, time_s: float) -> float:
        """Return the place of a moment."""
        share = (time_s - self._window.begin_s) / self._window.span_s
        return self.plot.left() + share * self.plot.width()

    def edges_s(self) -> FloatArray:
        """Return the times between the columns of pixels, shape (columns + 1,)."""
        columns = max(1, int(self.plot.width()))
        return np.linspace(self._window.begin_s, self._window.end_s, columns + 1)

    def paint(self, painter: QPainter, language: str) -> None:
        """Paint ticks with their labels below the plot."""
        theme, zero_s = self._theme, self._span.zero_s
        at_most = max(2, int(self.plot.width() / theme.px(TICK_ROOM)))
        times_s, step_s = ticks_s(self._window, zero_s, at_most)
        for time_s in times_s.tolist():
            x = self.x_of(zero_s + time_s)
            end = QPointF(x, self.plot.bottom() + theme.px(3))
            paint.hairline(painter, theme, QPointF(x, self.plot.top()), end)
            self._paint_label(painter, x, tick_label(time_s, step_s, language))

    def paint_cursor(self, painter: QPainter) -> None:
        """Paint the moment that is shown, unless all is over and shown."""
        now_s, window = self._span.now_s, self._window
        if self._span.over or not window.begin_s <= now_s <= window.end_s:
            return
        x = self.x_of(now_s)
        painter.setPen(QPen(QColor(self._theme.ink), self._theme.px(1)))
        painter.drawLine(QPointF(x, self.plot.top()), QPointF(x, self.plot.bottom()))

    def _paint_label(self, painter: QPainter, x: float, text: str) -> None:
        theme, plot = self._theme, self.plot
        wide = paint.metrics(theme, "text").horizontalAdvance(text) + theme.px(6)
        left = min(max(x - wide / 2, plot.left() - theme.px(4)), plot.right() - wide)
        box = QRectF(left, plot.bottom() + theme.px(5), wide, paint.text_height(theme, "text"))
        paint.write(painter, theme, box, text, colour=theme.muted, align=paint.CENTRE)
