"""The axis of the timeline: a few round times, and the end of ``main()``."""

import math

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from core.columns import FloatArray
from core.number_format import seconds
from gui.charts import paint
from gui.charts.time_axis import tick_label
from gui.charts.time_axis_paint import fitting_ticks_s
from gui.charts.timeline_picture import TimelinePicture


def paint_axis(painter: QPainter, picture: TimelinePicture) -> None:
    """Paint a line for each tick, and its time below."""
    frame = picture.frame
    ticks, step_s = ticks_of(picture)
    taken = _paint_end_of_main(painter, picture)
    for tick_s in ticks.tolist():
        x = _paint_tick(painter, picture, frame.zero_s + tick_s)
        _paint_tick_label(painter, picture, x, tick_label(tick_s, step_s, picture.language), taken)


def ticks_of(picture: TimelinePicture) -> tuple[FloatArray, float]:
    """Return the times on the axis, and the step between them."""
    look, zero_s = (picture.theme, picture.language), picture.frame.zero_s
    return fitting_ticks_s(*look, picture.window, zero_s, picture.plot.width())


def _paint_tick(painter: QPainter, picture: TimelinePicture, time_s: float) -> float:
    x = picture.x_of(time_s)
    end = QPointF(x, picture.queue.bottom() + picture.theme.px(3))
    paint.hairline(painter, picture.theme, QPointF(x, picture.plot.top()), end)
    return x


def _paint_end_of_main(painter: QPainter, picture: TimelinePicture) -> QRectF:
    """Mark the end of ``main()`` with the elapsed time; return the room that it takes.

    Of a run that was stopped in the middle of it, the end of the run.
    """
    frame = picture.frame
    elapsed_s, end_s = frame.recording.elapsed_s, frame.recording.main_ended_s
    if math.isnan(end_s) and frame.recording.ending is not None:
        end_s = frame.end_s
        elapsed_s = end_s - frame.zero_s
    if not end_s <= frame.now_s or not picture.window.begin_s <= end_s <= picture.window.end_s:
        return QRectF()
    x, text = _paint_tick(painter, picture, end_s), seconds(elapsed_s, picture.language)
    return _paint_tick_label(painter, picture, x, text, QRectF(), bold=True)


def _paint_tick_label(
    painter: QPainter,
    picture: TimelinePicture,
    x: float,
    text: str,
    taken: QRectF,
    *,
    bold: bool = False,
) -> QRectF:
    """Write a label under its tick, moved inwards at the edges, unless its room is taken."""
    theme = picture.theme
    room = paint.metrics(theme, "text").horizontalAdvance(text) + theme.px(6)
    left = min(max(x - room / 2, picture.box.left()), picture.box.right() - room)
    top = picture.queue.bottom() + theme.px(5)
    box = QRectF(left, top, room, paint.text_height(theme, "text"))
    if not box.intersects(taken):
        colour = theme.ink if bold else theme.muted
        align = paint.CENTRE
        paint.write(painter, theme, box, text, colour=colour, align=align, bold=bold)
    return box
