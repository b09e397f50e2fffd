"""Paints the points of a sweep with their spread, the ideal line, and the curve of the law."""

import math
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from core import amdahl
from core.columns import FloatArray
from core.number_format import count, percent, ratio
from core.sweep import Point, Sweep
from gui.charts import paint
from gui.charts.words import word
from gui.charts.workers_frame import ticks
from gui.theme import Theme

HEADROOM: Final = 1.5
"""So much higher than the best measurement the scale goes; the ideal line may leave it."""

CURVE_STEPS: Final = 120


class SpeedupPainter:
    """Paints one sweep that has points into the room that the chart gives it."""

    def __init__(
        self, painter: QPainter, theme: Theme, language: str, sweep: Sweep, room: QRectF
    ) -> None:
        self._painter, self._theme, self._language = painter, theme, language
        self._sweep = sweep
        self._points = sweep.points
        self._most = max(2, *sweep.plan.workers)
        highest = max((p.high for p in self._points if math.isfinite(p.high)), default=1.0)
        self._top = max(2.0, min(float(self._most), highest * HEADROOM), highest * 1.1)
        self._high = paint.text_height(theme, "text")
        self._colour = theme.mode_colour(sweep.plan.mode)
        left = self._width(f"× {count(math.floor(self._top))}") + theme.grid()
        below = 2 * self._high + theme.px(10)
        self.plot = room.adjusted(left, self._high, -theme.grid(3), -below)
        self._taken: list[QRectF] = []

    def paint(self) -> None:
        """Paint everything; in a room too small for a line of text there is nothing to be read."""
        if min(self.plot.width(), self.plot.height()) < self._high * 2:
            return
        self._paint_scale()
        self._paint_workers()
        steps = np.linspace(1.0, min(float(self._most), self._top), CURVE_STEPS)
        ideal = self._paint_line(steps, steps, self._theme.muted, Qt.PenStyle.DashLine)
        law: list[QPointF] = []
        serial = self._sweep.serial
        if not math.isnan(serial):
            steps = np.linspace(1.0, self._most, CURVE_STEPS)
            curve = amdahl.speedups(steps, serial)
            seen = curve <= self._top  # it ends at the top, not on it
            law = self._paint_line(steps[seen], curve[seen], self._theme.ink, Qt.PenStyle.SolidLine)
        for point in self._points:
            self._paint_point(point)
        share = percent(100 * serial, self._language)
        text = word(self._language, "speedup_law", value=share)
        self._label_line(law, text, self._theme.ink)
        for point in self._points:
            self._label_point(point)
        self._label_line(ideal, word(self._language, "speedup_ideal"), self._theme.muted)

    # -- where things are ------------------------------------------------------

    def _x(self, workers: float) -> float:
        share = (workers - 1) / (self._most - 1)
        return (
            self.plot.left()
            + self._theme.grid(2)
            + share * (self.plot.width() - self._theme.grid(2))
        )

    def _y(self, speedup: float) -> float:
        return self.plot.bottom() - self.plot.height() * min(speedup / self._top, 1.0)

    def _width(self, text: str) -> float:
        return paint.metrics(self._theme, "text").horizontalAdvance(text) + self._theme.px(4)

    # -- axes ------------------------------------------------------------------

    def _paint_scale(self) -> None:
        theme, plot = self._theme, self.plot
        at_most = int(plot.height() / (self._high * 1.6)) + 1
        for value in ticks(math.floor(self._top), at_most):
            y = self._y(value)
            paint.hairline(self._painter, theme, QPointF(plot.left(), y), QPointF(plot.right(), y))
            if value:
                box = QRectF(0, y - self._high / 2, plot.left() - theme.px(6), self._high)
                text, colour = f"× {count(value)}", theme.muted
                paint.write(self._painter, theme, box, text, colour=colour, align=paint.RIGHT)

    def _paint_workers(self) -> None:
        """Write the numbers of workers that were asked for, as many as there is room for."""
        theme, plot = self._theme, self.plot
        free = -math.inf
        for workers in self._sweep.plan.workers:
            x, width = self._x(workers), self._width(count(workers))
            paint.hairline(
                self._painter, theme, QPointF(x, plot.bottom()), QPointF(x, plot.bottom() + 4)
            )
            if x - width / 2 < free:
                continue
            free = x + width / 2 + theme.px(6)
            box = QRectF(x - width / 2, plot.bottom() + theme.px(6), width, self._high)
            paint.write(self._painter, theme, box, count(workers), align=paint.CENTRE)
        foot = QRectF(plot.left(), plot.bottom() + self._high + theme.px(8), plot.width(), 0)
        foot.setHeight(self._high)
        text = word(self._language, "speedup_workers")
        paint.write(self._painter, theme, foot, text, colour=theme.muted, align=paint.CENTRE)

    # -- lines -----------------------------------------------------------------

    def _paint_line(
        self, workers: FloatArray, speedup: FloatArray, colour: str, style: Qt.PenStyle
    ) -> list[QPointF]:
        """Paint a line, keep it clear of labels, and return its corners."""
        corners = [
            QPointF(self._x(one), self._y(other))
            for one, other in zip(workers.tolist(), speedup.tolist(), strict=True)
        ]
        self._painter.setPen(QPen(QColor(colour), self._theme.px(1.5), style))
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.drawPolyline(QPolygonF(corners))
        thin = QPointF(self._theme.px(2), self._theme.px(2))
        self._taken += [QRectF(corner - thin, corner + thin) for corner in corners]
        return corners

    def _label_line(self, corners: list[QPointF], text: str, colour: str) -> None:
        """Write what a line is beside it, as near to its end as there is room."""
        theme, width = self._theme, self._width(text)
        for corner in reversed(corners):
            above = QPointF(corner.x() - width, corner.y() - self._high - theme.px(5))
            below = QPointF(corner.x() - width / 2, corner.y() + theme.px(5))
            under = QPointF(corner.x(), corner.y() + theme.px(5))
            beside = QPointF(corner.x() + theme.px(8), corner.y() - self._high / 2)
            if any(self._write_at(place, text, colour) for place in (above, below, beside, under)):
                return

    def _write_at(self, corner: QPointF, text: str, colour: str, *, bold: bool = False) -> bool:
        """Write a text if nothing else stands there; return whether that was so."""
        box = QRectF(corner.x(), corner.y(), self._width(text) * (1.1 if bold else 1), self._high)
        inside = self.plot.adjusted(0, -self._high, self._theme.grid(3), 0).contains(box)
        if not inside or any(box.intersects(other) for other in self._taken):
            return False
        self._taken.append(box)
        paint.write(self._painter, self._theme, box, text, colour=colour, bold=bold)
        return True

    # -- points ----------------------------------------------------------------

    def _paint_point(self, point: Point) -> None:
        """Paint the median as a dot on a line from the slowest to the fastest run."""
        theme = self._theme
        x, low, high = self._x(point.workers), self._y(point.low), self._y(point.high)
        self._painter.setPen(QPen(self._colour, theme.px(2.5)))
        if point.runs > 1:
            cap = theme.px(6)
            self._painter.drawLine(QPointF(x, low), QPointF(x, high))
            for y in (low, high):
                self._painter.drawLine(QPointF(x - cap, y), QPointF(x + cap, y))
        paint.dot(
            self._painter, theme, QPointF(x, self._y(point.median)), theme.px(5), self._colour
        )
        radius = theme.px(7)
        self._taken.append(QRectF(x - radius, high - radius, 2 * radius, low - high + 2 * radius))

    def _label_point(self, point: Point) -> None:
        """Write the median beside its point, where nothing else stands; lines rise to the right."""
        theme, text = self._theme, ratio(point.median)
        width, gap = self._width(text) * 1.1, theme.px(8)
        x, low, high = self._x(point.workers), self._y(point.low), self._y(point.high)
        over, under = high - self._high - gap, low + gap
        sides = (x - width / 2, x + gap / 2, x - width)
        places = [(left, top) for top in (under, over) for left in sides]
        places += [(left, under + self._high * 0.7) for left in sides]
        for left, top in places:
            if self._write_at(QPointF(left, top), text, theme.ink, bold=True):
                return
