"""Paints the chart of orders: each task from its submission to the delivery of its result.

A row is a task, in the order of submission: thin while it waits, a bar while it runs, hatched
while its result is ready and nobody takes it. From there a line leads to its place on the right,
in the order of delivery. At most `order_layout.MOST_LINES` tasks are painted, of however many.
"""

from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen, QTransform

from core.events import FAILED
from core.orders import Stage
from gui.charts import order_text, paint
from gui.charts.order_index import NOWHERE
from gui.charts.order_labels import RING, LabelPainter, plate
from gui.charts.order_layout import OrderLayout

NARROWEST_HATCH: Final = 2
LOWEST_WITH_CROSS: Final = 8
"""Pixels at 100 %."""

ENDED: Final = (Stage.READY, Stage.DELIVERED, Stage.CANCELLED, Stage.UNTAKEN)


class OrderPainter:
    """Paints one frame."""

    def __init__(self, painter: QPainter, layout: OrderLayout) -> None:
        self._painter = painter
        self._layout = layout
        self._theme = layout.theme
        self._frame = layout.frame
        self._colour = self._theme.mode_colour(_mode(layout))
        self.lines_painted = 0
        """How many crossing lines were painted: bounded, whatever the number of tasks."""

    def paint(self) -> None:
        """Paint everything below the heading."""
        around = LabelPainter(self._painter, self._layout)
        around.paint_below()
        self._crossings()
        for index in range(len(self._frame)):
            self._way(index)
        self._batches()
        around.paint_above()

    # -- one task --------------------------------------------------------------

    def _way(self, index: int) -> None:
        """Paint the row of a task: waiting, running, ready."""
        frame, layout, theme = self._frame, self._layout, self._theme
        stage = frame.stage[index]
        if stage == Stage.NOT_YET:
            return
        y = layout.y(int(frame.left[index]))
        submitted, started, finished = (
            float(times_s[index])
            for times_s in (frame.submitted_s, frame.started_s, frame.finished_s)
        )
        ended = stage in ENDED
        until = finished if ended else frame.now_s
        begun = started <= frame.now_s
        waited = layout.x(started if begun else until)
        thin = max(1.0, min(theme.px(3), layout.pitch * 0.3))
        self._line(layout.x(submitted), waited, y, QColor(theme.waiting), thin)
        failed = bool(ended and frame.outcome[index] == FAILED)
        if begun:
            self._bar(waited, layout.x(until), y, running=not ended, failed=failed)
        if stage == Stage.CANCELLED:
            self._square(QPointF(layout.x(finished), y))
        if stage in (Stage.READY, Stage.DELIVERED, Stage.UNTAKEN):
            self._hatch(index, y)

    def _line(self, left: float, right: float, y: float, colour: QColor, width: float) -> None:
        if right > left:
            pen = QPen(colour, width)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            self._painter.setPen(pen)
            self._painter.drawLine(QPointF(left, y), QPointF(right, y))

    def _bar(self, left: float, right: float, y: float, *, running: bool, failed: bool) -> None:
        theme, high = self._theme, self._layout.thickness
        colour = QColor(theme.failure) if failed else self._colour
        bar = QRectF(left, y - high / 2, max(2.0, right - left), high)
        radius = min(theme.px(3), bar.width() / 2, high / 2)
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(theme.softened(colour, 0.35) if running else colour)
        self._painter.drawRoundedRect(bar, radius, radius)
        if failed and high >= theme.px(LOWEST_WITH_CROSS):
            arm = min(theme.px(4), high * 0.28)
            middle = QPointF(max(bar.left() + arm * 2, bar.right() - arm * 3), y)
            paint.cross(self._painter, middle, arm, QColor(theme.paper))

    def _square(self, middle: QPointF) -> None:
        side = min(self._theme.px(8), self._layout.thickness)
        self._painter.setPen(QColor(self._theme.ink))
        self._painter.setBrush(QColor(self._theme.paper))
        self._painter.drawRect(QRectF(middle.x() - side / 2, middle.y() - side / 2, side, side))

    def _hatch(self, index: int, y: float) -> None:
        """Hatch the time in which a result was ready and nobody took it, and say how long."""
        theme, layout, frame = self._theme, self._layout, self._frame
        begin_s, held_s = float(frame.finished_s[index]), float(frame.held_s[index])
        left, right = layout.x(begin_s), layout.x(begin_s + held_s)
        if right - left < theme.px(NARROWEST_HATCH):
            return
        high = layout.thickness
        box = QRectF(left, y - high / 2, right - left, high)
        brush = QBrush(QColor(theme.attention), Qt.BrushStyle.BDiagPattern)
        brush.setTransform(QTransform.fromScale(theme.zoom, theme.zoom))
        self._painter.setPen(QPen(QColor(theme.attention), theme.px(1)))
        self._painter.setBrush(brush)
        self._painter.drawRect(box)
        if not layout.labelled or not paint.fits(theme, layout.font, layout.pitch):
            return
        text = order_text.held(frame, index, layout.language)
        width = paint.metrics(theme, layout.font).horizontalAdvance(text) + theme.grid()
        if width + theme.grid() <= box.width() and frame.stage[index] != Stage.READY:
            line = QRectF(box.center().x() - width / 2, y, width, 0)
            plate(self._painter, layout, line, text)

    # -- the crossing lines ----------------------------------------------------

    def _crossings(self) -> None:
        """Paint the lines to the places of delivery, overtaken ones on top."""
        frame = self._frame
        came = np.flatnonzero(frame.right != NOWHERE)
        behind = frame.overtaken[came]
        for index in (*came[~behind].tolist(), *came[behind].tolist()):
            self._crossing(index)
        self.lines_painted = len(came)

    def _crossing(self, index: int) -> None:
        theme, layout, frame = self._theme, self._layout, self._frame
        left_y, right_y = layout.y(int(frame.left[index])), layout.y(int(frame.right[index]))
        begin = QPointF(layout.times.right(), left_y)
        end = QPointF(layout.right, right_y)
        middle = (begin.x() + end.x()) / 2
        path = QPainterPath(QPointF(layout.x(float(frame.delivered_s[index])), left_y))
        path.lineTo(begin)
        path.cubicTo(QPointF(middle, left_y), QPointF(middle, right_y), end)
        failed = frame.outcome[index] == FAILED
        colour = QColor(theme.attention) if frame.overtaken[index] else self._colour
        colour = QColor(theme.failure) if failed else colour
        thick = layout.pitch >= theme.px(10)
        pen = QPen(colour, theme.px(2.5) if thick else max(1.0, theme.zoom * 0.8))
        if frame.overtaken[index] and thick:
            pen.setDashPattern([3.0, 1.5])  # the colours of some modes are close to attention
        self._painter.setPen(pen)
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.drawPath(path)
        if thick:
            paint.dot(self._painter, theme, end, theme.px(5), colour)
        if thick and failed:
            paint.cross(self._painter, end, theme.px(3), QColor(theme.paper))

    def _batches(self) -> None:
        """Put a ring around the ends of results that were delivered together."""
        theme, layout, frame = self._theme, self._layout, self._frame
        self._painter.setPen(QPen(QColor(theme.ink), theme.px(1.5)))
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        half = theme.px(RING)
        reach = min(layout.pitch * 0.45, half)
        for first, last in zip(
            frame.batches.first.tolist(), frame.batches.last.tolist(), strict=True
        ):
            top, bottom = layout.y(first) - reach, layout.y(last) + reach
            ring = QRectF(layout.right - half, top, 2 * half, bottom - top)
            self._painter.drawRoundedRect(ring, half, half)


def _mode(layout: OrderLayout) -> str:
    """Return the mode of the executor that the tasks went to."""
    recording = layout.frame.recording
    if not len(layout.frame):
        return recording.header.mode
    executor = int(recording.tasks.executor[layout.frame.task[0]])
    info = recording.executors.get(executor)
    return info.mode if info else recording.header.mode
