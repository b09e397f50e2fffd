"""Says in one line what the strips of the threads mean, as far as the width goes."""

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter

from core.number_format import count
from gui.charts import paint
from gui.charts.activity_frame import ActivityFrame
from gui.charts.activity_image import Layer, stacked
from gui.charts.activity_strips import PALE, WAITING_PX
from gui.charts.words import word
from gui.theme import Theme

SWATCH: Final = 14
"""Width of a piece of a strip that shows what a text stands for."""


class _Entry(NamedTuple):
    """A text, and a piece of a strip beside it: parted where several colours mean the same."""

    text: str
    high: int
    colours: Sequence[QColor]
    stripes: QColor | None = None


class Legend:
    """Paints into a line at the top of a room."""

    def __init__(self, theme: Theme, language: str, frame: ActivityFrame, room: QRectF) -> None:
        self._theme, self._language, self._frame, self._room = theme, language, frame, room
        self._high = int(paint.text_height(theme, "text"))

    def paint(self, painter: QPainter) -> None:
        """Paint what there is room for, the most important first."""
        left, rate = self._room.left(), self._rate()
        entries = self._entries(is_long=True)
        if self._width_of([*(entry.text for entry in entries), rate]) > self._room.width():
            entries = self._entries(is_long=False)
        for entry in entries:
            width = self._width_of([entry.text])
            if left + width > self._room.right() + self._gap:
                return
            self._paint_entry(painter, left, entry)
            left += width
        self._paint_rate(painter, left, rate)

    def _entries(self, *, is_long: bool) -> list[_Entry]:
        theme, attention = self._theme, QColor(self._theme.attention)
        modes = dict.fromkeys(row.mode for row in self._frame.rows)
        waiting = "activity_waiting_long" if is_long else "activity_waiting"
        texts = [word(self._language, key) for key in ("activity_running", "activity_ready")]
        return [
            _Entry(texts[0], self._high, [theme.mode_colour(mode) for mode in modes]),
            _Entry(texts[1], self._high, [theme.softened(attention, PALE)], attention),
            _Entry(word(self._language, waiting), theme.px(WAITING_PX), [QColor(theme.waiting)]),
        ]

    @property
    def _gap(self) -> float:
        return self._theme.grid(1.5)

    def _width_of(self, texts: Sequence[str]) -> float:
        """Return what entries take together, each with the gap to the next."""
        measures, beside = paint.metrics(self._theme, "note"), self._theme.px(SWATCH + 9)
        return sum(measures.horizontalAdvance(text) + beside + self._gap for text in texts)

    def _paint_entry(self, painter: QPainter, left: float, entry: _Entry) -> None:
        theme, top = self._theme, self._room.top()
        size = theme.px(SWATCH)
        part = max(1, size // len(entry.colours))
        heights = np.full(part, entry.high, dtype=np.int32)
        for place, colour in enumerate(entry.colours):
            image = stacked((Layer(heights, colour, entry.stripes),), self._high)
            painter.drawImage(QPointF(round(left) + place * part, round(top)), image)
        beside = left + size + theme.px(5)
        box = QRectF(beside, top, self._room.right() + self._gap - beside, self._high)
        paint.write(painter, theme, box, entry.text, kind="note", colour=theme.muted)

    def _rate(self) -> str:
        """Return how often the threads were looked at; empty where that is not known."""
        rate_hz = self._frame.rate_hz
        if math.isnan(rate_hz):
            return ""
        return word(self._language, "activity_rate", rate=count(rate_hz))

    def _paint_rate(self, painter: QPainter, left: float, text: str) -> None:
        """Say at the right how often the threads were looked at: what lasted less was not seen."""
        theme, room = self._theme, self._room
        if paint.metrics(theme, "note").horizontalAdvance(text) > room.right() - left:
            return
        box = QRectF(left, room.top(), room.right() - left, self._high)
        colour, align = theme.muted, paint.RIGHT
        paint.write(painter, theme, box, text, kind="note", colour=colour, align=align)
