"""One watched thread: its open files, and what it did that has not been sent yet.

The scheduler's counts (``schedstat``: nanoseconds on a processor, nanoseconds waiting for one,
times that it got one) change whenever a thread gets a processor or gives it up. They are read at
every look, for they cost a third of the line with the state letter, which is read only if they have
changed. As long as they have not, a thread goes on with what it did, or has begun to wait for a
processor, which they tell when that wait is over. They also tell how long a thread ran that woke
and slept between two looks, and when one ceased that was seen running.
"""

import functools
import os
from typing import Final

WAITING, RUNNING, READY, GONE = 0, 1, 2, 3
"""As in core/activity.py, which needs numpy and therefore stays out of here."""

OBSERVER: Final = b"(futures-lab)"
"""Name of the lab's own threads, with the file's parentheses; core/lab/own_thread.py gives it."""

STATE_OF: Final[dict[int, int]] = dict.fromkeys(range(256), WAITING) | {
    ord("R"): RUNNING,
    ord("Z"): GONE,
    ord("X"): GONE,
}
"""By the code of the letter."""

_WORTH_TELLING_NS: Final = 200_000
"""A shorter wait for a processor is none that anybody could see."""

_BURST_WORTH_TELLING_NS: Final = 50_000
"""As long as this runs who does anything; who only looks whether the GIL is free takes 10 us."""

COUNTS_BYTES: Final = 64
"""Three numbers, of which the first two are nanoseconds since the thread began."""

STAT_BYTES: Final = 80
"""The number, the name and the state stand at the beginning of the line."""


class Thread:
    """A thread of the run; files are kept open, because opening costs ten times a reading.

    Attributes
    ----------
    counts_file
        Descriptor of what is read at every look: the scheduler's counts, or where the system keeps
        none the line that tells name and state.
    counts
        What was read there last.
    rows
        Changes of state that have not been sent: (at, state).
    looks
        How often its name has been looked at: whether it is one of the lab's own.

    Raises
    ------
    OSError
        If the thread has ended.
    """

    __slots__ = (
        "_begun",
        "_busy_ns",
        "_delay_ns",
        "_line",
        "_ran_ns",
        "_since",
        "_stat",
        "counts",
        "counts_file",
        "looks",
        "number",
        "pid",
        "rows",
        "state",
    )

    def __init__(self, pid: int, number: int) -> None:
        self.pid = pid
        self.number = number
        self.state = -1
        self.looks = 0
        self.counts = b""
        self._line = b""
        self.rows: list[tuple[int, int]] = []
        self._since = 0
        self._delay_ns = self._ran_ns = 0
        self._begun = self._busy_ns = 0  # of the burst of running that goes on: since, how long
        folder = f"/proc/{pid}/task/{number}/"
        self._stat = os.open(folder + "stat", os.O_RDONLY | os.O_CLOEXEC)
        self.counts_file = _opened_counts(folder, self._stat)

    def changed(self, at: int, before: int, counts: bytes) -> int:
        """Note and return in which state it is, now that its counts are others.

        Parameters
        ----------
        at, before : int
            The times of this look and of the one before.
        counts : bytes
            What was read.
        """
        self.counts = counts
        line = self.read_name()
        state = STATE_OF[line[line.rindex(b")") + 2]] if line else GONE
        since = at
        if self.counts_file != self._stat:
            since = self._add_up(at, before, state)
        if state != self.state:
            self._change(since, state)
        return state

    def gone(self, at: int) -> None:
        """Note that it has ended."""
        if self.state != GONE:
            self._change(at, GONE)

    def read_name(self) -> bytes:
        """Read the line with its name, which it may have changed without being seen.

        Returns
        -------
        bytes
            The beginning of the line; empty when the thread has ended, under the name that it had.
        """
        try:
            self._line = os.pread(self._stat, STAT_BYTES, 0)
        except ProcessLookupError:
            return b""
        return self._line

    def is_observer(self) -> bool:
        """Return whether it is one of the lab's own, by its name when it was seen last."""
        return OBSERVER in self._line

    def close(self) -> None:
        """Close its files."""
        for file in {self._stat, self.counts_file}:
            os.close(file)

    def _change(self, at: int, state: int) -> None:
        if self.rows and self.rows[-1][0] == at:
            self.rows.pop()  # a state that lasted no time is none
        self.rows.append((at, state))
        self.state = state
        self._since = at

    def _add_up(self, at: int, before: int, state: int) -> int:
        """Tell what happened between two looks, by what the system has added up since.

        How long the thread ran is exact when it has given its processor up, how long it waited for
        one when it has got it; until then it looks as if it went on. When, is known to a look.

        Returns
        -------
        int
            The time since when it is in its state.
        """
        ran_ns, delay_ns = map(int, self.counts.split()[:2])
        gained_ns, self._ran_ns = ran_ns - self._ran_ns, ran_ns
        waited_ns, self._delay_ns = delay_ns - self._delay_ns, delay_ns
        if waited_ns < _WORTH_TELLING_NS:
            waited_ns = 0
        earliest = max(before, self._since + 1)
        if self.state == WAITING:
            self._woke(at, earliest, gained_ns, waited_ns, is_over=state != RUNNING)
        elif self.state == RUNNING:
            self._busy_ns += gained_ns
            self._begun += waited_ns
            if state != RUNNING:
                at = min(at, max(earliest, self._begun + self._busy_ns))
            if waited_ns:
                self._was_ready(at - waited_ns, at)
        else:
            self._begun = at  # what was before the first look is not told
        return at

    def _woke(
        self, at: int, earliest: int, gained_ns: int, waited_ns: int, *, is_over: bool
    ) -> None:
        """Tell a burst that began since the look before, and may be over already."""
        self._begun, self._busy_ns = at, gained_ns
        if is_over and gained_ns > _BURST_WORTH_TELLING_NS:
            at = max(earliest, at - gained_ns)
        if waited_ns:
            self._was_ready(at - waited_ns, at)
        elif at < self._begun:
            self._change(at, RUNNING)

    def _was_ready(self, begun: int, at: int) -> None:
        if begun > self._since:
            self.rows.append((begun, READY))
        elif self.rows:
            self.rows[-1] = (self._since, READY)
        else:  # sent already, and times must not go back
            self.rows.append((self._since + 1, READY))
        self._change(at, RUNNING)


def _opened_counts(folder: str, stat: int) -> int:
    """Return the descriptor of a thread's counts; that of its other line if none are kept."""
    if not _are_counts_kept():
        return stat
    try:
        return os.open(folder + "schedstat", os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return stat  # the thread has just gone


@functools.cache
def _are_counts_kept() -> bool:
    """Return whether the system counts: who runs here has got a processor at least once."""
    try:
        with open("/proc/self/schedstat", "rb") as file:  # noqa: PTH123 - pathlib costs 3 ms of start
            return file.read().split()[2] != b"0"
    except FileNotFoundError:
        return False  # a kernel without it
