"""Marks the stretches of the timeline in which nothing went on."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter

from core.incidents import stalls_of
from gui.charts import paint
from gui.charts.timeline_frame import Frame
from gui.theme import Theme

NARROWEST: Final = 2
"""Pixels at 100 % of a stretch however short: it must be seen."""


def paint_stalls(
    painter: QPainter,
    theme: Theme,
    frame: Frame,
    room: QRectF,
    x_of: Callable[[float], float],
    label: str,
) -> None:
    """Hatch each stall that had begun by the frame's moment, over all rows in ``room``."""
    for stall, end_s in stalls_of(frame.recording):
        if stall.at_s > frame.now_s:
            return  # they are in their order
        left, right = x_of(stall.at_s), x_of(min(end_s, frame.now_s))
        box = QRectF(room)
        box.setLeft(max(left, room.left()))
        box.setRight(min(max(right, left + theme.px(NARROWEST)), room.right()))
        if box.width() > 0:
            _hatch(painter, theme, box)
            _label(painter, theme, box, label)


def _hatch(painter: QPainter, theme: Theme, box: QRectF) -> None:
    colour = QColor(theme.attention)
    painter.fillRect(box, QBrush(colour, Qt.BrushStyle.BDiagPattern))
    painter.fillRect(QRectF(box.left(), box.top(), theme.px(NARROWEST), box.height()), colour)


def _label(painter: QPainter, theme: Theme, box: QRectF, text: str) -> None:
    """Write the label on paper of its own, where it hides least: in the middle."""
    wide = paint.metrics(theme, "text").horizontalAdvance(text) + theme.grid(2)
    high = paint.text_height(theme, "text") + theme.px(4)
    if wide > box.width() or high > box.height():
        return
    pill = QRectF(0, 0, wide, high)
    pill.moveCenter(box.center())
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.paper))
    painter.drawRoundedRect(pill, theme.px(3), theme.px(3))
    paint.write(painter, theme, pill, text, colour=theme.attention_text, align=paint.CENTRE)
