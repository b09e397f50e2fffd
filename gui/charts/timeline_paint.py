"""Paints the rows of the timeline.

A lane with few tasks in sight gets a bar for each; a lane with many gets a picture one
pixel high, stretched over the row: each column is as strong as the lane was busy in it.
So a frame costs its pixels, whether a hundred tasks are in sight or a million.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from core.columns import PENDING, FloatArray
from core.events import FAILED
from core.run_facts import Initialized
from gui.charts import timeline_layout as layout
from gui.charts.paint import CENTRE, cross, fits, hatched, metrics, text_height, write
from gui.charts.time_axis import Window
from gui.charts.timeline_frame import Frame
from gui.charts.timeline_index import Lane
from gui.charts.timeline_pixels import Badges, Pixels, paint_pixels, pixel_of, shaded
from gui.charts.timeline_text import bar_label
from gui.theme import FontKind, Theme

MOST_BARS: Final = 600
"""Single bars in one frame; beyond that, lanes are painted as columns."""

SHORTEST_LABEL: Final = 90
"""Pixels at 100 % below which a label is left out rather than shortened to nothing."""

FAINTEST: Final = 0.3
"""Strength of a column in which a lane was hardly busy: a short task must be seen."""

BAR_SHARE: Final = 0.62
"""Height of a bar in its row; below it runs the line of waiting time."""


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
        self._badges = Badges(painter, theme)
        self._labels: list[_Label] = []
        self.bars_painted = 0
        """How many single bars were painted: bounded whatever the number of tasks."""

    def paint(self, lane: Lane, colour: QColor, box: RowBox, most_bars: int) -> None:
        """Paint one lane."""
        frame, window = self._frame, self._window
        columns = max(1, round(box.bar.width() * self._scale))
        edges = np.minimum(layout.edges_s(window, columns), frame.now_s)
        waits = layout.waiting_columns(lane, frame.tasks, edges, frame.now_s)
        self._stretch(np.where(waits, pixel_of(QColor(self._theme.waiting)), 0), box.wait)
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
            self._badges.paint(
                QPointF(bar.right(), bar.center().y()), min(theme.px(4), bar.height() / 4)
            )
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
            self._badges.paint(QPointF(seen.center().x(), box.center().y()), radius)
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
        pixels = shaded(colour, strength)
        pixels[failed] = pixel_of(QColor(self._theme.failure))
        self._stretch(pixels, box)
        radius, last = min(self._theme.px(4), box.height() * 0.28), -np.inf
        for column in np.flatnonzero(failed).tolist():
            middle = box.left() + (column + 0.5) / self._scale
            if middle - last >= radius * 4:
                self._badges.paint(QPointF(middle, box.center().y()), radius)
                last = middle

    def _stretch(self, pixels: Pixels, box: QRectF) -> None:
        """Paint one row of pixels over the height of a box; fully clear ones are left out."""
        if pixels.any():
            paint_pixels(self._painter, pixels[np.newaxis, :], box)
