"""The processes of one run as a group: signalled together, waited for together.

A process that has ended keeps its number until it is reaped; so while it is not, its
group can be signalled without fear that the number is another's by now.
"""

import contextlib
import os
import select
import signal
import subprocess
import time
from pathlib import Path
from typing import Final

_LOOK_UP_MS: Final = 250
"""How long a signal may have to wait for its handler."""

_DYING_S: Final = 0.5
"""How long processes that were killed may take to be gone."""


def wait_unreaped(process: subprocess.Popen[bytes]) -> None:
    """Wait for the end of a process but leave it unreaped.

    Looks up from waiting now and then: a signal that comes between Python's last look at its
    signals and the system call is handled only when that call returns: Ctrl+C could wait for ever.
    """
    if process.returncode is not None:
        return
    try:
        descriptor = os.pidfd_open(process.pid)
    except (AttributeError, OSError):
        _wait_without_descriptor(process)
        return
    try:
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        while not poll.poll(_LOOK_UP_MS):
            pass
    finally:
        os.close(descriptor)


def _wait_without_descriptor(process: subprocess.Popen[bytes]) -> None:
    """Wait where the system has no pidfd: reaps where it has no waitid either."""
    if hasattr(os, "waitid"):
        with contextlib.suppress(ChildProcessError):
            os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    else:
        process.wait()


def has_ended(process: subprocess.Popen[bytes]) -> bool:
    """Return whether a process has ended, and leave it unreaped."""
    if process.returncode is not None:
        return True
    try:
        return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is not None
    except ChildProcessError:
        return True


def signal_group(group: int, name: str) -> None:
    """Send a signal, as ``SIGTERM``, to every process of a group; none may be left."""
    if os.name == "posix":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, getattr(signal, name))


def await_group_end(group: int) -> None:
    """Wait, in bounded time, for the processes of a killed group: each dies a moment later."""
    deadline = time.monotonic() + _DYING_S
    while os.name == "posix" and _lives(group) and time.monotonic() < deadline:
        time.sleep(0.001)


def _lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return False
    states = list(Path("/proc").glob("[0-9]*/stat"))
    # An orphan that nobody has reaped yet can be signalled, but it is dead.
    return not states or any(_is_alive_in(group, state) for state in states)


def _is_alive_in(group: int, stat: Path) -> bool:
    try:
        # Bytes: a process may call itself anything, parentheses and half characters included.
        state, _parent, its_group = stat.read_bytes().rpartition(b")")[2].split()[:3]
    except (OSError, ValueError):
        return False  # it went away during the look
    return int(its_group) == group and state not in (b"Z", b"X")


def signal_name(number: int) -> str:
    """Return how to call a signal in a sentence."""
    try:
        return f"signal {number} ({signal.Signals(number).name})"
    except ValueError:
        return f"signal {number}"
