"""Paints the steps of the workers, their starts, and the lines of what is allowed."""

import itertools
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from core.number_format import count
from gui.charts import paint
from gui.charts.time_axis import tick_label
from gui.charts.time_axis_paint import fitting_ticks_s
from gui.charts.words import word
from gui.charts.workers_frame import WorkersFrame, ticks
from gui.theme import Theme

FILL: Final = 0.82
"""Share of paper in the colour under the curve."""

PALE: Final = 0.6
"""Share of paper in the curve where it is not known any more."""

MOST_MARKS: Final = 200
"""Starts that get a mark; of more the curve tells."""


class WorkersPainter:
    """Paints one frame into the room that the chart gives it."""

    def __init__(
        self, painter: QPainter, theme: Theme, language: str, frame: WorkersFrame, room: QRectF
    ) -> None:
        self._painter = painter
        self._theme = theme
        self._language = language
        self._frame = frame
        self._high = paint.text_height(theme, "text")
        digits = self._width(count(frame.top)) + theme.grid()
        below = self._high + theme.px(8)
        self.plot = room.adjusted(digits, self._high + theme.px(2), -theme.px(8), -below)
        self._taken: list[QRectF] = []  # where no label may stand any more
        self._bars: dict[int, QRectF] = {}  # of initializers, by the place of the worker
        self._colour = theme.mode_colour(frame.mode)

    def paint(self) -> None:
        """Paint everything; in a room too small for a line of text there is nothing to be read."""
        if min(self.plot.width(), self.plot.height()) < self._high:
            return
        self._paint_scale()
        self._paint_times()
        self._paint_curve()
        self._keep_steps_clear()
        self._paint_bounds()
        self._paint_initializers()
        self._paint_starts()

    # -- where things are ------------------------------------------------------

    def _x(self, time_s: float) -> float:
        window = self._frame.window
        share = (time_s - window.begin_s) / window.span_s
        return self.plot.left() + min(max(share, 0.0), 1.0) * self.plot.width()

    def _y(self, number: float) -> float:
        return self.plot.bottom() - self.plot.height() * min(number / self._frame.top, 1.0)

    def _width(self, text: str) -> float:
        return paint.metrics(self._theme, "text").horizontalAdvance(text) + self._theme.px(4)

    def _is_free(self, box: QRectF) -> bool:
        inside = self.plot.adjusted(0, -self._high, self._theme.px(8), 0).contains(box)
        return inside and not any(box.intersects(other) for other in self._taken)

    # -- axes ------------------------------------------------------------------

    def _paint_scale(self) -> None:
        theme, plot = self._theme, self.plot
        at_most = int(plot.height() / (self._high + theme.px(4))) + 1
        for number in ticks(self._frame.top, at_most):
            y = self._y(number)
            paint.hairline(self._painter, theme, QPointF(plot.left(), y), QPointF(plot.right(), y))
            left = plot.left() - self._width(count(self._frame.top)) - theme.grid()
            box = QRectF(left, y - self._high / 2, plot.left() - theme.px(6) - left, self._high)
            colour, align = theme.muted, paint.RIGHT
            paint.write(self._painter, theme, box, count(number), colour=colour, align=align)

    def _paint_times(self) -> None:
        theme, plot, frame = self._theme, self.plot, self._frame
        look = (theme, self._language)
        times_s, step_s = fitting_ticks_s(*look, frame.window, frame.zero_s, plot.width())
        for time_s in times_s.tolist():
            x = self._x(frame.zero_s + time_s)
            text = tick_label(time_s, step_s, self._language)
            width = self._width(text)
            left = min(max(x - width / 2, plot.left() - theme.px(4)), plot.right() - width)
            end = QPointF(x, plot.bottom() + theme.px(3))
            paint.hairline(self._painter, theme, QPointF(x, plot.bottom()), end)
            box = QRectF(left, plot.bottom() + theme.px(5), width, self._high)
            paint.write(self._painter, theme, box, text, colour=theme.muted, align=paint.CENTRE)

    # -- the curve -------------------------------------------------------------

    def _corners(self, begin_s: float, end_s: float) -> list[QPointF]:
        """Return the corners of the steps between two moments."""
        corners, number = [], 0
        for at_s, following in zip(
            self._frame.at_s.tolist(), self._frame.count.tolist(), strict=True
        ):
            if at_s > end_s:
                break
            if at_s >= begin_s:
                corners += [QPointF(self._x(at_s), self._y(level)) for level in (number, following)]
            number = following
        first = QPointF(self._x(begin_s), self._y(self._number_at(begin_s)))
        return [first, *corners, QPointF(self._x(end_s), self._y(number))]

    def _number_at(self, time_s: float) -> int:
        before = self._frame.count[self._frame.at_s < time_s]
        return int(before[-1]) if len(before) else 0

    def _paint_curve(self) -> None:
        """Paint the steps, pale from the last sign on: whether they lasted is not known."""
        frame, theme, painter = self._frame, self._theme, self._painter
        known_s = min(frame.known_s, frame.now_s)
        corners = self._corners(frame.window.begin_s, known_s)
        bottom = self.plot.bottom()
        area = [
            QPointF(corners[0].x(), bottom),
            *corners,
            QPointF(corners[-1].x(), bottom),
        ]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.softened(self._colour, FILL))
        painter.drawPolygon(QPolygonF(area))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._colour, theme.px(2.5)))
        painter.drawPolyline(QPolygonF(corners))
        if frame.now_s > known_s and self._number_at(frame.now_s):
            pale = QPen(theme.softened(self._colour, PALE), theme.px(2.5), Qt.PenStyle.DotLine)
            painter.setPen(pale)
            painter.drawLine(corners[-1], QPointF(self._x(frame.now_s), corners[-1].y()))

    # -- what is allowed and what there is to do -------------------------------

    def _paint_bounds(self) -> None:
        most, tasks = self._frame.most, self._frame.tasks
        if most:
            text = word(self._language, "workers_most_line", value=count(most))
            self._paint_line(most, text, self._theme.ink, Qt.PenStyle.DashLine)
        if tasks:
            key = "workers_task_line" if tasks == 1 else "workers_tasks_line"
            text = word(self._language, key, value=count(tasks))
            self._paint_line(tasks, text, self._theme.muted, Qt.PenStyle.DotLine)

    def _paint_line(self, number: int, text: str, colour: str, style: Qt.PenStyle) -> None:
        """Paint a line with its label above, at the right; one beyond the scale is an arrow."""
        theme, plot = self._theme, self.plot
        beyond = number > self._frame.top
        y = self._y(number)
        if beyond:
            text, y = f"↑ {text}", y + self._high + theme.px(6)  # inside, not under the heading
        else:
            self._painter.setPen(QPen(QColor(colour), theme.px(1.5), style))
            self._painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
        width = self._width(text)
        box = QRectF(plot.right() - width, y - self._high - theme.px(2), width, self._high)
        while self._is_hit(box) and box.left() > plot.left() + width:
            box.translate(-theme.grid(), 0)
        self._taken.append(box)
        paint.write(self._painter, theme, box, text, colour=colour, align=paint.RIGHT)

    def _is_hit(self, box: QRectF) -> bool:
        return any(box.intersects(other) for other in self._taken)

    # -- starts ----------------------------------------------------------------

    def _paint_initializers(self) -> None:
        """Paint a hatched bar for the time that each worker set itself up.

        Only where each worker has a level to itself: else it would seem to be another's.
        """
        frame, theme = self._frame, self._theme
        if not frame.own_levels:
            return
        high = min(theme.px(8), self.plot.height() / frame.top * 0.6)
        for place, worker in enumerate(frame.workers):
            run = worker.initialized
            if run is None or run.begun_s > frame.now_s:
                continue
            left, right = self._x(run.begun_s), self._x(min(run.ended_s, frame.now_s))
            bar = QRectF(left, self._y(place + 1) - high / 2, max(2.0, right - left), high)
            paint.hatched(self._painter, theme, bar)
            self._bars[place] = bar
            self._taken.append(bar)

    def _paint_starts(self) -> None:
        frame = self._frame
        if frame.own_levels and any(worker.initialized for worker in frame.workers):
            self._paint_legend()
        starts = list(zip(frame.workers, frame.levels.tolist(), strict=True))[:MOST_MARKS]
        dots = [QPointF(self._x(worker.begun_s), self._y(level)) for worker, level in starts]
        radius = self._theme.px(5)
        for middle in dots:
            paint.dot(self._painter, self._theme, middle, radius, self._colour)
            corner = QPointF(radius, radius)
            self._taken.append(QRectF(middle - corner, middle + corner))
        for place, (worker, _) in enumerate(starts):
            self._label_start(dots[place], place, worker.begun_s - frame.zero_s)

    def _keep_steps_clear(self) -> None:
        """Let no label be crossed by a step of the curve."""
        frame, thin = self._frame, self._theme.px(3)
        number = 0
        for at_s, following in zip(frame.at_s.tolist(), frame.count.tolist(), strict=True):
            top, bottom = self._y(max(number, following)), self._y(min(number, following))
            self._taken.append(QRectF(self._x(at_s) - thin / 2, top, thin, bottom - top))
            number = following

    def _label_start(self, middle: QPointF, place: int, after_s: float) -> None:
        """Write number and time of a start below its step, where the curve leaves room."""
        theme = self._theme
        time = f"{max(after_s, 0.0):,.2f}"
        lefts = [middle.x() + theme.px(8)]
        if place in self._bars:
            lefts.append(self._bars[place].right() + theme.px(6))
        for left, key in itertools.product(lefts, ("workers_start", "workers_start_short")):
            text = word(self._language, key, number=place + 1, time=time)
            box = QRectF(left, middle.y() + theme.px(6), self._width(text), self._high)
            if self._is_free(box):
                self._taken.append(box)
                paint.write(self._painter, theme, box, text)
                return

    def _paint_legend(self) -> None:
        """Say what hatched bars mean, at the top left, where the curve comes last."""
        theme, plot = self._theme, self.plot
        swatch = QRectF(plot.left() + theme.px(6), 0, theme.px(24), theme.px(8))
        swatch.moveTop(plot.top() + theme.px(4) + (self._high - swatch.height()) / 2)
        text = word(self._language, "workers_initializer")
        box = QRectF(
            swatch.right() + theme.px(6), plot.top() + theme.px(4), self._width(text), self._high
        )
        whole = swatch.united(box)
        if self._is_hit(whole):
            return
        self._taken.append(whole)
        paint.hatched(self._painter, theme, swatch)
        paint.write(self._painter, theme, box, text, colour=theme.muted)
