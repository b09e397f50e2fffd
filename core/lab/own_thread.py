"""The lab's own threads, of which neither the script nor the interpreter's shutdown knows.

Made with ``_thread`` instead of ``threading``: the script's ``threading.enumerate()`` shows none of
them. The system knows them by a name of their own (``/proc``, ``top -H``), so that who looks on can
tell them from the script's.

An interpreter must not be taken apart beside a thread that has not run yet: its first steps use
what is freed then, and the process dies of a segmentation fault. On a busy machine a thread may
wait for its first step longer than a whole script takes (seen on 3.9, once in some 3,000 runs). So
each of them has begun when it has been made, and the end of the process waits for some to be over.

By then the thread has its name too: naming opens a file for a moment, whose number a script that
runs beside might close and have for a file of its own.
"""

from __future__ import annotations

import _thread
import os
import sys
import threading
from collections.abc import Callable

from . import observe
from .ignoring import ignoring

NAME = b"futures-lab"

PATIENCE_S = 5.0
"""No longer is waited: a thread may be inside of an object of the script, which may do anything."""


def begun(function: Callable[[], object], without: str = "") -> OwnThread | None:
    """Return a thread that calls ``function``; None where the system has no room for one.

    The script goes on then, and ``without`` says what of the run is not to be had; it has a place
    for the reason.
    """
    try:
        return OwnThread(function)
    except (RuntimeError, MemoryError) as error:
        if without:
            observe.trouble(without % (error or "no memory"))
        return None


class OwnThread:
    """A thread that calls ``function`` once; it has begun when this returns.

    What the function raises is its own affair: Python would print it into the script's stderr.
    """

    def __init__(self, function: Callable[[], object]) -> None:
        self._function = function
        self._beginning, self._running = _thread.allocate_lock(), _thread.allocate_lock()
        self._beginning.acquire()
        self._running.acquire()
        _thread.start_new_thread(self._run, ())
        self.await_beginning()

    def _run(self) -> None:
        try:
            _name_thread()
            self._beginning.release()
            self._function()
        except BaseException:  # noqa: BLE001, S110 - see above
            pass
        finally:
            self._running.release()

    def await_beginning(self) -> None:
        """Block until the thread runs."""
        if self._beginning.acquire(timeout=PATIENCE_S):
            self._beginning.release()

    def await_end(self) -> None:
        """Block until the thread is over."""
        self._running.acquire(timeout=PATIENCE_S)


def _name_thread() -> None:
    """Name the calling thread, where the system lets it be done without a foreign call."""
    if not sys.platform.startswith("linux"):
        return
    with ignoring(OSError):  # a name is a convenience
        file = os.open("/proc/self/task/%d/comm" % threading.get_native_id(), os.O_WRONLY)
        try:
            os.write(file, NAME)
        finally:
            os.close(file)
