"""The lab's own sockets, among descriptors that belong to the script.

A script may close every descriptor that it did not open (daemons do), open files that then get
their numbers, or put others in their place (``dup2``). Guarantees:

* The lab's sockets have high numbers, so that the script's get those that they have when run alone.
* What is at a number is told apart from strangers *in the same step* in which it is used. Between
  two steps of Python another thread may run for some milliseconds, and so it may during ``fstat``,
  which lets go of the interpreter's lock; asking a socket for its cookie does not.
* Only calls that sockets alone know are used: on a file they fail, and neither write nor read.
"""

from __future__ import annotations

import _socket
import errno
import os
from collections.abc import Callable, Iterator
from functools import partial
from itertools import repeat, starmap
from operator import attrgetter
from time import sleep
from typing import Any

from .ignoring import ignoring

try:
    import resource
    from fcntl import F_DUPFD_CLOEXEC, fcntl
except ImportError:  # Windows, where descriptors are no more than the C library's
    resource = None  # type: ignore[assignment] # as above

_SO_COOKIE = 57
"""Linux's number of a socket, never given twice; Python has no name for it."""
_COOKIE_BYTES = 8

_HIGHEST = 4096
"""Forking copies the table of descriptors up to the highest one, and a limit may be a million."""
_ROOM = 24  # with the most common limit, 1,024, ours survive the idiom `os.closerange(3, 1000)`

_STRANGE = (errno.EBADF, errno.ENOTSOCK)
_NO_SIGNAL: int = getattr(_socket, "MSG_NOSIGNAL", 0)  # the script may have set SIGPIPE to kill


class LostError(Exception):
    """The script closed the socket, or put something else in its place."""


class OwnSocket:
    """A socket of the lab.

    Parameters
    ----------
    descriptor : int
        Of a socket. It is taken over, and moved at once to a high number that no other program
        inherits.
    """

    def __init__(self, descriptor: int) -> None:
        self._socket = _socket.socket(fileno=_moved(descriptor))
        self._socket.settimeout(None)  # the script may have set another for all that are made
        self._marks = _cookies(self._socket) or _file_marks(self._socket)
        self._mark = next(self._marks())

    def connect(self, address: str) -> None:
        """Connect to a socket file."""
        self._use(self._socket.connect, address)

    def send(self, data: bytes) -> None:
        """Send all of it.

        Raises
        ------
        LostError
            As from all that uses the socket.
        OSError
            The other end is gone.
        """
        while data:
            data = data[self._use(self._socket.send, data, _NO_SIGNAL) :]

    def receive(self, most: int) -> bytes:
        """Wait for some bytes; none is the end."""
        data: bytes = self._use(self._socket.recv, most)
        return data

    def wait_at_most(self, patience_s: float | None) -> None:
        """Let each use fail that takes longer; None: let it block again."""
        self._use(self._socket.settimeout, patience_s)

    def close(self) -> None:
        """Close the socket; what the script put in its place stays open."""
        with ignoring(LostError, OSError):
            self._use(self._socket.close)
        self.let_go()

    def let_go(self) -> None:
        """Forget the number: it is somebody else's, and Python would close it some day."""
        self._socket.detach()

    def _use(self, method: Callable[..., Any], *arguments: Any) -> Any:
        """Call a method of the socket if it is still ours: one step, all of it in C.

        A call of the system lets go of the interpreter's lock first and, if another thread has
        asked for that, waits until it runs: time enough for it to put something else in place (seen
        in half of all tries). Right after a pause nobody has asked.
        """
        known = {self._mark: arguments}
        sleep(0)
        try:
            return next(starmap(method, map(known.__getitem__, self._marks())))
        except KeyError:
            raise LostError from None
        except OSError as error:
            if error.errno in _STRANGE:
                raise LostError from None
            raise


def _moved(descriptor: int) -> int:
    """Return a high copy of a descriptor that is closed then; itself where there is no room."""
    if resource is None:
        return descriptor
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    most = _HIGHEST if soft == resource.RLIM_INFINITY else min(soft, _HIGHEST)
    for least in (most - _ROOM, most * 3 // 4, most // 2):
        with ignoring(OSError):
            copy: int = fcntl(descriptor, F_DUPFD_CLOEXEC, max(least, 3))
            os.close(descriptor)
            return copy
    os.set_inheritable(descriptor, False)
    return descriptor


def _cookies(inner: _socket.socket) -> Callable[[], Iterator[Any]] | None:
    """Return what looks at the system's number of a socket; None where there is none."""
    look: Any = partial(inner.getsockopt, _socket.SOL_SOCKET, _SO_COOKIE, _COOKIE_BYTES)
    with ignoring(OSError):
        if len(look()) == _COOKIE_BYTES:
            return partial(iter, look, None)
    return None


def _file_marks(inner: _socket.socket) -> Callable[[], Iterator[Any]]:
    """Return what looks at device and inode instead."""
    number = inner.fileno()
    return lambda: map(attrgetter("st_dev", "st_ino"), map(os.fstat, repeat(number)))
