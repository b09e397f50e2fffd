"""The counters of a trace: what the script and the watcher sampled, as steps over time."""

import math
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

import numpy as np

from core.activity import READY, RUNNING, Track, strip
from core.columns import FloatArray
from core.exports.trace_tracks import microseconds, nanoseconds
from core.recording import Recording

MOST_CHANGES: Final = 200_000
"""Changes of all threads together that are written one by one; of more, the shares of time."""


class Counter(NamedTuple):
    """Values over time, in a process.

    Names of our own have a blank in them, which names that a script gives have not: readers take
    two counters of one name for one.
    """

    pid: int | None
    """None: the process of the script."""
    name: str
    at_s: FloatArray
    series: Mapping[str, FloatArray]
    """Shape (n,) each."""


def counter_events(counter: Counter, pid: int, tid: int) -> Iterator[dict[str, Any]]:
    """Yield an event for each time; those at which something is no number have none."""
    known = np.isfinite([counter.at_s, *counter.series.values()]).all(axis=0)
    times = nanoseconds(counter.at_s[known]).tolist()
    columns = [values[known].tolist() for values in counter.series.values()]
    for at_ns, *values in zip(times, *columns, strict=True):
        yield {
            "ph": "C",
            "name": counter.name,
            "pid": pid,
            "tid": tid,
            "ts": microseconds(at_ns),
            "args": dict(zip(counter.series, values, strict=True)),
        }


def counters(recording: Recording, until_s: float) -> Iterator[Counter]:
    """Yield everything that has a value over time."""
    yield from _tasks(recording, until_s)
    for name in recording.watched():
        at_s, values = recording.watch(name)
        yield Counter(None, name, at_s, {"value": values})
    yield from _activity(recording)
    loads = recording.cores()
    for core in range(loads.load.shape[1] if loads.load.ndim > 1 else 0):
        yield Counter(None, f"core {core}", loads.at_s, {"load": loads.load[:, core]})
    if len(loads.at_s):
        yield Counter(None, "all cores", loads.at_s, {"used by the run": loads.lab})


def _tasks(recording: Recording, until_s: float) -> Iterator[Counter]:
    tasks = recording.tasks
    ended_s = np.where(np.isnan(tasks.finished_s), until_s, tasks.finished_s)
    left_s = np.where(np.isnan(tasks.started_s), ended_s, tasks.started_s)
    waiting = _steps(tasks.submitted_s, left_s)
    running = _steps(tasks.started_s, ended_s)
    at_s = np.union1d(waiting[0], running[0])
    series = {"waiting": _held(*waiting, at_s), "running": _held(*running, at_s)}
    yield Counter(None, "all tasks", at_s, series)


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


def _held(times_s: FloatArray, value: FloatArray, at_s: FloatArray) -> FloatArray:
    """Return a value at other times: what it was last, and 0 before."""
    last = np.searchsorted(times_s, at_s, side="right")
    return np.concatenate([[0.0], value])[last]


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
        series = {"running": running, "ready": ready} if ready.any() else {"running": running}
        yield Counter(track.pid, name, at_s, series)
    for pid in dict.fromkeys(track.pid for track in tracks):
        own = [share for share, track in zip(shares, tracks, strict=True) if track.pid == pid]
        at_s = np.concatenate([share[0] for share in own])
        change = np.concatenate([np.diff(share[1], prepend=0.0) for share in own])
        at_s, number = _sum(at_s, change)
        yield Counter(pid, "all threads", at_s, {"running": number})


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
