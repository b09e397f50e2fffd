"""What has been seen in this process and not been sent yet: one queue a kind of event.

The observed script appends plain tuples (a deque's ``append`` takes no lock and
30 ns); the sender's thread turns them into columns. Guarantees:

* Nothing here blocks or raises into the script.
* Task events are never dropped. Watch samples are, the oldest first, and counted.
* After a fork the child starts empty and silent: it must not speak on its parent's channel.
"""

import itertools
import os
import sys
import threading
import time
from collections import deque

now = time.perf_counter_ns
DONE, FAILED, CANCELLED = 0, 1, 2
WATCH_ROOM = 4096

submitted = deque()  # (task, at, executor, function, arguments)
started = deque()  # (task, at, worker)
finished = deque()  # (task, at, cpu, outcome, text)
settled = deque()  # (task, at, outcome, text)
delivered = deque()  # (task, at)
samples = {}  # name -> deque of (at, value)
single = deque()  # events that are no columns, as they go on the wire
workers = deque()  # likewise; apart, because a worker must be announced before its tasks

local = threading.local()
"""``local.worker``: the number of the running thread; ``local.busy``: it is inside a task."""

speaking = False
"""Whether this process has a channel. A forked child has none until it joins as a worker."""

_worker_numbers = itertools.count()
_functions = {}
_functions_lock = threading.Lock()
_dropped = [0]

ROWS = (
    ("submitted", submitted),
    ("started", started),
    ("finished", finished),
    ("settled", settled),
    ("delivered", delivered),
)


def connected():
    """Note that this process has a channel from now on."""
    global speaking
    speaking = True


def worker_number():
    """Return the number of this thread, announcing it the first time."""
    try:
        return local.worker
    except AttributeError:
        local.worker = number = next(_worker_numbers)
        name = threading.current_thread().name
        workers.append(["worker", number, threading.get_native_id(), name[:200], now()])
        return number


def function_number(name):
    """Return the number of a callable's name, announcing it the first time."""
    number = _functions.get(name)
    if number is None:
        with _functions_lock:
            number = _functions.setdefault(name, len(_functions))
            single.append(["function", number, name])
    return number


def sample(name, value):
    """Note a watch sample; a full queue loses its oldest one, which is counted."""
    rows = samples.setdefault(name, deque(maxlen=WATCH_ROOM))
    if len(rows) == WATCH_ROOM:
        _dropped[0] += 1
    rows.append((now(), value))


def trouble(message):
    """Report that a part of the observation is switched off."""
    single.append(["trouble", message[:1000]])


def hello(role):
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


def take(most):
    """Remove and return waiting events, at most ``most`` rows a kind; empty when there are none.

    Rows are taken before the announcements that they rest on, and sent after them.
    """
    columns = [[name] + list(zip(*rows)) for name, rows in _taken(most) if rows]
    for name in list(samples):
        rows = _pop(samples[name], most)
        if rows:
            columns.append(["watch", name] + list(zip(*rows)))
    if _dropped[0]:
        columns.append(["dropped", _dropped[0]])
        _dropped[0] = 0
    return _pop(single, most) + _pop(workers, most) + columns


def forget():
    """Drop everything: called in a forked child, whose events these are not."""
    global speaking, _worker_numbers, _functions_lock
    speaking = False
    for rows in (submitted, started, finished, settled, delivered, single, workers):
        rows.clear()
    samples.clear()
    _functions.clear()
    _functions_lock = threading.Lock()  # the parent's may be held by a thread that is not here
    _worker_numbers = itertools.count()
    _dropped[0] = 0
    local.__dict__.clear()


def _taken(most):
    # Latest stage first: a task that is taken as finished has been taken as started by now
    # or is taken as started in this same round.
    return reversed([(name, _pop(rows, most)) for name, rows in reversed(ROWS)])


def _pop(rows, most):
    return [rows.popleft() for _ in range(min(len(rows), most))]
