"""What a worker does before its first task: joins the run, and calls the script's initializer.

An observed pool passes an `Initializing` in place of the script's own initializer. A worker process
joins by it: it gets a connection of its own, and a watch on its parent.
"""

from __future__ import annotations

import concurrent.futures.process as process_module
import multiprocessing
import os
import sys
import threading
from collections.abc import Callable
from multiprocessing.connection import wait
from multiprocessing.util import Finalize
from types import TracebackType
from typing import Any

from . import call as call_module
from . import forks, last_words, load
from .channel import Sender
from .observe import now, state
from .own_thread import begun
from .thread_names import ThreadNames
from .tracebacks import drop_first, prune

_ORPHANED = 1
"""Exit status of a worker whose parent is gone; nobody is left to read it."""


class Initializing:
    """Initializer of an observed pool: calls the script's, if any, and notes when.

    What joining takes comes in a subclass and not in a wrapper: each call in between would
    leave one more frame of the lab in tracebacks of Python 3.9 and 3.10.
    """

    def __init__(self, initializer: Callable[..., object] | None) -> None:
        self.initializer = initializer

    def _join(self) -> bool:
        """Do what this worker needs first, and return whether it is observed: a thread is."""
        return True

    def __call__(self, *initargs: Any) -> None:
        """Run in the worker, before its first task."""
        is_observed = self._join()
        if self.initializer is None:
            return
        begun = now() if is_observed else 0
        try:
            self.initializer(*initargs)
        except BaseException as error:
            _note(begun, False)
            drop_first(error)
            raise
        _note(begun, True)


class Joining(Initializing):
    """The same for a pool of processes: each of them joins the run first."""

    def __init__(self, address: str, key: bytes, initializer: Callable[..., object] | None) -> None:
        super().__init__(initializer)
        self._channel = (address, key)

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        parts = (*self._channel, self.initializer)
        names = {"where": load.__file__, "part": "worker", "parts": parts}
        return eval, (load.BY_PLACE + ".Joining(*parts)", names)

    def _join(self) -> bool:
        try:
            join(*self._channel)
        except Exception:  # noqa: BLE001 - no thread to be had, or names that the script replaced
            # Its pool must not break of that. That it never said hello, the run tells.
            call_module.call = _call_unobserved
            return False
        return True


def _call_unobserved(_task: int, function: Callable[..., Any], /, *args: Any, **kw: Any) -> Any:
    return function(*args, **kw)


def _note(begun: int, done: bool) -> None:
    if not begun:
        return  # nobody observes
    state.single.append(["initialized", threading.get_native_id(), begun, now(), done])


def join(address: str, key: bytes) -> None:
    """Make this worker process send what it sees; executors that it makes stay unobserved."""
    sender = Sender(address, key, "worker")
    watch = begun(_end_with_parent)  # without it the guard ends us
    vars(process_module)["_ExceptionWithTraceback"] = _pruned
    line_buffered()
    # Connected by the sender's own thread: the handshake must not hold up the first task.
    forks.in_children(sender.abandon)
    sender.start(ThreadNames().tick)
    last_words.install(sender.last_words)
    if watch is not None:
        Finalize(None, watch.await_beginning, exitpriority=-1)
    Finalize(None, sender.close, exitpriority=-1)


def line_buffered() -> None:
    """Let each printed line out at once, as on a terminal, though a pipe is behind it."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(line_buffering=True)


def _end_with_parent() -> None:
    """Exit when the parent has: idle pool workers outlive a killed parent for ever otherwise."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    own = _mark(parent.sentinel)
    wait([parent.sentinel])
    if _mark(parent.sentinel) == own:  # else the script has closed it, or put a file there
        os._exit(_ORPHANED)


def _mark(descriptor: int) -> tuple[int, int] | None:
    """Return what tells an open file from others; None on Windows, and if it is closed."""
    try:
        found = os.fstat(descriptor)
    except OSError:
        return None
    return found.st_dev, found.st_ino


_with_traceback: Any = process_module._ExceptionWithTraceback


def _pruned(error: BaseException, _traceback: TracebackType | None) -> Any:
    """Stand in for the pool's own, which turns the traceback into text right here."""
    prune(error)
    return _with_traceback(error, error.__traceback__)
