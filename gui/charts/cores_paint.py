"""Paints the load of all cores together, and of each by itself."""

from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter

from core.columns import FloatArray, IntArray
from core.number_format import count
from gui.charts import paint
from gui.charts.activity_axis import TimeAxis
from gui.charts.activity_image import Layer, stacked
from gui.charts.cores_frame import CoresFrame, in_columns, total
from gui.charts.time_axis import Window
from gui.charts.words import word
from gui.charts.workers_frame import ticks
from gui.charts.zoomed_chart import TimeView
from gui.theme import FontKind, Theme

TOTAL_SHARE: Final = 0.55
"""Share of the height for all cores together, at least; what single cores leave comes on top."""

TALLEST_CORE: Final = 48
LOWEST_CORE: Final = 8
CORE_SHARE: Final = 0.8
WIDEST_LABELS: Final = 0.3
PALE: Final = 0.55
PALER: Final = 0.75
"""Share of paper in the load of other programs: a sequential run is grey as well."""


class CoresPainter:
    """Paints one frame into the room below the heading."""

    def __init__(
        self,
        theme: Theme,
        language: str,
        mode: str,
        frame: CoresFrame,
        room: QRectF,
        window: Window | None,
    ) -> None:
        self._theme, self._language, self._frame = theme, language, frame
        self._colour = theme.mode_colour(mode)
        self._high = paint.text_height(theme, "text")
        self._room = room
        top = self._high + theme.px(10)
        body = room.adjusted(self._label_room(room.width()), top, 0, -(self._high + theme.grid()))
        self._pitch, self._shown = self._core_rows(body.height())
        below = self._pitch * self._shown
        gap = theme.grid() if self._shown else 0
        whole = body.adjusted(0, 0, 0, -(below + gap))
        self._window = window or frame.span.bounds
        self.axis = TimeAxis(theme, body, self._window, frame.span)
        self.total_box = QRectF(self.axis.plot.left(), whole.top(), self.axis.plot.width(), 0)
        self.total_box.setBottom(whole.bottom())

    @property
    def view(self) -> TimeView:
        """Return what is shown of time."""
        return TimeView(self.axis.plot, self._window, self._frame.span.bounds)

    def core_box(self, core: int) -> QRectF:
        """Return where a core's own strip is."""
        top = self.total_box.bottom() + self._theme.grid() + core * self._pitch
        gap = self._pitch * (1 - CORE_SHARE)
        return QRectF(
            self.axis.plot.left(), top + gap, self.axis.plot.width(), self._pitch * CORE_SHARE
        )

    def paint(self, painter: QPainter) -> None:
        """Paint everything; in a room too small for a line of text there is nothing to be read."""
        if min(self.total_box.width(), self.total_box.height()) < self._high:
            return
        self._paint_legend(painter)
        self.axis.paint(painter, self._language)
        edges_s = np.minimum(self.axis.edges_s(), self._frame.known_s)
        self._paint_total(painter, edges_s)
        for core in range(self._shown):
            self._paint_core(painter, core, edges_s)
        self._paint_core_labels(painter)
        self.axis.paint_cursor(painter)

    def _core_rows(self, height: float) -> tuple[float, int]:
        """Return the height of a core's row and how many have one; where few fit, none has."""
        cores = self._frame.cores
        pitch = min(self._theme.px(TALLEST_CORE), height * (1 - TOTAL_SHARE) / max(1, cores))
        return (pitch, cores) if pitch >= self._theme.px(LOWEST_CORE) and cores > 1 else (0.0, 0)

    # -- all cores -------------------------------------------------------------

    def _paint_total(self, painter: QPainter, edges_s: FloatArray) -> None:
        theme, box, loads = self._theme, self.total_box, self._frame.loads
        high = max(2, int(box.height()))
        lab = self._heights(in_columns(loads.at_s, loads.lab, edges_s), high, self._frame.cores)
        busy = self._heights(in_columns(loads.at_s, total(loads), edges_s), high, self._frame.cores)
        muted = QColor(theme.muted)
        layers = (
            Layer(lab, self._colour),
            Layer(np.maximum(lab, busy), theme.softened(muted, PALER), muted),
        )
        painter.drawImage(QPointF(box.left(), round(box.top())), stacked(layers, high))
        self._paint_scale(painter)

    def _heights(self, values: FloatArray, high: int, most: float) -> IntArray:
        shares = np.clip(np.nan_to_num(values) / most, 0.0, 1.0)
        heights: IntArray = np.rint(shares * high).astype(np.int32)
        return heights

    def _paint_scale(self, painter: QPainter) -> None:
        """Write how many cores a height stands for, lines over the areas."""
        theme, box, cores = self._theme, self.total_box, self._frame.cores
        at_most = int(box.height() / (self._high + theme.px(4))) + 1
        right = box.left() - theme.px(6)
        numbers = ticks(cores, at_most)
        for number in sorted({*numbers, cores}):
            if number != cores and (cores - number) * box.height() / cores < self._high:
                continue
            y = box.bottom() - box.height() * number / cores
            paint.hairline(painter, theme, QPointF(box.left(), y), QPointF(box.right(), y))
            text = count(number)
            if number == cores:
                text = word(self._language, "cores_count", count=text)
            label = QRectF(self._room.left(), y - self._high / 2, right - self._room.left(), 0)
            label.setHeight(self._high)
            paint.write(painter, theme, label, text, colour=theme.muted, align=paint.RIGHT)

    # -- each core -------------------------------------------------------------

    def _paint_core(self, painter: QPainter, core: int, edges_s: FloatArray) -> None:
        theme, box, loads = self._theme, self.core_box(core), self._frame.loads
        high = max(2, int(box.height()))
        values = in_columns(loads.at_s, loads.load[:, core], edges_s)
        ink = theme.softened(QColor(theme.ink), PALE)
        image = stacked((Layer(self._heights(values, high, 1.0), ink),), high)
        painter.drawImage(QPointF(box.left(), round(box.bottom()) - high), image)
        paint.hairline(painter, theme, box.bottomLeft(), box.bottomRight())

    def _paint_core_labels(self, painter: QPainter) -> None:
        theme = self._theme
        if not self._shown:
            return
        kind: FontKind = "text" if paint.fits(theme, "text", self._pitch) else "note"
        every = max(1, -int(-paint.text_height(theme, kind) // self._pitch))
        right = self.axis.plot.left() - theme.px(6)
        for core in range(0, self._shown, every):
            box = self.core_box(core)
            label = QRectF(self._room.left(), box.top(), right - self._room.left(), box.height())
            text = word(self._language, "cores_number", number=core + 1)
            paint.write(painter, theme, label, text, kind=kind, align=paint.RIGHT)

    # -- words -----------------------------------------------------------------

    def _label_room(self, width: float) -> float:
        cores = self._frame.cores
        texts = (
            word(self._language, "cores_number", number=cores),
            word(self._language, "cores_count", count=count(cores)),
        )
        measures = paint.metrics(self._theme, "text")
        widest = max(measures.horizontalAdvance(text) for text in texts)
        return min(widest + self._theme.grid(1.5), width * WIDEST_LABELS)

    def _paint_legend(self, painter: QPainter) -> None:
        """Say what the areas mean."""
        theme = self._theme
        left, top, muted = self._room.left(), self._room.top(), QColor(theme.muted)
        swatches = (
            ("cores_lab", self._colour, None),
            ("cores_rest", theme.softened(muted, PALER), muted),
        )
        for key, colour, stripes in swatches:
            text, size = word(self._language, key), theme.px(14)
            heights = np.full(size, int(self._high), dtype=np.int32)
            image = stacked((Layer(heights, colour, stripes),), int(self._high))
            painter.drawImage(QPointF(round(left), round(top)), image)
            left += size + theme.px(5)
            wide = paint.metrics(theme, "note").horizontalAdvance(text) + theme.px(4)
            box = QRectF(left, top, wide, self._high)
            paint.write(painter, theme, box, text, kind="note", colour=theme.muted)
            left += wide + theme.grid(1.5)
