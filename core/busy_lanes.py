"""What each worker did in its tasks, up to a moment: pure functions."""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from core.activity import GONE, READY, RUNNING, STATES, WAITING, spent_before
from core.columns import FloatArray, IntArray
from core.recording import Recording


class Busy(NamedTuple):
    """What each lane did in its tasks: arrays of shape (lanes,)."""

    last_s: FloatArray
    """When its last task ended; -inf without any."""
    computing_s: FloatArray
    ready_s: FloatArray
    """Waiting for a processor, as far as that is known."""
    blocked_s: FloatArray
    unknown_s: FloatArray

    def parts(self, lane: int) -> tuple[float, ...]:
        """Return the seconds computing, ready, blocked and unknown of a lane."""
        columns = (self.computing_s, self.ready_s, self.blocked_s, self.unknown_s)
        return tuple(float(column[lane]) for column in columns)


def busy_lanes(recording: Recording, able_s: FloatArray, until_s: float) -> Busy:
    """Sum up the tasks of each lane up to a moment.

    Parameters
    ----------
    able_s : shape (lanes,)
        When a lane could have begun its first task; what lies before it does not count.
    until_s
        What lies behind it does not count.
    """
    tasks, lanes = recording.tasks, len(able_s)
    rows = np.flatnonzero(
        (tasks.worker >= 0) & (tasks.worker < lanes) & (tasks.started_s < until_s)
    )
    from_s = np.maximum(tasks.started_s[rows], able_s[tasks.worker[rows]])
    to_s = np.where(tasks.finished_s[rows] <= until_s, tasks.finished_s[rows], until_s)
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

    idle_s = summed(np.where(is_known, wall_s - computing_s, 0.0))
    unknown_s = summed(np.where(is_known, 0.0, wall_s))
    of_known = _watched_s(recording, lane[is_known], from_s[is_known], to_s[is_known], lanes)
    ready_s = np.minimum(of_known[:, READY], idle_s)  # of two clocks: they may disagree by a hair
    # What a task has used so far, the watcher alone knows.
    goes_on = ~(tasks.finished_s[rows] <= until_s)
    so_far = _watched_s(recording, lane[goes_on], from_s[goes_on], to_s[goes_on], lanes)[:, :GONE]
    return Busy(
        last_s,
        summed(computing_s) + so_far[:, RUNNING],
        ready_s + so_far[:, READY],
        idle_s - ready_s + so_far[:, WAITING],
        np.maximum(0.0, unknown_s - so_far.sum(axis=1)),
    )


def _watched_s(
    recording: Recording, lane: IntArray, from_s: FloatArray, to_s: FloatArray, lanes: int
) -> FloatArray:
    """Return how long each lane was seen in each state in some tasks: shape (lanes, `STATES`)."""
    found = {(track.pid, track.thread): track for track in recording.activity()}
    until_s = recording.activity_until_s
    seen_s = np.zeros((lanes, STATES))
    for number, worker in enumerate(recording.workers[:lanes]):
        track = found.get((worker.pid, worker.thread))
        mine = lane == number
        if track is None or math.isnan(until_s) or not mine.any():
            continue
        moments_s = np.concatenate([from_s[mine], to_s[mine]])
        begun_s, ended_s = np.split(spent_before(track, moments_s, until_s), 2)
        seen_s[number] = (ended_s - begun_s).sum(axis=0)
    return seen_s


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
