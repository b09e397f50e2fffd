"""A worker process joins the run: its own connection, and a watch on its parent.

The observed process pool passes a `Joining` as its initializer, before the script's own.
"""

from __future__ import annotations

import _thread
import concurrent.futures.process as process_module
import multiprocessing
import multiprocessing.util
import os
import sys
from collections.abc import Callable
from multiprocessing.connection import wait
from types import TracebackType
from typing import Any

from . import load
from .channel import Sender
from .tracebacks import drop_first, prune

_ORPHANED = 1
"""Exit status of a worker whose parent is gone; nobody is left to read it."""


class Joining:
    """Initializer of an observed pool: joins, then calls the script's initializer, if any."""

    def __init__(self, address: str, key: bytes, initializer: Callable[..., object] | None) -> None:
        self.parts = (address, key, initializer)

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        names = {"where": load.__file__, "part": "worker", "parts": self.parts}
        return eval, (load.BY_PLACE + ".Joining(*parts)", names)

    def __call__(self, *initargs: Any) -> None:
        """Run in the worker process, before its first task."""
        address, key, initializer = self.parts
        join(address, key)
        if initializer is not None:
            try:
                initializer(*initargs)
            except BaseException as error:
                drop_first(error)
                raise


def join(address: str, key: bytes) -> None:
    """Make this worker process send what it sees; executors that it makes stay unobserved."""
    _thread.start_new_thread(_end_with_parent, ())
    vars(process_module)["_ExceptionWithTraceback"] = _pruned
    line_buffered()
    # Connected by the sender's own thread: the handshake must not hold up the first task.
    sender = Sender(address, key, "worker")
    sender.start()
    multiprocessing.util.Finalize(None, sender.close, exitpriority=-1)


def line_buffered() -> None:
    """Let each printed line out at once, as on a terminal, though a pipe is behind it."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(line_buffering=True)


def _end_with_parent() -> None:
    """Exit when the parent has: idle pool workers outlive a killed parent for ever otherwise."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(_ORPHANED)


_with_traceback: Any = process_module._ExceptionWithTraceback


def _pruned(error: BaseException, _traceback: TracebackType | None) -> Any:
    """Stand in for the pool's own, which turns the traceback into text right here."""
    prune(error)
    return _with_traceback(error, error.__traceback__)
