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
from gui.charts.order_layout import OrderLayout
from gui.charts.time_axis import tick_label, ticks_s
from gui.charts.words import word

TICK_ROOM: Final = 70
"""Pixels at 100 % that a tick and its label take at least."""

NARROWEST_HATCH: Final = 2
LOWEST_WITH_CROSS: Final = 8
RING: Final = 8
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
        self._axis()
        self._captions()
        self._crossings()
        for index in range(len(self._frame)):
            self._way(index)
        self._batches()
        if self._layout.labelled:
            self._labels()

    # -- what stands around ----------------------------------------------------

    def _axis(self) -> None:
        theme, layout, frame = self._theme, self._layout, self._frame
        times = layout.times
        at_most = max(2, int(times.width() / theme.px(TICK_ROOM)))
        ticks, step_s = ticks_s(frame.bounds, frame.zero_s, at_most)
        for tick_s in ticks.tolist():
            x = layout.x(frame.zero_s + tick_s)
            bottom = QPointF(x, times.bottom() + theme.px(3))
            paint.hairline(self._painter, theme, QPointF(x, times.top()), bottom)
            if layout.line:
                self._tick_label(x, tick_label(tick_s, step_s))

    def _tick_label(self, x: float, text: str) -> None:
        theme, layout = self._theme, self._layout
        width = paint.metrics(theme, "note").horizontalAdvance(text) + theme.px(4)
        left = max(x - width / 2, layout.room.left())
        box = QRectF(left, layout.rows.bottom() + theme.px(3), width, layout.line - theme.px(3))
        paint.write(
            self._painter, theme, box, text, kind="note", colour=theme.muted, align=paint.CENTRE
        )

    def _captions(self) -> None:
        """Say what the sides are, and how many tasks are shown if not all."""
        theme, layout, frame = self._theme, self._layout, self._frame
        if not layout.line:
            return
        box = QRectF(layout.room.left(), layout.room.top(), layout.room.width(), layout.line)
        sides = (("order_submitted", paint.LEFT), ("order_delivered", paint.RIGHT))
        used = 0.0
        for key, align in sides:
            text = word(layout.language, key)
            colour = theme.muted
            width = paint.write(
                self._painter, theme, box, text, kind="note", colour=colour, align=align
            )
            used = max(used, width)
        if frame.sampled:
            shown = {"count": f"{len(frame):,}", "all": f"{frame.total:,}"}
            text = word(layout.language, "order_sample", **shown)
            inner = box.adjusted(used + theme.grid(), 0, -used - theme.grid(), 0)
            align = paint.CENTRE
            paint.write(
                self._painter, theme, inner, text, kind="note", colour=theme.muted, align=align
            )

    def _labels(self) -> None:
        layout, frame = self._layout, self._frame
        begun = np.flatnonzero(frame.stage != Stage.NOT_YET).tolist()
        for index, y in layout.spaced(begun, frame.left):
            self._left_label(index, y)
        came = np.flatnonzero(frame.right != NOWHERE)
        by_delivery = came[np.argsort(frame.right[came], kind="stable")].tolist()
        for index, y in layout.spaced(by_delivery, frame.right):
            self._right_label(index, y)
        opened = np.flatnonzero((frame.right == NOWHERE) & (frame.stage != Stage.NOT_YET)).tolist()
        for index, y in layout.spaced(opened, frame.left):
            self._open_end(index, y)

    def _left_label(self, index: int, y: float) -> None:
        """Write name and time of submission to the left of a row."""
        theme, layout, frame = self._theme, self._layout, self._frame
        box = self._label_box(layout.rows.left(), y).adjusted(0, 0, -theme.grid(), 0)
        when = order_text.clock(frame, float(frame.submitted_s[index]))
        taken = paint.write(
            self._painter, theme, box, when, kind=layout.font, colour=theme.muted, align=paint.RIGHT
        )
        room = box.adjusted(0, 0, -taken - theme.px(6), 0)
        middle = Qt.TextElideMode.ElideMiddle
        text = order_text.name(frame, index)
        paint.write(self._painter, theme, room, text, kind=layout.font, elide=middle)

    def _right_label(self, index: int, y: float) -> None:
        """Write time of delivery and name to the right of a place."""
        theme, layout, frame = self._theme, self._layout, self._frame
        box = self._label_box(layout.right, y).adjusted(theme.px(RING + 3), 0, 0, 0)
        when = order_text.clock(frame, float(frame.delivered_s[index]))
        paint.write(self._painter, theme, box, when, kind=layout.font, bold=True)
        room = box.adjusted(layout.clock_width + theme.px(6), 0, 0, 0)
        middle = Qt.TextElideMode.ElideMiddle
        text = order_text.name(frame, index)
        paint.write(self._painter, theme, room, text, kind=layout.font, elide=middle)

    def _label_box(self, left: float, y: float) -> QRectF:
        high = paint.text_height(self._theme, self._layout.font)
        return QRectF(left, y - high / 2, self._layout.label_width, high)

    def _open_end(self, index: int, y: float) -> None:
        """Say at the open end of a row how far its task has come."""
        theme, layout, frame = self._theme, self._layout, self._frame
        text = order_text.state(frame, index, layout.language)
        width = paint.metrics(theme, layout.font).horizontalAdvance(text) + theme.grid()
        end = layout.x(frame.now_s) + theme.px(6)
        if frame.stage[index] in (Stage.CANCELLED, Stage.UNTAKEN):
            end = layout.x(float(frame.finished_s[index])) + theme.grid(2)
        left = max(layout.times.left(), min(end, layout.right - width))
        self._plate(QRectF(left, y, width, 0), text)

    def _plate(self, line: QRectF, text: str) -> None:
        """Write a text on a plate of paper: readable on lines and beside them."""
        theme, kind = self._theme, self._layout.font
        high = paint.text_height(theme, kind)
        box = QRectF(line.left(), line.top() - high / 2, line.width(), high)
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(QColor(theme.paper))
        self._painter.drawRoundedRect(box, theme.px(3), theme.px(3))
        paint.write(self._painter, theme, box, text, kind=kind, align=paint.CENTRE)

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
            self._plate(QRectF(box.center().x() - width / 2, y, width, 0), text)

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
        self._painter.setPen(QPen(colour, theme.px(2.5) if thick else max(1.0, theme.zoom * 0.8)))
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
