"""Writes what stands around the ways of tasks in the chart of orders: captions, axis, labels."""

from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from core.orders import Stage
from gui.charts import order_text, paint
from gui.charts.order_index import NOWHERE
from gui.charts.order_layout import OrderLayout
from gui.charts.time_axis import tick_label
from gui.charts.time_axis_paint import fitting_ticks_s
from gui.charts.words import word

RING: Final = 8
"""Half the width of a ring around ends, at 100 %; labels stand beside it."""


class LabelPainter:
    """Writes around one frame."""

    def __init__(self, painter: QPainter, layout: OrderLayout) -> None:
        self._painter = painter
        self._layout = layout
        self._theme = layout.theme
        self._frame = layout.frame

    def paint_below(self) -> None:
        """Paint what the ways of the tasks may cover."""
        self._axis()
        self._captions()

    def paint_above(self) -> None:
        """Write the labels of the tasks, where they have any."""
        if self._layout.labelled:
            self._labels()

    def _axis(self) -> None:
        theme, layout, frame = self._theme, self._layout, self._frame
        times = layout.times
        look, bounds = (theme, layout.language), frame.bounds
        ticks, step_s = fitting_ticks_s(*look, bounds, frame.zero_s, times.width())
        for tick_s in ticks.tolist():
            x = layout.x(frame.zero_s + tick_s)
            bottom = QPointF(x, times.bottom() + theme.px(3))
            paint.hairline(self._painter, theme, QPointF(x, times.top()), bottom)
            if layout.line:
                self._tick_label(x, tick_label(tick_s, step_s, layout.language))

    def _tick_label(self, x: float, text: str) -> None:
        theme, layout = self._theme, self._layout
        width = paint.metrics(theme, layout.caption).horizontalAdvance(text) + theme.px(4)
        left = max(x - width / 2, layout.room.left())
        box = QRectF(left, layout.rows.bottom() + theme.px(3), width, layout.line - theme.px(3))
        kind, colour = layout.caption, theme.muted
        paint.write(self._painter, theme, box, text, kind=kind, colour=colour, align=paint.CENTRE)

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
            kind, colour = layout.caption, theme.muted
            width = paint.write(
                self._painter, theme, box, text, kind=kind, colour=colour, align=align
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

    def _clock(self, time_s: float) -> str:
        return order_text.clock(self._frame, float(time_s), self._layout.language)

    def _left_label(self, index: int, y: float) -> None:
        """Write name and time of submission to the left of a row."""
        theme, layout, frame = self._theme, self._layout, self._frame
        box = self._label_box(layout.rows.left(), y).adjusted(0, 0, -theme.grid(), 0)
        when = self._clock(frame.submitted_s[index]) if layout.timed else ""
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
        room = box
        if layout.timed:
            when = self._clock(frame.delivered_s[index])
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
        plate(self._painter, layout, QRectF(left, y, width, 0), text)


def plate(painter: QPainter, layout: OrderLayout, line: QRectF, text: str) -> None:
    """Write a text on a plate of paper: readable on lines and beside them."""
    theme, kind = layout.theme, layout.font
    high = paint.text_height(theme, kind)
    box = QRectF(line.left(), line.top() - high / 2, line.width(), high)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.paper))
    painter.drawRoundedRect(box, theme.px(3), theme.px(3))
    paint.write(painter, theme, box, text, kind=kind, align=paint.CENTRE)
