"""Connections of a run that ended without a goodbye: what they would have told is missing.

Two things end a connection so. The process ended at once: by ``os._exit``, or killed. Or it goes on
and the script closed the descriptor. Which it was is known by two marks, whenever they are looked
for: the system marks a process as ending before it closes what that has open; and the lab's sender
makes a folder when it finds the descriptor gone, for which it needs no other descriptor.
"""

import threading
from pathlib import Path
from typing import Final

import numpy as np

from core.events import DONE
from core.incidents import broken_tasks
from core.recording import Recording

_PF_EXITING: Final = 0x4
_FLAGS: Final = 6  # their place after the name in /proc/PID/stat


class SilentEnds:
    """Counts them, for sentences that are told once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ends: list[tuple[int, str, bool, Path]] = []

    def add(self, pid: int, role: str, address: str = "") -> None:
        """Note that the connection of a process to an address has just ended so.

        A process that did not even say hello has no role.
        """
        with self._lock:
            self._ends.append((pid, role, is_ending(pid), Path(lost_mark(address, pid))))

    def leave_out(self, pid: int) -> None:
        """Forget the ends of a process: whoever started it looks after it."""
        with self._lock:
            self._ends = [end for end in self._ends if end[0] != pid]

    def sentences(self, *, is_stopped: bool = False, is_broken: bool = False) -> list[str]:
        """Return what is to be told at the end of a run.

        Whoever stopped it knows of the ends. And where a pool broke, its tasks tell of the workers.
        """
        found = [_kind(role, is_ended, mark) for _pid, role, is_ended, mark in self._ends]
        count = found.count
        told = [_CLOSED] if count(("main", True)) else []
        told += _of_workers(_CLOSED_IN_WORKERS, count(("worker", True)))
        if not is_stopped:
            told += [_ENDED] if count(("main", False)) else []
        if not is_stopped and not is_broken:
            told += _of_workers(_WORKERS_ENDED, count(("worker", False)))
        return told


def unseen(address: str, main: int) -> list[str]:
    """Return what is to be told of processes that had no room for a connection to an address.

    Each has left a folder as its mark, and did its work all the same. ``main`` is the process of
    the script.
    """
    place = Path(address)
    marks = {mark.name for mark in place.parent.glob(f"{place.name}.*.unseen")}
    of_script = f"{place.name}.{main}.unseen"
    return [_UNSEEN] * (of_script in marks) + _of_workers(_UNSEEN_WORKERS, len(marks - {of_script}))


def losses(ends: SilentEnds, recording: Recording, *, is_stopped: bool) -> list[str]:
    """Return what is to be told of what a run did not see, in sentences."""
    is_broken = broken_tasks(recording) > 0
    told = ends.sentences(is_stopped=is_stopped, is_broken=is_broken)
    tasks = recording.tasks
    unseen = int(np.count_nonzero((tasks.outcome == DONE) & np.isnan(tasks.started_s)))
    if unseen and not (told or recording.troubles or is_stopped or is_broken):
        told.append(_UNTOLD.format(count=unseen, tasks="task" if unseen == 1 else "tasks"))
    return told


def _kind(role: str, is_ended: bool, mark: Path) -> tuple[str, bool]:
    """Return whose end it was, and whether the script had closed the connection."""
    if mark.is_dir():
        return role or "worker", True
    if not role:  # it goes on, but could not be observed: its tasks tell
        return ("worker", False) if is_ended else ("", False)
    return role, not is_ended


def lost_mark(address: str, pid: int) -> str:
    """Return the folder by which a process says that it lost its connection to an address."""
    return f"{address}.{pid}.lost"


_CLOSED: Final = "The script closed the lab's connection; what follows was not seen."
_ENDED: Final = (
    "The script's process ended without saying goodbye (os._exit or killed): "
    "what it saw last may be missing."
)
_UNSEEN: Final = "The script was not seen: there was no room for its connection to the lab."
_UNSEEN_WORKERS: Final = (
    "{count} worker {processes} stayed unobserved: there was no room for a connection to the lab."
)
_CLOSED_IN_WORKERS: Final = (
    "The script closed the lab's connection in {count} worker {processes}; "
    "what follows there was not seen."
)
_WORKERS_ENDED: Final = (
    "{count} worker {processes} ended without saying goodbye (os._exit or killed): "
    "what was seen there last may be missing."
)


_UNTOLD: Final = "{count} {tasks} ran in worker processes that could not be observed."


def _of_workers(sentence: str, count: int) -> list[str]:
    processes = "process" if count == 1 else "processes"
    return [sentence.format(count=count, processes=processes)] if count else []


def is_ending(pid: int) -> bool:
    """Return whether a process ends or has ended; where the system tells nothing, it has."""
    try:
        # Bytes: a process may call itself anything, parentheses and half characters included.
        state, *fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
        return state in (b"Z", b"X") or bool(int(fields[_FLAGS - 1]) & _PF_EXITING)
    except (OSError, ValueError, IndexError):
        return True
