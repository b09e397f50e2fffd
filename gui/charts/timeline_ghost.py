"""A pinned run in the timeline: paler outlines behind the run that is shown.

It follows the cursor too, in its own time from the beginning of ``main()``: what it had done by
then has firm outlines, what it did later is only dotted. So one sees of a run that goes on, or is
replayed, which of the two is ahead, and where the pinned one got to. Once all of the run is shown,
all of the pinned one is firm.
"""

import math
from typing import Final

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from core.columns import FloatArray
from core.number_format import count, seconds
from core.recording import Recording
from gui.charts import timeline_layout as layout
from gui.charts.time_axis import Window
from gui.charts.timeline_frame import Frame, frame_at
from gui.charts.timeline_index import Lane, TimelineIndex
from gui.charts.timeline_paint import RowBox
from gui.charts.timeline_text import lane_mode
from gui.charts.words import mode_word, word
from gui.theme import Theme

NEAREST_PX: Final = 6
"""Outlines nearer to each other than this are one: they could not be told apart."""

FEW: Final = 60
"""So many tasks of a lane have an outline each."""

PALENESS: Final = 0.4
LATER_PALENESS: Final = 0.65
"""Share of paper in outlines, and in those of what the run did after the cursor."""


class Ghost:
    """A run that is over, kept to be seen behind another one."""

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self._index = TimelineIndex(recording)
        self._known: dict[int, tuple[object, list[QRectF]]] = {}
        self._frame = frame_at(recording, self._index, np.inf)

    def follow(self) -> bool:
        """Take in a part of the recording; return whether there is more."""
        behind = self._index.follow()
        self._frame = frame_at(self.recording, self._index, np.inf)
        return behind

    @property
    def lanes(self) -> int:
        """Return the number of its lanes."""
        return len(self._index.lanes)

    def bounds(self, frame: Frame) -> Window:
        """Return the bounds of a frame, wide enough for this run too, its beginning at its zero."""
        shift_s, own = self._shift_s(frame), self._frame.bounds
        begin_s = min(frame.bounds.begin_s, own.begin_s + shift_s)
        return Window(begin_s, max(frame.bounds.end_s, own.end_s + shift_s))

    def progress(self, frame: Frame, language: str) -> str:
        """Return what the outlines are, and how far the run was at the moment of a frame."""
        until_s = self._until_s(frame)
        if np.isinf(until_s):
            return self.note(language)
        done = int(self._index.finished_s.view.searchsorted(until_s, side="right"))
        parts = {"done": count(done), "all": count(len(self.recording))}
        return self.note(language) + word(language, "timeline_ghost_at", **parts)

    def note(self, language: str) -> str:
        """Return what the outlines are, in words."""
        mode = mode_word(language, self.recording.header.mode)
        took_s = self.recording.elapsed_s
        if np.isnan(took_s):
            return word(language, "timeline_ghost", run=mode)
        return word(language, "timeline_ghost", run=f"{mode}, {seconds(took_s, language)}")

    def paint(
        self, painter: QPainter, theme: Theme, frame: Frame, window: Window, boxes: list[RowBox]
    ) -> None:
        """Paint the first lanes of the run, one into each box, in the time of another frame."""
        shift_s, until_s = self._shift_s(frame), self._until_s(frame)
        own = Window(window.begin_s - shift_s, window.end_s - shift_s)
        share = float(np.clip((until_s - own.begin_s) / own.span_s, 0.0, 1.0))
        for lane, box in zip(self._index.lanes, boxes, strict=False):
            if not len(lane):
                continue
            colour = theme.mode_colour(lane_mode(self._frame, lane))
            lines = self._outlines_of(lane, own, box.bar, theme)
            _paint_lines(painter, theme, lines, colour, box.bar, share)

    def _outlines_of(self, lane: Lane, own: Window, bar: QRectF, theme: Theme) -> list[QRectF]:
        """Return the outlines in one row; they are found again only when they have moved."""
        key = (len(lane), len(self._index.finished_s), own, bar.getRect(), theme.zoom)
        known = self._known.get(id(lane))
        if known is not None and known[0] == key:
            return known[1]
        reach_s, _ = lane.running_numbers(self._frame.tasks, self._frame.now_s)
        part = layout.drawn(lane, reach_s, own, self._frame.now_s)
        starts = lane.start_s.view[part.first : part.stop]
        ends = np.minimum(reach_s[part.first : part.stop], self._frame.now_s)
        found = outlines(starts, ends, own, bar, theme)
        self._known[id(lane)] = key, found
        return found

    def _shift_s(self, frame: Frame) -> float:
        """Return by how much its times lie before those of another run."""
        return frame.zero_s - self._frame.zero_s

    def _until_s(self, frame: Frame) -> float:
        """Return the moment of a frame in its own time; infinity if all of the other is shown."""
        if frame.now_s >= frame.end_s:  # never while the end is not known
            return math.inf
        return frame.now_s - self._shift_s(frame)


def _paint_lines(
    painter: QPainter,
    theme: Theme,
    lines: list[QRectF],
    colour: QColor,
    bar: QRectF,
    share: float,
) -> None:
    """Paint the outlines of a row: firm up to a share of its width, dotted beyond."""
    few = len(lines) <= FEW
    firm = QPen(theme.softened(colour, PALENESS), theme.px(1.5))
    later = QPen(theme.softened(colour, LATER_PALENESS), theme.px(1.5 if few else 1))
    if few:
        later.setDashPattern([2, 3])  # of many it would cost more than a frame has
    cut, rim = bar.left() + share * bar.width(), theme.px(4)
    whole = bar.adjusted(-rim, -rim, rim, rim)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for pen, left, right in ((firm, whole.left(), cut), (later, cut, whole.right())):
        if share == 1.0 and pen is later:
            break
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, few)  # costs
        part = QRectF(left, whole.top(), right - left, whole.height())
        if share < 1.0:
            painter.setClipRect(part, Qt.ClipOperation.IntersectClip)
        painter.setPen(pen)
        painter.drawRects(lines)
        painter.restore()


def outlines(
    starts: FloatArray, ends: FloatArray, window: Window, box: QRectF, theme: Theme
) -> list[QRectF]:
    """Return the outlines of ascending stretches of time: as many as can be told apart."""
    scale, rim = box.width() / window.span_s, theme.px(2)
    left = np.clip((starts - window.begin_s) * scale, -rim * 2, box.width() + rim * 2)
    right = np.clip((ends - window.begin_s) * scale, -rim * 2, box.width() + rim * 2)
    if not len(left):
        return []
    # Of many, one begins where the gap to all before it can be seen.
    reach = np.maximum.accumulate(right)
    apart = left[1:] - reach[:-1] >= NEAREST_PX
    first = np.flatnonzero(np.append([True], apart | (len(left) <= FEW)))
    last = np.append(first[1:], len(left)) - 1
    top, high = box.top() - rim, box.height() + 2 * rim
    pairs = zip(left[first].tolist(), reach[last].tolist(), strict=True)
    return [QRectF(box.left() + x, top, max(1.0, end - x), high) for x, end in pairs]
