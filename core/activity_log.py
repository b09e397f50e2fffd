"""Where a recording keeps what its watcher saw: one growing track a thread, and the cores.

Nothing here is thread-safe; `core.recording.Recording` holds the lock.
"""

import itertools
import math
from typing import Final

import numpy as np

from core import events
from core.activity import STATES, CoreLoads, Track
from core.columns import ByteArray, FloatArray, grown, wider_capacity

MAX_TRACKS: Final = 4_096
MAX_CHANGES: Final = 4_000_000
"""Changes of state that are kept, of all threads together: about 160 MB."""

MAX_CORE_SAMPLES: Final = 100_000
"""At 10 a second nearly three hours."""

_MOST_SWEEPS: Final = 2**62
"""Beyond it the count would not go into a file."""


class ActivityLog:
    """Tracks by thread, in the order of first sight, and the load of the cores."""

    def __init__(self) -> None:
        self.since_s = math.nan
        self.until_s = math.nan
        self.sweeps = 0
        self.note = ""
        self._tracks: dict[tuple[int, int], _GrowingTrack] = {}
        self._changes = 0
        self._cores = _GrowingCores()

    @property
    def rate_hz(self) -> float:
        """Return how often a second each thread was really looked at; NaN without a watcher."""
        lasted_s = self.until_s - self.since_s
        return self.sweeps / lasted_s if lasted_s > 0 else math.nan

    def tracks(self) -> tuple[Track, ...]:
        """Return what is known of each thread so far."""
        return tuple(track.view(*key) for key, track in self._tracks.items())

    def cores(self) -> CoreLoads:
        """Return the load of the cores so far."""
        return self._cores.view()

    def append(self, event: events.Activity, at_s: FloatArray) -> None:
        """Append changes of state; those of one thread stand together.

        Raises
        ------
        core.events.MalformedEvent
            If they are more than are kept, or go back in time.
        """
        self._changes += len(at_s)
        if self._changes > MAX_CHANGES:
            raise events.MalformedEvent(
                f"The threads of the run changed more than {MAX_CHANGES} times; "
                "the rest is not kept."
            )
        pid, thread = np.asarray(event.pid), np.asarray(event.thread)
        state = np.array(event.state, dtype=np.uint8)
        new = np.flatnonzero((np.diff(pid) != 0) | (np.diff(thread) != 0)) + 1
        borders = [0, *new.tolist(), len(at_s)] if len(at_s) else []
        for first, last in itertools.pairwise(borders):
            key = int(pid[first]), int(thread[first])
            track = self._track(*key)
            track.append(at_s[first:last], state[first:last])
            self._tracks[key] = track  # now that it holds something

    def sampled(self, since_s: float, until_s: float, sweeps: int) -> None:
        """Note that the watcher looked so many times from one moment to another."""
        self.since_s = since_s if math.isnan(self.since_s) else min(self.since_s, since_s)
        self.until_s = until_s if math.isnan(self.until_s) else max(self.until_s, until_s)
        self.sweeps = min(self.sweeps + sweeps, _MOST_SWEEPS)

    def add_cores(self, at_s: float, load: list[float], lab: float) -> None:
        """Append one sample of the load of every core.

        Raises
        ------
        core.events.MalformedEvent
            If there are more than are kept.
        """
        if self._cores.used >= MAX_CORE_SAMPLES:
            raise events.MalformedEvent(
                f"The cores were looked at more than {MAX_CORE_SAMPLES} times; "
                "the rest is not kept."
            )
        self._cores.append(at_s, load, lab)

    def _track(self, pid: int, thread: int) -> "_GrowingTrack":
        track = self._tracks.get((pid, thread))
        if track is not None:
            return track
        if len(self._tracks) >= MAX_TRACKS:
            raise events.MalformedEvent(
                f"The run had more than {MAX_TRACKS} threads; the rest is not kept."
            )
        return _GrowingTrack()


class _GrowingTrack:
    """Times and states of one thread, and the sums that let a chart cost what its pixels cost."""

    def __init__(self) -> None:
        self.used = 0
        self._at_s: FloatArray = np.zeros(0)
        self._state: ByteArray = np.zeros(0, dtype=np.uint8)
        self._spent_s: FloatArray = np.zeros((0, STATES))

    def append(self, at_s: FloatArray, state: ByteArray) -> None:
        begun = self.used
        last_s = self._at_s[begun - 1] if begun else -math.inf
        if (np.diff(at_s, prepend=last_s) < 0).any():
            raise events.MalformedEvent("The activity of a thread goes back in time.")
        end = begun + len(at_s)
        self._reach(end)
        self._at_s[begun:end] = at_s
        self._state[begun:end] = state
        if not begun:
            begun = 1  # nothing was spent before the first
        before = slice(begun - 1, end - 1)
        lasting = np.zeros((end - begun, STATES))
        lasting[np.arange(end - begun), self._state[before]] = np.diff(self._at_s[begun - 1 : end])
        self._spent_s[begun:end] = self._spent_s[begun - 1] + np.cumsum(lasting, axis=0)
        self.used = end

    def view(self, pid: int, thread: int) -> Track:
        used = self.used
        return Track(pid, thread, self._at_s[:used], self._state[:used], self._spent_s[:used])

    def _reach(self, rows: int) -> None:
        if rows <= len(self._at_s):
            return
        capacity = wider_capacity(len(self._at_s), rows)
        self._at_s, self._state = grown(self._at_s, capacity), grown(self._state, capacity)
        wider = np.zeros((capacity, STATES))
        wider[: self.used] = self._spent_s[: self.used]
        self._spent_s = wider


class _GrowingCores:
    """Samples of the load of the cores."""

    def __init__(self) -> None:
        self.used = 0
        self._at_s: FloatArray = np.zeros(0)
        self._lab: FloatArray = np.zeros(0)
        self._load: FloatArray = np.zeros((0, 0))

    def append(self, at_s: float, load: list[float], lab: float) -> None:
        rows, width = self._load.shape
        if self.used >= rows or len(load) > width:
            rows = wider_capacity(rows, self.used + 1) if self.used >= rows else rows
            wider = np.full((rows, max(width, len(load))), np.nan)
            wider[: self.used, :width] = self._load[: self.used]
            self._load = wider
            self._at_s, self._lab = (
                grown(self._at_s[: self.used], rows),
                grown(self._lab[: self.used], rows),
            )
        self._at_s[self.used], self._lab[self.used] = at_s, lab
        self._load[self.used, : len(load)] = load
        self.used += 1

    def view(self) -> CoreLoads:
        return CoreLoads(self._at_s[: self.used], self._load[: self.used], self._lab[: self.used])
