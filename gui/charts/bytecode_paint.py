"""Paints the instructions of a line and, between them, where a thread may be switched."""

from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen

from core.bytecode import Instruction, LineCode
from gui.charts import paint
from gui.charts.by_hand_paint import tick
from gui.charts.bytecode_text import does, rule_sentence, switch_text, verdict_sentence
from gui.charts.words import word
from gui.theme import FontKind, Theme

MOST_ROWS: Final = 40
"""Instructions shown; a line that has more is no line for a class room."""

ROW: Final = 19
TALLEST_ROW: Final = 30
"""Heights of an instruction, at 100 %."""

MARK_SHARE: Final = 0.9
"""Height of a place for a switch, in rows."""

GUTTER: Final = 30
WORDS_FROM: Final = 330
"""Width from which on there is room for plain words, at 100 %."""


class BytecodePainter:
    """Paints into the room that it gets."""

    def __init__(self, painter: QPainter, theme: Theme, language: str) -> None:
        self._painter = painter
        self._theme = theme
        self._language = language
        self._row = 0.0

    @staticmethod
    def lowest(theme: Theme, language: str, width: float, code: LineCode) -> float:
        """Return the least height that everything needs at a width."""
        return _head(theme, language, width, code) + _rows(code) * theme.px(ROW)

    def paint(self, room: QRectF, code: LineCode) -> None:
        """Paint the line, what follows, and its instructions."""
        theme = self._theme
        used = _head(theme, self._language, room.width(), code)
        body = room.adjusted(0, used, 0, 0)
        each = body.height() / _rows(code)
        self._row = min(max(each, theme.px(ROW)), theme.px(TALLEST_ROW))
        self._paint_head(room, code)
        top = body.top()
        shown = code.instructions[:MOST_ROWS]
        begin: float | None = None
        for place, instruction in enumerate(shown):
            row = QRectF(body.left(), top, body.width(), self._row)
            self._paint_row(row.adjusted(theme.px(GUTTER), 0, 0, 0), code, instruction)
            if code.span is not None and place == code.span.start:
                begin = row.center().y()
            if code.span is not None and place == code.span.stop and begin is not None:
                self._paint_span(room.left(), begin, row.center().y(), code)
            top += self._row
            if instruction.switch is not None and place + 1 < len(code.instructions):
                mark = QRectF(body.left(), top, body.width(), self._row * MARK_SHARE)
                self._paint_switch(mark.adjusted(theme.px(GUTTER), 0, 0, 0), code, place)
                top += mark.height()
        self._paint_more(QRectF(body.left(), top, body.width(), self._row), code)

    # -- above the instructions ------------------------------------------------

    def _paint_head(self, room: QRectF, code: LineCode) -> None:
        theme, painter = self._theme, self._painter
        line = QRectF(room.left(), room.top(), room.width(), _code_line(theme))
        painter.setPen(QPen(QColor(theme.hairline), theme.px(1)))
        painter.setBrush(QColor(theme.surface))
        painter.drawRoundedRect(line, theme.px(4), theme.px(4))
        inside = line.adjusted(theme.grid(), 0, -theme.grid(), 0)
        paint.write(painter, theme, inside, code.source, kind="code")
        told = QRectF(room.left(), line.bottom() + theme.grid(0.5), room.width(), 0)
        told.setHeight(_told(theme, self._language, room.width(), code))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.raised))
        painter.drawRoundedRect(told, theme.px(6), theme.px(6))
        self._paint_verdict(QPointF(told.left() + theme.px(16), told.center().y()), code)
        text = told.adjusted(theme.px(GUTTER), 0, -theme.px(6), 0)
        painter.setFont(_bold(theme))
        painter.setPen(QColor(theme.ink))
        paint.write_wrapped(painter, text, verdict_sentence(code, self._language), paint.LEFT)
        rule = QRectF(room.left(), told.bottom() + theme.grid(0.5), room.width(), 0)
        rule.setHeight(_rule(theme, self._language, room.width(), code))
        painter.setFont(theme.font("note"))
        painter.setPen(QColor(theme.muted))
        paint.write_wrapped(painter, rule, rule_sentence(code, self._language), paint.LEFT)

    def _paint_verdict(self, centre: QPointF, code: LineCode) -> None:
        theme, radius = self._theme, self._theme.px(7)
        if code.verdict in ("between", "anywhere"):
            paint.cross(self._painter, centre, radius, QColor(theme.attention_text))
        elif code.verdict == "none":
            tick(self._painter, centre, radius, QColor(theme.ink))

    # -- the instructions ------------------------------------------------------

    def _paint_row(self, row: QRectF, code: LineCode, instruction: Instruction) -> None:
        theme, painter = self._theme, self._painter
        is_ours = instruction.role in ("read", "write")
        if is_ours:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.selection))
            painter.drawRoundedRect(row.adjusted(0, 1, 0, -1), theme.px(4), theme.px(4))
        left, name, argument = _columns(theme, row, code)
        paint.write(painter, theme, name, instruction.name, kind="code", bold=is_ours)
        paint.write(painter, theme, argument, instruction.argument, kind="code", bold=is_ours)
        words = does(instruction, code.watched, self._language)
        if left.width() > 0:
            colour = theme.ink if is_ours else theme.muted
            paint.write(painter, theme, left, words, colour=colour, bold=is_ours)

    def _paint_switch(self, mark: QRectF, code: LineCode, place: int) -> None:
        """Paint a place between two rows: inside the span as a band, elsewhere as a thin line."""
        theme, painter = self._theme, self._painter
        is_between = code.span is not None and place in code.span
        box = mark.adjusted(0, theme.px(1), 0, -theme.px(1))
        colour = QColor(theme.attention_text if is_between else theme.muted)
        if is_between:
            painter.setPen(QPen(QColor(theme.attention), theme.px(1)))
            painter.setBrush(theme.softened(QColor(theme.attention), 0.75))
            painter.drawRoundedRect(box, theme.px(4), theme.px(4))
        _arrows(painter, QPointF(box.left() + theme.px(14), box.center().y()), theme, colour)
        text = box.adjusted(theme.px(28), 0, 0, 0)
        told = switch_text(code, place, self._language)
        ink = theme.ink if is_between else theme.muted
        kind: FontKind = (
            "text" if is_between and paint.fits(theme, "text", box.height()) else "note"
        )
        used = paint.write(painter, theme, text, told, kind=kind, colour=ink, bold=is_between)
        if not is_between:
            begin = QPointF(text.left() + used + theme.grid(), box.center().y())
            painter.setPen(QPen(QColor(theme.muted), theme.px(1), Qt.PenStyle.DotLine))
            painter.drawLine(begin, QPointF(box.right(), box.center().y()))

    def _paint_span(self, left: float, begin: float, end: float, code: LineCode) -> None:
        """Paint the bracket from the reading to the writing."""
        theme = self._theme
        risky = code.verdict in ("between", "anywhere")
        colour = QColor(theme.attention_text if risky else theme.ink)
        self._painter.setPen(QPen(colour, theme.px(2)))
        x, tip = left + theme.px(10), left + theme.px(GUTTER - 4)
        self._painter.drawLine(QPointF(x, begin), QPointF(x, end))
        self._painter.drawLine(QPointF(x, begin), QPointF(tip, begin))
        self._painter.drawLine(QPointF(x, end), QPointF(tip, end))

    def _paint_more(self, row: QRectF, code: LineCode) -> None:
        more = len(code.instructions) - MOST_ROWS
        if more > 0:
            text = word(self._language, "bytecode_more", count=more)
            box = row.adjusted(self._theme.px(GUTTER), 0, 0, 0)
            paint.write(self._painter, self._theme, box, text, colour=self._theme.muted)


def _arrows(painter: QPainter, centre: QPointF, theme: Theme, colour: QColor) -> None:
    """Paint two arrows that pass each other: one thread goes, another comes."""
    half, high, head = theme.px(8), theme.px(3), theme.px(3)
    painter.setPen(QPen(colour, theme.px(1.5)))
    for side in (-1, 1):
        y = centre.y() + side * high
        tip = QPointF(centre.x() - side * half, y)
        painter.drawLine(QPointF(centre.x() + side * half, y), tip)
        for wing in (-1, 1):
            painter.drawLine(tip, tip + QPointF(side * head, wing * head))


def _columns(theme: Theme, row: QRectF, code: LineCode) -> tuple[QRectF, QRectF, QRectF]:
    """Return the boxes of the plain words, the name and the argument of an instruction."""
    measures = paint.metrics(theme, "code")
    shown = code.instructions[:MOST_ROWS]
    gap = theme.grid(1.5)
    wide = max(measures.horizontalAdvance(each.name) for each in shown) + gap
    argument = max(measures.horizontalAdvance(each.argument) for each in shown) + gap
    argument = min(argument, max(0.0, row.width() - wide) * 0.6)
    begin = row.left() + theme.px(6)
    second = QRectF(begin + wide, row.top(), argument, row.height())
    has_words = row.width() >= theme.px(WORDS_FROM - GUTTER)
    rest = QRectF(second.right(), row.top(), row.right() - second.right(), row.height())
    if not has_words:
        second.setRight(row.right())
        rest.setWidth(0)
    return rest, QRectF(begin, row.top(), wide, row.height()), second


def _rows(code: LineCode) -> float:
    """Return how many rows high the instructions and the places between them are."""
    shown = code.instructions[:MOST_ROWS]
    marks = sum(each.switch is not None for each in shown)
    return len(shown) + MARK_SHARE * marks + (len(shown) < len(code.instructions))


def _head(theme: Theme, language: str, width: float, code: LineCode) -> float:
    told = _told(theme, language, width, code) + _rule(theme, language, width, code)
    return _code_line(theme) + told + 2 * theme.grid()


def _code_line(theme: Theme) -> float:
    return paint.text_height(theme, "code") + theme.grid()


def _bold(theme: Theme) -> QFont:
    font = theme.font("text")
    font.setBold(True)
    return font


def _told(theme: Theme, language: str, width: float, code: LineCode) -> float:
    """Return the height of the sentence about what follows."""
    text = verdict_sentence(code, language)
    return paint.wrapped_height(_bold(theme), text, width - theme.px(GUTTER + 6)) + theme.grid()


def _rule(theme: Theme, language: str, width: float, code: LineCode) -> float:
    return paint.wrapped_height(theme.font("note"), rule_sentence(code, language), width)
