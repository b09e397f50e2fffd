"""Finds processes by their parents, their session, and a mark in their environment (Linux).

Imports as little as possible: the guard beside each lab process uses it.
"""

import _signal as signal  # type: ignore[import-not-found] # built in, and typeshed leaves it out
import os
import time

_DYING_S = 0.5
"""How long processes that were killed may take to be gone."""

_MOST_BYTES = 1 << 20


def children() -> list[int]:
    """Return the processes of which this one, with its one thread, is the parent."""
    me = os.getpid()
    try:
        with open(f"/proc/self/task/{me}/children", "rb") as file:  # noqa: PTH123 - without pathlib
            return [int(number) for number in file.read().split()]
    except OSError:  # a kernel without that list
        return [number for number in _processes() if _facts(number)[1:2] == [b"%d" % me]]


def end_marked(session: int, mark: bytes) -> None:
    """Kill, in bounded time, who is of a session or has a mark in its environment, but for us."""
    deadline = time.monotonic() + _DYING_S
    while time.monotonic() < deadline:
        found = [number for number in _processes() if _is_of(number, session, mark)]
        if not found:
            return
        for number in found:
            _kill_marked(number, session, mark)
        time.sleep(0.001)  # one that is dead has no environment any more


def kill(number: int) -> None:
    """Kill a process, if it is still there."""
    try:
        os.kill(number, signal.SIGKILL)
    except OSError:
        return  # it has ended, or is somebody else's


def _kill_marked(number: int, session: int, mark: bytes) -> None:
    """Kill a process that was found; should it be another by now, leave it alone."""
    if not hasattr(os, "pidfd_open"):
        kill(number)
        return
    try:
        process = os.pidfd_open(number)
    except OSError:
        return
    try:
        if _is_of(number, session, mark):
            signal.pidfd_send_signal(process, signal.SIGKILL)
    except OSError:
        return
    finally:
        os.close(process)


def _processes() -> list[int]:
    try:
        return [int(name) for name in os.listdir("/proc") if name.isdigit()]  # noqa: PTH208 - without pathlib
    except OSError:
        return []


def _is_of(number: int, session: int, mark: bytes) -> bool:
    facts = _facts(number)
    if number == os.getpid() or not facts or facts[0] in (b"Z", b"X"):
        return False
    return facts[3] == b"%d" % session or mark in _read(f"/proc/{number}/environ").split(b"\0")


def _facts(number: int) -> list[bytes]:
    """Return state, parent, group and session of a process; nothing when it has ended."""
    # Bytes: a process may call itself anything, parentheses and half characters included.
    return _read(f"/proc/{number}/stat").rpartition(b")")[2].split()[:4]


def _read(path: str) -> bytes:
    try:
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - without pathlib
            return file.read(_MOST_BYTES) or b""
    except OSError:
        return b""  # it has ended, or is somebody else's
