"""One watched thread: its open files, and what it did that has not been sent yet."""

import os
from typing import Final

WAITING, RUNNING, READY, GONE = 0, 1, 2, 3
"""As in core/activity.py, which needs numpy and therefore stays out of here."""

OBSERVER: Final = b"(futures-lab)"
"""Name of the lab's own threads, with the parentheses of the file; core/lab/naming.py gives it."""

STATE_OF: Final[dict[int, int]] = dict.fromkeys(range(256), WAITING) | {
    ord("R"): RUNNING,
    ord("Z"): GONE,
    ord("X"): GONE,
}
"""By the code of the letter."""

_WORTH_TELLING_NS: Final = 200_000
"""A shorter wait for a processor is none that anybody could see."""

STAT_BYTES: Final = 80
"""The number, the name and the state stand at the beginning of the line."""


class Thread:
    """A thread of the run; files are kept open, because opening costs ten times a reading.

    Attributes
    ----------
    file
        Descriptor of the line that tells its name and its state.
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
        "_delay_ns",
        "_line",
        "_sched",
        "_since",
        "file",
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
        self._line = b""
        self.rows: list[tuple[int, int]] = []
        self._since = 0
        self._delay_ns = 0
        folder = f"/proc/{pid}/task/{number}/"
        self.file = os.open(folder + "stat", os.O_RDONLY | os.O_CLOEXEC)
        try:
            self._sched = os.open(folder + "schedstat", os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            self._sched = -1  # a kernel without it, or the thread has just gone

    def seen(self, at: int, state: int, line: bytes) -> None:
        """Note in which state it is; need not be called while it goes on waiting."""
        self._line = line or self._line
        if self._sched >= 0 and (state == RUNNING or self.state == RUNNING):
            self._look_for_delay(at)
        if state != self.state:
            self._change(at, state)

    def read_name(self) -> None:
        """Find out its name, which it may have changed without being seen."""
        try:
            self._line = os.pread(self.file, STAT_BYTES, 0)
        except ProcessLookupError:
            return  # it has ended under the name that it had

    def is_observer(self) -> bool:
        """Return whether it is one of the lab's own, by its name when it was seen last."""
        return OBSERVER in self._line

    def close(self) -> None:
        """Close its files."""
        os.close(self.file)
        if self._sched >= 0:
            os.close(self._sched)

    def _change(self, at: int, state: int) -> None:
        if self.rows and self.rows[-1][0] == at:
            self.rows.pop()  # a state that lasted no time is none
        self.rows.append((at, state))
        self.state = state
        self._since = at

    def _look_for_delay(self, at: int) -> None:
        """Find out afterwards how long it waited for a processor: the system adds it up.

        It does so when the thread gets one, so until then the thread looks as if it ran.
        """
        try:
            delay_ns = int(os.pread(self._sched, 64, 0).split()[1])
        except ProcessLookupError:
            return  # it has just ended
        waited_ns, self._delay_ns = delay_ns - self._delay_ns, delay_ns
        if self.state == RUNNING and waited_ns > _WORTH_TELLING_NS:
            self._was_ready(at - waited_ns, at)

    def _was_ready(self, begun: int, at: int) -> None:
        if begun > self._since:
            self.rows.append((begun, READY))
        elif self.rows:
            self.rows[-1] = (self._since, READY)
        else:  # sent already, and times must not go back
            self.rows.append((self._since + 1, READY))
        self._change(at, RUNNING)
