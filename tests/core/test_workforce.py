"""When workers came and went: what was seen, and nothing more."""

import math

import numpy as np
import pytest

from core import events
from core.recording import Recording
from core.workforce import NO_LANE, alive, bound, last_sign_s, levels, presences
from tests.core.recordings import MAIN_PID, at, recording


def join(record: Recording, pid: int, at_s: float) -> None:
    record.apply(pid, events.Process(pid, MAIN_PID, "worker", at(at_s), "3.11.7", False))


def announce(record: Recording, pid: int, worker: int, at_s: float, thread: int = 0) -> None:
    number = thread or 9000 + worker
    record.apply(pid, events.Worker(worker, number, "worker", at(at_s)))


def initialize(
    record: Recording, pid: int, thread: int, begun_s: float, ended_s: float, done: bool = True
) -> None:
    record.apply(pid, events.Initialized(thread, at(begun_s), at(ended_s), done))


def leave(record: Recording, pid: int, at_s: float) -> None:
    record.apply(pid, events.Goodbye(at(at_s)))


def threads() -> Recording:
    """Return three threads: one with an initializer and tasks, one without, one without tasks."""
    record = recording()
    initialize(record, MAIN_PID, 9000, 0.1, 0.3)
    announce(record, MAIN_PID, 0, 0.3)
    announce(record, MAIN_PID, 1, 0.5)
    initialize(record, MAIN_PID, 9002, 0.6, 0.7, done=False)
    return record


def processes() -> Recording:
    """Return three processes: one with a task, one without, one that was killed."""
    record = recording(mode="processes")
    join(record, 201, 0.2)
    initialize(record, 201, 7, 0.25, 0.4)
    announce(record, 201, 0, 0.4, thread=7)
    join(record, 202, 0.5)
    leave(record, 202, 1.0)
    join(record, 203, 0.6)
    leave(record, 201, 2.0)
    return record


def test_a_thread_is_there_from_its_first_sign_and_nobody_sees_it_go() -> None:
    workers = presences(threads())
    assert [one.begun_s for one in workers] == pytest.approx([0.1, 0.5, 0.6])
    assert [one.lane for one in workers] == [0, 1, NO_LANE]
    assert all(math.isnan(one.ended_s) for one in workers)
    runs = [one.initialized for one in workers]
    assert [run.done if run else None for run in runs] == [True, None, False]


def test_a_process_is_there_from_joining_to_its_goodbye() -> None:
    workers = presences(processes())
    assert [one.begun_s for one in workers] == pytest.approx([0.2, 0.5, 0.6])
    assert [one.lane for one in workers] == [0, NO_LANE, NO_LANE]
    assert [one.ended_s for one in workers] == pytest.approx([2.0, 1.0, math.nan], nan_ok=True)


def test_the_number_of_a_thread_that_is_used_again_stands_for_two_workers() -> None:
    record = recording()
    for worker, begun_s in ((0, 0.1), (1, 1.1)):
        initialize(record, MAIN_PID, 77, begun_s, begun_s + 0.2)
        announce(record, MAIN_PID, worker, begun_s + 0.3, thread=77)
    workers = presences(record)
    assert [one.begun_s for one in workers] == pytest.approx([0.1, 1.1])
    assert [one.initialized.begun_s for one in workers if one.initialized] == pytest.approx(
        [0.1, 1.1]
    )


def test_an_earlier_cursor_knows_less() -> None:
    record = processes()
    assert [one.pid for one in presences(record, 0.55)] == [201, 202]
    assert math.isnan(presences(record, 0.9)[1].ended_s)
    assert presences(record, 0.1) == []


def test_the_number_of_workers_is_a_step_function() -> None:
    times_s, count = alive(presences(processes()))
    assert times_s == pytest.approx([0.2, 0.5, 0.6, 1.0, 2.0])
    assert count.tolist() == [1, 2, 3, 2, 1]  # the killed one was not seen to go
    times_s, count = alive([])
    assert len(times_s) == len(count) == 0


def test_workers_that_come_at_once_have_levels_of_their_own() -> None:
    record = recording(mode="processes")
    for pid in (201, 202, 203):
        join(record, pid, 0.2)
    leave(record, 202, 0.4)
    join(record, 204, 0.5)
    workers = presences(record)
    assert levels(workers).tolist() == [1, 2, 3, 3]
    times_s, count = alive(workers)
    assert (times_s.tolist(), count.tolist()) == (pytest.approx([0.2, 0.4, 0.5]), [3, 2, 3])
    assert levels([]).tolist() == []


def test_the_last_sign_of_any_worker() -> None:
    workers = presences(threads())
    of_tasks_s = np.array([0.3, 0.5, 0.9])
    assert last_sign_s(workers, of_tasks_s) == pytest.approx(0.9)
    assert last_sign_s(workers, of_tasks_s, 0.8) == pytest.approx(0.7)
    assert last_sign_s(workers, np.zeros(0)) == pytest.approx(0.7)
    assert last_sign_s([], np.zeros(0)) == -math.inf
    assert last_sign_s(presences(processes()), np.zeros(0)) == pytest.approx(2.0)


def test_what_is_allowed_is_what_the_newest_executor_allows() -> None:
    record = recording()
    record.apply(MAIN_PID, events.Executor(1, "threads", 5, "", at(0.1)))
    record.apply(MAIN_PID, events.Executor(2, "processes", 3, "spawn", at(0.5)))
    assert [bound(record, cursor_s) for cursor_s in (0.05, 0.3, math.inf)] == [None, 5, 3]


def test_one_after_the_other_there_is_no_bound() -> None:
    record = recording(mode="sequential")
    record.apply(MAIN_PID, events.Executor(0, "sequential", 1, "", at(0.1)))
    assert bound(record) is None


def test_each_of_many_workers_has_its_own_initializer() -> None:
    record = recording()
    for worker in range(2_000):
        begun_s = worker * 1e-3
        initialize(record, MAIN_PID, 9000 + worker, begun_s, begun_s + 0.1)
        announce(record, MAIN_PID, worker, begun_s + 0.1)
    workers = presences(record)
    assert [one.lane for one in workers] == list(range(2_000))
    assert levels(workers).tolist() == list(range(1, 2_001))
    assert all(one.initialized and one.initialized.begun_s == one.begun_s for one in workers)
