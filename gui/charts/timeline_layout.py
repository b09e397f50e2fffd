"""Where the things of the timeline stand: pure functions from a lane to arrays. No Qt.

All times are seconds of the recording; a lane is a `Lane` of the index. A moment
``now_s`` is the cursor: what happened later is not there yet. Columns are pixel columns
of equal width; ``edges_s`` are the times between them, shape (columns + 1,).
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from core.columns import PENDING, ByteArray, FloatArray, IntArray, Tasks
from gui.charts.time_axis import Window
from gui.charts.timeline_index import Lane, TimelineIndex

BoolArray = npt.NDArray[np.bool_]

LOOK_BACK: Final = 256
"""Tasks looked at under the pointer: nested ones overlap, pool tasks never do."""


class Bars(NamedTuple):
    """Bars of single tasks: arrays of shape (n,)."""

    task: IntArray
    left: FloatArray
    """As a share of the window's width; may be outside of 0 to 1."""
    right: FloatArray
    outcome: ByteArray
    """``PENDING`` for a task that runs at the cursor."""


class Drawn(NamedTuple):
    """The tasks of a lane that a window shows: a slice of its rows."""

    first: int
    stop: int

    @property
    def size(self) -> int:
        """Return how many there are."""
        return self.stop - self.first


def edges_s(window: Window, columns: int) -> FloatArray:
    """Return the times between pixel columns, shape (columns + 1,)."""
    return np.linspace(window.begin_s, window.end_s, columns + 1)


def drawn(lane: Lane, reach_s: FloatArray, window: Window, now_s: float) -> Drawn:
    """Return which tasks of a lane a window shows; two binary searches."""
    first = int(np.searchsorted(reach_s, window.begin_s, side="left"))
    stop = int(np.searchsorted(lane.start_s.view, min(window.end_s, now_s), side="right"))
    return Drawn(first, max(first, stop))


def bars(lane: Lane, part: Drawn, tasks: Tasks, window: Window, now_s: float) -> Bars:
    """Return a bar for each task of a part of a lane."""
    rows = lane.rows.view[part.first : part.stop]
    end_s = tasks.finished_s[rows]
    runs = ~(end_s <= now_s)  # also when the end is not known
    left = lane.start_s.view[part.first : part.stop] - window.begin_s
    right = np.where(runs, now_s, end_s) - window.begin_s
    outcome = np.where(runs, np.uint8(PENDING), tasks.outcome[rows])
    return Bars(rows, left / window.span_s, right / window.span_s, outcome)


def busy_share(
    start_s: FloatArray, reach_s: FloatArray, busy_s: FloatArray, edges: FloatArray
) -> FloatArray:
    """Return which share of each column's time a lane was busy, shape (columns,), 0 to 1.

    The time covered by the tasks that began until t is ``busy_s`` of the last of them, less
    what of it lies after t: one binary search an edge, whatever the number of tasks.
    """
    if not len(start_s):
        return np.zeros(len(edges) - 1)
    last = np.searchsorted(start_s, edges, side="right") - 1
    beyond = np.maximum(reach_s[last] - edges, 0.0)
    covered = np.where(last >= 0, busy_s[last] - beyond, 0.0)
    widths = np.diff(edges)
    share = np.divide(np.diff(covered), widths, out=np.zeros(len(widths)), where=widths > 0)
    return np.clip(share, 0.0, 1.0)


def columns_with(moments_s: FloatArray, edges: FloatArray) -> BoolArray:
    """Return in which columns at least one of some ascending moments lies."""
    return np.diff(np.searchsorted(moments_s, edges, side="right")) > 0


def waiting_columns(lane: Lane, tasks: Tasks, edges: FloatArray, now_s: float) -> BoolArray:
    """Return in which columns a task was waiting that this lane then ran.

    Workers take tasks first in, first out: so the next one to start here tells.
    """
    known = int(np.searchsorted(lane.start_s.view, now_s, side="right"))
    following = np.searchsorted(lane.start_s.view[:known], edges[1:], side="left")
    if not known:
        return np.zeros(len(following), dtype=np.bool_)
    rows = lane.rows.view[np.minimum(following, known - 1)]
    return (following < known) & (tasks.submitted_s[rows] <= edges[:-1])


def waiting_count(index: TimelineIndex, tasks: Tasks, at_s: FloatArray) -> IntArray:
    """Return how many tasks waited for a worker at each of some moments."""
    waiting = np.searchsorted(index.submitted_s.view, at_s, side="right")
    for lane in index.lanes:
        waiting = waiting - np.searchsorted(lane.start_s.view, at_s, side="right")
    left_s = np.sort(tasks.finished_s[index.left_unstarted()])
    waiting = waiting - np.searchsorted(left_s, at_s, side="right")
    return np.maximum(waiting, 0).astype(np.int32)


def peak_of(heights: IntArray) -> tuple[int, int]:
    """Return the first column of the first highest stretch, and the one beyond its last."""
    first = int(heights.argmax())
    lower = np.flatnonzero(heights[first:] < heights[first])
    return first, first + int(lower[0]) if len(lower) else len(heights)


def place_beside(heights: IntArray, first: int, beyond: int, width: int) -> int:
    """Return where to put something so wide beside a peak: where the least is hidden by it."""
    right, left = min(beyond, len(heights) - width), first - width
    if right >= beyond and (
        left < 0 or _highest(heights, right, width) <= _highest(heights, left, width)
    ):
        return right
    return max(left, 0)


def _highest(heights: IntArray, first: int, width: int) -> int:
    return int(heights[first : first + width].max(initial=0))


def clear_of(marks: Sequence[float], left: float, width: float, reach: float) -> float:
    """Return the next place from the left for something so wide that hides no mark."""
    for mark in sorted(marks):
        if left - reach < mark < left + width + reach:
            left = mark + reach
    return left


def stretches(mask: BoolArray) -> tuple[IntArray, IntArray]:
    """Return where the unbroken stretches of a mask begin and stop, shape (n,) each."""
    steps = np.diff(np.concatenate([[0], mask.astype(np.int8), [0]]))
    return np.flatnonzero(steps > 0).astype(np.int32), np.flatnonzero(steps < 0).astype(np.int32)


def task_at(lane: Lane, tasks: Tasks, at_s: float, slack_s: float, now_s: float) -> int | None:
    """Return the task that ran at a moment, or the nearest within some slack; else None."""
    stop = int(np.searchsorted(lane.start_s.view, min(at_s + slack_s, now_s), side="right"))
    first = max(0, stop - LOOK_BACK)
    rows, start_s = lane.rows.view[first:stop], lane.start_s.view[first:stop]
    if not len(rows):
        return None
    end_s = tasks.finished_s[rows]
    end_s = np.where(end_s <= now_s, end_s, now_s)
    off_s = np.maximum(np.maximum(start_s - at_s, at_s - end_s), 0.0)
    nearest = len(off_s) - 1 - int(np.argmin(off_s[::-1]))  # of equals the latest: the innermost
    return int(rows[nearest]) if off_s[nearest] <= slack_s else None
