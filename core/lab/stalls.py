"""Notices when nothing runs any more: every task that runs waits for another one.

Called by the sender's thread, which looks about three times a second, and looks closer only after a
while in which no task began or ended and hardly any processor time went by. What is reported is
not guessed from the clock: each task that runs waits for the end of a task or for a lock, what it
waits for waits as well or is queued behind those that do, and over several looks all of it stood
still. A task that sleeps, computes, reads from somewhere or may be running in another process is
no such task.
"""

from __future__ import annotations

import time
from typing import Any, NamedTuple

from . import executors, observe
from .blocked import Script, Thread, Waiting, task_threads
from .shorten import cut, shorten_error

EVERY = 20  # ticks of the sender, which come 60 times a second
LOOKS = 4  # that must find the same, a third of a second apart
BUSY = 0.25  # so much of the time on the processor, and something is being done
MOST = 500  # waits in one event


class Found(NamedTuple):
    """A look at which everything waited."""

    places: list[tuple[int, ...]]
    """Where each thread stood: one that has gone on since stands elsewhere."""
    waits: list[list[Any]]
    """As in the event: task, awaited task, what, line."""


class Stalls:
    """Looks for stalls of one run; a look that fails is the last, and is reported.

    Parameters
    ----------
    file : str
        The script.
    namespace : dict
        Its globals.
    """

    def __init__(self, file: str, namespace: dict[str, Any]) -> None:
        self._file, self._namespace = file, namespace
        self._script: Script | None = None
        self._ticks = self._seen = self._same = 0
        self._at = self._found_at = observe.now()
        self._cpu_s = 0.0
        self._found: Found | None = None
        self._told = False

    def begin(self, source: bytes) -> None:
        """Watch from now on; ``source`` is the text that is about to run."""
        self._script = Script(self._file, source, self._namespace)

    def end(self) -> None:
        """Tell that a stall is over, for the script is: all its tasks have ended."""
        if self._told:
            self._forget(None, observe.now())

    def tick(self) -> None:
        """Look now and then; tell at once when something goes on."""
        if self._script is None:
            return
        if self._told and observe.batches() != self._seen:
            self._forget(None, observe.now())
        self._ticks += 1
        if self._ticks % EVERY:
            return
        try:
            self._look(self._script)
        except Exception as error:  # noqa: BLE001 - objects of the script may raise anything
            self._script = None
            self._forget(None, observe.now())
            observe.trouble("The search for stalls was switched off: %s." % shorten_error(error))

    def _look(self, script: Script) -> None:
        at, cpu_s, seen = observe.now(), time.process_time(), observe.batches()
        is_idle = cpu_s - self._cpu_s < BUSY * (at - self._at) * 1e-9
        is_quiet = seen == self._seen and (is_idle or self._told)
        self._at, self._cpu_s, self._seen = at, cpu_s, seen
        found = _find(script) if is_quiet else None
        if found is None or found != self._found:
            self._forget(found, at)
            return
        self._same += 1
        if self._same == LOOKS:
            self._told = True
            observe.state.single.append(["stalled", self._found_at, found.waits[:MOST]])

    def _forget(self, found: Found | None, at: int) -> None:
        """Begin anew with what was found now; tell if that ends a stall."""
        if self._told:
            self._told = False
            observe.state.single.append(["stalled", at, []])
        self._found, self._found_at, self._same = found, at, 1


def _find(script: Script) -> Found | None:
    """Return what all tasks wait for; None unless all that run wait, and for each other."""
    threads = task_threads()
    places = _places(threads)
    waitings = [script.waiting(thread) for thread in threads]
    queued = _queued({thread.ident for thread in threads})
    if not threads or None in waitings or queued is None:
        return None
    stuck = queued.union(thread.task for thread in threads)
    waits = [
        _wait(thread, waiting, script.holders(waiting.lock, threads), stuck)
        for thread, waiting in zip(threads, waitings)
        if waiting is not None
    ]
    # Reading took its time: whoever went on meanwhile has not been waiting.
    if None in waits or _places(task_threads()) != places:
        return None
    return Found(places, sorted(wait for wait in waits if wait is not None))


def _places(threads: list[Thread]) -> list[tuple[int, ...]]:
    return sorted(thread.place for thread in threads)


def _wait(
    thread: Thread, waiting: Waiting, holders: list[Thread], stuck: set[int]
) -> list[Any] | None:
    """Return a wait as it is told; None if what is waited for may come by itself."""
    awaited = [holder.task for holder in holders] if waiting.lock is not None else waiting.tasks
    if not awaited or not stuck.issuperset(awaited):
        return None
    return [thread.task, awaited[0], cut(waiting.what), waiting.line]


def _queued(waiting: set[int]) -> set[int] | None:
    """Return the tasks that are queued behind waiting threads; None if any other could run."""
    tasks: set[int] = set()
    for pool in executors.alive():
        queued = executors.waiting_in(pool)
        if not queued:
            continue
        threads = getattr(pool, "_threads", None)  # none in a pool of processes
        if not threads or not waiting.issuperset(thread.ident for thread in list(threads)):
            return None
        tasks.update(future._lab_task for future in queued if future._lab_task is not None)
    return tasks
