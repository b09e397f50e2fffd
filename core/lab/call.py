"""The observed call: what really runs in a worker in place of the submitted function."""

from time import thread_time_ns

from .observe import DONE, FAILED, finished, local, now, started, worker_number
from .shorten import shorten, shorten_error
from .tracebacks import drop_first

_start = started.append
_finish = finished.append


def call(task, function, /, *args, **kwargs):
    """Call ``function`` and note when it began and ended, on which thread, and with what."""
    try:
        worker = local.worker
    except AttributeError:
        worker = worker_number()
    cpu = thread_time_ns()
    _start((task, now(), worker))
    try:
        result = function(*args, **kwargs)
    except BaseException as error:
        _finish((task, now(), thread_time_ns() - cpu, FAILED, shorten_error(error)))
        drop_first(error)
        raise
    _finish((task, now(), thread_time_ns() - cpu, DONE, shorten(result)))
    return result
