"""Paints the model that is stepped by hand: two threads, the count, and the order so far."""

from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from core.interleavings import LOCKED_STEPS, NUMBERS, History, Number, State
from gui.charts import paint
from gui.charts.by_hand_text import lock_text, sentence
from gui.charts.words import word
from gui.theme import FontKind, Theme

MARK_WIDTH: Final = 34
"""Width of a step in the strip, at 100 %."""

MOST_MARKS: Final = 2 * len(LOCKED_STEPS) + 1
"""The longest history: all steps with the lock, and one try that blocked."""

TALLEST_LINE: Final = 46
"""Height of a line about a thread where there is much room, at 100 %."""

LARGEST_BADGE: Final = 26
"""Side of the number of a thread, at 100 %."""

_LINES: Final = 3
"""Room for the sentence: its longest takes so many lines where it is narrow."""


class StepsPainter:
    """Paints a history into the room that it gets."""

    def __init__(self, painter: QPainter, theme: Theme, language: str) -> None:
        self._painter = painter
        self._theme = theme
        self._language = language
        self._lane = 0.0

    def paint(self, room: QRectF, history: History) -> None:
        """Paint the sentence, the threads and the count, and the order of the steps."""
        theme = self._theme
        told = self._paint_sentence(room, history)
        self._lane = min(max(room.height() * 0.06, self._lowest_lane()), theme.px(34))
        strip = 2 * self._lane + theme.grid()
        self._paint_order(room.adjusted(0, room.height() - strip, 0, 0), history)
        middle = room.adjusted(0, told + theme.grid(), 0, -strip - theme.grid())
        side = (middle.width() - 2 * theme.grid()) * 0.36
        first = QRectF(middle.left(), middle.top(), side, middle.height())
        second = QRectF(middle.right() - side, middle.top(), side, middle.height())
        self._paint_thread(first, history.now, 1)
        self._paint_thread(second, history.now, 2)
        between = QRectF(first.topRight(), second.bottomLeft())
        self._paint_count(between.adjusted(theme.grid(), 0, -theme.grid(), 0), history.now)

    # -- what is told ----------------------------------------------------------

    def _paint_sentence(self, room: QRectF, history: History) -> float:
        """Write the sentence and return the height that is kept for it."""
        theme = self._theme
        font = theme.font("text")
        font.setBold(True)
        mark, told = theme.px(26), sentence(history, self._language)
        # The same for all sentences where it can be, so that nothing jumps from step to step.
        lines = _LINES * paint.metrics(theme, "text").height()
        need = paint.wrapped_height(font, told, room.width() - mark - theme.px(12))
        height = max(lines, need) + theme.grid()
        box = QRectF(room.left(), room.top(), room.width(), height)
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(QColor(theme.raised))
        self._painter.drawRoundedRect(box, theme.px(6), theme.px(6))
        self._paint_verdict(QPointF(box.left() + mark / 2 + theme.px(4), box.center().y()), history)
        self._painter.setFont(font)
        self._painter.setPen(QColor(theme.ink))
        text = box.adjusted(mark + theme.px(6), 0, -theme.px(6), 0)
        paint.write_wrapped(self._painter, text, told, paint.LEFT)
        return height

    def _paint_verdict(self, centre: QPointF, history: History) -> None:
        theme, radius = self._theme, self._theme.px(7)
        if not history.now.over:
            tip = centre + QPointF(radius, 0)
            _arrow(self._painter, tip, radius * 1.6, QColor(theme.accent))
        elif history.now.lost:
            paint.cross(self._painter, centre, radius, QColor(theme.attention_text))
        else:
            tick(self._painter, centre, radius, QColor(theme.ink))

    # -- a thread --------------------------------------------------------------

    def _paint_thread(self, room: QRectF, state: State, number: Number) -> None:
        theme = self._theme
        kind, line = self._kind_for(room.height() / (len(state.steps) + 2))
        badge(self._painter, theme, QRectF(room.left(), room.top(), line, line), number)
        title = QRectF(room.left() + line + theme.px(6), room.top(), room.width() - line, line)
        name = word(self._language, "by_hand_thread", number=number)
        paint.write(self._painter, theme, title, name, kind=kind, bold=True)
        for place in range(len(state.steps)):
            top = room.top() + (place + 1) * line
            self._paint_step(QRectF(room.left(), top, room.width(), line), state, number, place)
        copy = state.thread(number).copy
        last = QRectF(room.left(), room.top() + line * (len(state.steps) + 1), room.width(), line)
        value = "–" if copy is None else str(copy)
        text = word(self._language, "by_hand_copy", value=value)
        paint.write(self._painter, theme, last, text, kind=kind, bold=copy is not None)

    def _paint_step(self, line: QRectF, state: State, number: Number, place: int) -> None:
        theme, thread = self._theme, state.thread(number)
        kind, _ = self._kind_for(line.height())
        centre = QPointF(line.left() + theme.px(10), line.center().y())
        is_next = place == thread.done
        text = word(self._language, f"by_hand_{state.steps[place]}")
        if is_next and thread.blocked:
            text = word(self._language, "by_hand_waits")
            _bars(self._painter, centre, theme.px(5), QColor(theme.attention_text))
        elif is_next:
            tip = centre + QPointF(theme.px(6), 0)
            _arrow(self._painter, tip, theme.px(11), QColor(theme.accent))
        elif place < thread.done:
            tick(self._painter, centre, theme.px(5), QColor(theme.ink))
        else:
            paint.dot(self._painter, theme, centre, theme.px(3), QColor(theme.hairline))
        colour = theme.ink if place <= thread.done else theme.muted
        if is_next and thread.blocked:
            colour = theme.attention_text
        box = line.adjusted(theme.px(22), 0, 0, 0)
        paint.write(self._painter, theme, box, text, kind=kind, colour=colour, bold=is_next)

    def _kind_for(self, line: float) -> tuple[FontKind, float]:
        """Return the font for lines that may be so high, and how high they are."""
        theme = self._theme
        if line >= paint.text_height(theme, "heading") + theme.px(8):
            return "heading", min(line, theme.px(TALLEST_LINE))
        return "text", min(line, paint.text_height(theme, "text") + theme.px(6))

    # -- between the threads ---------------------------------------------------

    def _paint_count(self, room: QRectF, state: State) -> None:
        theme = self._theme
        line = paint.text_height(theme, "text") + theme.px(4)
        lock = lock_text(state, self._language)
        caption = QRectF(room.left(), room.top(), room.width(), line)
        name = word(self._language, "by_hand_count")
        paint.write(self._painter, theme, caption, name, align=paint.CENTRE)
        font = theme.font("counter")
        digits = QRectF(room.left(), room.top() + line, room.width(), 0)
        digits.setBottom(room.bottom() - line)
        font.setPixelSize(max(1, int(min(font.pixelSize() * 2, digits.height() * 0.7))))
        self._painter.setFont(font)
        self._painter.setPen(QColor(theme.attention_text if state.lost else theme.ink))
        digits.setHeight(min(digits.height(), font.pixelSize() * 1.2))
        self._painter.drawText(digits, paint.CENTRE, str(state.count))
        below = QRectF(room.left(), digits.bottom(), room.width(), line)
        held = state.holder is not None
        paint.write(self._painter, theme, below, lock, align=paint.CENTRE, bold=held)

    # -- the order so far ------------------------------------------------------

    def _lowest_lane(self) -> float:
        return paint.text_height(self._theme, "text") + self._theme.px(6)

    def _paint_order(self, room: QRectF, history: History) -> None:
        theme, lane = self._theme, self._lane
        width = min(theme.px(MARK_WIDTH), (room.width() - lane) / MOST_MARKS)
        top = room.top() + theme.grid()
        for number in NUMBERS:
            box = QRectF(room.left(), top + (number - 1) * lane, lane, lane)
            badge(self._painter, theme, box.adjusted(3, 3, -3, -3), number)
        middle = top + lane
        end = QPointF(room.right(), middle)
        paint.hairline(self._painter, theme, QPointF(room.left() + lane, middle), end)
        for place, (number, step) in enumerate(history.steps()):
            left = room.left() + lane + place * width
            box = QRectF(left + 1, top + (number - 1) * lane + 1, width - 2, lane - 2)
            text = word(self._language, f"by_hand_mark_{step or 'try'}")
            cell(self._painter, theme, box, number, text)


def cell(painter: QPainter, theme: Theme, box: QRectF, number: Number, text: str) -> None:
    """Paint a step of a thread: those of thread 1 are full, those of thread 2 have a rim."""
    colour = QColor(theme.threads)
    fill = colour if number == 1 else theme.softened(colour, 0.85)
    painter.setPen(QPen(colour, theme.px(1.5)))
    painter.setBrush(fill)
    painter.drawRoundedRect(box, theme.px(3), theme.px(3))
    paint.write(painter, theme, box, text, kind="note", colour=_on(theme, fill), align=paint.CENTRE)


def badge(painter: QPainter, theme: Theme, box: QRectF, number: Number) -> None:
    """Paint the number of a thread in its look."""
    side = min(box.width(), box.height(), theme.px(LARGEST_BADGE))
    square = QRectF(0, 0, side, side)
    square.moveCenter(box.center())
    cell(painter, theme, square, number, str(number))


def tick(painter: QPainter, centre: QPointF, radius: float, colour: QColor) -> None:
    """Paint the tick of what is done."""
    pen = QPen(colour, max(1.5, radius * 0.4))
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    low = centre + QPointF(-radius * 0.2, radius * 0.7)
    painter.drawLine(centre + QPointF(-radius, 0), low)
    painter.drawLine(low, centre + QPointF(radius, -radius * 0.8))


def _arrow(painter: QPainter, tip: QPointF, size: float, colour: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    half = size * 0.6
    painter.drawPolygon(QPolygonF([tip, tip + QPointF(-size, -half), tip + QPointF(-size, half)]))


def _bars(painter: QPainter, centre: QPointF, radius: float, colour: QColor) -> None:
    """Paint the two bars of something that waits."""
    painter.setPen(QPen(colour, radius * 0.6))
    for side in (-0.5, 0.5):
        middle = centre + QPointF(side * radius, 0)
        painter.drawLine(middle - QPointF(0, radius), middle + QPointF(0, radius))


def _on(theme: Theme, fill: QColor) -> str:
    return theme.text_on(fill).name()
