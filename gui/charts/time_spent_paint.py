"""Paints where the time went: the efficiency, a stacked bar a worker, the slowest tasks."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen

from core.time_spent import TimeSpent
from gui.charts import paint
from gui.charts import time_spent_text as text
from gui.charts.time_spent_text import Row, SlowRow
from gui.charts.words import word
from gui.theme import Theme

TALLEST_ROW: Final = 56
LABEL_SHARE: Final = 0.3
"""Share of the width that the names of workers may take."""

BAR_SHARE: Final = 0.78
"""Of the height of a row."""

TASK_SHARE: Final = 0.3
"""Least share of the width for what names a slow task; the other columns take what they need."""

FEWEST_ROWS: Final = 3
"""The slowest tasks make room for so many bars."""


class TimeSpentPainter:
    """Paints one picture.

    Parameters
    ----------
    painter, theme, language
        With what, how it looks and what it speaks.
    mode : str
        Whose colour computing has.
    spent : TimeSpent
        What is painted; some time has elapsed.
    """

    def __init__(
        self, painter: QPainter, theme: Theme, language: str, mode: str, spent: TimeSpent
    ) -> None:
        self._painter, self._theme, self._language = painter, theme, language
        self._colour = theme.mode_colour(mode)
        self._spent = spent
        self._line = paint.text_height(theme, "text") + theme.px(3)

    def paint(
        self, room: QRectF, headline: tuple[str, str], rows: Sequence[Row], slow: Sequence[SlowRow]
    ) -> None:
        """Paint everything from top to bottom; what there is no room for is left out."""
        room = self._paint_headline(room, *headline)
        shown = [place for place in range(len(text.PARTS)) if any(_has(row, place) for row in rows)]
        room = self._paint_legend(room, shown)
        table = self._line * (len(slow) + 1) + self._theme.grid(1.5) if slow else 0.0
        lowest = self._line + self._theme.px(6)
        if room.height() - table < lowest * min(len(rows), FEWEST_ROWS):
            table = 0.0
        bottom = self._paint_rows(room.adjusted(0, 0, 0, -table), rows)
        if table:
            top = bottom + self._theme.grid(1.5)
            self._paint_slow(QRectF(room.left(), top, room.width(), table), slow)

    # -- what it comes to ------------------------------------------------------

    def _paint_headline(self, room: QRectF, headline: str, formula: str) -> QRectF:
        theme = self._theme
        high = paint.text_height(theme, "heading")
        box = QRectF(room.left(), room.top(), room.width(), high)
        width = paint.metrics(theme, "heading").horizontalAdvance(headline) + theme.grid(2)
        paint.write(self._painter, theme, box, headline, kind="heading")
        beside = room.width() - width
        measures = paint.metrics(theme, "text")
        if measures.horizontalAdvance(formula) <= beside:
            rest = box.adjusted(width, 0, 0, 0)
            paint.write(self._painter, theme, rest, formula, colour=theme.muted)
            return room.adjusted(0, high + theme.grid(), 0, 0)
        tall = paint.wrapped_height(theme.font("text"), formula, room.width())
        below = QRectF(room.left(), box.bottom() + theme.px(2), room.width(), tall)
        self._painter.setFont(theme.font("text"))
        self._painter.setPen(QColor(theme.muted))
        paint.write_wrapped(self._painter, below, formula, paint.TOP_LEFT)
        return room.adjusted(0, high + tall + theme.grid(), 0, 0)

    def _paint_legend(self, room: QRectF, shown: Sequence[int]) -> QRectF:
        """Name each kind of time beside a piece of it, in as many lines as it takes."""
        theme = self._theme
        x, y = room.left(), room.top()
        side = theme.px(14)
        for place in shown:
            part, is_watched = text.PARTS[place], self._spent.is_watched
            name = text.part_in_full(part, self._language, is_watched=is_watched)
            width = paint.metrics(theme, "text").horizontalAdvance(name) + theme.px(4)
            whole = side + theme.px(6) + width + theme.grid(1.5)
            if x > room.left() and x + whole > room.right() + theme.grid(1.5):
                x, y = room.left(), y + self._line
            swatch = QRectF(x, y + (self._line - side) / 2, side, side)
            self._fill(swatch, place)
            box = QRectF(swatch.right() + theme.px(6), y, room.right() - swatch.right(), self._line)
            paint.write(self._painter, theme, box, name)
            x += whole
        return room.adjusted(0, y + self._line + theme.px(4) - room.top(), 0, 0)

    # -- bars ------------------------------------------------------------------

    def _paint_rows(self, room: QRectF, rows: Sequence[Row]) -> float:
        """Paint as many bars as there is room for; return where they end."""
        theme = self._theme
        lowest = self._line + theme.px(2)
        fitting = max(1, int(room.height() / lowest))
        more = len(rows) - fitting + 1 if len(rows) > fitting else 0
        shown = rows[: len(rows) - more] or rows[:1]
        height = min(room.height() / (len(shown) + bool(more)), theme.px(TALLEST_ROW))
        measures = paint.metrics(theme, "text")
        widest = max(measures.horizontalAdvance(row.label) for row in shown) * 1.08
        labels = min(widest, room.width() * LABEL_SHARE)
        for place, row in enumerate(shown):
            line = QRectF(room.left(), room.top() + place * height, room.width(), height)
            label = QRectF(line.left(), line.top(), labels, height)
            paint.write(self._painter, theme, label, row.label, bold=row.is_total)
            self._paint_bar(line.adjusted(labels + theme.grid(1.5), 0, 0, 0), row)
        bottom = room.top() + height * len(shown)
        if more and bottom + self._line <= room.bottom() + theme.px(4):
            note = word(self._language, "time_spent_more", count=more)
            box = QRectF(room.left(), bottom, room.width(), self._line)
            paint.write(self._painter, theme, box, note, colour=theme.muted)
            bottom += self._line
        return bottom

    def _paint_bar(self, room: QRectF, row: Row) -> None:
        whole_s = sum(row.spent)
        bar = QRectF(room.left(), 0, room.width(), room.height() * BAR_SHARE)
        bar.moveTop(room.center().y() - bar.height() / 2)
        x = bar.left()
        for place, value_s in enumerate(row.spent):
            if not _has(row, place):
                continue
            width = bar.width() * value_s / whole_s
            part = QRectF(x, bar.top(), width, bar.height())
            colour = self._fill(part, place)
            self._label(part, row, place, colour)
            x += width

    def _label(self, part: QRectF, row: Row, place: int, background: QColor) -> None:
        """Write what a part is and how long it took, or that only, where it fits."""
        theme = self._theme
        value = text.value_of(row, place, self._spent.elapsed_s, self._language)
        name = text.part_name(text.PARTS[place], self._language)
        if not paint.fits(theme, "text", part.height()):
            return
        for told in (f"{name} {value}", value):
            width = paint.metrics(theme, "text").horizontalAdvance(told)
            if width + theme.px(8) <= part.width():
                middle = part.center()
                box = QRectF(middle.x() - width / 2 - theme.px(3), part.top(), 0, part.height())
                box.setWidth(width + theme.px(6))
                self._painter.fillRect(box.adjusted(0, theme.px(2), 0, -theme.px(2)), background)
                ink = theme.text_on(background)
                align = paint.CENTRE
                paint.write(self._painter, theme, box, told, colour=ink, align=align)
                return

    def _fill(self, bar: QRectF, place: int) -> QColor:
        """Paint a piece of one kind of time; return what a text on it stands on."""
        theme, painter = self._theme, self._painter
        waiting, attention = QColor(theme.waiting), QColor(theme.attention)
        muted = QColor(theme.muted)
        none = Qt.BrushStyle.NoBrush
        looks = {
            "start_up": (theme.softened(attention, 0.45), attention, Qt.BrushStyle.Dense6Pattern),
            "initializer": (theme.softened(waiting, 0.75), waiting, Qt.BrushStyle.BDiagPattern),
            "waiting": (theme.softened(waiting, 0.45), waiting, none),
            "computing": (self._colour, self._colour, none),
            "ready": (theme.softened(attention, 0.7), attention, Qt.BrushStyle.BDiagPattern),
            "blocked": (theme.softened(self._colour, 0.62), self._colour, none),
            "unknown": (theme.softened(muted, 0.8), muted, Qt.BrushStyle.DiagCrossPattern),
            "idle": (QColor(theme.paper), QColor(theme.hairline), none),
        }
        ground, ink, pattern = looks[text.PARTS[place]]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRect(bar)
        painter.setPen(QPen(ink, theme.px(1)))
        painter.setBrush(QBrush(ink, pattern))
        inside = bar.adjusted(0.5, 0.5, -0.5, -0.5)
        if inside.width() > 1:
            painter.drawRect(inside)
        return ground

    # -- the slowest tasks -----------------------------------------------------

    def _paint_slow(self, room: QRectF, slow: Sequence[SlowRow]) -> None:
        """List tasks with their worker, seconds and CPU seconds."""
        theme = self._theme
        heads = SlowRow(
            word(self._language, "time_spent_slowest"),
            word(self._language, "time_spent_worker"),
            word(self._language, "time_spent_lasted"),
            word(self._language, "time_spent_cpu"),
        )
        widths = self._widths(room.width(), (heads, *slow))
        for number, row in enumerate((heads, *slow)):
            x, y = room.left(), room.top() + number * self._line
            for place, (cell, width) in enumerate(zip(row, widths, strict=True)):
                box = QRectF(x, y, width - theme.grid(1.5), self._line)
                align = paint.RIGHT if place > 1 else paint.LEFT
                colour = theme.ink if number else theme.muted
                is_bold = number == 0 and place == 0
                paint.write(
                    self._painter, theme, box, cell, colour=colour, align=align, bold=is_bold
                )
                x += width
            if number == 0:
                low = y + self._line
                begin, end = QPointF(room.left(), low), QPointF(room.right(), low)
                paint.hairline(self._painter, theme, begin, end)

    def _widths(self, width: float, table: Sequence[SlowRow]) -> list[float]:
        """Return the widths of the columns: as the widest cell, and the first takes the rest."""
        measures, gap = paint.metrics(self._theme, "text"), self._theme.grid(1.5)
        needed = [
            max(measures.horizontalAdvance(cell) for cell in column) + gap + self._theme.px(2)
            for column in zip(*table, strict=True)
        ]
        rest = max(width - sum(needed[1:]), width * TASK_SHARE)
        squeezed = min(1.0, (width - rest + gap) / sum(needed[1:]))
        return [rest + gap / 4, *(one * squeezed for one in needed[1:])]


def _has(row: Row, place: int) -> bool:
    return row.spent[place] > text.LEAST_S
