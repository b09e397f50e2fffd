"""Wraps functions of the script by decorating the parsed tree: line numbers stay as they are.

``main`` is timed: that is the elapsed time. In sequential mode, where no executor is
there to be watched, the task functions of the card are observed as tasks.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Callable, Collection
from time import thread_time_ns
from typing import Any

from . import executors, observe
from .observe import DONE, FAILED, now, state
from .shorten import shorten_call, shorten_error, shorten_result
from .tracebacks import drop_first
from .watches import Watches

TIMED = "__lab_timed__"
TASK = "__lab_task__"
SEQUENTIAL = 0  # the number of "no executor"


def decorate(tree: ast.Module, tasks: Collection[str]) -> bool:
    """Mark ``main`` and the functions named ``tasks`` in a tree; return whether main is there."""
    has_main = False
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == "main":
            _add(node, TIMED)
            has_main = True
        elif isinstance(node, ast.FunctionDef) and node.name in tasks:
            _add(node, TASK)
    return has_main


def names(watches: Watches) -> dict[str, Any]:
    """Return what the marks mean, for the script's built-in names."""
    return {TIMED: functools.partial(_timed, watches), TASK: _task}


def _add(node: ast.FunctionDef, name: str) -> None:
    mark = ast.copy_location(ast.Name(name, ast.Load()), node)
    node.decorator_list.append(mark)  # innermost: the script's own decorators stay outside


def main_starts() -> None:
    """Note the beginning of the elapsed time."""
    state.single.append(["main_started", now()])


def main_ends(watches: Watches) -> None:
    """Note the end of the elapsed time, and what the watches show then."""
    state.single.append(["main_ended", now()])
    watches.sample()


def _timed(watches: Watches, main: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(main)
    def timed(*args: Any, **kwargs: Any) -> Any:
        watches.sample()
        main_starts()
        try:
            return main(*args, **kwargs)
        except BaseException as error:
            drop_first(error)
            raise
        finally:
            main_ends(watches)

    return timed


def _task(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def task(*args: Any, **kwargs: Any) -> Any:
        if not state.speaking or getattr(state.local, "busy", False):
            return function(*args, **kwargs)  # inside a task: it is part of that task
        state.local.busy = True
        try:
            return observed_call(function, args, kwargs)
        finally:
            state.local.busy = False

    return task


def observed_call(
    function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    """Call a task function of a sequential run as the task that it is."""
    number, named = executors.next_task(), observe.function_number(function)
    worker = getattr(state.local, "worker", None) or observe.new_worker()
    at, text = now(), shorten_call(args, kwargs)
    state.submitted.extend((number, at, SEQUENTIAL, named, text))
    cpu = thread_time_ns()
    state.started.extend((number, now(), worker.number))
    try:
        result = function(*args, **kwargs)
    except BaseException as error:
        _end(number, cpu, FAILED, shorten_error(error))
        drop_first(error)
        raise
    _end(number, cpu, DONE, shorten_result(result))
    return result


def _end(number: int, cpu: int, outcome: int, text: str | int) -> None:
    at = now()
    state.finished.extend((number, at, thread_time_ns() - cpu, outcome, text))
    state.delivered.extend((number, at))
