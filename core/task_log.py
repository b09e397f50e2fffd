"""Where a recording keeps its tasks: a row each, and what happened to them, in order.

Events come as whole columns and are assigned as such. Nothing here is thread-safe;
`core.recording.Recording` holds the lock.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from core import events
from core.columns import PENDING, IntArray, Log, LogColumns, Tasks, TaskTable, TextColumn
from core.run_clock import RunClock

SUBMITTED, STARTED, FINISHED, DELIVERED = 0, 1, 2, 3
"""Kinds of log entries."""

_NO_FUNCTION: Final = -1


class TaskLog:
    """The columns of the tasks, their texts, and the log."""

    def __init__(self, clock: RunClock) -> None:
        self._clock = clock
        self._rows = TaskTable()
        self._log = LogColumns()
        self._lanes: dict[tuple[int, int], int] = {}
        self._arguments = TextColumn()
        self._results = TextColumn()

    # -- reading ---------------------------------------------------------------

    def __len__(self) -> int:
        """Return the number of tasks known so far."""
        return self._rows.used

    @property
    def nbytes(self) -> int:
        """Return the bytes allocated."""
        texts = self._arguments.nbytes + self._results.nbytes
        return self._rows.nbytes + self._log.nbytes + texts

    def view(self) -> Tasks:
        """Return the rows so far."""
        return self._rows.view()

    def since(self, cursor: int, at_most: int | None) -> tuple[Log, int]:
        """Return the log after ``cursor`` and the cursor for the next call."""
        return self._log.since(cursor, at_most)

    def arguments(self, task: int) -> str:
        """Return the shortened arguments of a task."""
        return self._arguments.get(task)

    def result(self, task: int) -> str:
        """Return the shortened result of a task, or its error."""
        return self._results.get(task)

    def function(self, task: int) -> int:
        """Return the number of the function that a task runs; -1 if that is not known."""
        known = task < self._rows.used
        return int(self._rows.view().function[task]) if known else _NO_FUNCTION

    # -- what events add -------------------------------------------------------

    def add_lane(self, pid: int, worker: int, lane: int) -> None:
        """Note in which lane the tasks of a process's worker are."""
        self._lanes[pid, worker] = lane

    def submitted(self, event: events.Submitted) -> None:
        """Append tasks that were handed to an executor."""
        rows, tasks = self._reach(event.task)
        tasks.submitted_s[rows] = self._clock.times(event.at)
        tasks.executor[rows] = event.executor
        tasks.function[rows] = event.function
        self._arguments.put(rows, event.arguments)
        self._log.append(SUBMITTED, rows)

    def started(self, pid: int, event: events.Started) -> None:
        """Take that a process's workers began tasks.

        Raises
        ------
        core.events.MalformedEvent
            If it speaks of a worker that its process never announced.
        """
        try:
            lanes = [self._lanes[pid, worker] for worker in np.asarray(event.worker).tolist()]
        except KeyError as error:
            raise events.MalformedEvent(
                f"Process {pid} sent a task of worker {error.args[0][1]}, which it never announced."
            ) from error
        rows, tasks = self._reach(event.task)
        tasks.started_s[rows] = self._clock.times(event.at)
        tasks.worker[rows] = lanes
        self._log.append(STARTED, rows)

    def finished(self, event: events.Finished) -> None:
        """Take how tasks ended, as their workers saw it."""
        rows, tasks = self._reach(event.task)
        new = np.isnan(tasks.finished_s[rows])
        tasks.finished_s[rows] = self._clock.times(event.at)
        cpu = np.array(event.cpu, dtype=np.int64)
        tasks.cpu_s[rows] = np.where(cpu == events.UNKNOWN_CPU, np.nan, cpu * 1e-9)
        # A result that could not be sent back has failed for its owner, whatever the worker saw.
        free = (tasks.outcome[rows] == PENDING) | (tasks.outcome[rows] == events.DONE)
        tasks.outcome[rows[free]] = np.array(event.outcome, dtype=np.uint8)[free]
        self._results.put(rows[free], [event.text[index] for index in np.flatnonzero(free)])
        self._log.append(FINISHED, rows[new])

    def settled(self, event: events.Settled) -> None:
        """Take how tasks ended for their owner: his word on failure, the worker's on when."""
        rows, tasks = self._reach(event.task)
        outcomes = np.array(event.outcome, dtype=np.uint8)
        bad = outcomes != events.DONE
        tasks.outcome[rows[bad]] = outcomes[bad]
        self._results.put(rows[bad], [event.text[index] for index in np.flatnonzero(bad)])
        new = np.isnan(tasks.finished_s[rows]) & _first_of_each(rows)
        tasks.outcome[rows[new]] = outcomes[new]
        tasks.finished_s[rows[new]] = self._clock.times(event.at)[new]
        self._log.append(FINISHED, rows[new])

    def delivered(self, event: events.Delivered) -> None:
        """Take that results reached who waited for them."""
        rows, tasks = self._reach(event.task)
        tasks.delivered_s[rows] = self._clock.times(event.at)
        self._log.append(DELIVERED, rows)

    # -- what a saved recording adds -------------------------------------------

    def restore(self, rows: Tasks, arguments: list[str], results: list[str]) -> None:
        """Append rows as they were saved: no events, and nothing logged."""
        first = self._rows.used
        numbers = np.arange(first, first + len(rows.worker), dtype=np.int32)
        for name, column in self._rows.reach(first + len(numbers))._asdict().items():
            column[numbers] = getattr(rows, name)
        self._arguments.put(numbers, arguments)
        self._results.put(numbers, results)

    def restore_log(self, log: Log) -> None:
        """Append entries of a log that was saved."""
        self._log.extend(log)

    def _reach(self, task: events.Column) -> tuple[IntArray, Tasks]:
        rows = np.array(task, dtype=np.int32)
        return rows, self._rows.reach(int(rows.max(initial=-1)) + 1)


def _first_of_each(rows: IntArray) -> npt.NDArray[np.bool_]:
    """Mark where each number stands first: a future may end more than once for its owner."""
    first = np.zeros(len(rows), dtype=np.bool_)
    first[np.unique(rows, return_index=True)[1]] = True
    return first
