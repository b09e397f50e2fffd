"""A stall is found, with who waits for whom; and whatever only takes its time is none."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from core.incidents import incident_facts
from core.recording import Recording
from core.run import Run
from core.run_facts import Wait
from tests.lab.running import in_lab, lines, write_script
from tests.pythons import Python
from tests.waiting import wait_until

PATIENCE_S = 120.0
LONG_ENOUGH_S = 2.0  # a stall is found within 1.7 s

HEAD = """
import threading
import time
from concurrent import futures
from contextlib import contextmanager

left, right = threading.Lock(), threading.Lock()
pool = futures.ThreadPoolExecutor(2)
both_run = threading.Barrier(2)

def run(*tasks):
    with pool:
        ends = [pool.submit(task) for task in tasks]
        print([end.result() for end in ends])

"""

# Each ends in a stall for ever; then who waits for whom, and for what.
STALLS: dict[str, tuple[str, dict[int, tuple[int, str]]]] = {
    "a queued task of the same pool": (
        """
        turn = threading.Event()

        def outer(number):
            both_run.wait()
            if number == 1:
                turn.wait()
            inner = pool.submit(abs, 1)
            turn.set()
            return inner.result()

        run(lambda: outer(0), lambda: outer(1))
        """,
        {0: (2, "inner.result()"), 1: (3, "inner.result()")},
    ),
    "each other": (
        """
        ends, submitted = [], threading.Barrier(3)

        def waits(other):
            submitted.wait()
            return ends[other].exception()

        ends += [pool.submit(waits, 1), pool.submit(waits, 0)]
        submitted.wait()
        """,
        {0: (1, "ends[other].exception()"), 1: (0, "ends[other].exception()")},
    ),
    "the first of many": (
        """
        def first():
            parts = [pool.submit(abs, n) for n in (1, 2, 3)]
            for part in futures.as_completed(parts):
                return part.result()

        def all_of_them():
            both_run.wait()
            return futures.wait([end]).done

        end = pool.submit(lambda: both_run.wait() and 0 or first())
        run(all_of_them)
        """,
        {0: (2, "futures.as_completed()"), 1: (0, "futures.wait()")},
    ),
    "map": (
        """
        def outer():
            both_run.wait()
            return list(pool.map(abs, [1]))

        def other():
            both_run.wait()
            return end.result()

        end = pool.submit(outer)
        run(other)
        """,
        {0: (2, "pool.map()"), 1: (0, "end.result()")},
    ),
    "a task of another pool, which waits for us": (
        """
        other = futures.ThreadPoolExecutor(4)

        def there():
            return end.result()

        def here():
            submitted.wait()
            return other.submit(there).result()

        submitted = threading.Barrier(2)
        end = pool.submit(here)
        submitted.wait()
        end.result()
        """,
        {0: (1, "other.submit(there).result()"), 1: (0, "end.result()")},
    ),
    "two locks": (
        """
        def task(first, second):
            with first:
                both_run.wait()
                with second:
                    return 1

        run(lambda: task(left, right), lambda: task(right, left))
        """,
        {0: (1, "right"), 1: (0, "left")},
    ),
    "two locks in one with": (
        """
        class Slow:
            def __enter__(self):
                both_run.wait()
            def __exit__(self, *error):
                pass

        def one():
            try:
                return 1
            finally:
                with left, Slow(), right: print("one")

        def two():
            with right, Slow(), left: print("two")

        run(one, two)
        """,
        {0: (1, "right"), 1: (0, "left")},
    ),
    "two locks of objects": (
        """
        class Account:
            __slots__ = ("guard",)
            def __init__(self):
                self.guard = threading.RLock()

        class Bank(Account):
            @property
            def trap(self):
                raise SystemError("nobody may run this")

        here, there = Bank(), Bank()

        def move(source, target):
            with source.guard:
                both_run.wait()
                if not target.guard.acquire(
                    timeout=1000
                ):
                    print("never")

        run(lambda: move(here, there), lambda: move(there, here))
        """,
        {0: (1, "target.guard"), 1: (0, "target.guard")},
    ),
    "locks that a helper takes": (
        """
        @contextmanager
        def taken(lock):
            if not lock.acquire(timeout=1000):
                raise RuntimeError("never")
            try:
                yield
            finally:
                lock.release()

        def task(first, second):
            with taken(first):
                both_run.wait()
                with taken(lock=second): return 1

        run(lambda: task(left, right), lambda: task(right, left))
        """,
        {0: (1, "right"), 1: (0, "left")},
    ),
    "a lock that it holds itself": (
        """
        def inner():
            with left:
                return 1

        def outer():
            with left:
                return inner()

        run(outer)
        """,
        {0: (0, "left")},
    ),
    "a lock, held by a task that waits for us": (
        """
        submitted = threading.Barrier(3)

        def holder():
            with left:
                submitted.wait()
                return other.result()

        def wants():
            submitted.wait()
            with left:
                return 1

        end = pool.submit(holder)
        other = pool.submit(wants)
        submitted.wait()
        """,
        {0: (1, "other.result()"), 1: (0, "left")},
    ),
}

# Each ends by itself, after more than the time that a stall takes to be found.
NO_STALLS: dict[str, str] = {
    "sleeping": """
        run(lambda: time.sleep(2.5))
        """,
    "sleeping in a with, on its line": """
        def task():
            with left: time.sleep(2.5)

        run(task, task)
        """,
    "computing": """
        def task():
            end = time.monotonic() + 2.5
            while time.monotonic() < end:
                sum(range(1000))

        run(task, task)
        """,
    "waiting for a task that sleeps": """
        run(lambda: pool.submit(time.sleep, 2.5).result())
        """,
    "waiting for a task that gets its own worker later": """
        def slow_start():
            time.sleep(2.5)

        other = futures.ThreadPoolExecutor(1, initializer=slow_start)
        run(lambda: other.submit(abs, 1).result())
        """,
    "waiting for an event": """
        event = threading.Event()
        threading.Timer(2.5, event.set).start()
        run(event.wait, event.wait)
        """,
    "waiting for a future that somebody will set": """
        future = futures.Future()
        threading.Timer(2.5, future.set_result, [1]).start()
        run(future.result)
        """,
    "a lock that the script holds": """
        def task():
            with left:
                return 1

        left.acquire()
        threading.Timer(2.5, left.release).start()
        run(task, task)
        """,
    "a lock whose holder sleeps": """
        def task():
            with left:
                time.sleep(1.5)

        run(task, task)
        """,
    "a lock that is handed to and fro": """
        def task():
            end = time.monotonic() + 2.5
            while time.monotonic() < end:
                with left:
                    with right:
                        time.sleep(0.01)

        run(task, task)
        """,
    "waiting for a task in a process": """
        def waits():
            return processes.submit(time.sleep, 2.5).result()

        if __name__ == "__main__":
            with futures.ProcessPoolExecutor(1) as processes:
                run(waits, waits)
        """,
    "reading from a socket": """
        import socket

        here, there = socket.socketpair()
        threading.Timer(2.5, there.sendall, [b"!"]).start()
        run(lambda: here.recv(1))
        here.close(), there.close()
        """,
}


def run_all(
    python: Python, folder: Path, bodies: dict[str, str], during: Callable[[Run], None] | None
) -> dict[str, Recording]:
    """Run all scripts at once: they hardly do anything but wait."""
    paths = [
        write_script(folder, HEAD + textwrap.dedent(body), f"script_{number}.py")
        for number, body in enumerate(bodies.values())
    ]
    with ThreadPoolExecutor(len(paths)) as together:
        recordings = together.map(lambda path: in_lab(python, path, during=during), paths)
        return dict(zip(bodies, recordings, strict=True))


def until_it_stalls(run: Run) -> None:
    wait_until(lambda: run.recording.stalls or not run.recording.running, PATIENCE_S)
    run.stop()


def test_each_stall_is_found_with_who_waits_for_whom(spread_python: Python, tmp_path: Path) -> None:
    bodies = {name: body for name, (body, _) in STALLS.items()}
    recordings = run_all(spread_python, tmp_path, bodies, until_it_stalls)
    for name, recording in recordings.items():
        assert (recording.troubles, lines(recording)) == ([], []), name
        waits = recording.stalls[0].waits
        assert {one.task: (one.awaited, one.what) for one in waits} == STALLS[name][1], name
        assert all(_is_about(one, recording) for one in waits), (name, waits)


def _is_about(wait: Wait, recording: Recording) -> bool:
    """Return whether the line of a wait is one that waits."""
    line = recording.header.script.splitlines()[(wait.line or 0) - 1]
    signs = ("result(", "exception(", "as_completed(", "wait(", "map(", "with ", "acquire(")
    return any(sign in line for sign in signs)


@pytest.mark.slow
def test_what_only_takes_its_time_is_no_stall(spread_python: Python, tmp_path: Path) -> None:
    recordings = run_all(spread_python, tmp_path, NO_STALLS, None)
    for name, recording in recordings.items():
        assert recording.ending is not None
        assert (recording.ending.outcome, lines(recording, "stderr")) == ("done", []), name
        assert (recording.stalls, recording.troubles) == ([], []), name
        longest_s = np.nanmax(recording.tasks.finished_s - recording.tasks.started_s)
        assert longest_s > LONG_ENOUGH_S, name  # or nothing could have been mistaken


TWICE = """
    def outer():
        for turn in range(2):
            try:
                one.submit(abs, 1).result()
            except futures.CancelledError:
                print("it was cancelled")

    one = futures.ThreadPoolExecutor(1)
    with one:
        one.submit(outer).result()
    """


@pytest.mark.slow
def test_a_stall_that_ends_is_told_and_may_come_again(
    newest_python: Python, tmp_path: Path
) -> None:
    def free_it_once(run: Run) -> None:
        stalls = run.recording.stalls
        wait_until(lambda: stalls, PATIENCE_S)
        run.cancel(stalls[0].waits[0].awaited)
        wait_until(lambda: len(stalls) == 3, PATIENCE_S)
        run.stop()

    (recording,) = run_all(newest_python, tmp_path, {"": TWICE}, free_it_once).values()
    told = [[(one.task, one.awaited) for one in stall.waits] for stall in recording.stalls]
    assert told == [[(0, 1)], [], [(0, 2)]]
    starts = [stall.at_s for stall in recording.stalls]
    assert starts == sorted(starts)
    assert incident_facts(recording)["stalled_tasks"] == 1
