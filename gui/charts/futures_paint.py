"""Paints the columns, cards and dots of the futures."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen, QPixmap

from core.number_format import count
from core.recording import Recording
from core.task_states import State, TaskState
from gui.charts import futures_text as text
from gui.charts import line_breaks, paint
from gui.charts.futures_layout import (
    Box,
    Measures,
    Plan,
    dot_pitch,
    dots_in,
    tasks_a_dot,
)
from gui.theme import FontKind, Theme


@dataclass(frozen=True, slots=True)
class Fonts:
    """The fonts of a card."""

    number: FontKind
    call: FontKind
    rest: FontKind


LARGE: Final = Fonts("heading", "text", "text")
SMALL: Final = Fonts("text", "text", "note")

NARROW: Final = 40
"""Width at 100 % below which a text is written whole or not at all."""

DOT_SIZES: Final = (9, 24)
"""The least and the greatest distance from one dot to the next, at 100 %."""


@dataclass(frozen=True, slots=True)
class Look:
    """The colours of a card."""

    fill: QColor
    edge: QColor
    ink: QColor


class FuturesPainter:
    """Paints one frame."""

    def __init__(
        self,
        painter: QPainter,
        theme: Theme,
        language: str,
        recording: Recording,
        fonts: Fonts = SMALL,
    ) -> None:
        self._painter = painter
        self._theme = theme
        self._fonts = fonts
        self._language = language
        self._recording = recording
        self._mode = theme.mode_colour(recording.header.mode)

    # -- columns ---------------------------------------------------------------

    def paint_headings(self, boxes: Mapping[State, Box], counts: Mapping[State, int]) -> None:
        """Write the names of the columns and how many tasks are there, above the columns."""
        theme = self._theme
        height = heading_height(theme)
        kind = self._heading_font(boxes)
        for state, box in boxes.items():
            line = QRectF(box.left, box.top - height, box.width, paint.text_height(theme, "text"))
            number = count(counts[state])
            room = paint.metrics(theme, kind).horizontalAdvance(number) * 1.1 + theme.px(6)
            colour = theme.ink if counts[state] else theme.muted
            name = text.state_word(state, self._language)
            used = paint.write(
                self._painter, theme, line.adjusted(0, 0, -room, 0), name, kind=kind, colour=colour
            )
            # Close to its name: at the right edge it would seem to belong to the next column.
            rest = line.adjusted(used + theme.px(6), 0, theme.px(2), 0)
            paint.write(self._painter, theme, rest, number, kind=kind, colour=colour, bold=True)
            under = box.top - theme.px(4)
            paint.hairline(
                self._painter,
                theme,
                QPointF(box.left, under),
                QPointF(box.left + box.width, under),
            )

    def _heading_font(self, boxes: Mapping[State, Box]) -> FontKind:
        """Return the font in which all names fit beside their numbers."""
        measures = paint.metrics(self._theme, "text")
        room = measures.horizontalAdvance("99") * 1.1 + self._theme.px(6)
        words = (text.state_word(state, self._language) for state in boxes)
        widest = max(measures.horizontalAdvance(one) for one in words)
        narrowest = min(box.width for box in boxes.values())
        return "text" if widest + room <= narrowest else "note"

    # -- cards -----------------------------------------------------------------

    def paint_card(
        self, task: TaskState, box: Box, cards: Plan, now_s: float, *, chosen: bool, lines: int
    ) -> None:
        """Paint a card of which so many lines can be seen, for another card may lie on it."""
        theme, look = self._theme, self._look(task.state)
        room = QRectF(*box)
        self._paint_sheet(room, look, task.state, chosen)
        pad = theme.px(5)
        inner = room.adjusted(pad + theme.px(3), theme.px(3), -pad, -theme.px(3))
        title = QRectF(inner.left(), inner.top(), inner.width(), cards.line)
        self._paint_title(task, title, look)
        detail = text.detail_of(self._recording, task, now_s, self._language)
        below = inner.adjusted(0, cards.line, 0, 0)
        if task.state == "failed" and lines > 1 and not self._has_cross(title):
            self._paint_cross(QRectF(below.left(), below.top(), below.width(), cards.line), look)
        elif detail and lines > 1:
            self._paint_detail(below, detail, cards.line, lines - 1, look)

    def _paint_sheet(self, room: QRectF, look: Look, state: State, chosen: bool) -> None:
        theme, painter = self._theme, self._painter
        radius = theme.px(4)
        edge = QPen(look.edge, theme.px(1))
        if state == "cancelled":
            edge.setStyle(Qt.PenStyle.DashLine)
        if chosen:
            edge = QPen(QColor(theme.ink), theme.px(2))
        # A rim of paper keeps cards that overlap apart.
        painter.setPen(QPen(QColor(theme.paper), theme.px(3)))
        painter.setBrush(look.fill)
        sheet = room.adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(sheet, radius, radius)
        if state == "pending":
            self._paint_band(sheet, radius, QColor(theme.waiting))
        painter.setPen(edge)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(sheet, radius, radius)

    def _paint_band(self, sheet: QRectF, radius: float, colour: QColor) -> None:
        """Paint the left edge of a card."""
        shape, band = QPainterPath(), QPainterPath()
        shape.addRoundedRect(sheet, radius, radius)
        band.addRect(QRectF(sheet.left(), sheet.top(), self._theme.px(4), sheet.height()))
        self._painter.fillPath(shape.intersected(band), colour)

    def _paint_title(self, task: TaskState, line: QRectF, look: Look) -> None:
        """Write number, arguments and time, as far as they fit; the number always."""
        theme, painter = self._theme, self._painter
        number = text.number_of(task)
        left = line.left()
        if task.state == "failed" and self._has_cross(line):
            left += self._paint_cross(line, look) + theme.px(5)
        rest = line.adjusted(left - line.left(), 0, 0, 0)
        used = paint.write(
            painter, theme, rest, number, kind=self._fonts.number, colour=look.ink, bold=True
        )
        rest.adjust(used + theme.px(6), 0, 0, 0)
        time = text.lasted(task, self._language)
        wide = paint.metrics(theme, "note").horizontalAdvance(time)
        if wide <= rest.width():
            paint.write(painter, theme, rest, time, kind="note", colour=look.ink, align=paint.RIGHT)
            rest.adjust(0, 0, -wide - theme.px(6), 0)
            call = text.call_of(self._recording, task.task)
            # Of a longer one the beginning says little.
            if call != number and rest.width() > theme.px(24):
                paint.write(painter, theme, rest, call, kind=self._fonts.call, colour=look.ink)

    def _has_cross(self, line: QRectF) -> bool:
        """Return whether there is room for a cross before the number of a failed task."""
        return line.width() > self._theme.px(NARROW)

    def _paint_cross(self, line: QRectF, look: Look) -> float:
        """Paint the cross of a failure at the beginning of a line; return its width."""
        radius = self._theme.px(3)
        middle = QPointF(line.left() + radius, line.center().y())
        paint.cross(self._painter, middle, radius, look.ink)
        return 2 * radius

    def _paint_detail(self, room: QRectF, detail: str, line: float, lines: int, look: Look) -> None:
        """Write what there is to say: as much as fits into the lines, the last one shortened."""
        painter, theme, kind = self._painter, self._theme, self._fonts.rest
        width = paint.metrics(theme, kind).horizontalAdvance
        if room.width() < theme.px(NARROW) and width(detail) > room.width():
            return  # of a few letters nobody could tell anything

        def fits(part: str) -> bool:
            return width(part) <= room.width()

        for place in range(lines):
            box = QRectF(room.left(), room.top() + place * line, room.width(), line)
            if place == lines - 1:
                here, detail = line_breaks.shortened(detail, fits), ""
            else:
                here, detail = line_breaks.split(detail, fits)
            paint.write(painter, theme, box, here, kind=kind, colour=look.ink)
            if not detail:
                return

    def _look(self, state: State) -> Look:
        theme = self._theme
        ink, paper = QColor(theme.ink), QColor(theme.paper)
        if state == "running":
            return Look(self._mode, self._mode, theme.text_on(self._mode))
        if state == "finished":
            return Look(theme.softened(self._mode, 0.82), theme.softened(self._mode, 0.4), ink)
        if state == "failed":
            return Look(QColor(theme.failure), QColor(theme.failure), paper)
        if state == "cancelled":
            return Look(paper, QColor(theme.muted), QColor(theme.muted))
        return Look(QColor(theme.surface), QColor(theme.waiting), ink)

    # -- dots ------------------------------------------------------------------

    def paint_dots(self, boxes: Mapping[State, Box], counts: Mapping[State, int]) -> int:
        """Paint a dot a task, or for more tasks than have room; return tasks a dot."""
        box = min(boxes.values(), key=lambda box: box.width)
        least, greatest = (self._theme.px(size) for size in DOT_SIZES)
        total = sum(counts.values())
        pitch = dot_pitch(box, total, least, greatest)
        across, down = dots_in(box, pitch)
        each = tasks_a_dot(total, across * down)
        for state, column in boxes.items():
            dots = math.ceil(counts[state] / each)
            self._paint_field(column, dots, across, pitch, self._look(state))
        return each

    def _paint_field(self, box: Box, dots: int, across: int, pitch: int, look: Look) -> None:
        """Paint dots in rows: two rectangles full of one tile, however many they are."""
        rows, rest = divmod(dots, across)
        brush, painter = QBrush(self._tile(pitch, look)), self._painter
        left, top = round(box.left), round(box.top)  # between pixels tiles would begin anew
        painter.setBrushOrigin(left, top)
        painter.fillRect(QRect(left, top, across * pitch, rows * pitch), brush)
        painter.fillRect(QRect(left, top + rows * pitch, rest * pitch, pitch), brush)

    def _tile(self, pitch: int, look: Look) -> QPixmap:
        tile = QPixmap(pitch, pitch)
        tile.fill(QColor(self._theme.paper))
        painter = QPainter(tile)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(look.edge, 1))
        painter.setBrush(look.fill)
        side = pitch - self._theme.px(2) - 1
        painter.drawEllipse(QRectF(0.5, 0.5, side, side))
        painter.end()
        return tile


def measures(theme: Theme, fonts: Fonts) -> Measures:
    """Return what cards need with these fonts: large ones want their time on the first line too."""
    sample = "88 88.8 s" if fonts is LARGE else "88"
    narrowest = paint.metrics(theme, fonts.number).horizontalAdvance(sample) + theme.px(15)
    line = paint.text_height(theme, fonts.number) + theme.px(2)
    return Measures(line, theme.px(3), theme.grid(), narrowest)


def heading_height(theme: Theme) -> float:
    """Return the height of the headings of the columns, with the line below them."""
    return paint.text_height(theme, "text") + theme.px(8)
