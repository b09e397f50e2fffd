"""Where the time of a run went, for each worker and for all of them: pure functions.

The time of each worker from the beginning of ``main()`` to its end is told apart:

* start-up: until the first that is seen of it,
* its initializer,
* waiting for a task: what lies before, between and, while the run goes on, after its tasks,
* computing: the CPU seconds of its tasks; of one that goes on, those in which it was seen to run,
* ready: seconds of its tasks in which it could have computed and waited for a processor, where the
  threads were watched,
* blocked: other seconds in which it had a task and did not compute, for it waited for the GIL, for
  I/O or in a sleep (or for a processor, where nobody watched); which of them, nobody knows,
* unknown: seconds of tasks whose CPU seconds are not known (yet), and that nobody watched,
* idle: what comes after its last task, when the run is over.

In sequential mode nothing has to be started, so there is no start-up but waiting only. The parts
add up to the elapsed time: of tasks within tasks of the same worker only the outer one counts.
"""

import math
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from core.busy_lanes import Busy, busy_lanes
from core.columns import FloatArray
from core.recording import Recording
from core.task_states import moment_of
from core.workforce import SEQUENTIAL, Presence, presences

SLOWEST: Final = 5


class Spent(NamedTuple):
    """Seconds by what they went to, in the order in which they are shown."""

    start_up_s: float
    initializer_s: float
    waiting_s: float
    computing_s: float
    ready_s: float
    blocked_s: float
    unknown_s: float
    idle_s: float


@dataclass(frozen=True, slots=True)
class WorkerTime:
    """One worker and where its time went."""

    worker: Presence
    spent: Spent


@dataclass(frozen=True, slots=True)
class TimeSpent:
    """Where the time went up to a moment.

    Attributes
    ----------
    elapsed_s : float
        Since ``main()`` began; 0 before.
    is_over : bool
        Whether ``main()``, or the run, had ended by then.
    workers : tuple of WorkerTime
        By the time they came; the parts of each add up to ``elapsed_s``.
    is_watched : bool
        Whether waiting for a processor is told from other waits.
    """

    elapsed_s: float
    is_over: bool
    workers: tuple[WorkerTime, ...]
    is_watched: bool = False

    @property
    def total(self) -> Spent:
        """Return the seconds of all workers together."""
        return Spent(
            *(sum(part) for part in zip(*(one.spent for one in self.workers), strict=True))
        )

    @property
    def efficiency(self) -> float:
        """Return computing / (workers x elapsed), as far as computing is known; NaN before."""
        whole_s = len(self.workers) * self.elapsed_s
        return self.total.computing_s / whole_s if whole_s > 0 else math.nan


class SlowTask(NamedTuple):
    """A task that ended, and how long it ran."""

    task: int
    lane: int
    """Index into `Recording.workers`."""
    lasted_s: float
    cpu_s: float
    """NaN when it is not known."""


def time_spent(recording: Recording, cursor_s: float = math.inf) -> TimeSpent:
    """Return where the time of a run went up to a moment, in seconds of the recording."""
    end_s = _end_s(recording)
    stretch = _Stretch(_begin_s(recording), _until_s(recording, end_s, cursor_s))
    is_over = cursor_s >= end_s
    if not stretch.until_s > stretch.begin_s:
        return TimeSpent(0.0, is_over, ())
    direct = _direct_lanes(recording)
    came = [
        _Arrival.of(one, stretch, is_direct=one.lane in direct)
        for one in presences(recording, cursor_s)
        if one.begun_s <= stretch.until_s
    ]
    busy = busy_lanes(recording, _ready_by_lane(recording, came), stretch.until_s)
    workers = tuple(WorkerTime(one.worker, _spent(one, busy, stretch, is_over)) for one in came)
    is_watched = math.isfinite(recording.activity_until_s)
    return TimeSpent(stretch.until_s - stretch.begin_s, is_over, workers, is_watched)


def slowest(
    recording: Recording, cursor_s: float = math.inf, at_most: int = SLOWEST
) -> list[SlowTask]:
    """Return the tasks that had run longest, of those that had ended by a moment."""
    tasks = recording.tasks
    ended = (tasks.worker >= 0) & (tasks.finished_s <= cursor_s) & ~np.isnan(tasks.started_s)
    rows = np.flatnonzero(ended)
    lasted_s = np.maximum(tasks.finished_s[rows] - tasks.started_s[rows], 0.0)
    if len(rows) > at_most:  # the longest only: sorting 100,000 would take as long as a frame
        best = np.argpartition(-lasted_s, at_most)[:at_most]
        rows, lasted_s = rows[best], lasted_s[best]
    order = np.lexsort((rows, -lasted_s))
    return [
        SlowTask(task, int(tasks.worker[task]), lasted, float(tasks.cpu_s[task]))
        for task, lasted in zip(rows[order].tolist(), lasted_s[order].tolist(), strict=True)
    ]


# -- the stretch of time ------------------------------------------------------------


class _Stretch(NamedTuple):
    begin_s: float
    until_s: float

    def clipped(self, time_s: float) -> float:
        return min(max(time_s, self.begin_s), self.until_s)


def _begin_s(recording: Recording) -> float:
    """Return when ``main()`` began; of a run that never came so far, when it was asked for."""
    main_s = recording.main_started_s
    return 0.0 if math.isnan(main_s) and recording.ending is not None else main_s


def _end_s(recording: Recording) -> float:
    """Return when ``main()`` or else the run was over; infinite while it goes on."""
    if not math.isnan(recording.main_ended_s):
        return recording.main_ended_s
    return recording.ending.at_s if recording.ending is not None else math.inf


def _until_s(recording: Recording, end_s: float, cursor_s: float) -> float:
    until_s = min(end_s, cursor_s)
    return until_s if math.isfinite(until_s) else moment_of(recording, until_s)


def _direct_lanes(recording: Recording) -> frozenset[int]:
    """Return the lanes of tasks that the script called itself, without any executor."""
    tasks = recording.tasks
    modes = {number: info.mode for number, info in list(recording.executors.items())}
    direct = [number for number, mode in modes.items() if mode == SEQUENTIAL]
    if recording.header.mode == SEQUENTIAL:
        direct += set(np.unique(tasks.executor).tolist()) - modes.keys()
    rows = np.isin(tasks.executor, direct) & (tasks.worker >= 0)
    return frozenset(np.unique(tasks.worker[rows]).tolist())


# -- one worker ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Arrival:
    """A worker, and how far its beginnings had come within the stretch."""

    worker: Presence
    there_s: float
    """When it was there, or its initializer began."""
    ready_s: float
    """When it could have begun its first task."""

    @classmethod
    def of(cls, worker: Presence, stretch: _Stretch, *, is_direct: bool) -> "_Arrival":
        run = worker.initialized
        begun_s = stretch.begin_s if is_direct else run.begun_s if run else worker.begun_s
        there_s = stretch.clipped(begun_s)
        return cls(worker, there_s, max(there_s, stretch.clipped(run.ended_s)) if run else there_s)


def _ready_by_lane(recording: Recording, came: list[_Arrival]) -> FloatArray:
    """Return when each lane could have begun its first task; infinite of those not there yet."""
    ready_s = np.full(len(recording.workers), np.inf)
    for one in came:
        if 0 <= one.worker.lane < len(ready_s):
            ready_s[one.worker.lane] = one.ready_s
    return ready_s


def _spent(one: _Arrival, busy: Busy, stretch: _Stretch, is_over: bool) -> Spent:
    lane = one.worker.lane
    known = 0 <= lane < len(busy.last_s)
    computing_s, ready_s, blocked_s, unknown_s = busy.parts(lane) if known else (0.0,) * 4
    last_s = max(one.ready_s, float(busy.last_s[lane])) if known else one.ready_s
    gaps_s = max(0.0, last_s - one.ready_s - computing_s - ready_s - blocked_s - unknown_s)
    rest_s = stretch.until_s - last_s
    return Spent(
        start_up_s=one.there_s - stretch.begin_s,
        initializer_s=one.ready_s - one.there_s,
        waiting_s=gaps_s if is_over else gaps_s + rest_s,
        computing_s=computing_s,
        ready_s=ready_s,
        blocked_s=blocked_s,
        unknown_s=unknown_s,
        idle_s=rest_s if is_over else 0.0,
    )
