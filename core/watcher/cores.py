"""The load of each processor core, and how much of it is the run's."""

import contextlib
import os
import time
from typing import Any, Final

_IDLE, _IOWAIT = 3, 4
_MOST_BYTES: Final = 64 * 1024
_MOST: Final = 0.6
_SHORTEST_NS: Final = 20_000_000
"""The system counts in ticks of 10 ms."""


class Cores:
    """Samples of what the cores did since the sample before."""

    def __init__(self) -> None:
        self._file = os.open("/proc/stat", os.O_RDONLY | os.O_CLOEXEC)
        self.at = 0
        """The time of the last sample."""
        self._ticks: dict[bytes, tuple[int, int]] = {}
        self._used: dict[int, int] = {}
        self.are_needed = True
        """Whether the run used most of the cores at the last sample: then watching slows it.

        Until there is one it may: a run that is over soon is not to be slowed either.
        """

    def sample(self, at: int, pids: list[int]) -> list[Any]:
        """Return the event; the first one, with nothing to compare with, only says since when."""
        before, since = self._ticks, self.at
        self._ticks, self.at = self._read(), at
        used_ns = self._used_since(pids)
        loads = [
            _load(before[core], ticks) for core, ticks in self._ticks.items() if core in before
        ]
        used = min(used_ns / (at - since), len(before))
        if before:
            self.are_needed = used > _MOST * len(before)
        return ["cores", at, loads, used]

    def last_sample(self, at: int) -> list[list[Any]]:
        """Return the event of what is left after the last sample.

        None if that is too short for the ticks of the system, or if a process is gone and has taken
        along how much time it used.
        """
        known = list(self._used)
        if at - self.at < _SHORTEST_NS or not all(map(_is_clocked, known)):
            return []
        return [self.sample(at, known)]

    def _read(self) -> dict[bytes, tuple[int, int]]:
        """Return idle and all ticks of each core."""
        found = {}
        for line in os.pread(self._file, _MOST_BYTES, 0).splitlines()[1:]:
            name, *fields = line.split()
            if not name.startswith(b"cpu"):
                break
            ticks = [int(field) for field in fields[:8]]  # guests count as users already
            found[name] = (ticks[_IDLE] + ticks[_IOWAIT], sum(ticks))
        return found

    def _used_since(self, pids: list[int]) -> int:
        """Return the processor time of the processes since the sample before."""
        now = {}
        for pid in pids:
            with contextlib.suppress(OSError):  # it has ended
                now[pid] = time.clock_gettime_ns(_clock_of(pid))
        # A process that is new began after the sample before: all its time counts.
        used = sum(used_ns - self._used.get(pid, 0) for pid, used_ns in now.items())
        self._used = now
        return used


def _clock_of(pid: int) -> int:
    """Return the clock of a process's processor time, as clock_getcpuclockid(3) makes it."""
    return (~pid << 3) | 2


def _is_clocked(pid: int) -> bool:
    """Return whether the clock of a process can still be read: until its parent has taken note."""
    try:
        time.clock_gettime_ns(_clock_of(pid))
    except OSError:
        return False
    return True


def _load(before: tuple[int, int], after: tuple[int, int]) -> float:
    everything = after[1] - before[1]
    idle = after[0] - before[0]
    return min(1.0, max(0.0, 1 - idle / everything)) if everything > 0 else 0.0
