"""Pure functions from a recording to arrays and numbers; whatever is drawn or told comes from here.

All times are float64 seconds since the run began, NaN is "not known". Task numbers
are int32 rows of `Recording.tasks`. Nothing here changes a recording, and each
function may be called while the run still goes on: it answers for the moment of the call.
"""

from typing import NamedTuple

import numpy as np

from core.columns import PENDING, ByteArray, FloatArray, IntArray
from core.events import CANCELLED, DONE, FAILED
from core.recording import Recording


class Lanes(NamedTuple):
    """The tasks that started, in task order: arrays of shape (n,)."""

    task: IntArray
    worker: IntArray
    """Index into `Recording.workers`: the lane."""
    start_s: FloatArray
    end_s: FloatArray
    """NaN while the task runs."""
    outcome: ByteArray


class Outcomes(NamedTuple):
    """How many tasks ended in which way; ``pending`` ones have not ended."""

    done: int
    failed: int
    cancelled: int
    pending: int


def lanes(recording: Recording) -> Lanes:
    """Return a bar for each task that a worker began."""
    tasks = recording.tasks
    rows = np.flatnonzero((tasks.worker >= 0) & ~np.isnan(tasks.started_s)).astype(np.int32)
    return Lanes(
        rows,
        tasks.worker[rows],
        tasks.started_s[rows],
        tasks.finished_s[rows],
        tasks.outcome[rows],
    )


def submission_order(recording: Recording) -> IntArray:
    """Return the numbers of the submitted tasks by the time of submission, shape (n,)."""
    return _order(recording.tasks.submitted_s)


def completion_order(recording: Recording) -> IntArray:
    """Return the numbers of the ended tasks by the time of their end, shape (n,)."""
    return _order(recording.tasks.finished_s)


def delivery_order(recording: Recording) -> IntArray:
    """Return the numbers of the tasks whose result the script received, by time, shape (n,)."""
    return _order(recording.tasks.delivered_s)


def _order(times_s: FloatArray) -> IntArray:
    # The times are a view that a writer may still fill: one copy, so that mask and sort agree.
    times_s = times_s.copy()
    known = np.flatnonzero(~np.isnan(times_s))
    by_time = np.argsort(times_s[known], kind="stable")  # equal times: by task number
    return known[by_time].astype(np.int32)


def queue_wait_s(recording: Recording) -> FloatArray:
    """Return how long each task waited for a worker, shape (n,); NaN where it never started."""
    tasks = recording.tasks
    return tasks.started_s - tasks.submitted_s


def concurrency(recording: Recording) -> tuple[FloatArray, IntArray]:
    """Return how many tasks ran at a time, as a step function.

    Returns
    -------
    times_s : shape (n,), ascending, each value once
    running : shape (n,), the number of tasks running from that time to the next
    """
    bars = lanes(recording)
    ends_s = bars.end_s[~np.isnan(bars.end_s)]
    at_s = np.concatenate([bars.start_s, ends_s])
    steps = np.concatenate([np.ones(len(bars.start_s), np.int32), -np.ones(len(ends_s), np.int32)])
    times_s, group = np.unique(at_s, return_inverse=True)
    change = np.bincount(group, weights=steps, minlength=len(times_s))
    return times_s, np.cumsum(change).astype(np.int32)


def worker_count(recording: Recording) -> int:
    """Return how many different workers ran at least one task."""
    return len(np.unique(lanes(recording).worker))


def cpu_s(recording: Recording) -> float:
    """Return the CPU seconds that all tasks took together; NaN when none is known."""
    known = recording.tasks.cpu_s
    known = known[~np.isnan(known)]
    return float(known.sum()) if len(known) else float("nan")


def outcomes(recording: Recording) -> Outcomes:
    """Return the counts of tasks by outcome; they add up to the number of tasks."""
    counts = np.bincount(recording.tasks.outcome, minlength=PENDING + 1)
    return Outcomes(*(int(counts[kind]) for kind in (DONE, FAILED, CANCELLED, PENDING)))


def lost_updates(value: float, expected: float) -> float:
    """Return how many updates of a watched value were lost; NaN when either is not known."""
    return expected - value
