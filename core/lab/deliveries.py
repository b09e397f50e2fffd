"""Notes when the script receives a result: by as_completed, wait, map or ``result()``.

``Executor.map`` needs nothing of its own: it asks each future for its ``result()``.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator
from concurrent import futures
from concurrent.futures import _base
from typing import Any

from .observe import now, state
from .tracebacks import drop_first

_original_as_completed = _base.as_completed
_original_wait = _base.wait


def install() -> None:
    """Replace the functions and methods that hand results to the script."""
    futures.as_completed = _base.as_completed = as_completed
    futures.wait = _base.wait = wait
    future: Any = _base.Future
    future.result = _delivering(future.result)
    future.exception = _delivering(future.exception)
    if hasattr(future, "_get_snapshot"):  # by which asyncio asks, from Python 3.15 on
        future._get_snapshot = _delivering_snapshot(future._get_snapshot)


def deliver(future: Any, at: int | None = None) -> None:
    """Note the first time that a future's end reached the script: now, if ``at`` does not say."""
    task = future._lab_task
    if task is not None:
        future._lab_task, future._lab_delivered = None, task
        state.delivered.extend((task, now() if at is None else at))


@functools.wraps(_original_as_completed)
def as_completed(fs: Iterable[Any], timeout: float | None = None) -> Iterator[Any]:
    """Yield futures as the original does, noting each."""
    try:
        for future in _original_as_completed(fs, timeout):
            deliver(future)
            # No reference may stay here while the script works: results would live longer.
            only = [future]
            del future
            yield only.pop()
    except BaseException as error:
        drop_first(error)
        raise


@functools.wraps(_original_wait)
def wait(
    fs: Iterable[Any], timeout: float | None = None, return_when: str = _base.ALL_COMPLETED
) -> Any:
    """Wait as the original does, noting the futures that it found done."""
    try:
        found = _original_wait(fs, timeout, return_when)
    except BaseException as error:
        drop_first(error)
        raise
    at = now()  # the same for all: a set has no order, and ours would be taken for one
    for future in found.done:
        deliver(future, at)
    return found


def _delivering(original: Callable[..., Any]) -> Any:
    @functools.wraps(original)
    def method(self: Any, timeout: float | None = None) -> Any:
        try:
            value = original(self, timeout)
            if self._lab_task is not None:
                deliver(self)
            return value  # noqa: TRY300 - an else would cost every result() of the script
        except BaseException as error:
            if self.done():  # otherwise it is the caller's time that ran out
                deliver(self)
            drop_first(error)
            raise
        finally:
            del self  # the original breaks this cycle of exception and frame as well

    return method


def _delivering_snapshot(original: Callable[[Any], tuple[bool, bool, Any, Any]]) -> Any:
    @functools.wraps(original)
    def method(self: Any) -> tuple[bool, bool, Any, Any]:
        snapshot = original(self)
        if self._lab_task is not None and snapshot[0] and not snapshot[1]:
            deliver(self)  # what is done, and was not cancelled
        return snapshot

    return method
