"""What the chart of orders keeps of a run between frames: a frame looks only at what is new.

No Qt here.
"""

import math

import numpy as np
import numpy.typing as npt

from core import orders
from core.columns import FloatArray, IntArray, Tasks, grown, wider_capacity
from core.recording import Recording
from core.task_log import DELIVERED, FINISHED, SUBMITTED
from gui.charts.growing import Growing, Scalar
from gui.charts.timeline_index import MAX_LOG_PER_FRAME

NOWHERE = -1
"""The place of a task that is not among those ordered."""


class Ordered:
    """Tasks by a time of theirs, equal times by number; they may arrive a little out of order."""

    def __init__(self) -> None:
        self._times_s = Growing(np.float64)
        self._rows = Growing(np.int32)
        self._places: IntArray = np.zeros(0, dtype=np.int32)

    def __len__(self) -> int:
        """Return the number of tasks."""
        return len(self._rows)

    @property
    def times_s(self) -> FloatArray:
        """Return the times, ascending."""
        return self._times_s.view

    @property
    def rows(self) -> IntArray:
        """Return the task numbers in this order."""
        return self._rows.view

    def places(self, rows: IntArray) -> IntArray:
        """Return the places of tasks in this order, `NOWHERE` for those not in it."""
        found = np.full(len(rows), NOWHERE, dtype=np.int32)
        known = rows < len(self._places)
        found[known] = self._places[rows[known]]
        return found

    def insert(self, rows: IntArray, times_s: FloatArray) -> int:
        """Insert tasks; return the first place that changed. Those without a time are left out."""
        known = ~np.isnan(times_s)
        if not known.any():
            return len(self)
        rows, times_s = rows[known], times_s[known]
        place = int(np.searchsorted(self.times_s, times_s.min(), side="left"))
        rows = np.concatenate([self.rows[place:], rows])
        times_s = np.concatenate([self.times_s[place:], times_s])
        order = np.lexsort((rows, times_s))
        _replace_tail(self._rows, place, rows[order])
        _replace_tail(self._times_s, place, times_s[order])
        self._reach(int(rows.max()) + 1)
        self._places[self.rows[place:]] = np.arange(place, len(self), dtype=np.int32)
        return place

    def _reach(self, needed: int) -> None:
        if needed > len(self._places):
            capacity = wider_capacity(len(self._places), needed)
            self._places = grown(self._places, capacity, NOWHERE)


class OrderIndex:
    """Follows one recording; `follow` it once a frame, then read the orders."""

    def __init__(self, recording: Recording) -> None:
        self.submitted = Ordered()
        self.delivered = Ordered()
        self.finished = 0
        """How many tasks have ended."""
        self.first_s = math.nan
        self.last_s = math.nan
        """The first and the last moment at which something happened to a task."""
        self._recording = recording
        self._cursor = 0
        self._highest = Growing(np.int32)  # place of submission, among those delivered so far
        self._overtaken = Growing(np.int32)  # how many were, up to each delivery
        self._held_s = Growing(np.float64)  # the longest, up to each delivery

    def follow(self, at_most: int = MAX_LOG_PER_FRAME) -> bool:
        """Take in what is new, at most so many log entries; return whether more is waiting."""
        log, self._cursor = self._recording.since(self._cursor, at_most)
        tasks = self._recording.tasks
        submitted, finished, delivered = (
            log.task[log.kind == kind] for kind in (SUBMITTED, FINISHED, DELIVERED)
        )
        had = len(self.submitted)
        in_order = self.submitted.insert(submitted, tasks.submitted_s[submitted]) >= had
        changed = self.delivered.insert(delivered, tasks.delivered_s[delivered])
        self.finished += len(finished)
        # A worker's word on its end may come later than the script's on the delivery.
        late = self.delivered.places(finished)
        changed = min(changed, int(late[late != NOWHERE].min(initial=changed)))
        self._count_from(changed if in_order else 0, tasks)
        self._stretch(tasks.submitted_s[submitted])
        self._stretch(tasks.finished_s[finished])
        self._stretch(tasks.delivered_s[delivered])
        return len(log.task) == at_most

    def delivered_by(self, now_s: float) -> int:
        """Return how many results had been delivered at a moment."""
        return int(np.searchsorted(self.delivered.times_s, now_s, side="right"))

    def overtaken_by(self, now_s: float) -> int:
        """Return how many of them came after one that had been submitted later."""
        count = self.delivered_by(now_s)
        return int(self._overtaken.view[count - 1]) if count else 0

    def held_by_s(self, now_s: float) -> float:
        """Return the longest that one of them, ready already, had waited to be taken."""
        count = self.delivered_by(now_s)
        return float(self._held_s.view[count - 1]) if count else 0.0

    def is_overtaken(self, places: IntArray) -> npt.NDArray[np.bool_]:
        """Tell of some places of delivery whether those results were overtaken."""
        counts = self._overtaken.view
        return np.asarray(counts[places] > np.where(places > 0, counts[places - 1], 0))

    def _count_from(self, place: int, tasks: Tasks) -> None:
        """Count on from a place of delivery: what was before it has not changed."""
        rows = self.delivered.rows[place:]
        if not len(rows):
            return
        highest, count, longest_s = -1, 0, 0.0
        if place:
            highest = int(self._highest.view[place - 1])
            count = int(self._overtaken.view[place - 1])
            longest_s = float(self._held_s.view[place - 1])
        marks, reached = orders.overtaken(self.submitted.places(rows), highest)
        held_s = np.nan_to_num(tasks.delivered_s[rows] - tasks.finished_s[rows], nan=0.0)
        _replace_tail(self._highest, place, reached)
        _replace_tail(self._overtaken, place, count + np.cumsum(marks, dtype=np.int32))
        _replace_tail(self._held_s, place, np.maximum(np.maximum.accumulate(held_s), longest_s))

    def _stretch(self, times_s: FloatArray) -> None:
        times_s = times_s[~np.isnan(times_s)]
        if len(times_s):
            self.first_s = float(np.fmin(self.first_s, times_s.min()))
            self.last_s = float(np.fmax(self.last_s, times_s.max()))


def _replace_tail(column: Growing[Scalar], place: int, values: npt.NDArray[Scalar]) -> None:
    column.keep(place)
    column.append(values)
