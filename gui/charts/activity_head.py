"""The heading of charts of samples: the title and, as large, the sentence that says it all."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF, QPainter

from gui.charts import paint
from gui.theme import Theme


def paint_head(
    painter: QPainter, theme: Theme, room: QRectF, title: str, sentences: Sequence[str]
) -> QRectF:
    """Write the title, and at its right the first sentence that has room; return the room below.

    Where none has, the last one is shortened.
    """
    box = paint.head(painter, theme, room, title, "")
    font = theme.font("text")
    font.setBold(True)
    measures = QFontMetricsF(font)
    taken = measures.horizontalAdvance(title) + theme.grid()
    line = QRectF(room.left() + taken, room.top(), max(0.0, room.width() - taken), 0)
    line.setHeight(paint.text_height(theme, "text"))
    fitting = [text for text in sentences if measures.horizontalAdvance(text) <= line.width()]
    text = fitting[0] if fitting else sentences[-1]
    paint.write(painter, theme, line, text, align=paint.RIGHT, bold=True)
    return box
