"""Paints every order in which the steps of two threads can happen, and what each comes to."""

from collections.abc import Sequence
from functools import cache
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from core.interleavings import LOCKED_STEPS, STEPS, Number, Order, all_orders
from gui.charts import paint
from gui.charts.by_hand_paint import cell, tick
from gui.charts.words import word
from gui.theme import Theme

VERDICT_WIDTH: Final = 80
"""Room for what an order comes to, at 100 %."""

CELL: Final = 14
"""Least width of a step, at 100 %."""

ROW: Final = 26
TALLEST_ROW: Final = 46
"""Heights of an order, at 100 %."""


@cache
def orders(locked: bool) -> tuple[Order, ...]:
    """Return every order, worked out once."""
    return all_orders(locked)


class OrdersPainter:
    """Paints all orders without the lock and with it."""

    def __init__(self, painter: QPainter, theme: Theme, language: str) -> None:
        self._painter = painter
        self._theme = theme
        self._language = language
        self._row = 0.0

    @staticmethod
    def lowest(theme: Theme, width: float) -> float:
        """Return the least height that all orders need at a width."""
        return _rows(theme, width) * theme.px(ROW) + _around(theme)

    def paint(self, room: QRectF, moves: tuple[Number, ...]) -> None:
        """Paint the orders; the one that was stepped by hand, given by its moves, is framed."""
        theme = self._theme
        each = (room.height() - _around(theme)) / _rows(theme, room.width())
        self._row = min(max(each, theme.px(ROW)), theme.px(TALLEST_ROW))
        top = self._paint_part(room, False, moves)
        rest = room.adjusted(0, top - room.top() + theme.grid(), 0, 0)
        bottom = self._paint_part(rest, True, moves)
        self._painter.setFont(theme.font("note"))
        self._painter.setPen(QColor(theme.muted))
        note = QRectF(room.left(), bottom, room.width(), max(0.0, room.bottom() - bottom))
        text = word(self._language, "by_hand_orders_note")
        paint.write_wrapped(self._painter, note, text, paint.TOP_LEFT)

    def _paint_part(self, room: QRectF, locked: bool, moves: tuple[Number, ...]) -> float:
        """Paint the orders with or without the lock and return where they end."""
        theme, every = self._theme, orders(locked)
        line = paint.text_height(theme, "text") + theme.grid(0.5)
        lost = sum(order.lost > 0 for order in every)
        key = "by_hand_orders_locked" if locked else "by_hand_orders_free"
        title = word(self._language, key, count=lost, all=len(every))
        head = QRectF(room.left(), room.top(), room.width(), line)
        paint.write(self._painter, theme, head, title, bold=True)
        columns = _columns(theme, room.width(), locked)
        width, high = room.width() / columns, self._row
        for place, order in enumerate(every):
            left = room.left() + place % columns * width
            top = room.top() + line + place // columns * high
            box = QRectF(left, top, width - theme.grid(), high - theme.px(5))
            self._paint_order(box, order, order.moves == moves)
        return room.top() + line + -(-len(every) // columns) * high

    def _paint_order(self, box: QRectF, order: Order, is_own: bool) -> None:
        theme = self._theme
        strip = box.adjusted(0, 0, -theme.px(VERDICT_WIDTH), 0)
        if is_own:
            self._painter.setPen(QPen(QColor(theme.accent), theme.px(2)))
            self._painter.setBrush(Qt.BrushStyle.NoBrush)
            self._painter.drawRoundedRect(box.adjusted(-2, -2, 2, 2), theme.px(3), theme.px(3))
        width = min(strip.width() / len(order.moves), theme.px(2 * CELL))
        lane = strip.height() / 2
        for place, number in enumerate(order.moves):
            top = strip.top() + (number - 1) * lane
            self._paint_move(QRectF(strip.left() + place * width, top, width, lane), number)
        left = strip.left() + len(order.moves) * width + theme.px(6)
        rest = QRectF(left, box.top(), box.right() - left, box.height())
        self._paint_verdict(rest, order, is_own)

    def _paint_move(self, box: QRectF, number: Number) -> None:
        text = str(number) if paint.fits(self._theme, "note", box.height() - 2) else ""
        cell(self._painter, self._theme, box.adjusted(1, 1, -1, -1), number, text)

    def _paint_verdict(self, box: QRectF, order: Order, is_own: bool) -> None:
        theme, radius = self._theme, self._theme.px(4)
        centre = QPointF(box.left() + radius, box.center().y())
        colour = theme.attention_text if order.lost else theme.ink
        if order.lost:
            paint.cross(self._painter, centre, radius, QColor(colour))
        else:
            tick(self._painter, centre, radius, QColor(colour))
        key = "yours" if is_own else "lost" if order.lost else "kept"
        text = f"= {order.count}  {word(self._language, f'by_hand_orders_{key}')}"
        rest = box.adjusted(3 * radius, 0, 0, 0)
        bold = is_own or not order.lost
        paint.write(self._painter, theme, rest, text, kind="note", colour=colour, bold=bold)


def _columns(theme: Theme, width: float, locked: bool) -> int:
    """Return how many orders stand side by side."""
    steps: Sequence[str] = LOCKED_STEPS if locked else STEPS
    least = theme.px(2 * len(steps) * CELL + VERDICT_WIDTH) + theme.grid()
    return max(1, min(5, int(width // least)))


def _rows(theme: Theme, width: float) -> int:
    """Return how many rows all orders take, without the lock and with it."""
    return sum(
        -(-len(orders(locked)) // _columns(theme, width, locked)) for locked in (False, True)
    )


def _around(theme: Theme) -> float:
    """Return the height of what is not an order: two headings and the note."""
    line = paint.text_height(theme, "text") + theme.grid()
    return 2 * line + 4 * paint.metrics(theme, "note").height()
