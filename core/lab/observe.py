"""What has been seen in this process and not been sent yet: one queue a kind of event.

A queue is one flat list: the observed script extends it by a row (under the interpreter's
lock, or the list's own on free-threaded builds, that is one indivisible step of 70 ns, and
leaves no object behind for the garbage collector to visit); the sender's thread slices
whole columns out of it. Guarantees:

* Nothing here blocks or raises into the script.
* Task events are never dropped. Watch samples are, the oldest first, and counted.
* A forked child begins empty and silent: it must not speak on its parent's channel.
"""

from __future__ import annotations

import os
import struct
import sys
import threading
import time
from binascii import b2a_base64
from collections import deque
from collections.abc import Sequence
from itertools import count
from threading import local
from types import CodeType
from typing import Any, TypeVar
from weakref import ReferenceType

from . import forks
from .shorten import cut, name_of

Row = TypeVar("Row")

now = time.perf_counter_ns
DONE, FAILED, CANCELLED = 0, 1, 2
WATCH_ROOM = 4096

QUEUES = (
    ("submitted", 5, 4),
    ("started", 3, 3),
    ("finished", 5, 4),
    ("settled", 4, 3),
    ("delivered", 2, 2),
)
"""Tag and name of a queue, columns a row, and how many columns from the left are integers."""

LONG, PIECES = 8, 200
"""A queue of more than so many batches is long, and so many are cut off it at once: what stays in
a list moves up with each cut, so a queue of millions, cut batch by batch, would grow for ever."""


class State:
    """All that the observation keeps in this process: one object, so that a child can have another.

    Asked for its parts at the moment of each use: whoever kept one of them beyond a fork would
    use the parent's, whose lock (free-threaded builds) a thread may hold that the child lacks.

    Without ``__slots__``: free-threaded builds read a slot of another thread's object under that
    object's lock, time and again, and in a child the lock was held for ever. What is in the dict
    of an instance is read under it the first time only.
    """

    def __init__(self) -> None:
        self.left: tuple[Any, ...] = ()
        self.begin()

    def leave(self) -> None:
        """Begin anew in a forked child.

        The parent's queues are kept: millions of rows may wait in them, which are shared memory
        until somebody frees them.
        """
        rows = self.submitted, self.started, self.finished, self.settled, self.delivered
        self.left = (self.left, rows, self.pieces)
        self.begin()

    def begin(self) -> None:
        """Begin anew."""
        self.submitted: list[Any] = []  # task, at, executor, function, arguments
        self.started: list[Any] = []  # task, at, worker
        self.finished: list[Any] = []  # task, at, cpu, outcome, text
        self.settled: list[Any] = []  # task, at, outcome, text
        self.delivered: list[Any] = []  # task, at
        self.pieces: dict[str, deque[list[Any]]] = {tag: deque() for tag, *_ in QUEUES}  # cut off
        self.samples: dict[str, deque[tuple[int, float]]] = {}  # name -> deque of (at, value)
        self.single: deque[list[Any]] = deque()  # events that are no columns, as on the wire
        self.workers: deque[list[Any]] = deque()  # announcements, which must precede tasks
        # ``local.worker``: the `Worker` of a thread; ``local.busy``: it is inside a task.
        self.local = local()
        # Whether tasks are noted: a forked child has no channel, until it joins as a worker.
        self.speaking = False
        self.pools: dict[int, ReferenceType[Any]] = {}  # the observed executors, by number
        self.unobserved: set[str] = set()  # classes of executors about which that was said
        self.tasks = count()
        self.unused: list[int] = []  # tasks whose submit was refused: numbers have no gaps
        self.executor_numbers = count(1)  # 0 is the script itself, in sequential mode
        self.worker_numbers = count()
        self.function_numbers = count()
        self.by_name: dict[str, int] = {}
        self.by_code: dict[int, tuple[int, CodeType]] = {}
        self.dropped = 0
        self.batches = 0


state = State()
forks.in_children(state.leave)


def connected() -> None:
    """Note that this process has a channel from now on."""
    state.speaking = True


class Worker:
    """What a thread that runs tasks keeps for itself."""

    __slots__ = ("number", "short")

    def __init__(self, number: int) -> None:
        self.number = number
        self.short = 0  # how many short tasks it has run in a row


def new_worker() -> Worker:
    """Make and announce the `Worker` of this thread."""
    state.local.worker = worker = Worker(next(state.worker_numbers))
    name = threading.current_thread().name
    state.workers.append(["worker", worker.number, threading.get_native_id(), cut(name), now()])
    return worker


def function_number(function: Any) -> int:
    """Return the number of a callable's name, announcing it the first time.

    Looked up by its code: a reference to the callable itself would keep it alive.
    """
    try:
        return state.by_code[id(function.__code__)][0]
    except Exception:  # noqa: BLE001 - an attribute of the script's may raise anything
        return _new_function(function)


def _new_function(function: Any) -> int:
    name = name_of(function)
    number = state.by_name.get(name)
    if number is None:
        number = state.by_name.setdefault(name, next(state.function_numbers))
        # Two threads may both announce it: each before a task of its own rests on it.
        state.single.append(["function", number, name])
    code = _code_of(function)
    if code is not None:
        state.by_code[id(code)] = (number, code)  # holding it keeps its id its own
    return number


def _code_of(function: Any) -> CodeType | None:
    try:
        code = function.__code__
    except Exception:  # noqa: BLE001 - as above
        return None
    return code if type(code) is CodeType else None


def sample(name: str, value: float, at: int | None = None) -> None:
    """Note a watch sample of now, or of then; a full queue loses its oldest, which is counted."""
    rows = state.samples.setdefault(name, deque(maxlen=WATCH_ROOM))
    if len(rows) == WATCH_ROOM:
        state.dropped += 1
    rows.append((now() if at is None else at, value))


def drop(samples_lost: int) -> None:
    """Count watch samples that nobody will see."""
    state.dropped += samples_lost


def trouble(message: str) -> None:
    """Report that a part of the observation is switched off."""
    state.single.append(["trouble", message[:1000]])


def batches() -> int:
    """Return how many batches of task events were taken: when it changes, something went on."""
    return state.batches


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
    columns = [_cut_rows(most, *queue) for queue in reversed(QUEUES) if _waits(queue[0])]
    columns.reverse()
    for name in list(state.samples):
        rows = _pop(state.samples[name], most)
        if rows:
            at, values = zip(*rows)
            columns.append(["watch", name, _packed(at), values])
    if state.dropped:
        columns.append(["dropped", state.dropped])
        state.dropped = 0
    # No task before its worker.
    return _pop(state.single, most) + _pop(state.workers, len(state.workers)) + columns


def _waits(tag: str) -> bool:
    return bool(state.pieces[tag] or getattr(state, tag))


def _cut_rows(most: int, tag: str, width: int, integers: int) -> list[Any]:
    """Cut rows off the front of a queue, as an event: integers packed, texts as lists."""
    state.batches += 1
    rows = _front(getattr(state, tag), state.pieces[tag], most * width)
    event: list[Any] = [tag]
    event += [_packed(rows[index::width]) for index in range(integers)]
    event += [rows[index::width] for index in range(integers, width)]
    return event


def _front(queue: list[Any], pieces: deque[list[Any]], size: int) -> list[Any]:
    """Cut the front off a queue; first comes what was cut off it before, in pieces."""
    if not pieces and len(queue) > LONG * size:
        front = _cut(queue, PIECES * size)
        pieces.extend(front[first : first + size] for first in range(0, len(front), size))
    rows = pieces.popleft() if pieces else []
    return rows + _cut(queue, size - len(rows)) if len(rows) < size else rows


def _cut(queue: list[Any], size: int) -> list[Any]:
    rows = queue[:size]
    del queue[: len(rows)]
    return rows


def _packed(column: Sequence[int]) -> str:
    # struct packs a list in half the time that array takes.
    return b2a_base64(struct.pack("%dq" % len(column), *column), newline=False).decode()


def _pop(rows: deque[Row], most: int) -> list[Row]:
    return [rows.popleft() for _ in range(min(len(rows), most))]
