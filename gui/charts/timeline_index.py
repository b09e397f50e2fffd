"""What the timeline keeps of a run between frames, so that a frame looks only at what is new.

A lane's tasks lie in the order of their starts. For each of them the index keeps two
running numbers with which "how long was this lane busy until t?" is one binary search,
however many tasks there are: that is what makes a frame cost its pixels. No Qt here.
"""

import math
from typing import Final

import numpy as np

from core.columns import FloatArray, IntArray, Tasks
from core.events import FAILED
from core.recording import Recording
from core.task_log import FINISHED, STARTED, SUBMITTED
from gui.charts.growing import Ascending, Growing

MAX_LOG_PER_FRAME: Final = 10_000
"""Log entries taken in one frame: 600,000 a second, and a few milliseconds of work."""


class Lane:
    """The tasks of one worker, by start."""

    def __init__(self) -> None:
        self.rows = Growing(np.int32)
        """Task numbers."""
        self.start_s = Growing(np.float64)
        self.failed_s = Ascending()
        """Ends of the tasks that failed."""
        self._reach_s = Growing(np.float64)
        self._busy_s = Growing(np.float64)

    def __len__(self) -> int:
        """Return the number of tasks that started here."""
        return len(self.rows)

    def append(self, rows: IntArray, tasks: Tasks) -> None:
        """Append tasks that started here, in the order of their starts."""
        self.rows.append(rows)
        self.start_s.append(tasks.started_s[rows])

    def settle(self, tasks: Tasks) -> None:
        """Extend the running numbers over the tasks that have ended, up to the first open one."""
        done = len(self._reach_s)
        end_s = tasks.finished_s[self.rows.view[done:]]
        open_ones = np.flatnonzero(np.isnan(end_s))
        count = int(open_ones[0]) if len(open_ones) else len(end_s)
        if count:
            start_s = self.start_s.view[done : done + count]
            reach_s, busy_s = self._running(start_s, end_s[:count])
            self._reach_s.append(reach_s)
            self._busy_s.append(busy_s)

    def running_numbers(self, tasks: Tasks, now_s: float) -> tuple[FloatArray, FloatArray]:
        """Return reach and busy for every task, those that still run ending now.

        Returns
        -------
        reach_s : shape (n,), the latest end of the first i + 1 tasks
        busy_s : shape (n,), the time covered by the first i + 1 tasks (overlaps count once)
        """
        done = len(self._reach_s)
        if done == len(self):
            return self._reach_s.view, self._busy_s.view
        start_s = self.start_s.view[done:]
        end_s = tasks.finished_s[self.rows.view[done:]]
        end_s = np.where(np.isnan(end_s), np.maximum(now_s, start_s), end_s)
        reach_s, busy_s = self._running(start_s, end_s)
        return (
            np.concatenate([self._reach_s.view, reach_s]),
            np.concatenate([self._busy_s.view, busy_s]),
        )

    def _running(self, start_s: FloatArray, end_s: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return both running numbers for tasks that follow the settled ones."""
        last_reach_s = self._reach_s.view[-1] if len(self._reach_s) else -np.inf
        last_busy_s = self._busy_s.view[-1] if len(self._busy_s) else 0.0
        reach_s = np.maximum.accumulate(np.concatenate([[last_reach_s], end_s]))
        covered = end_s - np.maximum(start_s, reach_s[:-1])
        return reach_s[1:], last_busy_s + np.cumsum(np.maximum(covered, 0.0))


class TimelineIndex:
    """Follows one recording; `follow` it once a frame, then read the lanes."""

    def __init__(self, recording: Recording) -> None:
        self.lanes: list[Lane] = []
        self.submitted_s = Ascending()
        self.finished_s = Ascending()
        self.first_start_s, self.last_start_s = math.inf, -math.inf
        self._recording = recording
        self._cursor = 0
        self._ended_unstarted = Growing(np.int32)
        self._complete = False

    def follow(self, at_most: int = MAX_LOG_PER_FRAME) -> bool:
        """Take in what is new, at most so many log entries; return whether more is waiting."""
        ended = not self._recording.running  # asked first: what comes after it is in the log
        log, self._cursor = self._recording.since(self._cursor, at_most)
        tasks = self._recording.tasks
        self.submitted_s.append(tasks.submitted_s[log.task[log.kind == SUBMITTED]])
        self._take_started(log.task[log.kind == STARTED], tasks)
        self._take_finished(log.task[log.kind == FINISHED], tasks)
        self._settle(log.task[(log.kind == STARTED) | (log.kind == FINISHED)], tasks)
        behind = len(log.task) == at_most
        if ended and not behind and not self._complete:
            self._complete = True
            self._find_failed_again(tasks)
        return behind

    def _settle(self, rows: IntArray, tasks: Tasks) -> None:
        """Let the lanes of these tasks take in what is new: of thousands, few have news."""
        for worker in np.unique(tasks.worker[rows]).tolist():
            if 0 <= worker < len(self.lanes):
                self.lanes[worker].settle(tasks)

    def left_unstarted(self) -> IntArray:
        """Return the tasks that ended without ever starting (cancelled, or lost with the pool)."""
        rows = self._ended_unstarted.view
        return rows[np.isnan(self._recording.tasks.started_s[rows])]

    def _take_started(self, rows: IntArray, tasks: Tasks) -> None:
        workers = tasks.worker[rows]
        if len(rows):
            starts_s = tasks.started_s[rows]
            self.first_start_s = min(self.first_start_s, float(starts_s.min()))
            self.last_start_s = max(self.last_start_s, float(starts_s.max()))
        while len(self.lanes) <= int(workers.max(initial=-1)):
            self.lanes.append(Lane())
        order = np.argsort(workers, kind="stable")
        rows, workers = rows[order], workers[order]
        for part in np.split(rows, np.flatnonzero(np.diff(workers)) + 1):
            if len(part):
                self.lanes[int(tasks.worker[part[0]])].append(part, tasks)
        # The end may have come first, over another connection; its failure belongs here now.
        self._take_failed(rows[~np.isnan(tasks.finished_s[rows])], tasks)

    def _take_finished(self, rows: IntArray, tasks: Tasks) -> None:
        self.finished_s.append(tasks.finished_s[rows])
        unstarted = tasks.worker[rows] < 0
        self._ended_unstarted.append(rows[unstarted])
        self._take_failed(rows[~unstarted], tasks)

    def _take_failed(self, rows: IntArray, tasks: Tasks) -> None:
        rows = rows[tasks.outcome[rows] == FAILED]
        for worker in np.unique(tasks.worker[rows]):
            # A lane is there only once its tasks' starts were read from the log.
            if worker < len(self.lanes):
                here = rows[tasks.worker[rows] == worker]
                self.lanes[worker].failed_s.append(tasks.finished_s[here])

    def _find_failed_again(self, tasks: Tasks) -> None:
        """Look at all outcomes once more: the owner's word may have changed them without a log."""
        for lane in self.lanes:
            lane.failed_s = Ascending()
        self._take_failed(np.flatnonzero(tasks.worker >= 0).astype(np.int32), tasks)
