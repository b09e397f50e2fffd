"""Notes the ends of futures whose tasks cannot tell it: cancelled, never run, or worker killed.

Each attempt to cancel is noted as well, whatever came of it.

Tasks in threads tell their own end, so their futures need no done-callback: replacing
`Future.cancel` and `Future.set_exception` tells the rest, and a run of 50,000 trivial
tasks stays within a few microseconds a task. Tasks in processes do get a callback,
because a killed worker tells nothing.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from concurrent.futures import _base
from typing import Any

from .observe import CANCELLED, DONE, FAILED, now, state
from .shorten import shorten_call, shorten_error
from .tracebacks import drop_first, prune

_CANCELLED = (_base.CANCELLED, _base.CANCELLED_AND_NOTIFIED)
_LIBRARY = vars(_base)


def install() -> None:
    """Replace the methods by which a future ends without its task."""
    future: Any = _base.Future
    future._lab_task = future._lab_delivered = None  # of futures that are not ours
    future.cancel = _noting_cancel(future.cancel)
    future.set_exception = _noting_exception(future.set_exception)


def note_submission(
    future: Any, row: tuple[int, int, int, int], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> None:
    """Note that a task entered its executor, and tie the future to it."""
    task = future._lab_task = row[0]
    text = shorten_call(args, kwargs)
    state.submitted.extend((*row, text))  # looked up last: a repr() of the script's may fork
    # It may have ended already, before it was tied.
    if future._exception is not None or future._state == _base.CANCELLED:
        note_end(task, future)


def note_end(task: int, future: Any) -> None:
    """Note how a future ended, as its owner sees it."""
    error = future._exception  # the public ways to ask take a lock, for each of many tasks
    if error is not None:
        prune(error)
        at, text = now(), shorten_error(error)
        state.settled.extend((task, at, FAILED, text))
    elif future._state in _CANCELLED:
        state.settled.extend((task, now(), CANCELLED, ""))
    else:
        state.settled.extend((task, now(), DONE, ""))


def note_cancel(task: int, cancelled: bool) -> None:
    """Note that somebody asked to cancel a task, and the answer."""
    state.single.append(["cancel", task, now(), cancelled])


def _noting_cancel(original: Callable[[Any], bool]) -> Any:
    @functools.wraps(original)
    def cancel(self: Any) -> bool:
        task = self._lab_task  # before: delivering it unties the future
        cancelled = original(self)
        if task is not None:
            note_cancel(task, cancelled)
            if cancelled:
                note_end(task, self)
        # Executor.map cancels each future that it has delivered: that is nobody's wish.
        elif self._lab_delivered is not None and sys._getframe(1).f_globals is not _LIBRARY:
            note_cancel(self._lab_delivered, cancelled)
        return cancelled

    return cancel


def _noting_exception(original: Callable[..., None]) -> Any:
    @functools.wraps(original)
    def set_exception(self: Any, exception: BaseException | None) -> None:
        task = self._lab_task
        prune(exception)  # before anybody who waits can see it
        try:
            original(self, exception)
        except BaseException as error:
            drop_first(error)
            raise
        if task is not None:
            note_end(task, self)

    return set_exception
