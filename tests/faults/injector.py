"""Lets the k-th call of a kind fail in this process, as if the system had no more to give.

Stands alone and runs on every Python of the lab, so that it works in any process of a run.
Calls are counted by kind in the order in which they come: the same k is the same place again.
"""

from __future__ import annotations

import builtins
import errno
import io
import os
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

FUNCTIONS: dict[str, tuple[tuple[str, str], ...]] = {
    "thread": (
        ("_thread", "start_new_thread"),
        ("threading", "_start_new_thread"),
        ("_thread", "start_joinable_thread"),
        ("threading", "_start_joinable_thread"),
    ),
    "process": (
        ("_posixsubprocess", "fork_exec"),
        ("subprocess", "_fork_exec"),
        ("os", "posix_spawn"),
        ("os", "fork"),
    ),
    "open": (("os", "open"),),
    "pipe": (("os", "pipe"),),
    "dup": (("os", "dup"), ("os", "dup2")),
    "folder": (("os", "mkdir"),),
    "listing": (("os", "scandir"), ("os", "listdir")),
    "removal": (("os", "unlink"), ("os", "rmdir")),
    "rename": (("os", "rename"), ("os", "replace")),
    "pidfd": (("os", "pidfd_open"),),
    "read": (("os", "read"),),
    "write": (("os", "write"),),
    "wait": (("select", "select"), ("select", "poll")),
}
"""The functions that are counted as each kind; files and sockets come besides."""

METHODS = {"connect": "connect", "bind": "bind", "listen": "listen", "accept": "_accept"}
"""The kinds that are methods of a socket."""

KINDS = (*FUNCTIONS, "socket", *METHODS)

ERRORS: dict[str, tuple[str, ...]] = {
    "thread": ("RuntimeError",),
    "process": ("EAGAIN", "ENOMEM"),
    "open": ("EMFILE", "ENFILE"),
    "pipe": ("EMFILE", "ENFILE"),
    "dup": ("EMFILE",),
    "folder": ("ENOSPC", "EACCES"),
    "listing": ("EMFILE",),
    "removal": ("EIO",),
    "rename": ("EIO",),
    "pidfd": ("EMFILE", "ENOSYS"),
    "read": ("EIO",),
    "write": ("ENOSPC", "EPIPE"),
    "wait": ("ENOMEM",),
    "socket": ("EMFILE", "ENOBUFS"),
    "connect": ("EAGAIN", "ENOMEM"),
    "bind": ("ENOSPC", "EACCES"),
    "listen": ("EADDRINUSE",),
    "accept": ("EMFILE", "ECONNABORTED"),
}
"""What a call of each kind may fail with; MemoryError besides, wherever memory is taken."""


class Injector:
    """Counts, and lets one call fail; in this process only, not in forked children.

    Parameters
    ----------
    kind
        One of `KINDS`; empty to count only.
    number
        The call that fails, from 1 on.
    error
        The name of an errno, ``RuntimeError`` or ``MemoryError``.
    is_lasting
        Whether all calls from that one on fail.
    """

    def __init__(
        self, kind: str = "", number: int = 1, error: str = "", *, is_lasting: bool = False
    ) -> None:
        self._kind = kind
        self._number = number
        self._error = error
        self._is_lasting = is_lasting
        self._pid = os.getpid()
        self._lock = threading.Lock()
        self.is_armed = True
        self.counts = dict.fromkeys(KINDS, 0)

    def called(self, kind: str) -> None:
        """Count a call, and raise if it is the one."""
        if not self.is_armed or os.getpid() != self._pid or _is_of_the_library(kind):
            return
        with self._lock:
            self.counts[kind] += 1
            number = self.counts[kind]
        if kind == self._kind and (
            number == self._number or (self._is_lasting and number > self._number)
        ):
            raise self._exception()

    def _exception(self) -> Exception:
        if self._error == "RuntimeError":
            return RuntimeError("can't start new thread")
        if self._error == "MemoryError":
            return MemoryError()
        number = getattr(errno, self._error)
        return OSError(number, os.strerror(number))  # of the class for that number

    def install(self) -> None:
        """Put the counted functions into the place of those of the standard library."""
        for kind, places in FUNCTIONS.items():
            for module, name in places:
                self._replace(kind, module, name)
        builtins.open = io.open = _opener(self, io.open)
        socket.socket = _socket_class(self, socket.socket)  # type: ignore[misc] # it is one
        socket.SocketType = socket.socket
        pair = socket.socketpair

        def socketpair(*arguments: Any, **options: Any) -> Any:
            self.called("socket")
            return pair(*arguments, **options)

        socket.socketpair = socketpair
        connection = sys.modules.get("multiprocessing.connection")
        if connection is not None:  # it keeps the functions that it found
            connection.Connection._send.__defaults__ = (os.write,)
            connection.Connection._recv.__defaults__ = (os.read,)

    def _replace(self, kind: str, module: str, name: str) -> None:
        place = sys.modules.get(module) or __import__(module)
        real = getattr(place, name, None)
        if real is None:
            return

        def counted(*arguments: Any, **options: Any) -> Any:
            self.called(kind)
            return real(*arguments, **options)

        counted.__name__ = name
        for holder in (os.supports_dir_fd, os.supports_fd, os.supports_follow_symlinks):
            if real in holder:
                holder.add(counted)
        setattr(place, name, counted)


def _is_of_the_library(kind: str) -> bool:
    """Return whether `subprocess` reads whether its child could be started: that cannot fail."""
    if kind not in ("read", "write"):
        return False
    return any(frame.f_globals.get("__name__") == "subprocess" for frame in _callers(4))


def _callers(most: int) -> Iterator[Any]:
    frame = sys._getframe(2)
    for _ in range(most):
        if frame is None:
            return
        yield frame
        frame = frame.f_back  # type: ignore[assignment] # None ends it


def _opener(injector: Injector, real: Callable[..., Any]) -> Callable[..., Any]:
    class Raw(io.FileIO):
        """A file each of whose reads and writes is counted."""

        def readinto(self, buffer: Any) -> Any:
            injector.called("read")
            return super().readinto(buffer)

        def readall(self) -> Any:
            injector.called("read")
            return super().readall()

        def write(self, data: Any) -> Any:
            injector.called("write")
            return super().write(data)

    def opened(
        file: Any,
        mode: str = "r",
        buffering: int = -1,
        encoding: str | None = None,
        errors: str | None = None,
        newline: str | None = None,
        closefd: bool = True,
        opener: Any = None,
    ) -> Any:
        if not isinstance(file, int):
            injector.called("open")
        is_plain = "+" not in mode and buffering in (-1, io.DEFAULT_BUFFER_SIZE, 0)
        if not is_plain or not injector.is_armed:
            return real(file, mode, buffering, encoding, errors, newline, closefd, opener)
        raw = Raw(file, mode.replace("b", "").replace("t", ""), closefd, opener)
        if buffering == 0:
            return raw
        is_read = "r" in mode
        buffered: Any = io.BufferedReader(raw) if is_read else io.BufferedWriter(raw)
        if "b" in mode:
            return buffered
        text = io.TextIOWrapper(buffered, encoding, errors, newline, raw.isatty())
        text.mode = mode  # type: ignore[misc] # as the real one does
        return text

    return opened


def _socket_class(injector: Injector, real: type[socket.socket]) -> type[socket.socket]:
    def init(
        self: Any, family: int = -1, type: int = -1, proto: int = -1, fileno: Any = None
    ) -> None:
        if fileno is None:
            injector.called("socket")
        real.__init__(self, family, type, proto, fileno)

    def method(kind: str, name: str) -> Callable[..., Any]:
        def counted(self: Any, *arguments: Any) -> Any:
            injector.called(kind)
            return getattr(real, name)(self, *arguments)

        return counted

    members = {name: method(kind, name) for kind, name in METHODS.items()}
    return type("socket", (real,), {"__init__": init, "__slots__": (), **members})
