"""Notes the ends of futures whose tasks cannot tell it: cancelled, never run, or worker killed.

Tasks in threads tell their own end, so their futures need no done-callback: replacing
`Future.cancel` and `Future.set_exception` tells the rest, and a run of 50,000 trivial
tasks stays within a few microseconds a task. Tasks in processes do get a callback,
because a killed worker tells nothing.
"""

import functools
from concurrent.futures import _base

from .observe import CANCELLED, DONE, FAILED, now, settled, submitted
from .shorten import shorten_call, shorten_error
from .tracebacks import prune


def install():
    """Replace the methods by which a future ends without its task."""
    _base.Future._lab_task = None  # of futures that are not ours
    _base.Future.cancel = _noting_cancel(_base.Future.cancel)
    _base.Future.set_exception = _noting_exception(_base.Future.set_exception)


def note_submission(future, row, args, kwargs):
    """Note that a task entered its executor, and tie the future to it."""
    task = future._lab_task = row[0]
    submitted.extend((*row, shorten_call(args, kwargs)))
    # It may have ended already, before it was tied.
    if future._exception is not None or future._state == _base.CANCELLED:
        note_end(task, future)


def note_end(task, future):
    """Note how a future ended, as its owner sees it."""
    if future.cancelled():
        settled.extend((task, now(), CANCELLED, ""))
    elif future._exception is not None:
        prune(future._exception)
        settled.extend((task, now(), FAILED, shorten_error(future._exception)))
    else:
        settled.extend((task, now(), DONE, ""))


def _noting_cancel(original):
    @functools.wraps(original)
    def cancel(self):
        task = self._lab_task  # before: delivering it unties the future
        cancelled = original(self)
        if cancelled and task is not None:
            note_end(task, self)
        return cancelled

    return cancel


def _noting_exception(original):
    @functools.wraps(original)
    def set_exception(self, exception):
        task = self._lab_task
        prune(exception)  # before anybody who waits can see it
        original(self, exception)
        if task is not None:
            note_end(task, self)

    return set_exception
