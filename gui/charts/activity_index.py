"""How long two threads or more ran at the same time, up to any moment of a run.

Adding that up again in each frame would cost what the run is long, so a frame takes in only
what is new, and a bounded part of it. No Qt here.
"""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from core.activity import RUNNING, Track
from core.columns import FloatArray
from gui.charts.growing import Growing

CHANGES_PER_FRAME: Final = 1_000
"""Changes of one thread that are taken in by one frame, at most."""

KEPT_PER_FRAME: Final = 2_000
"""Moments whose sum is kept, of those that a frame took in: the others lie between two of them."""

TOGETHER: Final = 2

Key = tuple[int, int]
"""Process and thread, as the system counts them."""

Changes = tuple[FloatArray, npt.NDArray[np.int8]]
"""When a thread changed, and 1 where it began to run, -1 where it ceased to, else 0."""


class Together:
    """Running sums of the time in which two or more of some threads ran, and of what each ran."""

    def __init__(self) -> None:
        self._used: dict[Key, int] = {}
        self._begin_anew(())

    def _begin_anew(self, tracks: Sequence[Track]) -> None:
        self._used = {(track.pid, track.thread): 0 for track in tracks}
        self._at_s = Growing(np.float64)
        self._sum_s = Growing(np.float64)
        self._each_s = Growing(np.float64)
        self._running = 0
        self.known_s = math.nan
        """The moment up to which everything has been taken in."""

    def follow(self, tracks: Sequence[Track], until_s: float) -> bool:
        """Take in what is new of some threads; return whether more is waiting.

        Parameters
        ----------
        tracks
            The threads that count; when they are others than before, all begins anew.
        until_s
            The moment up to which the tracks are complete; NaN when nothing is known.
        """
        same = list(self._used) == [(track.pid, track.thread) for track in tracks]
        if not same or any(self._is_late(track) for track in tracks):
            self._begin_anew(tracks)
        if math.isnan(until_s) or until_s <= self.known_s:
            return False
        limit_s = min([until_s, *(self._reach_s(track) for track in tracks)])
        self._extend([self._changes(track, limit_s) for track in tracks], limit_s)
        self.known_s = limit_s
        return limit_s < until_s

    def share(self, from_s: float, to_s: float) -> float:
        """Return the share of a stretch in which two or more ran; NaN where it is not known."""
        return self._average(self._sum_s, from_s, to_s)

    def running(self, from_s: float, to_s: float) -> float:
        """Return how many ran on average in a stretch; NaN where it is not known."""
        return self._average(self._each_s, from_s, to_s)

    def _average(self, sums_s: Growing[np.float64], from_s: float, to_s: float) -> float:
        to_s = min(to_s, self.known_s)
        if not to_s > from_s or not len(self._at_s):
            return math.nan
        spent_s = np.interp([from_s, to_s], self._at_s.view, sums_s.view)
        return float(spent_s[1] - spent_s[0]) / (to_s - from_s)

    def _is_late(self, track: Track) -> bool:
        """Return whether a change came that lies before what counted as known."""
        used = self._used[track.pid, track.thread]
        return used < len(track.at_s) and float(track.at_s[used]) < self.known_s

    def _reach_s(self, track: Track) -> float:
        """Return up to when the changes of a thread fit into one frame."""
        beyond = self._used[track.pid, track.thread] + CHANGES_PER_FRAME
        return float(track.at_s[beyond]) if beyond < len(track.at_s) else math.inf

    def _changes(self, track: Track, limit_s: float) -> Changes:
        first = self._used[track.pid, track.thread]
        stop = int(np.searchsorted(track.at_s, limit_s, side="right"))
        self._used[track.pid, track.thread] = stop
        before = int(track.state[first - 1] == RUNNING) if first else 0
        runs = (track.state[first:stop] == RUNNING).astype(np.int8)
        return track.at_s[first:stop], np.diff(runs, prepend=np.int8(before))

    def _extend(self, pieces: Sequence[Changes], limit_s: float) -> None:
        at_s = np.concatenate([np.zeros(0), *(piece[0] for piece in pieces)])
        change = np.concatenate([np.zeros(0, np.int8), *(piece[1] for piece in pieces)])
        order = np.argsort(at_s, kind="stable")
        running = self._running + np.cumsum(np.append(np.int64(0), change[order]))
        begin_s = self.known_s if math.isfinite(self.known_s) else at_s.min(initial=limit_s)
        moments_s = np.concatenate([[begin_s], at_s[order], [limit_s]])
        lasting_s = np.diff(moments_s)
        if not len(self._at_s):
            self._at_s.append(moments_s[:1])
            self._sum_s.append(np.zeros(1))
            self._each_s.append(np.zeros(1))
        every = 1 + len(lasting_s) // KEPT_PER_FRAME
        kept = np.arange(len(lasting_s) - 1, -1, -every)[::-1]  # the last one always
        self._at_s.append(moments_s[1:][kept])
        for sums_s, rate in ((self._sum_s, running >= TOGETHER), (self._each_s, running)):
            sums_s.append((sums_s.view[-1] + np.cumsum(lasting_s * rate))[kept])
        self._running = int(running[-1])
