"""Paints a table: headings, rows, ticks and crosses, chips of equal values, the strip."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from core.tables import cell_of, letter_of
from gui.charts import paint
from gui.charts.table_picture import TablePicture, head_kind, wrapped
from gui.theme import Theme

ROW_TINT = 0.78
"""Share of paper in the rows of equal values."""


class TablePainter:
    """Puts a `TablePicture` on a painter."""

    def __init__(self, painter: QPainter, theme: Theme, picture: TablePicture) -> None:
        self._painter = painter
        self._theme = theme
        self._picture = picture

    def paint(self, first: int, chosen: int | None) -> None:
        """Paint the rows from one on; the chosen one is marked."""
        picture = self._picture
        self._headings()
        for row in picture.visible(first):
            box = picture.row_box(first, row)
            self._ground(box, row, is_chosen=row == chosen)
            for column in range(len(picture.heads)):
                self._cell(box, row, column)
            paint.hairline(self._painter, self._theme, box.bottomLeft(), box.bottomRight())

    def strip(self, title: str, text: str) -> None:
        """Paint the whole text of one row at the bottom."""
        theme, box = self._theme, self._picture.strip
        if box.height() <= 0:
            return
        self._painter.fillRect(box, QColor(theme.raised))
        height, margin = paint.text_height(theme, "text"), theme.grid(0.5)
        inner = box.adjusted(margin, margin, -margin, -margin)
        line = QRectF(inner.left(), inner.top(), inner.width(), height)
        paint.write(self._painter, theme, line, title, bold=True)
        room = max(0, int((inner.height() - height + 1) / height))
        self._write_lines(line, wrapped(text, theme.font("text"), inner.width()), room)

    def _write_lines(self, line: QRectF, lines: list[str], room: int) -> None:
        if len(lines) > room > 0:
            lines = [*lines[: room - 1], " ".join(lines[room - 1 :])]  # the last one is cut
        for text in lines[:room]:
            line = line.translated(0, line.height())
            paint.write(self._painter, self._theme, line, text)

    def _headings(self) -> None:
        picture, theme = self._picture, self._theme
        top = picture.body.top() - picture.heading_height
        row = QRectF(picture.body.left(), top, picture.body.width(), picture.heading_height)
        for column, head in enumerate(picture.heads):
            box = picture.cell_box(row, column)
            box.setHeight(picture.heading_height)
            if box.width() > 0:
                align = self._align(column)
                write = (self._painter, theme, box, head)
                kind = head_kind(picture.size)
                paint.write(*write, kind=kind, colour=theme.muted, align=align)
        paint.hairline(self._painter, theme, picture.body.topLeft(), picture.body.topRight())

    def _align(self, column: int) -> Qt.AlignmentFlag:
        picture = self._picture
        kind = picture.kinds[column]
        if picture.groups and column == len(picture.heads) - 1:
            return paint.LEFT
        return {"mark": paint.CENTRE, "number": paint.RIGHT}.get(kind, paint.LEFT)

    def _ground(self, box: QRectF, row: int, *, is_chosen: bool) -> None:
        if self._picture.groups:
            colour = self._theme.softened(self._colour(row), ROW_TINT)
            self._painter.fillRect(box, colour)
        if is_chosen:
            self._painter.setPen(QPen(QColor(self._theme.accent), self._theme.px(2)))
            self._painter.setBrush(
                Qt.BrushStyle.NoBrush if self._picture.groups else QColor(self._theme.selection)
            )
            self._painter.drawRect(box.adjusted(1, 1, -1, -1))

    def _colour(self, row: int) -> QColor:
        colours = self._theme.value_colours
        return QColor(colours[self._picture.groups[row] % len(colours)])

    def _cell(self, row_box: QRectF, row: int, column: int) -> None:
        picture = self._picture
        if column == picture.long:
            self._long_text(row_box, row)
            return
        box = picture.cell_box(row_box, column)
        cell = cell_of(picture.rows[row], column)
        if picture.groups and column == len(picture.heads) - 1:
            box = self._chip(box, row)
        if picture.kinds[column] == "mark" and isinstance(cell, bool):
            self._mark(box, cell)
        else:
            text, align = picture.texts[row][column], self._align(column)
            paint.write(self._painter, self._theme, box, text, kind=picture.size, align=align)

    def _mark(self, box: QRectF, is_yes: bool) -> None:
        radius = paint.metrics(self._theme, self._picture.size).capHeight() * 0.5
        if is_yes:
            tick(self._painter, box.center(), radius, QColor(self._theme.accent))
        else:
            paint.cross(self._painter, box.center(), radius * 0.85, QColor(self._theme.failure))

    def _chip(self, box: QRectF, row: int) -> QRectF:
        """Paint the letter of a value on its colour; return the room beside it."""
        picture, theme = self._picture, self._theme
        width = picture.chip_width
        high = box.height() - theme.px(4)
        chip = QRectF(box.left(), box.top() + theme.px(2), width - theme.grid(), high)
        colour = self._colour(row)
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(colour)
        self._painter.drawRoundedRect(chip, theme.px(4), theme.px(4))
        paint.write(
            self._painter,
            theme,
            chip,
            letter_of(picture.groups[row]),
            kind=picture.size,
            colour=theme.text_on(colour),
            align=paint.CENTRE,
            bold=True,
        )
        return box.adjusted(width, 0, 0, 0)

    def _long_text(self, row_box: QRectF, row: int) -> None:
        picture, theme = self._picture, self._theme
        place = picture.arrangement.place
        if picture.long is None or place == "apart":
            return
        height = picture.long_line_height
        if place == "beside":
            left = picture.cell_box(row_box, picture.long).left()
            width = picture.arrangement.widths[picture.long]
            top = row_box.top() + (picture.line_height - height) / 2
        else:
            indent = picture.inset + picture.indent
            left, width = row_box.left() + indent, row_box.width() - indent - picture.inset
            top = row_box.top() + picture.line_height - theme.px(3)
        line = QRectF(left, top - height, width, height)
        for text in picture.lines(row, width):
            line = line.translated(0, height)
            paint.write(self._painter, theme, line, text, colour=theme.muted)


def tick(painter: QPainter, centre: QPointF, radius: float, colour: QColor) -> None:
    """Paint a tick."""
    pen = QPen(colour, max(1.5, radius * 0.45))
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    corners = [(-1.0, 0.1), (-0.3, 0.8), (1.0, -0.8)]
    painter.drawPolyline(QPolygonF([centre + QPointF(x, y) * radius for x, y in corners]))
