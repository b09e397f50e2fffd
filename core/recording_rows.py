"""The tasks and the log of a recording as a file holds them: blocks of whole columns.

A column is base64 of little-endian numbers, so that 100,000 tasks are a few dozen lines that
are read by numpy and not number by number.
"""

import binascii
import math
from collections.abc import Iterator
from typing import Any, Final, Literal

import msgspec
import numpy as np
import numpy.typing as npt

from core import events
from core.columns import PENDING, Log, Tasks
from core.recording import Recording
from core.task_log import DELIVERED, FINISHED, STARTED, SUBMITTED

LONGEST_S: Final = 1e7
"""No moment of a run is further than this from its beginning: about four months."""

_ROWS: Final = 2_000
"""Rows in a line: with the longest texts there can be, it stays below the longest line."""

_LOG_ENTRIES: Final = 100_000

_FLOATS: Final = ("submitted_s", "started_s", "finished_s", "delivered_s", "cpu_s")
_NUMBERS: Final = ("worker", "executor", "function")


class TaskBlock(msgspec.Struct, frozen=True, tag="tasks", forbid_unknown_fields=True):
    """Rows of `core.columns.Tasks` that follow those of the block before."""

    submitted_s: str
    started_s: str
    finished_s: str
    delivered_s: str
    cpu_s: str
    worker: str
    executor: str
    function: str
    outcome: str
    arguments: list[events.Text]
    results: list[events.Text]


class LogBlock(msgspec.Struct, frozen=True, tag="log", forbid_unknown_fields=True):
    """Entries of `core.columns.Log` that follow those of the block before."""

    kind: str
    task: str


def blocks_of(recording: Recording) -> Iterator[TaskBlock | LogBlock]:
    """Yield the tasks and the log of a finished recording."""
    tasks = recording.tasks
    for first in range(0, len(recording), _ROWS):
        numbers = range(first, min(first + _ROWS, len(recording)))
        columns = {
            name: _written(column[first : first + _ROWS])
            for name, column in tasks._asdict().items()
        }
        arguments = [recording.arguments(task) for task in numbers]
        yield TaskBlock(
            **columns, arguments=arguments, results=[recording.result(task) for task in numbers]
        )
    log, end = recording.since(0)
    for first in range(0, end, _LOG_ENTRIES):
        part = slice(first, first + _LOG_ENTRIES)
        yield LogBlock(_written(log.kind[part]), _written(log.task[part]))


def halves(block: TaskBlock | LogBlock) -> Iterator[TaskBlock | LogBlock]:
    """Yield a block as two, for one that is too long for a line."""
    columns = msgspec.structs.asdict(block)
    rows = len(_raw(block.task)) // 4 if isinstance(block, LogBlock) else len(block.arguments)
    for part in (slice(0, rows // 2), slice(rows // 2, rows)):
        cut = {name: _cut(column, rows, part) for name, column in columns.items()}
        yield type(block)(**cut)


def put(block: TaskBlock | LogBlock, recording: Recording) -> None:
    """Append a block to a recording that is being opened.

    Raises
    ------
    ValueError
        It is damaged.
    """
    if isinstance(block, LogBlock):
        log = Log(_read(block.kind, "u1"), _read(block.task, "<i4"))
        if len(log.kind) != len(log.task):
            raise ValueError("columns of unequal length")
        recording.restore_log(log)
        return
    floats = {name: _moments(getattr(block, name)) for name in _FLOATS}
    numbers = {name: _read(getattr(block, name), "<i4") for name in _NUMBERS}
    rows = Tasks(**floats, **numbers, outcome=_read(block.outcome, "u1"))
    texts = (block.arguments, block.results)
    if len({len(column) for column in (*rows, *texts)}) != 1:
        raise ValueError("columns of unequal length")
    if len(recording) + len(rows.worker) > events.MAX_TASKS:
        raise ValueError("more tasks than a run can have")
    recording.restore_tasks(rows, *texts)


def check_whole(recording: Recording) -> None:
    """Check what no line can tell by itself: that the parts of a recording fit each other.

    Raises
    ------
    ValueError
        They do not.
    """
    tasks = recording.tasks
    started, finished = np.isfinite(tasks.started_s), np.isfinite(tasks.finished_s)
    _demand(_within(tasks.worker, -1, len(recording.workers) - 1), "a worker that never came")
    _demand(np.array_equal(started, tasks.worker >= 0), "a task that ran nowhere")
    _demand(np.array_equal(finished, tasks.outcome != PENDING), "a task with half an end")
    outcomes = (events.DONE, events.FAILED, events.CANCELLED, PENDING)
    _demand(bool(np.isin(tasks.outcome, outcomes).all()), "an outcome that there is not")
    _demand(_within(tasks.executor, -1, 999_999), "an executor that there is not")
    _demand(_within(tasks.function, -1, 999_999), "a function that there is not")
    _check_log(recording, tasks)
    named = [answer.task for answer in recording.cancels]
    for stall in recording.stalls:
        named += [number for wait in stall.waits for number in (wait.task, wait.awaited)]
    _demand(max(named, default=-1) < len(recording), "a task that there is not")
    looked = math.isfinite(recording.activity_until_s)
    _demand(looked or not recording.activity(), "threads that nobody looked at")
    if math.isfinite(recording.main_ended_s):
        _demand(recording.elapsed_s >= 0, "an elapsed time that is none")


def _check_log(recording: Recording, tasks: Tasks) -> None:
    log, _ = recording.since(0)
    _demand(_within(log.task, 0, len(recording) - 1), "a task that there is not")
    _demand(_within(log.kind, SUBMITTED, DELIVERED), "something that cannot happen")
    moments = {
        SUBMITTED: tasks.submitted_s,
        STARTED: tasks.started_s,
        FINISHED: tasks.finished_s,
        DELIVERED: tasks.delivered_s,
    }
    for kind, column in moments.items():
        known = np.isfinite(column[log.task[log.kind == kind]])
        _demand(bool(known.all()), "something that happened at no time")


def _demand(holds: bool, otherwise: str) -> None:
    if not holds:
        raise ValueError(f"it tells of {otherwise}")


def _within(column: npt.NDArray[Any], least: int, greatest: int) -> bool:
    return not len(column) or (int(column.min()) >= least and int(column.max()) <= greatest)


def _cut(column: Any, rows: int, part: slice) -> Any:
    """Return some rows of a column: a list, or base64 of numbers that are all as wide."""
    if isinstance(column, list):
        return column[part]
    raw = _raw(column)
    width = len(raw) // rows
    return _base64(raw[part.start * width : part.stop * width])


def _raw(column: str) -> bytes:
    return binascii.a2b_base64(column, strict_mode=True)


def _base64(raw: bytes) -> str:
    return binascii.b2a_base64(raw, newline=False).decode()


def _written(column: npt.NDArray[Any]) -> str:
    little = column.astype(column.dtype.newbyteorder("<"))
    return _base64(little.tobytes())


def _read(text: str, kind: Literal["u1", "<i4", "<f8"]) -> npt.NDArray[Any]:
    column = np.frombuffer(_raw(text), dtype=kind)
    return column.astype(column.dtype.newbyteorder("="))


def _moments(text: str) -> npt.NDArray[Any]:
    column = _read(text, "<f8")
    known = column[~np.isnan(column)]
    if len(known) and float(np.abs(known).max()) > LONGEST_S:
        raise ValueError("a moment that is in no run")
    return column
