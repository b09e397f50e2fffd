"""Finds the processes and threads of a run: those of the session that the lab process leads."""

import os
from typing import Final

from core.watcher.thread import Thread

_LAST_PID_BYTES: Final = 128
_FULL_LOOK_EVERY: Final = 8
"""Looks after which everything is listed even if the system seems to have made nothing new."""

_SURE_AFTER: Final = 2
"""Looks; a thread of the lab names itself with its first instructions."""

_SURE_OF_CHILD_AFTER: Final = 6
"""Looks; a new process has the command line of its parent until it begins a program of its own."""

_TRACKER: Final = b"multiprocessing.resource_tracker"
_FORKSERVER: Final = b"multiprocessing.forkserver"


class Finder:
    """Knows the threads of a run; made before the script begins: what runs by then is none of it.

    Attributes
    ----------
    threads
        Those that are to be looked at.
    """

    def __init__(self) -> None:
        self.threads: list[Thread] = []
        self.pids: list[int] = []
        self._others = set(_numbers("/proc"))
        self._known: set[tuple[int, int]] = set()
        self._unsure: list[Thread] = []
        self._leader = 0
        self._newest = b""
        self._looks = 0
        # The system's newest number: as long as it stays, there is no new process and no thread.
        self._load = os.open("/proc/loadavg", os.O_RDONLY | os.O_CLOEXEC)

    def lead(self, pid: int) -> None:
        """Begin with the lab process."""
        self._leader = pid
        self.pids = [pid]
        self.look()

    def look(self) -> None:
        """Find what is new; leave out the lab's own threads, which have named themselves by now."""
        for thread in self._unsure:
            thread.looks += 1
            thread.read_name()
            if thread.is_observer() or self._serves(thread.pid):
                thread.looks = _SURE_OF_CHILD_AFTER
                self.threads.remove(thread)
                thread.close()
        self._unsure = [thread for thread in self._unsure if not self.is_sure_of(thread)]
        self._looks += 1
        if self._looks % _FULL_LOOK_EVERY == 0:
            self._newest = b""
        self.find()

    def find(self) -> bool:
        """Find what is new, and return whether anything may be, on the whole machine.

        To be asked between two looks: as long as nothing is new, it costs as little as one thread.
        """
        newest = os.pread(self._load, _LAST_PID_BYTES, 0).rpartition(b" ")[2]
        if newest == self._newest:
            return False
        self._newest = newest
        self._find_processes()
        for pid in self.pids:
            self._find_threads(pid)
        return True

    def is_sure_of(self, thread: Thread) -> bool:
        """Return whether a thread has had the time to show that it is none of the script's."""
        needed = _SURE_AFTER if thread.pid == self._leader else _SURE_OF_CHILD_AFTER
        return thread.looks >= needed

    def forget(self, thread: Thread) -> None:
        """Leave out a thread that has ended."""
        self.threads.remove(thread)
        thread.close()
        if thread in self._unsure:
            self._unsure.remove(thread)

    def close(self) -> None:
        """Close all files; nothing can be found any more."""
        for thread in self.threads:
            thread.close()
        self.threads = []
        os.close(self._load)

    @property
    def is_over(self) -> bool:
        """Return whether no thread of the run is left."""
        return not self.threads and not any(map(_lives, self.pids))

    def _find_processes(self) -> None:
        there = _numbers("/proc")
        self.pids = [pid for pid in self.pids if pid in there]
        self._others &= there  # a number that went may come again
        for pid in there - self._others - set(self.pids):
            if _session(pid) == self._leader and not self._serves(pid):
                self.pids.append(pid)
            else:
                self._others.add(pid)

    def _serves(self, pid: int) -> bool:
        """Return whether a process is a server of multiprocessing, which only waits."""
        if pid == self._leader:
            return False
        command = _read(f"/proc/{pid}/cmdline")
        # What a forkserver forks has its command line too, but another parent.
        return _TRACKER in command or (_FORKSERVER in command and _parent(pid) == self._leader)

    def _find_threads(self, pid: int) -> None:
        numbers = {(pid, number) for number in _numbers(f"/proc/{pid}/task")}
        self._known -= {key for key in self._known if key[0] == pid} - numbers
        for key in sorted(numbers - self._known):
            self._known.add(key)
            try:
                thread = Thread(*key)
            except OSError:
                continue  # it has ended again
            self.threads.append(thread)
            self._unsure.append(thread)


def _numbers(folder: str) -> set[int]:
    try:
        return {int(name) for name in os.listdir(folder) if name.isdigit()}  # noqa: PTH208 - 30 times a second
    except OSError:
        return set()  # the process has ended


def _fields(pid: int) -> list[bytes]:
    """Return state, parent, group, session of a process; empty fields when it has ended."""
    return _read(f"/proc/{pid}/stat").rpartition(b")")[2].split()[:4] or [b""] * 4


def _lives(pid: int) -> bool:
    return _fields(pid)[0] not in (b"", b"Z", b"X")


def _parent(pid: int) -> int:
    return int(_fields(pid)[1] or 0)


def _session(pid: int) -> int:
    return int(_fields(pid)[3] or 0)


def _read(path: str) -> bytes:
    try:
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - pathlib would be slower
            return file.read(4096)
    except OSError:
        return b""  # the process has ended
