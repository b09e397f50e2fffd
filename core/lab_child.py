"""A lab process as its owner sees it: started, told to end, waited for."""

import os
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from core.private_folder import PrivateFolder


class GuardProblem(RuntimeError):
    """No guard could be started; the text says why."""


@dataclass(frozen=True, slots=True)
class End:
    """How a lab process ended.

    Attributes
    ----------
    exit_code
        As `subprocess` gives it; None when nobody saw it, as its guard was killed.
    left
        How many processes of the run could not be ended.
    guard_code
        The exit code of the guard, if that ended first; None if it did not.
    """

    exit_code: int | None
    left: int = 0
    guard_code: int | None = None

    @property
    def is_unseen(self) -> bool:
        """Whether nobody saw the end."""
        return self.exit_code is None


class LabChild(Protocol):
    """A lab process: `core.guard.Guard`, or `core.unguarded.Unguarded`. For any thread."""

    @property
    def pid(self) -> int:
        """Return its process id."""

    @property
    def has_ended(self) -> bool:
        """Whether it has ended, and what it started with it."""

    def wait(self) -> None:
        """Block until it has ended; may be interrupted, and called again."""

    def interrupt(self) -> None:
        """Interrupt it, as Ctrl+C would."""

    def terminate(self) -> None:
        """Ask it and its group to end."""

    def kill(self) -> None:
        """Kill it and all that it started."""

    def finish(self) -> End:
        """End all that is left of it, in bounded time; return how it ended, as often as asked."""

    def close(self, *, is_clean: bool = True) -> None:
        """Let go of it, when its run is over; as often as asked.

        Unless the private folder ``is_clean`` away, the guard tries to remove it, too.
        """


def start_child(
    command: Sequence[str],
    environment: dict[str, str],
    streams: tuple[int, int, int],
    folder: PrivateFolder,
) -> LabChild:
    """Start a lab process; return when it has begun.

    Parameters
    ----------
    streams
        Descriptors of its standard input, output and error.

    Raises
    ------
    OSError
        If there is no such program.
    GuardProblem
        If there can be no guard for it.
    """
    if os.name == "posix":
        from core.guard import Guard

        return Guard.start(command, environment, streams, folder)
    from core.unguarded import Unguarded

    return Unguarded(command, environment, streams)


def let_go(child: LabChild, folder: PrivateFolder) -> str:
    """Remove the private folder of a lab process that has ended, and let go of the process.

    What we cannot remove its guard may: it has room of its own.

    Returns
    -------
    str
        One sentence about what was left and why; empty if nothing was.
    """
    left = folder.remove(is_last=False)
    child.close(is_clean=not left)
    return folder.remove() if left else ""


def signal_name(number: int) -> str:
    """Return how to call a signal in a sentence."""
    try:
        return f"signal {number} ({signal.Signals(number).name})"
    except ValueError:
        return f"signal {number}"
