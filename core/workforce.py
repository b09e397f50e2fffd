"""When the workers of a run came, what they set up first, and when they went: pure functions.

A worker is there from the first that is seen of it: a process from the moment that it joins, a
thread from its initializer or its first task. A process says goodbye; that a thread has ended is
seen by nobody, nor that a process was killed, so their end is unknown (NaN) and stays so.
"""

import math
from collections import defaultdict
from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np

from core.columns import FloatArray, IntArray
from core.recording import Recording
from core.run_facts import Initialized, Worker

SEQUENTIAL: Final = "sequential"

NO_LANE: Final = -1
"""Of a worker that ran no task."""


class Presence(NamedTuple):
    """One worker. Times in seconds of the recording."""

    pid: int
    lane: int
    """Index into `Recording.workers`, or `NO_LANE`."""
    begun_s: float
    ended_s: float
    """NaN while it is there, and if its end was not seen."""
    initialized: Initialized | None
    """Its run of the script's initializer, whether it is over at that moment or not."""


def presences(recording: Recording, cursor_s: float = math.inf) -> list[Presence]:
    """Return the workers that were seen until a moment, by the time they came."""
    processes = list(recording.processes)
    joined = {one.pid: one.joined_s for one in processes if one.role == "worker"}
    own, others = _initializers_by_lane(recording)
    seen = [
        (worker.pid, lane, worker.joined_s, own.get(lane))
        for lane, worker in enumerate(list(recording.workers))
    ]
    seen += [(one.pid, NO_LANE, one.begun_s, one) for one in others]
    known = {pid for pid, *_ in seen}
    seen += [(pid, NO_LANE, at_s, None) for pid, at_s in joined.items() if pid not in known]
    goodbyes = recording.goodbyes
    found = []
    for pid, lane, first_s, run in seen:
        begun_s = min(first_s, joined.get(pid, math.inf), run.begun_s if run else math.inf)
        ended_s = goodbyes.get(pid, math.nan) if pid in joined else math.nan
        if begun_s <= cursor_s:
            ended_s = ended_s if ended_s <= cursor_s else math.nan
            found.append(Presence(pid, lane, begun_s, ended_s, run))
    return sorted(found, key=lambda one: one.begun_s)


def alive(workers: list[Presence]) -> tuple[FloatArray, IntArray]:
    """Return how many workers there were, as a step function.

    Those whose end is unknown stay: read it as "came, and were not seen to go".

    Returns
    -------
    times_s : shape (n,), ascending, each value once
    count : shape (n,), the number of workers from that time to the next
    """
    begun_s = np.array([one.begun_s for one in workers], dtype=np.float64)
    ended_s = np.array([one.ended_s for one in workers], dtype=np.float64)
    ended_s = ended_s[~np.isnan(ended_s)]
    at_s = np.concatenate([begun_s, ended_s])
    steps = np.concatenate([np.ones(len(begun_s)), -np.ones(len(ended_s))])
    times_s, group = np.unique(at_s, return_inverse=True)
    change = np.bincount(group, weights=steps, minlength=len(times_s))
    return times_s, np.cumsum(change).astype(np.int32)


def levels(workers: list[Presence]) -> IntArray:
    """Return how many workers there were when each came, itself included, shape (n,)."""
    begun_s = np.array([one.begun_s for one in workers], dtype=np.float64)
    ended_s = np.sort(np.array([one.ended_s for one in workers], dtype=np.float64))  # NaN last
    gone = np.searchsorted(ended_s, begun_s, side="right")
    return (np.arange(1, len(workers) + 1) - gone).astype(np.int32)


def last_sign_s(
    workers: list[Presence], of_tasks_s: FloatArray, cursor_s: float = math.inf
) -> float:
    """Return the last moment at which a worker is known to have been there; -inf if none is.

    Parameters
    ----------
    workers
        Those that were seen until the cursor.
    of_tasks_s : shape (n,), ascending
        When tasks that a worker ran began and ended.
    """
    signs = [one.begun_s for one in workers] + [one.ended_s for one in workers]
    signs += [one.initialized.ended_s for one in workers if one.initialized]
    known = int(np.searchsorted(of_tasks_s, cursor_s, side="right"))
    signs += of_tasks_s[known - 1 : known].tolist()
    return max((sign for sign in signs if sign <= cursor_s), default=-math.inf)


def bound(recording: Recording, cursor_s: float = math.inf) -> int | None:
    """Return ``max_workers`` of the newest executor at a moment; None if it has no bound."""
    made = [one for one in list(recording.executors.values()) if one.made_s <= cursor_s]
    newest = max(made, key=lambda one: one.made_s, default=None)
    return newest.max_workers if newest and newest.mode != SEQUENTIAL else None


def _initializer_of(worker: Worker, runs: list[Initialized]) -> Initialized | None:
    """Return the run of an initializer that a worker made, of those in its thread.

    The number of a thread that has ended is given to another one: the times tell them apart.
    """
    before = [run for run in runs if run.ended_s <= worker.joined_s]
    return max(before, key=lambda run: run.ended_s, default=None)


def _initializers_by_lane(
    recording: Recording,
) -> tuple[Mapping[int, Initialized], list[Initialized]]:
    """Return the run of an initializer of each lane that has one, and those of no lane."""
    by_thread: defaultdict[tuple[int, int], list[Initialized]] = defaultdict(list)
    for one in list(recording.initialized):
        by_thread[one.pid, one.thread].append(one)
    own = {}
    for lane, worker in enumerate(list(recording.workers)):
        runs = by_thread[worker.pid, worker.thread]
        run = _initializer_of(worker, runs)
        if run is not None:
            own[lane] = run
            runs.remove(run)
    return own, [run for runs in by_thread.values() for run in runs]
