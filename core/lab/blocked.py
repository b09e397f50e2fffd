"""What the tasks in the threads of this process wait for, as far as their frames tell.

A task is found by the frame of the observed call that it runs in, the future that it waits for by
the frame of ``result()``: looking costs something only while somebody looks, a task costs nothing.
"""

from __future__ import annotations

import _thread
import ast
import functools
import re
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import _base
from types import FrameType
from typing import Any, NamedTuple

from .call import call
from .functions import observed_call
from .places import Places, names_in, value_of

_TASKS = {call.__code__: "task", observed_call.__code__: "number"}
"""The observed calls, and what they call the number of their task."""

_LOCK, _RLOCK = _thread.LockType, _thread.RLock
_OWNER = re.compile(r"<locked .* owner=(-?\d+) ")

_AWAITING: dict[Any, str] = {
    _base.Future.result.__code__: "self",
    _base.Future.exception.__code__: "self",
    _base.wait.__code__: "fs",
    _base.as_completed.__code__: "pending",
}
"""What Python itself waits for futures in, and what it calls them; read before we wrap them."""

_RECEIVING = ("result", "exception", "wait", "as_completed", "map")
_UNFINISHED = (_base.PENDING, _base.RUNNING)


class Thread(NamedTuple):
    """A thread that runs a task, as it stood when its frames were read."""

    ident: int
    task: int
    frame: FrameType
    """Innermost."""
    outermost: FrameType
    """The frame of the observed call."""

    @property
    def place(self) -> tuple[int, int, int, int]:
        """What changes as soon as the thread goes on."""
        return self.ident, self.task, id(self.frame), self.frame.f_lasti

    def frames(self) -> Iterator[FrameType]:
        """Yield the frames of the task, innermost first."""
        frame: FrameType | None = self.frame
        while frame is not None and frame is not self.outermost:
            yield frame
            frame = frame.f_back


class Waiting(NamedTuple):
    """What one task waits for: the end of tasks, or a lock."""

    tasks: tuple[int, ...]
    lock: Any
    what: str
    line: int | None


def task_threads() -> list[Thread]:
    """Return the threads that run tasks right now."""
    frames = sys._current_frames()
    del frames[_thread.get_ident()]  # ours: it would hold itself
    found = (_task_thread(ident, frame) for ident, frame in frames.items())
    return [thread for thread in found if thread is not None]


def _task_thread(ident: int, innermost: FrameType) -> Thread | None:
    frame: FrameType | None = innermost
    while frame is not None:
        if frame.f_code in _TASKS:
            task = frame.f_locals[_TASKS[frame.f_code]]
            return Thread(ident, task, innermost, frame)
        frame = frame.f_back
    return None


class Script:
    """Looks at threads as the script's author would: by lines and names of the script.

    Parameters
    ----------
    file : str
        The script, as its frames call it.
    source : bytes
        What was in it when it was run.
    namespace : dict
        Its globals.
    """

    def __init__(self, file: str, source: bytes, namespace: dict[str, Any]) -> None:
        self._file = file
        self._source = source
        self._namespace = namespace

    @functools.cached_property
    def _places(self) -> Places:
        return Places(self._source)  # only now: most runs never need it

    def waiting(self, thread: Thread) -> Waiting | None:
        """Return what a task waits for; None if it does not wait, or not known for what."""
        return self._for_futures(thread) or self._for_lock(thread)

    def holders(self, lock: Any, threads: list[Thread]) -> list[Thread]:
        """Return the threads that hold a lock, as far as is known."""
        if type(lock) is _RLOCK:
            owner = _OWNER.match(repr(lock))
            return [one for one in threads if owner and one.ident == int(owner.group(1))]
        return [one for one in threads if self._holds(one, lock)]

    def _for_futures(self, thread: Thread) -> Waiting | None:
        if thread.frame.f_code is not threading.Condition.wait.__code__:
            return None
        frames = [one for one in thread.frames() if one.f_code is not threading.Event.wait.__code__]
        name = _AWAITING.get(frames[1].f_code) if len(frames) > 1 else None
        if name is None:
            return None
        tasks = _unfinished_tasks(frames[1].f_locals.get(name))
        mine = next(self._own(frames), None)
        if not tasks or mine is None:
            return None
        return Waiting(tasks, None, self._places.awaited(mine, _RECEIVING), mine.f_lineno)

    def _for_lock(self, thread: Thread) -> Waiting | None:
        frame = thread.frame
        node = self._places.lock_at(frame) if frame.f_code.co_filename == self._file else None
        if node is None:
            return None
        lock = value_of(node, frame)
        if not _is_locked(lock):
            return None
        frame, node = self._asked_by(thread, lock) or (frame, node)
        what = self._global_name(lock) or self._places.text(node)
        return Waiting((), lock, what, frame.f_lineno)

    def _asked_by(self, thread: Thread, lock: Any) -> tuple[FrameType, ast.expr] | None:
        """Return who wants the lock, when it is a helper that was called to take it."""
        frames = list(self._own(thread.frames()))[1:]
        for frame in frames:
            for name in self._places.mentioned(frame):
                if value_of(name, frame) is lock:
                    return frame, name
        return None

    def _holds(self, thread: Thread, lock: Any) -> bool:
        return any(
            value_of(name, frame) is lock
            for frame in self._own(thread.frames())
            for context in self._places.inside(frame)
            for name in names_in(context)
        )

    def _own(self, frames: Any) -> Iterator[FrameType]:
        return (frame for frame in frames if frame.f_code.co_filename == self._file)

    def _global_name(self, lock: Any) -> str:
        names = list(self._namespace.items())
        return next((name for name, value in names if value is lock), "")


def _unfinished_tasks(awaited: Any) -> tuple[int, ...]:
    """Return the tasks of futures that all wait for their end; none if one is not known."""
    futures = [awaited] if isinstance(awaited, _base.Future) else list(awaited or ())
    tasks = [getattr(one, "_lab_task", None) for one in futures if one._state in _UNFINISHED]
    return () if None in tasks else tuple(sorted(task for task in tasks if task is not None))


def _is_locked(lock: Any) -> bool:
    if type(lock) is _LOCK:
        return bool(lock.locked())
    return type(lock) is _RLOCK and _OWNER.match(repr(lock)) is not None
