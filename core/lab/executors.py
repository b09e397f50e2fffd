"""Observed twins of the executors: subclasses of the same name whose ``submit`` takes notes.

A pool made in a worker process runs unobserved: only the lab process numbers tasks.
"""

from __future__ import annotations

import functools
import gc
import weakref
from concurrent import futures
from concurrent.futures import process as process_module
from concurrent.futures import thread as thread_module
from typing import Any

from .call import call
from .ends import note_cancel, note_end, note_submission
from .observe import function_number, now, state, trouble
from .shorten import arguments_of, cut
from .tracebacks import drop_first
from .worker import Initializing, Joining

_NO_REAL_BOUND = 1_000_000
_INITIALIZER = 2  # its place among the arguments of a pool of threads, after the name's prefix


def next_task() -> int:
    """Return the number of a new task: one that was given back, if there is any."""
    try:
        return state.unused.pop()
    except IndexError:  # asked for rather than looked at: another thread may take the last one
        return next(state.tasks)


def announce(executor: int, mode: str, max_workers: int | None, start_method: str) -> None:
    """Note that an executor was made."""
    state.single.append(["executor", executor, mode, max_workers, start_method, now()])


def install(address: str, key: bytes) -> None:
    """Replace the executors in ``concurrent.futures`` by their twins."""
    thread_twin = _twin(futures.ThreadPoolExecutor, "threads", tells_its_end=True)
    process_twin = _twin(futures.ProcessPoolExecutor, "processes", tells_its_end=False)
    process_twin._lab_channel = (address, key)
    for module in (futures, thread_module):
        vars(module)["ThreadPoolExecutor"] = thread_twin
    for module in (futures, process_module):
        vars(module)["ProcessPoolExecutor"] = process_twin


def cancel(task: int) -> bool:
    """Cancel a task that still waits in its pool; note and return whether it could be."""
    for pool in alive():
        for future in waiting_in(pool):
            if future._lab_task == task:
                return bool(future.cancel())  # which notes its answer
    note_cancel(task, cancelled=False)  # it runs, or has ended
    return False


def alive() -> list[futures.Executor]:
    """Return the observed executors that are alive: where a task to cancel is looked for."""
    pools = [reference() for reference in list(state.pools.values())]
    return [pool for pool in pools if pool is not None]


def _twin(base: Any, mode: str, tells_its_end: bool) -> Any:
    class Observed(base):  # type: ignore[misc] # the base is known at run time only
        _lab_number: int | None = None  # of a pool that is left alone

        @functools.wraps(base.__init__)  # type: ignore[misc] # so that help() shows its parameters
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            observed = state.speaking and not _left_alone(type(self), base)
            if tells_its_end and observed:  # threads; processes get theirs in `_begin`
                args, kwargs = _noting_initializer(args, kwargs)
            try:
                base.__init__(self, *args, **kwargs)
            except BaseException as error:
                drop_first(error)
                raise
            if observed and state.speaking:
                _begin(self, mode)

        @functools.wraps(base.submit)
        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Any:
            task = None
            try:
                if self._lab_number is None or not state.speaking:
                    return base.submit(self, fn, *args, **kwargs)
                task = next_task() if state.unused else next(state.tasks)
                at = now()
                future = base.submit(self, call, task, fn, *args, **kwargs)
            except BaseException as error:
                if task is not None:
                    state.unused.append(task)
                drop_first(error)
                raise
            row = (task, at, self._lab_number, function_number(fn))
            note_submission(future, row, arguments_of(fn, args), kwargs)
            if not tells_its_end:
                future.add_done_callback(functools.partial(note_end, task))
            return future

    for name in ("__name__", "__qualname__", "__module__", "__doc__"):
        setattr(Observed, name, getattr(base, name))
    return Observed


def _left_alone(kind: type, base: type) -> bool:
    """Return whether the pools of a class are not observed yet, and say so once.

    From Python 3.14 on a class says by ``prepare_context`` where its tasks run. Where that is
    another interpreter nobody knows the lab, and would not find what it puts around a task.
    """
    if _context(kind) is _context(base):
        return False
    if kind.__name__ not in state.unobserved:
        state.unobserved.add(kind.__name__)
        trouble("Tasks of %s are not observed yet; they ran as usual." % cut(kind.__name__))
    return True


def _context(kind: type) -> Any:
    name = "prepare_context"
    return next((vars(one)[name] for one in kind.__mro__ if name in vars(one)), None)


def _noting_initializer(
    args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Return the arguments of a pool of threads, with an initializer that takes notes.

    Not by the pool's attributes: Python 3.14 keeps the initializer elsewhere than those before.
    What is no callable stays: refusing it is the pool's affair.
    """
    if len(args) > _INITIALIZER and callable(args[_INITIALIZER]):
        noting = Initializing(args[_INITIALIZER])
        args = (*args[:_INITIALIZER], noting, *args[_INITIALIZER + 1 :])
    elif callable(kwargs.get("initializer")):
        kwargs = {**kwargs, "initializer": Initializing(kwargs["initializer"])}
    return args, kwargs


def _begin(pool: Any, mode: str) -> None:
    own, number = vars(pool), next(state.executor_numbers)  # a class may have a setattr of its own
    own["_lab_number"] = number
    context = getattr(pool, "_mp_context", None)
    start_method = context.get_start_method() if context is not None else ""
    if context is not None:
        address, key = pool._lab_channel
        own["_initializer"] = Joining(address, key, pool._initializer)
    most = pool._max_workers
    most = most if type(most) is int and most < _NO_REAL_BOUND else None  # 2.5 is allowed as well
    announce(number, mode, most, start_method)
    for former, reference in list(state.pools.items()):
        if reference() is None:
            state.pools.pop(former, None)
    state.pools[number] = weakref.ref(pool)  # no WeakSet: a class may be one without a hash


def waiting_in(pool: futures.Executor) -> list[Any]:
    """Return the futures of the tasks that wait in a pool; of processes, of all unfinished ones."""
    items = list((getattr(pool, "_pending_work_items", None) or {}).values())
    # A queue.SimpleQueue shows nobody what is in it, except the garbage collector.
    for part in gc.get_referents(getattr(pool, "_work_queue", None)):
        items += list(part) if type(part) is list else [part]
    return [item.future for item in items if hasattr(item, "future")]
