"""The trace, read by a reader of its own that knows only the rules of the format."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import events
from core.exports import perfetto
from core.exports.trace_layout import MOST_WAITING
from core.exports.trace_tracks import NO_PLACE, Numbers, places
from core.recording import Recording
from tests.core.export_runs import ENDLESS, FAILS, WORK, run_of
from tests.core.odd_recordings import STEPS, Step, rich_recording, stepped
from tests.core.recordings import (
    MAIN_PID,
    announce,
    at,
    finish,
    finished_run,
    recording,
    start,
    submit,
)
from tests.core.test_exports import long_run
from tests.core.trace_reader import Slice, Trace, all_slices, check_apart, read_trace


@pytest.fixture(params=["threads", "processes"])
def run(request: pytest.FixtureRequest) -> Recording:
    """Run six tasks for real, of which one fails."""
    return run_of(WORK, request.param)


def trace_of(record: Recording, folder: Path) -> Trace:
    """Export and read again; on no track two slices may overlap, not even nested."""
    path = folder / "run.trace.json"
    perfetto.EXPORT.write(record, path)
    trace = read_trace(path)
    for slices in trace.slices.values():
        check_apart(slices)
    return trace


def tasks_of(trace: Trace) -> dict[int, tuple[tuple[int, int], Slice]]:
    """Return track and slice of each task by its number."""
    return {
        one.args["task"]: (track, one)
        for track, one in all_slices(trace)
        if "task" in one.categories
    }


def ns(time_s: float) -> int:
    return round(time_s * 1e9)


def test_each_task_is_a_slice_on_the_track_of_its_worker(run: Recording, tmp_path: Path) -> None:
    trace = trace_of(run, tmp_path)
    drawn, tasks = tasks_of(trace), run.tasks
    assert sorted(drawn) == list(range(6))
    tracks: dict[int, tuple[int, int]] = {}
    for task, (track, one) in drawn.items():
        worker = run.workers[tasks.worker[task]]
        assert track[0] == worker.pid
        assert trace.threads[track] == worker.name
        assert tracks.setdefault(int(tasks.worker[task]), track) == track
        assert one.name == "work"
        assert (one.begin_ns, one.end_ns) == (
            ns(tasks.started_s[task]),
            ns(tasks.finished_s[task]),
        )
        assert one.args["result"] == run.result(task)
        assert one.args["arguments"] == run.arguments(task)
        assert ("failed" in one.categories) == (task == 4) == (one.args["outcome"] == "failed")
    assert len(set(tracks.values())) == len(tracks)


def test_waiting_is_from_submission_to_start(run: Recording, tmp_path: Path) -> None:
    trace, tasks = trace_of(run, tmp_path), run.tasks
    waits = {one.args["task"]: one for one in trace.waits}
    assert sorted(waits) == list(range(6))
    assert {one.name for one in waits.values()} == {"waiting: work"}
    for task, one in waits.items():
        assert one.begin_ns == ns(tasks.submitted_s[task])
        assert one.end_ns == ns(tasks.started_s[task])
    assert trace.about["waiting_not_drawn"] == 0
    assert all((pid, pid) in trace.threads for pid in trace.processes), "they have counters"


def test_processes_main_and_counters_are_named(run: Recording, tmp_path: Path) -> None:
    trace = trace_of(run, tmp_path)
    roles = {one.pid: one.role for one in run.processes}
    assert set(trace.processes) >= set(roles)
    main = next(pid for pid, role in roles.items() if role == "main")
    assert run.header.demo in trace.processes[main]
    (whole,) = [one for _, one in all_slices(trace) if one.name == "main()"]
    assert (whole.end_ns - whole.begin_ns) * 1e-9 == pytest.approx(run.elapsed_s, abs=2e-9)
    assert {value for _, value in trace.counters[main, "tasks value"]} == {6}  # the watch
    for name in ("waiting", "running"):
        values = [value for _, value in trace.counters[main, f"all tasks {name}"]]
        assert max(values) >= 1
        assert values[-1] == 0
    assert trace.about["outcome"] == "done"


def test_what_did_not_end_lasts_until_the_run_did(tmp_path: Path) -> None:
    record = run_of(ENDLESS, stop=True)
    assert record.ending is not None
    trace = trace_of(record, tmp_path)
    drawn, waits = tasks_of(trace), {one.args["task"]: one for one in trace.waits}
    assert set(drawn) == set(np.flatnonzero(record.tasks.worker >= 0).tolist())
    over_ns = ns(record.ending.at_s)
    for _, one in drawn.values():
        if one.args["outcome"] == "pending":
            assert one.end_ns == over_ns
    assert "pending" in {one.args["outcome"] for _, one in drawn.values()}
    assert set(waits) == set(range(6))
    assert all(one.end_ns <= over_ns for one in waits.values())


def test_runs_without_tasks_are_traces_too(tmp_path: Path) -> None:
    assert tasks_of(trace_of(run_of(FAILS), tmp_path)) == {}
    nothing = recording(demo="\ud800 odd")
    nothing.finish("stopped", None, "Stopped.", at(1))
    assert trace_of(nothing, tmp_path).about["outcome"] == "stopped"


def test_everything_that_can_occur_can_be_drawn(tmp_path: Path) -> None:
    record = rich_recording()
    trace = trace_of(record, tmp_path)
    assert set(tasks_of(trace)) == {0, 1, 3}
    assert {one.args["task"] for one in trace.waits} == {0, 1, 3, 4}
    assert trace.counters[MAIN_PID, "counter value"] == [(ns(1), 10), (ns(2), 2.5)]


def test_initializers_stand_on_the_track_of_their_worker(tmp_path: Path) -> None:
    record = recording()
    record.apply(MAIN_PID, events.Process(MAIN_PID, 1, "main", at(0), "3.12.1", False))
    for pid, thread in ((200, 200), (201, 201)):
        record.apply(pid, events.Process(pid, MAIN_PID, "worker", at(0.1), "3.12.1", False))
        record.apply(pid, events.Initialized(thread, at(0.2), at(0.4), pid == 200))
    record.apply(200, events.Worker(0, 200, "MainThread", at(0.5)))
    submit(record, (0, 0.1))
    start(record, 200, (0, 0, 0.5))
    finish(record, (0, 0.9), pid=200)
    record.finish("done", 0, "", at(2))
    trace = trace_of(record, tmp_path)
    # The number of a main thread is that of its process, on a real system and in the trace.
    assert [one.name for one in trace.slices[200, 200]] == ["initializer", "task 0"]
    (alone,) = trace.slices[201, 201]
    assert alone.args == {"outcome": "failed"}
    assert trace.threads[201, 201] == "worker without a task"


def test_the_activity_of_threads_is_counted(tmp_path: Path) -> None:
    record = finished_run()
    thread = record.workers[0].thread
    times = [at(0.5), at(0.6), at(0.7), at(0.65), at(0.9)]
    record.apply(
        MAIN_PID,
        events.Activity([MAIN_PID] * 5, [thread] * 3 + [777] * 2, times, [1, 0, 2, 1, 3]),
    )
    record.apply(MAIN_PID, events.Cores(at(1), [0.5, 1.0], 1.25))
    trace = trace_of(record, tmp_path)
    name = f"thread {thread} ({record.workers[0].name})"
    assert trace.counters[MAIN_PID, f"{name} running"] == [(ns(0.5), 1), (ns(0.6), 0), (ns(0.7), 0)]
    assert trace.counters[MAIN_PID, f"{name} ready"] == [(ns(0.5), 0), (ns(0.6), 0), (ns(0.7), 1)]
    assert trace.counters[MAIN_PID, "all threads running"] == [
        *((ns(0.5), 1), (ns(0.6), 0), (ns(0.65), 1), (ns(0.7), 1), (ns(0.9), 0))
    ]
    assert trace.counters[MAIN_PID, "core 1 load"] == [(ns(1), 1.0)]
    assert trace.counters[MAIN_PID, "all cores used by the run"] == [(ns(1), 1.25)]


@pytest.mark.parametrize("is_said", [True, False])
def test_long_activity_becomes_shares_of_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_said: bool
) -> None:
    monkeypatch.setattr("core.exports.trace_counters.MOST_CHANGES", 20)
    record = finished_run()
    count = 1_000
    times = [at(0.5 + step * 1e-3) for step in range(count)]
    states = [step % 2 for step in range(count)]  # half of the time it runs
    pids, threads = [MAIN_PID] * count, [777] * count
    record.apply(MAIN_PID, events.Activity(pids, threads, times, states))
    if is_said:  # how far the watcher looked
        record.apply(MAIN_PID, events.Sampled(at(0.5), at(1.5), count))
    values = trace_of(record, tmp_path).counters[MAIN_PID, "thread 777 running"]
    assert 15 <= len(values) <= 25
    assert np.mean([value for _, value in values]) == pytest.approx(0.5, abs=0.02)


def test_a_long_queue_is_drawn_in_part_and_that_is_told(tmp_path: Path) -> None:
    record = long_run(2_000)
    trace = trace_of(record, tmp_path)
    assert len(tasks_of(trace)) == 2_000
    moments = sorted(
        itertools.chain(
            ((one.begin_ns, 1) for one in trace.waits), ((one.end_ns, -1) for one in trace.waits)
        )
    )
    at_a_time = max(itertools.accumulate(change for _, change in moments))
    assert 0 < at_a_time <= MOST_WAITING
    assert trace.about["waiting_not_drawn"] == 2_000 - len(trace.waits) > 0
    queue = trace.counters[MAIN_PID, "all tasks waiting"]
    assert max(value for _, value in queue) == 2_000


@pytest.mark.slow
def test_a_hundred_thousand_tasks_follow_the_rules(tmp_path: Path) -> None:
    assert len(tasks_of(trace_of(long_run(100_000), tmp_path))) == 100_000


def test_slices_of_one_thread_that_overlap_get_tracks_of_their_own(tmp_path: Path) -> None:
    record = recording()
    announce(record, (MAIN_PID, 0))
    start(record, MAIN_PID, (0, 0, 1.0), (1, 0, 1.5), (2, 0, 2.0))
    finish(record, (0, 2.0), (1, 2.5), (2, 3.0))
    record.finish("done", 0, "", at(4))
    trace = trace_of(record, tmp_path)
    tracks = {task: track for task, (track, _) in tasks_of(trace).items()}
    assert tracks[0] == tracks[2] != tracks[1]
    name = record.workers[0].name
    assert trace.threads[tracks[0]] == name
    assert trace.threads[tracks[1]] == f"{name} (2)"


@settings(
    max_examples=60,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
    ],
)
@given(STEPS)
def test_whatever_happened_no_slices_overlap(tmp_path: Path, steps: list[Step]) -> None:
    record = stepped(steps)
    record.finish("done", 0, "", at(11))
    trace = trace_of(record, tmp_path)
    begun = np.flatnonzero(~np.isnan(record.tasks.started_s)).tolist()
    assert sorted(tasks_of(trace)) == begun


SPANS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 30), st.integers(0, 10)), max_size=40)


@given(SPANS, st.none() | st.integers(1, 3))
def test_places_keep_slices_apart_and_use_no_more_than_needed(
    spans: list[tuple[int, int, int]], at_most: int | None
) -> None:
    lanes = [lane for lane, *_ in spans]
    begin = np.array([begin for _, begin, _ in spans], dtype=np.int64)
    end = begin + np.array([lasts for *_, lasts in spans], dtype=np.int64)
    found = places(lanes, begin, end, at_most).tolist()
    tracks: dict[tuple[int, int], list[Slice]] = {}
    for lane, place, first, last in zip(lanes, found, begin.tolist(), end.tolist(), strict=True):
        if place != NO_PLACE:
            tracks.setdefault((lane, place), []).append(Slice("", (), first, last, {}))
    for slices in tracks.values():
        check_apart(slices)
    if at_most is None:
        assert NO_PLACE not in found
    for lane in set(lanes):
        used = {place for of, place in zip(lanes, found, strict=True) if of == lane} - {NO_PLACE}
        assert used == set(range(len(used)))
        assert len(used) <= (at_most or len(spans))


def test_numbers_differ_and_fit_in_32_bits() -> None:
    numbers = Numbers()
    wanted = [5, 5, 1, 2**40, 0, 3, 2, 5]
    taken = [numbers.take(one) for one in wanted]
    assert len(set(taken)) == len(taken)
    assert all(0 < number < 2**32 for number in taken)
    assert taken[0] == 5
