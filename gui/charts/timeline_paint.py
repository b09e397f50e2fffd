"""Paints the rows of the timeline.

A lane with few tasks in sight gets a bar for each; a lane with many gets a picture one
pixel high, stretched over the row: each column is as strong as the lane was busy in it.
So a frame costs its pixels, whether a hundred tasks are in sight or a million.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap

from core.columns import PENDING, FloatArray, IntArray
from core.events import CANCELLED, FAILED
from core.run_facts import Initialized
from gui.charts import timeline_layout as layout
from gui.charts.paint import CENTRE, cross, fits, hatched, metrics, text_height, write
from gui.charts.time_axis import Window
from gui.charts.timeline_frame import Frame
from gui.charts.timeline_index import Lane
from gui.charts.timeline_text import bar_label
from gui.theme import FontKind, Theme

MOST_BARS: Final = 600
"""Single bars in one frame; beyond that, lanes are painted as columns."""

SHORTEST_LABEL: Final = 90
"""Pixels at 100 % below which a label is left out rather than shortened to nothing."""

NARROWEST_HILL: Final = 48
"""Pixels at 100 % that a hill of waiting tasks needs to carry its number."""

FAINTEST: Final = 0.3
"""Strength of a column in which a lane was hardly busy: a short task must be seen."""

BAR_SHARE: Final = 0.62
"""Height of a bar in its row; below it runs the line of waiting time."""

Pixels = npt.NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class RowBox:
    """Where one row's things are, in pixels."""

    bar: QRectF
    """As wide as the plot."""
    wait: QRectF


@dataclass(frozen=True, slots=True)
class _Label:
    """What is to be written on a bar."""

    room: QRectF
    width: float
    text: str
    kind: FontKind
    fill: QColor
    elide: Qt.TextElideMode


class LanePainter:
    """Paints lanes of one frame into one plot."""

    def __init__(self, painter: QPainter, theme: Theme, frame: Frame, window: Window):
        self._painter = painter
        self._theme = theme
        self._frame = frame
        self._window = window
        self._scale = painter.device().devicePixelRatioF()
        self._badges: dict[float, QPixmap] = {}
        self._labels: list[_Label] = []
        self.bars_painted = 0
        """How many single bars were painted: bounded whatever the number of tasks."""

    def paint(self, lane: Lane, colour: QColor, box: RowBox, most_bars: int) -> None:
        """Paint one lane."""
        frame, window = self._frame, self._window
        columns = max(1, round(box.bar.width() * self._scale))
        edges = np.minimum(layout.edges_s(window, columns), frame.now_s)
        waits = layout.waiting_columns(lane, frame.tasks, edges, frame.now_s)
        self._stretch(np.where(waits, _pixel(QColor(self._theme.waiting)), 0), box.wait)
        reach_s, busy_s = lane.running_numbers(frame.tasks, frame.now_s)
        part = layout.drawn(lane, reach_s, window, frame.now_s)
        if part.size <= most_bars:
            self._bars(layout.bars(lane, part, frame.tasks, window, frame.now_s), colour, box.bar)
            return
        share = layout.busy_share(lane.start_s.view, reach_s, busy_s, edges)
        failed = layout.columns_with(lane.failed_s.view, edges)
        self._columns(share, failed, colour, box.bar)

    def paint_initializer(self, run: Initialized, box: RowBox, text: str) -> None:
        """Paint the time that a worker set itself up: hatched, named where there is room."""
        frame, window, theme = self._frame, self._window, self._theme
        if run.begun_s > frame.now_s:
            return
        ended_s = min(run.ended_s, frame.now_s)
        left, right = ((at_s - window.begin_s) / window.span_s for at_s in (run.begun_s, ended_s))
        bar = self._snapped(box.bar, left, right)
        hatched(self._painter, theme, bar)
        seen = bar.intersected(box.bar)
        if not run.done and run.ended_s <= frame.now_s:
            self._badge(QPointF(bar.right(), bar.center().y()), min(theme.px(4), bar.height() / 4))
        kind: FontKind = "text" if fits(theme, "text", box.bar.height()) else "note"
        width = metrics(theme, kind).horizontalAdvance(text) + theme.px(8)
        if width > seen.width() - theme.px(8) or not fits(theme, kind, box.bar.height()):
            return
        high = min(text_height(theme, kind), bar.height() - theme.px(2))
        plate = QRectF(seen.left() + theme.px(6), seen.center().y() - high / 2, width, high)
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(QColor(theme.paper))
        self._painter.drawRoundedRect(plate, theme.px(3), theme.px(3))
        write(self._painter, theme, plate, text, kind=kind, align=CENTRE)

    # -- few tasks: bars -------------------------------------------------------

    def _bars(self, bars: layout.Bars, colour: QColor, box: QRectF) -> None:
        brushes = {
            PENDING: self._theme.softened(colour, 0.35),
            FAILED: QColor(self._theme.failure),
        }
        labelled = len(bars.task) <= box.width() / self._theme.px(24)
        columns = (
            bars.task.tolist(),
            bars.left.tolist(),
            bars.right.tolist(),
            bars.outcome.tolist(),
        )
        for task, left, right, outcome in zip(*columns, strict=True):
            bar = self._snapped(box, left, right)
            fill = brushes.get(outcome, colour)
            radius = min(self._theme.px(3), bar.width() / 2)
            self._painter.setPen(Qt.PenStyle.NoPen)
            self._painter.setBrush(fill)
            self._painter.drawRoundedRect(bar, radius, radius)
            if outcome == FAILED:
                bar = self._cross_in(bar, box)
            if labelled:
                self._label(task, outcome, bar, box, fill)
        self.bars_painted += len(bars.task)

    def _snapped(self, box: QRectF, left: float, right: float) -> QRectF:
        """Return a bar on whole device pixels, at least two wide, a gap before the next one."""
        begin, end = (
            round(min(max(share, -1.0), 2.0) * box.width() * self._scale) / self._scale
            for share in (left, right)
        )
        width = end - begin
        gap = 1.0 if width >= self._theme.px(4) else 0.0
        return QRectF(box.left() + begin, box.top(), max(2.0, width - gap), box.height())

    def _cross_in(self, bar: QRectF, box: QRectF) -> QRectF:
        """Paint the cross of a failed bar; return the room that its label has left."""
        radius = min(self._theme.px(5), box.height() * 0.28)
        room = radius * 2 + self._theme.px(8)
        seen = bar.intersected(box)
        if seen.width() < room:
            self._badge(QPointF(seen.center().x(), box.center().y()), radius)
            return QRectF()
        middle = QPointF(seen.left() + room / 2, box.center().y())
        cross(self._painter, middle, radius * 0.7, QColor(self._theme.paper))
        return bar.adjusted(room - self._theme.px(4), 0, 0, 0)

    def _label(self, task: int, outcome: int, bar: QRectF, box: QRectF, fill: QColor) -> None:
        room = bar.intersected(box).adjusted(self._theme.px(6), 0, -self._theme.px(4), 0)
        kind: FontKind = "text" if fits(self._theme, "text", box.height()) else "note"
        if room.width() < self._theme.px(8) or not fits(self._theme, kind, box.height()):
            return
        text = bar_label(self._frame.recording, task, outcome == FAILED)
        width = metrics(self._theme, kind).horizontalAdvance(text)
        if room.width() < min(width, self._theme.px(SHORTEST_LABEL)):
            return
        middle = Qt.TextElideMode.ElideMiddle  # arguments often differ at the end only
        elide = Qt.TextElideMode.ElideRight if outcome == FAILED else middle
        self._labels.append(_Label(room, min(width, room.width()), text, kind, fill, elide))

    def write_labels(self) -> None:
        """Write on the bars what is in them: last, so that no line is drawn through a text."""
        theme, painter = self._theme, self._painter
        for label in self._labels:
            plate = label.room.adjusted(-theme.px(2), theme.px(1), 0, -theme.px(1))
            plate.setWidth(label.width + theme.px(4))
            painter.fillRect(plate, label.fill)
            ink = theme.text_on(label.fill)
            write(
                painter,
                theme,
                label.room,
                label.text,
                kind=label.kind,
                colour=ink,
                elide=label.elide,
            )

    # -- many tasks: columns ---------------------------------------------------

    def _columns(
        self,
        share: FloatArray,
        failed: layout.BoolArray,
        colour: QColor,
        box: QRectF,
    ) -> None:
        strength = np.where(share > 0, FAINTEST + (1 - FAINTEST) * share, 0.0)
        pixels = _shaded(colour, strength)
        pixels[failed] = _pixel(QColor(self._theme.failure))
        self._stretch(pixels, box)
        radius, last = min(self._theme.px(4), box.height() * 0.28), -np.inf
        for column in np.flatnonzero(failed).tolist():
            middle = box.left() + (column + 0.5) / self._scale
            if middle - last >= radius * 4:
                self._badge(QPointF(middle, box.center().y()), radius)
                last = middle

    def _badge(self, middle: QPointF, radius: float) -> None:
        """Paint a cross on a disc: for failures too narrow to hold a cross themselves."""
        if radius not in self._badges:
            self._badges[radius] = self._new_badge(radius)
        badge = self._badges[radius]
        half = badge.deviceIndependentSize().width() / 2
        self._painter.drawPixmap(middle - QPointF(half, half), badge)

    def _new_badge(self, radius: float) -> QPixmap:
        """Return the picture of a badge: painted once a frame, shown perhaps hundreds of times."""
        side = math.ceil(radius * 3 * self._scale) + 2
        badge = QPixmap(side, side)
        badge.setDevicePixelRatio(self._scale)
        badge.fill(Qt.GlobalColor.transparent)
        painter = QPainter(badge)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.failure))
        middle = QPointF(side, side) / (2 * self._scale)
        painter.drawEllipse(middle, radius * 1.5, radius * 1.5)
        cross(painter, middle, radius * 0.7, QColor(self._theme.paper))
        painter.end()
        return badge

    def _stretch(self, pixels: Pixels, box: QRectF) -> None:
        """Paint one row of pixels over the height of a box; fully clear ones are left out."""
        if pixels.any():
            _paint_pixels(self._painter, pixels[np.newaxis, :], box)

    # -- the queue -------------------------------------------------------------

    def paint_queue(self, box: QRectF, peak_text: Callable[[int], str]) -> None:
        """Paint how many tasks wait as a hill, its peak labelled, and marks where some left it."""
        frame = self._frame
        columns = max(1, round(box.width() * self._scale))
        edges = layout.edges_s(self._window, columns)[1:]
        waiting = layout.waiting_count(frame.index, frame.tasks, edges)
        waiting[edges - self._window.span_s / columns > frame.now_s] = 0
        peak = int(waiting.max())
        if peak:
            self._hill(waiting / peak, box)
            seen = int(np.count_nonzero(waiting)) / self._scale
            if seen > self._theme.px(NARROWEST_HILL):
                self._plate(box, waiting, peak_text(peak))
        self._marks(box)

    def _plate(self, box: QRectF, waiting: IntArray, text: str) -> None:
        """Write a number on a plate of paper: on the peak if it is wide, else beside it."""
        theme = self._theme
        width = metrics(theme, "text").horizontalAdvance(text) + theme.px(10)
        height = min(text_height(theme, "text") + theme.px(2), box.height())
        columns, gap = math.ceil(width * self._scale), theme.px(6)
        first, beyond = layout.peak_of(waiting)
        if (beyond - first) / self._scale >= width + 2 * gap:
            left, top = box.left() + first / self._scale + gap, box.center().y() - height / 2
        else:
            column = layout.place_beside(waiting, first, beyond, columns)
            left, top = box.left() + column / self._scale, box.top()
        plate = QRectF(left, top, width, height)
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(QColor(theme.paper))
        self._painter.drawRoundedRect(plate, theme.px(4), theme.px(4))
        write(self._painter, theme, plate, text, align=CENTRE)

    def _hill(self, heights: FloatArray, box: QRectF) -> None:
        rows = max(1, round(box.height() * self._scale))
        tall = np.ceil(heights * rows).astype(np.int64)  # one task is seen among 100,000
        inside = np.arange(rows, 0, -1)[:, np.newaxis] <= tall[np.newaxis, :]
        _paint_pixels(self._painter, np.where(inside, _pixel(QColor(self._theme.waiting)), 0), box)

    def _marks(self, box: QRectF) -> None:
        """Mark where tasks ended that never started: a square for cancelled, a cross for failed."""
        rows = self._frame.index.left_unstarted()
        ended_s = self._frame.tasks.finished_s[rows]
        side = min(self._theme.px(8), box.height() * 0.5)
        for outcome in (CANCELLED, FAILED):
            here = np.sort(ended_s[self._frame.tasks.outcome[rows] == outcome])
            here = here[: int(np.searchsorted(here, self._frame.now_s, side="right"))]
            shares = (here - self._window.begin_s) / self._window.span_s
            places = np.unique(np.floor(shares * box.width() / (side * 1.5))) * side * 1.5
            for place in places[(places >= 0) & (places < box.width())].tolist():
                middle = QPointF(box.left() + place, box.center().y())
                if outcome == FAILED:
                    self._badge(middle, side / 2)
                else:
                    self._square(middle, side)

    def _square(self, middle: QPointF, side: float) -> None:
        self._painter.setPen(QColor(self._theme.ink))
        self._painter.setBrush(QColor(self._theme.paper))
        self._painter.drawRect(QRectF(middle.x() - side / 2, middle.y() - side / 2, side, side))


def _pixel(colour: QColor) -> np.uint32:
    """Return an opaque colour as a pixel."""
    return np.uint32(colour.rgba())


def _shaded(colour: QColor, strength: FloatArray) -> Pixels:
    """Return a colour at several strengths (0 to 1) as premultiplied pixels."""
    alpha = np.rint(strength * 255).astype(np.uint32)
    red, green, blue = (
        (alpha * channel // 255) for channel in (colour.red(), colour.green(), colour.blue())
    )
    return np.asarray((alpha << 24) | (red << 16) | (green << 8) | blue, dtype=np.uint32)


def _paint_pixels(painter: QPainter, pixels: Pixels, box: QRectF) -> None:
    """Paint pixels over a box; rows and columns are stretched evenly."""
    data = np.ascontiguousarray(pixels, dtype=np.uint32)
    height, width = data.shape
    image_format = QImage.Format.Format_ARGB32_Premultiplied
    image = QImage(data.data, width, height, width * 4, image_format)
    painter.drawImage(box, image)
