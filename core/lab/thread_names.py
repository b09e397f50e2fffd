"""Tells what Python calls the threads of the script, for views of what each thread does.

Only the interpreter knows these names: for the system all threads are called like the program.
Nothing is wrapped for it; who lives shorter than the time between two looks stays without a name.
"""

from __future__ import annotations

import concurrent.futures.process as process_module
import re
import threading
from typing import Any

from . import observe
from .shorten import cut, shorten_error

MOST = 4000
"""Names that are told; the views show no more threads."""

_NUMBERED = re.compile(r"Thread-\d+")
_FEEDER = "QueueFeederThread"
_MANAGER: Any = getattr(process_module, "_ExecutorManagerThread", ())


class ThreadNames:
    """Looks for threads that are new or have another name."""

    def __init__(self) -> None:
        self._told: dict[int, str] = {}
        self._is_on = True

    def tick(self) -> None:
        """Tell what is new."""
        if not self._is_on:
            return
        try:
            self._look()
        except Exception as error:  # noqa: BLE001 - a thread of the script may be of a class of its own
            self._is_on = False
            observe.trouble("Threads are not named any more: %s." % shorten_error(error))

    def _look(self) -> None:
        # Not threading.enumerate(): the script would wait for its lock while we wait for the GIL.
        for thread in vars(threading)["_active"].copy().values():
            number, name = thread.native_id, thread.name
            if self._told.get(number) == name or thread is threading.main_thread():
                continue
            if type(name) is not str or number is None:
                continue
            self._told[number] = name
            told = ["thread", number, cut(_in_full(thread)), not _serves(thread)]
            observe.state.single.append(told)
            self._is_on = len(self._told) < MOST


def _in_full(thread: threading.Thread) -> str:
    """Return the name of a thread; one that nobody named tells what it runs, as from 3.10 on."""
    if not _NUMBERED.fullmatch(thread.name):
        return thread.name
    runs = thread if type(thread) is threading.Thread else type(thread)
    what = getattr(getattr(runs, "_target", runs), "__name__", "")
    return "%s (%s)" % (thread.name, what.strip("_")) if type(what) is str else thread.name


def _serves(thread: threading.Thread) -> bool:
    """Return whether Python started it by itself, to serve a pool of processes or a queue."""
    return isinstance(thread, _MANAGER) or thread.name == _FEEDER
