"""The queues of the observed process: nothing is lost, nothing comes before what it rests on."""

from __future__ import annotations

import functools
import gc
import itertools
import json
import os
import threading
import weakref
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from core import events
from core.lab import observe


@pytest.fixture(autouse=True)
def _nothing_observed() -> Iterator[None]:
    observe.state.begin()
    yield
    observe.state.begin()


def take(most: int = 1000) -> list[events.Event]:
    """Take what waits as it goes over the wire: through JSON, decoded and validated."""
    return events.decode(json.dumps(observe.take(most)).encode())


def column(event: events.Event, name: str) -> list[int]:
    return [int(value) for value in np.asarray(getattr(event, name))]


def note(task: int, worker: int = 0) -> None:
    """Let a task go through all its stages at once."""
    at = observe.now()
    observe.state.submitted.extend((task, at, 1, 0, f"n={task}"))
    observe.state.started.extend((task, at, worker))
    observe.state.finished.extend((task, at, 5, observe.DONE, task))
    observe.state.settled.extend((task, at, observe.FAILED, "lost"))
    observe.state.delivered.extend((task, at))


def test_nothing_waits_nothing_is_taken() -> None:
    assert observe.take(1000) == []


def test_events_fit_their_types_and_come_in_the_order_of_the_stages() -> None:
    observe.state.single.append(["executor", 1, "threads", 2, "", observe.now()])
    observe.function_number(take)
    observe.new_worker()
    note(0)
    note(1)
    observe.sample("count", 3)
    observe.trouble("Odd.")
    got = take()
    assert [type(event).__name__ for event in got] == [
        *("Executor", "Function", "Trouble", "Worker"),
        *("Submitted", "Started", "Finished", "Settled", "Delivered", "Watch"),
    ]
    submitted, finished = got[4], got[6]
    assert isinstance(submitted, events.Submitted)
    assert isinstance(finished, events.Finished)
    assert (column(submitted, "task"), submitted.arguments) == ([0, 1], ["n=0", "n=1"])
    assert (column(finished, "cpu"), finished.text) == ([5, 5], [0, 1])
    assert observe.take(1000) == []


def test_a_batch_is_bounded_and_the_rest_waits_in_order() -> None:
    for task in range(10):
        note(task)
    batches = [take(4) for _ in range(3)]
    assert observe.take(4) == []
    for kind in range(5):
        tasks = [column(batch[kind], "task") for batch in batches]
        assert tasks == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]


def test_a_worker_is_announced_before_its_tasks_however_many_there_are() -> None:
    def work(task: int) -> None:
        note(task, observe.new_worker().number)

    for task in range(20):
        thread = threading.Thread(target=work, args=(task,))
        thread.start()
        thread.join()
    announced: set[int] = set()
    while batch := take(3):
        for event in batch:
            if isinstance(event, events.Worker):
                announced.add(event.worker)
            if isinstance(event, events.Started):
                assert set(column(event, "worker")) <= announced
    assert announced == set(range(20))


def test_stages_are_not_overtaken_while_threads_go_on() -> None:
    per_thread, threads = 2000, 4

    def work(first: int) -> None:
        for task in range(first, first + per_thread):
            note(task)

    seen: dict[str, set[int]] = {}
    workers = [threading.Thread(target=work, args=(n * per_thread,)) for n in range(threads)]
    for worker in workers:
        worker.start()
    running = True
    while running:
        running = any(worker.is_alive() for worker in workers)
        for event in take(10**6):
            name = type(event).__name__
            seen.setdefault(name, set()).update(column(event, "task"))
        stages = [seen.get(name, set()) for name in ("Submitted", "Started", "Finished")]
        assert stages[2] <= stages[1] <= stages[0]
    assert {name: len(tasks) for name, tasks in seen.items()} == dict.fromkeys(
        ["Submitted", "Started", "Finished", "Settled", "Delivered"], per_thread * threads
    )


def test_samples_make_room_for_newer_ones_and_are_counted() -> None:
    for value in range(observe.WATCH_ROOM + 7):
        observe.sample("w", value)
    watch, dropped = take(10**6)
    assert isinstance(watch, events.Watch)
    assert isinstance(dropped, events.Dropped)
    assert (watch.value[0], watch.value[-1]) == (7, observe.WATCH_ROOM + 6)
    assert dropped.count == 7
    assert observe.take(1000) == []


def test_a_name_crosses_once_and_its_function_is_not_kept() -> None:
    class Result:
        pass

    def make() -> Any:
        result = Result()

        def function() -> Result:
            return result

        return function

    first, second = make(), make()
    alive = weakref.ref(first())
    numbers = {observe.function_number(function) for function in (first, second, first)}
    assert len(numbers) == 1
    assert observe.function_number(functools.partial(first)) in numbers
    assert observe.function_number(len) not in numbers
    (function, other) = take()
    assert isinstance(function, events.Function)
    assert isinstance(other, events.Function)
    assert (function.name.endswith("make.<locals>.function"), other.name) == (True, "len")
    del first, second
    gc.collect()
    assert alive() is None


def test_a_long_queue_is_cut_in_pieces_and_keeps_its_order() -> None:
    for task in range(100):
        note(task)
    batches = [take(2) for _ in range(20)]
    for task in range(100, 105):
        note(task)
    while got := take(2):
        batches.append(got)
    for kind in range(5):
        tasks = [column(batch[kind], "task") for batch in batches]
        assert max(map(len, tasks)) == 2
        assert list(itertools.chain(*tasks)) == list(range(105))


def test_the_first_event_says_who_speaks() -> None:
    (hello,) = events.decode(json.dumps([observe.hello("worker")]).encode())
    assert isinstance(hello, events.Process)
    assert (hello.pid, hello.parent_pid, hello.role) == (os.getpid(), os.getppid(), "worker")


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_child_has_other_queues_and_locks_than_its_parent() -> None:
    note(3)
    before = dict(vars(observe.state))
    child = os.fork()
    if child == 0:
        kept = [name for name, part in before.items() if getattr(observe.state, name) is part]
        os._exit(0 if set(kept) <= {"speaking", "dropped", "batches"} else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert {type(event).__name__ for event in take()} >= {"Submitted", "Delivered"}


def test_a_child_begins_without_anything_of_the_parent() -> None:
    observe.connected()
    observe.function_number(take)
    observe.new_worker()
    note(3)
    observe.sample("w", 1)
    observe.state.begin()
    assert observe.take(1000) == []
    assert not observe.state.speaking
    assert observe.new_worker().number == 0
    assert observe.function_number(take) == 0
