"""Where the time of a run went, for each worker and for all of them: pure functions.

The time of each worker from the beginning of ``main()`` to its end is told apart:

* start-up: until the first that is seen of it,
* its initializer,
* waiting for a task: what lies before, between and, while the run goes on, after its tasks,
* computing: the CPU seconds of its tasks,
* blocked: seconds in which it had a task and did not compute, for it waited for the GIL, for I/O,
  in a sleep, or for a processor; which of them, the CPU clock does not tell,
* unknown: seconds of tasks whose CPU seconds are not known (yet),
* idle: what comes after its last task, when the run is over.

In sequential mode nothing has to be started, so there is no start-up but waiting only. The parts
add up to the elapsed time: of tasks within tasks of the same worker only the outer one counts.
"""

import math
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from core.columns import FloatArray, IntArray
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
    """

    elapsed_s: float
    is_over: bool
    workers: tuple[WorkerTime, ...]

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
    busy = _busy(recording, came, stretch)
    workers = tuple(WorkerTime(one.worker, _spent(one, busy, stretch, is_over)) for one in came)
    return TimeSpent(stretch.until_s - stretch.begin_s, is_over, workers)


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


def _spent(one: _Arrival, busy: "_Busy", stretch: _Stretch, is_over: bool) -> Spent:
    lane = one.worker.lane
    known = 0 <= lane < len(busy.last_s)
    computing_s, blocked_s, unknown_s = busy.parts(lane) if known else (0.0, 0.0, 0.0)
    last_s = max(one.ready_s, float(busy.last_s[lane])) if known else one.ready_s
    gaps_s = max(0.0, last_s - one.ready_s - computing_s - blocked_s - unknown_s)
    rest_s = stretch.until_s - last_s
    return Spent(
        start_up_s=one.there_s - stretch.begin_s,
        initializer_s=one.ready_s - one.there_s,
        waiting_s=gaps_s if is_over else gaps_s + rest_s,
        computing_s=computing_s,
        blocked_s=blocked_s,
        unknown_s=unknown_s,
        idle_s=rest_s if is_over else 0.0,
    )


# -- the tasks of all workers --------------------------------------------------------


class _Busy(NamedTuple):
    """What each lane did in its tasks: arrays of shape (lanes,)."""

    last_s: FloatArray
    """When its last task ended; -inf without any."""
    computing_s: FloatArray
    blocked_s: FloatArray
    unknown_s: FloatArray

    def parts(self, lane: int) -> tuple[float, float, float]:
        columns = (self.computing_s, self.blocked_s, self.unknown_s)
        computing_s, blocked_s, unknown_s = (float(column[lane]) for column in columns)
        return computing_s, blocked_s, unknown_s


def _busy(recording: Recording, came: list[_Arrival], stretch: _Stretch) -> _Busy:
    """Sum up the tasks of each lane within the stretch."""
    tasks, lanes = recording.tasks, len(recording.workers)
    ready_s = np.full(lanes, np.inf)
    for one in came:
        if 0 <= one.worker.lane < lanes:
            ready_s[one.worker.lane] = one.ready_s
    rows = np.flatnonzero(
        (tasks.worker >= 0) & (tasks.worker < lanes) & (tasks.started_s < stretch.until_s)
    )
    ready_s = ready_s[tasks.worker[rows]]
    from_s = np.maximum(tasks.started_s[rows], ready_s)
    to_s = np.where(
        tasks.finished_s[rows] <= stretch.until_s, tasks.finished_s[rows], stretch.until_s
    )
    inside = to_s >= from_s
    rows, from_s, to_s = rows[inside], from_s[inside], to_s[inside]
    outer = _outermost(tasks.worker[rows], from_s, to_s)
    rows, from_s, to_s = rows[outer], from_s[outer], to_s[outer]
    lane, cpu_s, wall_s = tasks.worker[rows], tasks.cpu_s[rows], to_s - from_s
    is_cut = (tasks.started_s[rows] != from_s) | (tasks.finished_s[rows] != to_s)
    is_known = ~is_cut & ~np.isnan(cpu_s)
    last_s = np.full(lanes, -np.inf)
    np.maximum.at(last_s, lane, to_s)
    # The CPU clock is read around the task, so of a very short one it may count more than all.
    computing_s = np.where(is_known, np.clip(np.nan_to_num(cpu_s), 0.0, wall_s), 0.0)

    def summed(weights: FloatArray) -> FloatArray:
        return np.bincount(lane, weights=weights, minlength=lanes).astype(np.float64)

    return _Busy(
        last_s,
        summed(computing_s),
        summed(np.where(is_known, wall_s - computing_s, 0.0)),
        summed(np.where(is_known, 0.0, wall_s)),
    )


def _outermost(lane: IntArray, from_s: FloatArray, to_s: FloatArray) -> npt.NDArray[np.bool_]:
    """Mark the tasks that do not lie within another one of their lane."""
    marks = np.ones(len(lane), dtype=np.bool_)
    if _are_in_turn(lane, from_s, to_s):
        return marks
    order = np.lexsort((-to_s, from_s, lane))
    _, place = np.unique(lane[order], return_inverse=True)
    span_s = float(to_s.max() - from_s.min()) + 1.0
    # One running maximum for all lanes: those of later lanes are lifted above the earlier ones.
    lift_s = place * span_s
    ends_s = np.maximum.accumulate(to_s[order] + lift_s)
    marks[order[1:]] = (from_s[order] + lift_s)[1:] >= ends_s[:-1]
    return marks


def _are_in_turn(lane: IntArray, from_s: FloatArray, to_s: FloatArray) -> bool:
    """Return whether in each lane every task begins after the end of the one before.

    They nearly always do, and to see it costs a fraction of sorting them by time.
    """
    few = lane.max(initial=0) < 1 << 15  # numbers of 16 bits are sorted in linear time
    by_lane = np.argsort(lane.astype(np.int16) if few else lane, kind="stable")
    lane, from_s, to_s = lane[by_lane], from_s[by_lane], to_s[by_lane]
    return bool(((from_s[1:] >= to_s[:-1]) | (lane[1:] != lane[:-1])).all())
