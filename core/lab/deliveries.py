"""Notes when the script receives a result: by as_completed, wait, map or ``result()``.

``Executor.map`` needs nothing of its own: it asks each future for its ``result()``.
"""

import functools
from concurrent import futures
from concurrent.futures import _base

from .observe import delivered, now
from .tracebacks import drop_first

_original_as_completed = _base.as_completed
_original_wait = _base.wait


def install():
    """Replace the functions and methods that hand results to the script."""
    futures.as_completed = _base.as_completed = as_completed
    futures.wait = _base.wait = wait
    _base.Future.result = _delivering(_base.Future.result)
    _base.Future.exception = _delivering(_base.Future.exception)


def deliver(future):
    """Note the first time that a future's end reached the script."""
    task = future._lab_task
    if task is not None:
        future._lab_task = None
        delivered.extend((task, now()))


@functools.wraps(_original_as_completed)
def as_completed(fs, timeout=None):
    """Yield futures as the original does, noting each."""
    for future in _original_as_completed(fs, timeout):
        deliver(future)
        # No reference may stay here while the script works: results would live longer.
        only = [future]
        del future
        yield only.pop()


@functools.wraps(_original_wait)
def wait(fs, timeout=None, return_when=_base.ALL_COMPLETED):
    """Wait as the original does, noting the futures that it found done."""
    found = _original_wait(fs, timeout, return_when)
    for future in found.done:
        deliver(future)
    return found


def _delivering(original):
    @functools.wraps(original)
    def method(self, timeout=None):
        try:
            value = original(self, timeout)
            if self._lab_task is not None:
                deliver(self)
            return value
        except BaseException as error:
            if self.done():  # otherwise it is the caller's time that ran out
                deliver(self)
            drop_first(error)
            raise
        finally:
            del self  # the original breaks this cycle of exception and frame as well

    return method
