"""The counters of a trace: what the script and the watcher sampled, as steps over time."""

import math
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import numpy as np

from core.activity import READY, RUNNING, Track, strip
from core.columns import FloatArray
from core.exports.trace_tracks import microseconds, nanoseconds
from core.recording import Recording

MOST_CHANGES: Final = 200_000
"""Changes of all threads together that are written one by one; of more, the shares of time."""


class Counter(NamedTuple):
    """A value over time, in a process."""

    pid: int | None
    """None: the process of the script."""
    name: str
    series: str
    at_s: FloatArray
    value: FloatArray
    """Shape (n,) each."""


def counter_events(counter: Counter, pid: int, tid: int) -> Iterator[dict[str, Any]]:
    """Yield an event for each value; those that are no numbers have none."""
    known = np.isfinite(counter.value) & np.isfinite(counter.at_s)
    times = nanoseconds(counter.at_s[known]).tolist()
    for at_ns, value in zip(times, counter.value[known].tolist(), strict=True):
        yield {
            "ph": "C",
            "name": counter.name,
            "pid": pid,
            "tid": tid,
            "ts": microseconds(at_ns),
            "args": {counter.series: value},
        }


def counters(recording: Recording, until_s: float) -> Iterator[Counter]:
    """Yield everything that has a value over time."""
    yield from _tasks(recording, until_s)
    for name in recording.watched():
        yield Counter(None, name, "value", *recording.watch(name))
    yield from _activity(recording)
    loads = recording.cores()
    for core in range(loads.load.shape[1] if loads.load.ndim > 1 else 0):
        yield Counter(None, f"core {core}", "load", loads.at_s, loads.load[:, core])
    if len(loads.at_s):
        yield Counter(None, "cores", "used by the run", loads.at_s, loads.lab)


def _tasks(recording: Recording, until_s: float) -> Iterator[Counter]:
    tasks = recording.tasks
    ended_s = np.where(np.isnan(tasks.finished_s), until_s, tasks.finished_s)
    left_s = np.where(np.isnan(tasks.started_s), ended_s, tasks.started_s)
    yield Counter(None, "tasks", "waiting", *_steps(tasks.submitted_s, left_s))
    yield Counter(None, "tasks", "running", *_steps(tasks.started_s, ended_s))


def _steps(begin_s: FloatArray, end_s: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return how many of some stretches there were at a time; those without begin are none."""
    is_known = ~np.isnan(begin_s)
    begin_s, end_s = begin_s[is_known], np.maximum(begin_s, end_s)[is_known]
    ones = np.ones(len(begin_s))
    return _sum(np.concatenate([begin_s, end_s]), np.concatenate([ones, -ones]))


def _sum(at_s: FloatArray, change: FloatArray) -> tuple[FloatArray, FloatArray]:
    times_s, group = np.unique(at_s, return_inverse=True)
    total: FloatArray = np.cumsum(np.bincount(group, weights=change, minlength=len(times_s)))
    return times_s, total.round(9) + 0.0  # no sums of shares like 1e-17, and no -0.0


def _activity(recording: Recording) -> Iterator[Counter]:
    tracks = [track for track in recording.activity() if len(track.at_s)]
    shares = [_shares(track, tracks, recording.activity_until_s) for track in tracks]
    names = {key: known.name for key, known in recording.threads.items()}
    names |= {(one.pid, one.thread): one.name for one in recording.workers}
    for track, (at_s, running, ready) in zip(tracks, shares, strict=True):
        known_as = names.get((track.pid, track.thread), "")
        if track.pid == track.thread:
            known_as = "main thread"
        # The number first: readers cut long names, and it stands beside the thread's slices, too.
        name = f"thread {track.thread}" + (f" ({known_as})" if known_as else "")
        yield Counter(track.pid, name, "running", at_s, running)
        if ready.any():
            yield Counter(track.pid, name, "ready", at_s, ready)
    for pid in dict.fromkeys(track.pid for track in tracks):
        own = [share for share, track in zip(shares, tracks, strict=True) if track.pid == pid]
        at_s = np.concatenate([share[0] for share in own])
        change = np.concatenate([np.diff(share[1], prepend=0.0) for share in own])
        yield Counter(pid, "threads", "running", *_sum(at_s, change))


def _shares(
    track: Track, tracks: list[Track], until_s: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return times, and from each on the share of time that a thread runs, or is ready to."""
    if sum(len(one.at_s) for one in tracks) <= MOST_CHANGES:
        running = (track.state == RUNNING).astype(np.float64)
        return track.at_s, running, (track.state == READY).astype(np.float64)
    begin_s = min(float(one.at_s[0]) for one in tracks)
    if math.isnan(until_s):  # the watcher was ended before it could say
        until_s = max(float(one.at_s[-1]) for one in tracks)
    edges_s = np.linspace(begin_s, max(until_s, begin_s + 1e-3), MOST_CHANGES // len(tracks) + 2)
    parts = strip(track, edges_s, until_s)
    return edges_s[:-1], parts[:, RUNNING], parts[:, READY]
