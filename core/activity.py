"""What the threads of a run did, seen from outside: types, and pure functions on them.

The watcher (core/watcher) looks at each thread up to 1,000 times a second. A `Track` is what it saw
of one thread, run-length encoded: from ``at_s[i]`` on the thread is in ``state[i]``. Between
two looks nothing is known, so times are good to a period of the watcher and no better.
"""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from core.columns import ByteArray, FloatArray

WAITING, RUNNING, READY, GONE = 0, 1, 2, 3
"""States of a thread. READY: it could run but waits for a processor, where that can be told
(elsewhere such a thread counts as RUNNING). GONE: the thread has ended."""

STATES: Final = 4

OFF, SYSTEM, FAILED = "off", "system", "failed"
"""Why a recording has no activity (`Recording.activity_note`): nobody asked for it, this system
cannot show it (only Linux can), or the watcher could not be started. Keys, not sentences: the
views have the words."""


class Track(NamedTuple):
    """One thread: ``at_s`` and ``state`` have shape (n,), times never decrease."""

    pid: int
    thread: int
    at_s: FloatArray
    state: ByteArray
    spent_s: FloatArray | None = None
    """Shape (n, `STATES`): seconds spent in each state before ``at_s[i]``; without it `strip` adds
    them up by itself, which costs as much as the track is long."""


class CoreLoads(NamedTuple):
    """Load of the processor cores: row i is the time up to ``at_s[i]`` since the row before."""

    at_s: FloatArray
    load: FloatArray
    """Shape (n, cores), 0 to 1 each; NaN where a core was not there."""
    lab: FloatArray
    """Shape (n,): how many cores' worth the processes of the run used."""


def spent(at_s: FloatArray, state: ByteArray) -> FloatArray:
    """Return the seconds in each state before each change: shape (n, `STATES`)."""
    total = np.zeros((len(at_s), STATES))
    total[np.arange(1, len(at_s)), state[:-1]] = np.diff(at_s)
    sums: FloatArray = np.cumsum(total, axis=0)
    return sums


def strip(track: Track, edges_s: FloatArray, until_s: float = np.inf) -> FloatArray:
    """Return which part of each pixel column a thread spent in each state.

    Parameters
    ----------
    track
        The thread.
    edges_s
        Where columns meet: shape (n + 1,), rising.
    until_s
        What lies behind it is not known yet; pass ``recording.activity_until_s``.

    Returns
    -------
    Shape (n, `STATES`); a row adds up to 1 where everything is known, to less at the ends.
    """
    reached = spent_before(track, edges_s, until_s)
    parts: FloatArray = np.diff(reached, axis=0) / np.diff(edges_s)[:, np.newaxis]
    return parts


def spent_before(track: Track, moments_s: FloatArray, until_s: float = np.inf) -> FloatArray:
    """Return the seconds that a thread spent in each state before moments: (n, `STATES`)."""
    if not len(track.at_s):
        return np.zeros((len(moments_s), STATES))
    sums = spent(track.at_s, track.state) if track.spent_s is None else track.spent_s
    known_s = np.clip(moments_s, track.at_s[0], max(until_s, track.at_s[0]))
    row = np.searchsorted(track.at_s, known_s, side="right") - 1
    reached = sums[row]
    reached[np.arange(len(row)), track.state[row]] += known_s - track.at_s[row]
    return reached


def busy_share(tracks: tuple[Track, ...], from_s: float, to_s: float, at_least: int = 2) -> float:
    """Return the share of a stretch of time in which at least so many threads ran at once.

    NaN where the stretch is empty.
    """
    if not to_s > from_s:
        return float("nan")
    moments, change = _comings_and_goings(tracks, from_s, to_s)
    order = np.argsort(moments, kind="stable")
    running = np.cumsum(change[order])
    lasting_s = np.diff(moments[order], append=to_s)
    return float(lasting_s[running >= at_least].sum() / (to_s - from_s))


def _comings_and_goings(
    tracks: tuple[Track, ...], from_s: float, to_s: float
) -> tuple[FloatArray, npt.NDArray[np.int64]]:
    """Return when a thread began (1) or ceased (-1) to run, within the stretch."""
    moments, changes = [np.zeros(0)], [np.zeros(0, dtype=np.int64)]
    for track in tracks:
        first = max(0, int(np.searchsorted(track.at_s, from_s, side="right")) - 1)
        last = int(np.searchsorted(track.at_s, to_s, side="left"))
        runs = (track.state[first:last] == RUNNING).astype(np.int64)
        moments.append(np.maximum(track.at_s[first:last], from_s))
        changes.append(np.diff(runs, prepend=0))
    return np.concatenate(moments), np.concatenate(changes)
