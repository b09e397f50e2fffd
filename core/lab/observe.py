"""What has been seen in this process and not been sent yet: one queue a kind of event.

A queue is one flat list: the observed script extends it by a row (under the interpreter's
lock, or the list's own on free-threaded builds, that is one indivisible step of 70 ns, and
leaves no object behind for the garbage collector to visit); the sender's thread slices
whole columns out of it. Guarantees:

* Nothing here blocks or raises into the script.
* Task events are never dropped. Watch samples are, the oldest first, and counted.
* After a fork the child starts empty and silent: it must not speak on its parent's channel.
"""

from __future__ import annotations

import itertools
import os
import struct
import sys
import threading
import time
from binascii import b2a_base64
from collections import deque
from collections.abc import Sequence
from types import CodeType
from typing import Any, TypeVar

from .shorten import cut, name_of

Row = TypeVar("Row")

now = time.perf_counter_ns
DONE, FAILED, CANCELLED = 0, 1, 2
WATCH_ROOM = 4096

submitted: list[Any] = []  # task, at, executor, function, arguments
started: list[Any] = []  # task, at, worker
finished: list[Any] = []  # task, at, cpu, outcome, text
settled: list[Any] = []  # task, at, outcome, text
delivered: list[Any] = []  # task, at
samples: dict[str, deque[tuple[int, float]]] = {}  # name -> deque of (at, value)
single: deque[list[Any]] = deque()  # events that are no columns, as they go on the wire
workers: deque[list[Any]] = deque()  # announcements, which must precede tasks

state = threading.local()
"""``state.worker``: the `Worker` of this thread; ``state.busy``: it is inside a task."""

speaking = False
"""Whether this process has a channel. A forked child has none until it joins as a worker."""

_worker_numbers = itertools.count()
_numbers_by_name: dict[str, int] = {}
_numbers_by_code: dict[int, tuple[int, CodeType]] = {}
_functions_lock = threading.Lock()
_dropped = [0]
_batches = [0]

QUEUES = (
    ("submitted", submitted, 5, 4),
    ("started", started, 3, 3),
    ("finished", finished, 5, 4),
    ("settled", settled, 4, 3),
    ("delivered", delivered, 2, 2),
)
"""Tag, queue, columns a row, and how many columns from the left are integers."""


def connected() -> None:
    """Note that this process has a channel from now on."""
    global speaking
    speaking = True


class Worker:
    """What a thread that runs tasks keeps for itself."""

    __slots__ = ("number", "short")

    def __init__(self, number: int) -> None:
        self.number = number
        self.short = 0  # how many short tasks it has run in a row


def new_worker() -> Worker:
    """Make and announce the `Worker` of this thread."""
    state.worker = worker = Worker(next(_worker_numbers))
    name = threading.current_thread().name
    workers.append(["worker", worker.number, threading.get_native_id(), cut(name), now()])
    return worker


def function_number(function: Any) -> int:
    """Return the number of a callable's name, announcing it the first time.

    Looked up by its code: a reference to the callable itself would keep it alive.
    """
    try:
        return _numbers_by_code[id(function.__code__)][0]
    except Exception:  # noqa: BLE001 - an attribute of the script's may raise anything
        return _new_function(function)


def _new_function(function: Any) -> int:
    name = name_of(function)
    with _functions_lock:
        number = _numbers_by_name.get(name)
        if number is None:
            number = _numbers_by_name[name] = len(_numbers_by_name)
            single.append(["function", number, name])
    code = _code_of(function)
    if code is not None:
        _numbers_by_code[id(code)] = (number, code)  # holding it keeps its id its own
    return number


def _code_of(function: Any) -> CodeType | None:
    try:
        code = function.__code__
    except Exception:  # noqa: BLE001 - as above
        return None
    return code if type(code) is CodeType else None


def sample(name: str, value: float, at: int | None = None) -> None:
    """Note a watch sample of now, or of then; a full queue loses its oldest, which is counted."""
    rows = samples.setdefault(name, deque(maxlen=WATCH_ROOM))
    if len(rows) == WATCH_ROOM:
        _dropped[0] += 1
    rows.append((now() if at is None else at, value))


def drop(samples_lost: int) -> None:
    """Count watch samples that nobody will see."""
    _dropped[0] += samples_lost


def trouble(message: str) -> None:
    """Report that a part of the observation is switched off."""
    single.append(["trouble", message[:1000]])


def batches() -> int:
    """Return how many batches of task events were taken: when it changes, something went on."""
    return _batches[0]


def hello(role: str) -> list[Any]:
    """Return the first event of a connection."""
    return [
        "process",
        os.getpid(),
        os.getppid(),
        role,
        now(),
        sys.version.split()[0],
        not getattr(sys, "_is_gil_enabled", lambda: True)(),
    ]


def take(most: int) -> list[list[Any]]:
    """Remove and return waiting events, at most ``most`` rows a kind; empty when there are none.

    Rows are taken before the announcements that they rest on, and sent after them.
    """
    # Latest stage first: a task that is taken as finished has been taken as started before,
    # or is taken as started in this same round.
    columns = [_cut_rows(most, *queue) for queue in reversed(QUEUES) if queue[1]]
    columns.reverse()
    for name in list(samples):
        rows = _pop(samples[name], most)
        if rows:
            at, values = zip(*rows)
            columns.append(["watch", name, _packed(at), values])
    if _dropped[0]:
        columns.append(["dropped", _dropped[0]])
        _dropped[0] = 0
    return _pop(single, most) + _pop(workers, len(workers)) + columns  # no task before its worker


def _cut_rows(most: int, tag: str, queue: list[Any], width: int, integers: int) -> list[Any]:
    """Cut rows off the front of a queue, as an event: integers packed, texts as lists."""
    _batches[0] += 1
    size = min(len(queue), most * width)
    rows = queue[:size]
    del queue[:size]
    event: list[Any] = [tag]
    event += [_packed(rows[index::width]) for index in range(integers)]
    event += [rows[index::width] for index in range(integers, width)]
    return event


def _packed(column: Sequence[int]) -> str:
    # struct packs a list in half the time that array takes.
    return b2a_base64(struct.pack("%dq" % len(column), *column), newline=False).decode()


def forget() -> None:
    """Drop everything: called in a forked child, whose events these are not."""
    global speaking, _worker_numbers, _functions_lock
    speaking = False
    for rows in (submitted, started, finished, settled, delivered, single, workers):
        rows.clear()
    samples.clear()
    _numbers_by_name.clear()
    _numbers_by_code.clear()
    _functions_lock = threading.Lock()  # the parent's may be held by a thread that is not here
    _worker_numbers = itertools.count()
    _dropped[0] = 0
    state.__dict__.clear()


def _pop(rows: deque[Row], most: int) -> list[Row]:
    return [rows.popleft() for _ in range(min(len(rows), most))]
