"""Strokes that several charts share. Each takes the theme; none has a colour of its own."""

from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from gui.charts.line_breaks import phrased
from gui.theme import FontKind, Theme

Align = Qt.AlignmentFlag
LEFT: Final = Align.AlignLeft | Align.AlignVCenter
RIGHT: Final = Align.AlignRight | Align.AlignVCenter
TOP_LEFT: Final = Align.AlignLeft | Align.AlignTop
CENTRE: Final = Align.AlignHCenter | Align.AlignVCenter


def metrics(theme: Theme, kind: FontKind) -> QFontMetricsF:
    """Return the measures of a font of the theme."""
    return QFontMetricsF(theme.font(kind))


def text_height(theme: Theme, kind: FontKind) -> float:
    """Return the height that a line of text needs.

    Ascent and descent only: fonts with Japanese glyphs ask for half as much again between lines.
    """
    measures = metrics(theme, kind)
    return measures.capHeight() + 2 * measures.descent()


def fits(theme: Theme, kind: FontKind, height: float) -> bool:
    """Return whether a line of text can be read in a bar of this height."""
    measures = metrics(theme, kind)
    return measures.capHeight() + 1.2 * measures.descent() <= height


def wrapped_height(font: QFont, text: str, width: float) -> float:
    """Return the height of a text in as many lines as it takes."""
    room = QRectF(0, 0, max(1.0, width), 1e4)
    told = _wrappable(font, text, width)
    return QFontMetricsF(font).boundingRect(room, Qt.TextFlag.TextWordWrap, told).height()


def write_wrapped(painter: QPainter, box: QRectF, text: str, align: Qt.AlignmentFlag) -> None:
    """Write a text in as many lines as it takes, in font and colour of the painter."""
    told = _wrappable(painter.font(), text, box.width())
    painter.drawText(box, align | Qt.TextFlag.TextWordWrap, told)


def _wrappable(font: QFont, text: str, width: float) -> str:
    """Return a text whose lines end where words do, if its longest word has room."""
    told, room = phrased(text), QRectF(0, 0, 1, 1e4)
    bounds = QFontMetricsF(font).boundingRect(room, Qt.TextFlag.TextWordWrap, told)
    return told if bounds.width() <= width else text


def write(
    painter: QPainter,
    theme: Theme,
    box: QRectF,
    text: str,
    *,
    kind: FontKind = "text",
    colour: str | QColor = "",
    align: Align = LEFT,
    bold: bool = False,
    elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
) -> float:
    """Write one line into a box, shortened with an ellipsis if need be; return its width."""
    font = theme.font(kind)
    font.setBold(bold or font.bold())
    painter.setFont(font)
    painter.setPen(QColor(colour or theme.ink))
    measures = QFontMetricsF(font)
    fitting = measures.elidedText(text, elide, box.width() + 1)  # +1: advances are rounded
    tall = box.adjusted(-1, -measures.height(), 1, measures.height())  # never cut at the top
    painter.drawText(tall, align | Qt.TextFlag.TextSingleLine, fitting)
    return measures.horizontalAdvance(fitting)


def clear_for(painter: QPainter, theme: Theme, box: QRectF, text: str, kind: FontKind) -> None:
    """Clear the paper where a line is going to be written: no line of a grid runs through it."""
    width = min(metrics(theme, kind).horizontalAdvance(text), box.width())
    high = min(text_height(theme, kind), box.height())
    gap = theme.px(2)
    plate = QRectF(box.left() - gap, box.center().y() - high / 2, width + 2 * gap, high)
    painter.fillRect(plate, QColor(theme.paper))


def head(painter: QPainter, theme: Theme, box: QRectF, title: str, note: str) -> QRectF:
    """Write a chart's title with a note at its right; return the room below."""
    height = text_height(theme, "text")
    line = QRectF(box.left(), box.top(), box.width(), height)
    used = write(painter, theme, line, title, bold=True) + theme.grid(2)
    rest = line.adjusted(used, 0, 0, 0)
    if note and rest.width() > theme.px(60):
        write(painter, theme, rest, note, kind="note", colour=theme.muted, align=RIGHT)
    return box.adjusted(0, height + theme.grid(), 0, 0)


def empty_note(painter: QPainter, theme: Theme, box: QRectF, text: str) -> None:
    """Write what will appear in an empty chart, in as many lines as it takes."""
    painter.setFont(theme.font("text"))
    painter.setPen(QColor(theme.muted))
    write_wrapped(painter, box, text, CENTRE)


def cross(painter: QPainter, centre: QPointF, radius: float, colour: QColor) -> None:
    """Paint the cross of a failure."""
    pen = QPen(colour, max(1.5, radius * 0.45))
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    arm = QPointF(radius, radius)
    other = QPointF(radius, -radius)
    painter.drawLine(centre - arm, centre + arm)
    painter.drawLine(centre - other, centre + other)


def dot(painter: QPainter, theme: Theme, centre: QPointF, radius: float, colour: QColor) -> None:
    """Paint a dot with a rim of paper, so that dots on bars and on each other stay apart."""
    painter.setPen(QPen(QColor(theme.paper), theme.px(1.5)))
    painter.setBrush(colour)
    painter.drawEllipse(centre, radius, radius)


def marker(painter: QPainter, tip: QPointF, size: float, colour: QColor) -> None:
    """Paint a small triangle that points up at its tip."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    half = size * 0.6
    corners = [tip, tip + QPointF(half, size), tip + QPointF(-half, size)]
    painter.drawPolygon(QPolygonF(corners))


def hatched(painter: QPainter, theme: Theme, bar: QRectF) -> None:
    """Paint a bar of waiting or preparing time: hatched, so that it is never taken for work."""
    colour = QColor(theme.waiting)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.softened(colour, 0.75))
    painter.drawRect(bar)
    painter.setPen(QPen(colour, theme.px(1)))
    painter.setBrush(QBrush(colour, Qt.BrushStyle.BDiagPattern))
    painter.drawRect(bar)


def hairline(painter: QPainter, theme: Theme, begin: QPointF, end: QPointF) -> None:
    """Paint a line that only parts things."""
    painter.setPen(QPen(QColor(theme.hairline), theme.px(1)))
    painter.drawLine(begin, end)
