"""A table in one room, in one look: measured and arranged, ready to be painted."""

import math
from functools import cache
from typing import Final

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QFontMetricsF, QTextLayout, QTextOption

from core.card import Watch
from core.tables import Rows, cell_of, groups_of, kind_of, text_of
from gui.charts import paint
from gui.charts.table_layout import Arrangement, Need, arrange
from gui.charts.table_text import headings
from gui.theme import FontKind, Theme

SIZES: Final[tuple[FontKind, ...]] = ("elapsed", "heading", "text")
"""Letters of the cells, largest first: a small table is for the back row."""

LONG_EM: Final = 16.0
"""A last column of texts wider than so many heights of a line is one of long texts."""

STRIP_LINES: Final = 3
"""Lines of the strip at the bottom that shows the whole of one row."""

CHIP: Final = 1.25
"""Width of the chip of an equal value, as a multiple of its height."""


class TablePicture:
    """What stands where; makes the letters as large as the room allows.

    Parameters
    ----------
    room : QRectF
        Below the heading of the chart.
    has_strip : bool
        Whether the strip at the bottom is wanted; it comes by itself where long texts stand apart.

    Attributes
    ----------
    body, strip : QRectF
        Room of the rows, and of the strip; the strip is empty when there is none.
    """

    def __init__(
        self,
        theme: Theme,
        language: str,
        watch: Watch,
        rows: Rows,
        room: QRectF,
        *,
        has_strip: bool,
    ) -> None:
        self.theme = theme
        self.rows = rows
        self.heads = headings(watch, rows, language)
        columns = range(len(self.heads))
        self.kinds = [kind_of(rows, column) for column in columns]
        self.texts = [
            [text_of(cell_of(row, column), self.kinds[column]) for column in columns]
            for row in rows
        ]
        self.groups = groups_of(rows) if watch.equal else []
        self.long = self._long()
        self.lines = cache(self._lines)
        self.size, self.arrangement = self._arrange(room, has_strip)
        if self.arrangement.place == "apart" and not has_strip:
            has_strip = True
            self.size, self.arrangement = self._arrange(room, has_strip)
        self.strip, self.body = self._strip(room, has_strip), self._body(room, has_strip)

    # -- where things are ------------------------------------------------------

    def visible(self, first: int) -> range:
        """Return the rows that are shown when the first one is that one."""
        return self.arrangement.shown(first, self.body.height())

    def last_first(self) -> int:
        """Return the first row of the last view, where one can scroll no further."""
        used = 0.0
        for row in reversed(range(len(self.rows))):
            used += self.arrangement.heights[row]
            if used > self.body.height():
                return min(row + 1, len(self.rows) - 1)
        return 0

    def row_box(self, first: int, row: int) -> QRectF:
        """Return the box of a row that is shown."""
        heights = self.arrangement.heights
        top = self.body.top() + sum(heights[first:row])
        return QRectF(self.body.left(), top, self.body.width(), heights[row])

    def row_at(self, first: int, place: QPointF) -> int | None:
        """Return the row at a place; None when there is none."""
        shown = self.visible(first)
        return next((row for row in shown if self.row_box(first, row).contains(place)), None)

    def cell_box(self, row_box: QRectF, column: int) -> QRectF:
        """Return the box of a cell on the first line of its row; empty when it stands elsewhere."""
        left = row_box.left() + self.inset + self.arrangement.lefts[column]
        return QRectF(left, row_box.top(), self.arrangement.widths[column], self.line_height)

    @property
    def line_height(self) -> float:
        """Return the height of a row of one line."""
        return self._line(self.size)

    @property
    def long_line_height(self) -> float:
        """Return the height of a line of a long text."""
        return math.ceil(paint.text_height(self.theme, "text"))

    @property
    def inset(self) -> float:
        """Return what parts the texts from the ends of their row."""
        return self.theme.grid(0.75)

    @property
    def indent(self) -> float:
        """Return what stands before a long text under its row."""
        return self.theme.grid(2)

    @property
    def heading_height(self) -> float:
        """Return the height of the headings of the columns."""
        return paint.text_height(self.theme, "text") + self.theme.grid(0.5)

    @property
    def chip_width(self) -> float:
        """Return the width of the chip of an equal value, with what parts it from the value."""
        return paint.text_height(self.theme, self.size) * CHIP + self.theme.grid()

    # -- measuring -------------------------------------------------------------

    def _long(self) -> int | None:
        last = len(self.heads) - 1
        if last < 1 or self.kinds[last] != "text" or self.groups:
            return None
        widest = max((self._width(row[last], "text") for row in self.texts), default=0.0)
        return last if widest > LONG_EM * paint.text_height(self.theme, "text") else None

    def _arrange(self, room: QRectF, has_strip: bool) -> tuple[FontKind, Arrangement]:
        body = self._body(room, has_strip)
        for size in SIZES:
            width = body.width() - 2 * self.inset
            found = arrange(width, body.height(), self._need(size, width))
            if found.fits:
                break
        return size, found

    def _need(self, size: FontKind, width: float) -> Need:
        gap = self.theme.grid(2)
        widths = tuple(self._column(column, size) for column in range(len(self.heads)))
        short = [each for column, each in enumerate(widths) if column != self.long]
        if sum(short) + gap * (len(short) - 1) > width:
            gap = self.theme.grid(1)
        return Need(
            rows=len(self.rows),
            widths=widths,
            long=self.long,
            can_shrink=tuple(kind == "text" for kind in self.kinds),
            lines=self._count_lines,
            line=self._line(size),
            long_line=self.long_line_height,
            gap=gap,
            indent=self.indent,
        )

    def _column(self, column: int, size: FontKind) -> float:
        letters: FontKind = "text" if column == self.long else size
        widest = max((self._width(row[column], letters) for row in self.texts), default=0.0)
        if self.kinds[column] == "mark":
            widest = paint.text_height(self.theme, size)
        if self.groups and column == len(self.heads) - 1:
            widest += paint.text_height(self.theme, size) * CHIP + self.theme.grid()
        return max(widest, self._width(self.heads[column], head_kind(size))) + self.theme.px(2)

    def _line(self, size: FontKind) -> float:
        # Whole pixels: all rows then look the same.
        return math.ceil(paint.text_height(self.theme, size) + self.theme.grid(0.75))

    def _width(self, text: str, size: FontKind) -> float:
        return paint.metrics(self.theme, size).horizontalAdvance(text)

    def _count_lines(self, row: int, width: float) -> int:
        return len(self.lines(row, width))

    def _lines(self, row: int, width: float) -> list[str]:
        """Return the lines of the long text of a row in a width."""
        text = "" if self.long is None else self.texts[row][self.long]
        return wrapped(text, self.theme.font("text"), width)

    def _body(self, room: QRectF, has_strip: bool) -> QRectF:
        bottom = self._strip_height(room) if has_strip else 0.0
        return room.adjusted(0, self.heading_height, 0, -bottom)

    def _strip(self, room: QRectF, has_strip: bool) -> QRectF:
        top = room.bottom() - (self._strip_height(room) if has_strip else 0.0)
        return QRectF(room.left(), top, room.width(), room.bottom() - top)

    def _strip_height(self, room: QRectF) -> float:
        """Return what the strip takes: its lines, but never half of a low room."""
        wanted = STRIP_LINES * paint.text_height(self.theme, "text") + self.theme.grid()
        return min(wanted, room.height() / 2)


def head_kind(size: FontKind) -> FontKind:
    """Return the letters of headings over cells of a size: small ones where room is scarce."""
    return "note" if size == SIZES[-1] else "text"


def wrapped(text: str, font: QFont, width: float) -> list[str]:
    """Return the lines of a text in a width; a word that is wider is broken."""
    if not text or QFontMetricsF(font).horizontalAdvance(text) <= width:
        return [text] if text else []
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    lines = []
    while (line := layout.createLine()).isValid():
        line.setLineWidth(max(1.0, width))
        start, length = line.textStart(), line.textLength()
        lines.append(text.encode("utf-16-le")[2 * start : 2 * (start + length)])
    layout.endLayout()
    return [line.decode("utf-16-le").strip() for line in lines]
