"""The observed call: what really runs in a worker in place of the submitted function.

Reading a thread's CPU clock is a system call, 0.2 to 1 us, which is as much as a trivial
task takes. A worker whose tasks are all short therefore reads it for one task in
`SAMPLED`; for the others the CPU time is unknown, and shown as unknown.
"""

from __future__ import annotations

from collections.abc import Callable
from time import thread_time_ns
from typing import Any

from .observe import DONE, FAILED, Worker, new_worker, now, state
from .shorten import shorten_error, shorten_result
from .tracebacks import drop_first

SHORT_NS = 50_000
PATIENCE = 64  # so many short tasks in a row, and the worker counts as one of short tasks
SAMPLED = 16
UNKNOWN = -1


def call(task: int, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
    """Call ``function`` and note when it began and ended, on which thread, and with what."""
    try:
        worker: Worker = state.local.worker
    except AttributeError:
        worker = new_worker()
    clocked = worker.short < PATIENCE or not task % SAMPLED
    cpu = thread_time_ns() if clocked else 0
    begun = now()
    state.started.extend((task, begun, worker.number))
    try:
        result = function(*args, **kwargs)
    except BaseException as error:
        at = now()
        cpu, why = _cpu_since(cpu, clocked), shorten_error(error)
        state.finished.extend((task, at, cpu, FAILED, why))  # looked up last: a str() may fork
        drop_first(error)
        raise
    at = now()
    worker.short = worker.short + 1 if at - begun < SHORT_NS else 0
    cpu, what = _cpu_since(cpu, clocked), shorten_result(result)
    state.finished.extend((task, at, cpu, DONE, what))
    return result


def _cpu_since(cpu: int, clocked: bool) -> int:
    return thread_time_ns() - cpu if clocked else UNKNOWN
