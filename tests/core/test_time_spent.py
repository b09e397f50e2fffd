"""Where the time went: every second of every worker once, and none that was not measured."""

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import events
from core.activity import GONE, READY, RUNNING, WAITING
from core.recording import Recording
from core.time_spent import Spent, slowest, time_spent
from tests.core.recordings import (
    MAIN_PID,
    SECOND_NS,
    announce,
    at,
    finish,
    recording,
    start,
    submit,
)


def begun(mode: str = "threads", at_s: float = 0.5, workers: int = 2) -> Recording:
    record = recording(mode=mode)
    record.apply(MAIN_PID, events.Executor(0, mode, workers, "", at(at_s)))
    record.apply(MAIN_PID, events.MainStarted(at(at_s)))
    return record


def over(record: Recording, at_s: float) -> Recording:
    record.apply(MAIN_PID, events.MainEnded(at(at_s)))
    record.finish("done", 0, "", at(at_s + 0.1))
    return record


def thread(record: Recording, number: int, first_s: float, set_up_s: float = 0.0) -> None:
    if set_up_s:
        set_up = at(first_s - set_up_s), at(first_s)
        record.apply(MAIN_PID, events.Initialized(9000 + number, *set_up, True))
    record.apply(MAIN_PID, events.Worker(number, 9000 + number, "w", at(first_s)))


def ran(
    record: Recording, task: int, worker: int, from_s: float, to_s: float, cpu_s: float = 0.25
) -> None:
    submit(record, (task, from_s))
    start(record, MAIN_PID, (task, worker, from_s))
    finish(record, (task, to_s), cpu_s=cpu_s)


def unknown_cpu(record: Recording, task: int, to_s: float) -> None:
    cpu, outcome = [events.UNKNOWN_CPU], [events.DONE]
    record.apply(MAIN_PID, events.Finished([task], [at(to_s)], cpu, outcome, [""]))


def parts(record: Recording, cursor_s: float = math.inf) -> list[dict[str, Any]]:
    """Return the parts of each worker that are not 0."""
    found = []
    for one in time_spent(record, cursor_s).workers:
        spent = one.spent._asdict()
        found.append({name: pytest.approx(value) for name, value in spent.items() if value > 1e-9})
    return found


def two_threads() -> Recording:
    record = begun()
    thread(record, 0, 1.0, set_up_s=0.3)
    ran(record, 0, 0, 1.0, 2.0)
    ran(record, 1, 0, 2.5, 3.0, cpu_s=0.5)
    thread(record, 1, 1.5)
    submit(record, (2, 1.5))
    start(record, MAIN_PID, (2, 1, 1.5))
    unknown_cpu(record, 2, 2.0)
    return over(record, 4.0)


def test_each_worker_has_its_parts() -> None:
    assert parts(two_threads()) == [
        {
            "start_up_s": 0.2,
            "initializer_s": 0.3,
            "waiting_s": 0.5,
            "computing_s": 0.75,
            "blocked_s": 0.75,
            "idle_s": 1.0,
        },
        {"start_up_s": 1.0, "unknown_s": 0.5, "idle_s": 2.0},
    ]


def test_waits_for_a_processor_are_told_apart_where_somebody_watched() -> None:
    record = two_threads()
    # Worker 0: a wait before its first task, half a second in that, a wait after it.
    changes = [(0.8, READY), (0.9, RUNNING), (1.25, READY), (1.75, WAITING), (2.1, READY)]
    changes.append((2.4, RUNNING))
    moments, states = [at(moment) for moment, _ in changes], [state for _, state in changes]
    same = [MAIN_PID] * len(changes), [9000] * len(changes)
    record.apply(MAIN_PID, events.Activity(*same, moments, states))
    record.apply(MAIN_PID, events.Sampled(at(0.5), at(4.0), 3500))
    watched, other = parts(record)
    assert (watched["computing_s"], watched["ready_s"], watched["blocked_s"]) == (0.75, 0.5, 0.25)
    assert "ready_s" not in other
    so_far = {"computing_s": 0.25, "ready_s": 0.25}
    assert parts(record, 1.5)[0] == {"start_up_s": 0.2, "initializer_s": 0.3, **so_far}
    assert time_spent(record).is_watched
    assert not time_spent(two_threads()).is_watched


def test_efficiency_is_computing_of_all_that_the_workers_had() -> None:
    spent = time_spent(two_threads())
    assert spent.elapsed_s == pytest.approx(3.5)
    assert spent.total.computing_s == pytest.approx(0.75)
    assert spent.efficiency == pytest.approx(0.75 / (2 * 3.5))


def test_at_an_earlier_moment_only_what_was_known_then_counts() -> None:
    assert parts(two_threads(), 1.75) == [
        {"start_up_s": 0.2, "initializer_s": 0.3, "unknown_s": 0.75},
        {"start_up_s": 1.0, "unknown_s": 0.25},
    ]
    assert parts(two_threads(), 0.8) == [{"start_up_s": 0.2, "initializer_s": 0.1}]
    assert math.isnan(time_spent(two_threads(), 0.2).efficiency)


def test_while_the_run_goes_on_a_worker_without_a_task_waits_for_one() -> None:
    waiting, _ = parts(two_threads(), 2.4)
    assert waiting["waiting_s"] == pytest.approx(0.4)
    assert "idle_s" not in waiting
    assert not time_spent(two_threads(), 2.4).is_over


def test_a_task_that_never_ended_is_unknown_to_the_end() -> None:
    record = begun()
    thread(record, 0, 1.0)
    submit(record, (0, 1.0))
    start(record, MAIN_PID, (0, 0, 1.0))
    record.finish("stopped", None, "", at(3.0))
    assert parts(record) == [{"start_up_s": 0.5, "unknown_s": 2.0}]


def test_a_process_that_never_had_a_task_was_idle() -> None:
    record = begun("processes")
    record.apply(201, events.Process(201, MAIN_PID, "worker", at(0.75), "3.11.7", False))
    assert parts(over(record, 1.5)) == [{"start_up_s": 0.25, "idle_s": 0.75}]


def test_without_an_executor_nothing_starts_up() -> None:
    record = begun("sequential", workers=1)
    announce(record, (MAIN_PID, 0))
    ran(record, 0, 0, 1.0, 1.5)
    ran(record, 1, 0, 1.1, 1.2, cpu_s=0.1)  # within the other: its seconds are in that one's
    assert parts(over(record, 2.0)) == [
        {"waiting_s": 0.5, "computing_s": 0.25, "blocked_s": 0.25, "idle_s": 0.5}
    ]


def test_a_run_without_workers_has_no_parts() -> None:
    spent = time_spent(over(begun(), 1.0))
    assert not spent.workers
    assert spent.elapsed_s == pytest.approx(0.5)
    assert math.isnan(spent.efficiency)


def test_the_slowest_tasks_come_first() -> None:
    record = begun()
    thread(record, 0, 1.0)
    for task, lasted_s in enumerate((0.1, 0.4, 0.2, 0.5, 0.3, 0.6, 0.05)):
        ran(record, task, 0, task + 1.0, task + 1.0 + lasted_s)
    found = slowest(over(record, 9.0))
    assert [one.task for one in found] == [5, 3, 1, 4, 2]
    assert found[0].lasted_s == pytest.approx(0.6)
    assert found[0].cpu_s == pytest.approx(0.25)
    assert [one.task for one in slowest(record, 3.3)] == [1, 2, 0]


moments = st.floats(0.0, 10.0, allow_nan=False)
some_cpu = st.one_of(st.none(), st.floats(0.0, 5.0, allow_nan=False))
tasks_of_runs = st.lists(st.tuples(st.integers(0, 2), moments, moments, some_cpu), max_size=12)

looks = st.lists(st.tuples(moments, st.integers(WAITING, GONE)), max_size=8)


@settings(max_examples=60, deadline=None)
@given(tasks_of_runs, moments, moments, st.lists(moments, min_size=6, max_size=6), st.data())
def test_the_parts_of_each_worker_add_up_to_the_elapsed_time(
    tasks: list[tuple[int, float, float, float | None]],
    begin_s: float,
    end_s: float,
    set_up_s: list[float],
    data: st.DataObject,
) -> None:
    """Whatever a recording says, be it impossible: a saved one may have been edited."""
    record = begun(data.draw(st.sampled_from(["threads", "sequential"])), begin_s)
    for worker in range(3):
        first_s, last_s = sorted(set_up_s[worker * 2 : worker * 2 + 2])
        thread(record, worker, last_s, last_s - first_s)
    for number, (worker, one_s, other_s, cpu_s) in enumerate(tasks):
        submit(record, (number, min(one_s, other_s)))
        start(record, MAIN_PID, (number, worker, min(one_s, other_s)))
        _end(record, number, max(one_s, other_s), cpu_s)
    _see(record, data.draw(looks), data.draw(moments))
    if data.draw(st.booleans()):
        over(record, end_s)
    spent = time_spent(record, data.draw(moments))
    for one in spent.workers:
        assert sum(one.spent) == pytest.approx(spent.elapsed_s, abs=1e-6)
        assert min(one.spent) >= -1e-9
    if spent.workers and spent.elapsed_s > 0:
        assert 0 <= spent.efficiency <= 1 + 1e-9
        assert sum(spent.total) == pytest.approx(spent.elapsed_s * len(spent.workers), abs=1e-6)


def _see(record: Recording, seen: list[tuple[float, int]], until_s: float) -> None:
    """Let somebody watch worker 0, unless nothing was seen."""
    if seen:
        seen.sort()
        times, states = [at(moment) for moment, _ in seen], [state for _, state in seen]
        same = [MAIN_PID] * len(seen), [9000] * len(seen)
        record.apply(MAIN_PID, events.Activity(*same, times, states))
        record.apply(MAIN_PID, events.Sampled(at(0), at(until_s), 1))


def _end(record: Recording, task: int, at_s: float, cpu_s: float | None) -> None:
    cpu = events.UNKNOWN_CPU if cpu_s is None else round(cpu_s * SECOND_NS)
    record.apply(MAIN_PID, events.Finished([task], [at(at_s)], [cpu], [events.DONE], [""]))


def test_parts_are_seconds_in_the_order_in_which_they_are_shown() -> None:
    assert Spent._fields[0] == "start_up_s"
    assert all(name.endswith("_s") for name in Spent._fields)
