"""Stays with a run to its end: passes on what it prints, and ends it when it has to end.

Signals only put a message into a queue; the loop of `supervise` does the rest. So no
signal ever interrupts a piece of code that starts or ends a process.
"""

import queue
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from core.no_room import room_needed
from core.run import Run
from core.run_facts import Ending

_TICK_S: Final = 0.05
_OVER: Final = -1

SIGNALS: Final = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)

Inbox = queue.SimpleQueue[int]
"""Signal numbers, and `_OVER`. A simple queue: a signal handler may put into no other kind."""


@contextmanager
def signals_caught() -> Iterator[Inbox]:
    """Let Ctrl+C, terminate and hang-up be messages for as long as the context lasts."""
    inbox: Inbox = queue.SimpleQueue()
    before = {
        number: signal.signal(number, lambda caught, _frame: inbox.put(caught))
        for number in SIGNALS
        if signal.getsignal(number) is not signal.SIG_IGN  # as by nohup: that is to stay so
    }
    try:
        yield inbox
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def supervise(
    run: Run, inbox: Inbox, on_tick: Callable[[], None], timeout_s: float | None = None
) -> Ending:
    """Wait for the end of a run.

    Parameters
    ----------
    inbox
        From `signals_caught`: any signal stops the run.
    on_tick
        Called 20 times a second while it goes on, and once at its end. What it raises
        stops the run, and is raised when nothing of the run is left.
    timeout_s
        After so many seconds the run is stopped as timed out.

    Raises
    ------
    core.no_room.NoRoom
        There is no room for the thread that waits; nothing of the run is left.
    """
    waiter = threading.Thread(target=_wait, args=(run, inbox), name="cli-wait", daemon=True)
    try:
        with room_needed():
            waiter.start()
    except BaseException:
        run.stop()
        run.wait()
        raise
    try:
        _attend(run, inbox, on_tick, timeout_s)
    finally:
        run.stop()  # does nothing when it is over
        waiter.join()
    on_tick()
    return run.wait()


def _wait(run: Run, inbox: Inbox) -> None:
    try:
        run.wait()
    finally:
        inbox.put(_OVER)


def _attend(run: Run, inbox: Inbox, on_tick: Callable[[], None], timeout_s: float | None) -> None:
    deadline = None if timeout_s is None else time.monotonic() + timeout_s
    while True:
        try:
            message = inbox.get(timeout=_TICK_S)
        except queue.Empty:
            on_tick()
        else:
            if message == _OVER:
                return
            run.stop("stopped")
        if deadline is not None and time.monotonic() >= deadline:
            run.stop("timed out")
