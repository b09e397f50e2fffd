"""Which runs are compared, and with what result."""

import math
import statistics
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.comparison import Comparison, RunSummary, Workload, summary_of
from core.events import Dropped, Watch
from tests.core.recordings import MAIN_PID, at, finished_run, header, recording

SCRIPT = "EXECUTOR = {}\nTASKS = 2\nprint(TASKS)\n"
VALUES = {
    "sequential": "None",
    "threads": "futures.ThreadPoolExecutor",
    "processes": "futures.ProcessPoolExecutor",
}


def run(mode: str, elapsed_s: float = 1.0, outcome: str = "done", **changes: Any) -> RunSummary:
    """Return the summary of a finished run in a mode."""
    fields: dict[str, Any] = {"mode": mode, "script": SCRIPT.format(VALUES.get(mode, "x"))}
    fields["knobs"] = {"EXECUTOR": VALUES.get(mode, "x"), "TASKS": 2}
    return summary_of(finished_run(elapsed_s, outcome, **(fields | changes)), {})


def compared(*runs: RunSummary) -> Comparison:
    """Return a comparison of these runs."""
    comparison = Comparison()
    for one in runs:
        comparison.add(one)
    return comparison


def test_modes_of_one_workload_stand_side_by_side() -> None:
    runs = [run("threads", 1.0), run("sequential", 2.0), run("threads", 3.0), run("threads", 1.5)]
    modes = compared(*runs).modes_of(runs[0].workload)
    assert list(modes) == ["sequential", "threads"]
    threads = modes["threads"]
    assert [one.elapsed_s for one in threads.runs] == pytest.approx([1.0, 3.0, 1.5])
    assert threads.median_s == pytest.approx(1.5)
    assert threads.min_s == pytest.approx(1.0)
    assert threads.speedup == pytest.approx(2.0 / 1.5)
    assert modes["sequential"].speedup == pytest.approx(1.0)


def test_without_a_sequential_run_there_is_no_speed_up() -> None:
    threads = run("threads")
    assert compared(threads).modes_of(threads.workload)["threads"].speedup is None


@pytest.mark.parametrize("outcome", ["failed", "stopped", "timed out"])
def test_a_run_that_was_not_done_does_not_count(outcome: str) -> None:
    comparison = Comparison()
    assert not comparison.add(run("sequential", 9.0, outcome))
    assert len(comparison) == 0
    assert comparison.workloads() == ()


def test_a_run_without_a_measured_time_does_not_count() -> None:
    record = recording()
    record.finish("done", 0, "", at(1))
    summary = summary_of(record, {})
    assert math.isnan(summary.elapsed_s)
    assert not Comparison().add(summary)


def test_a_run_that_took_no_time_gives_no_speed_up() -> None:
    threads = run("threads", 0.0)
    modes = compared(run("sequential", 1.0), threads).modes_of(threads.workload)
    assert modes["threads"].speedup is None


@pytest.mark.parametrize(
    "other",
    [
        {"demo": "downloads"},
        {"knobs": {"TASKS": 3}},
        {"python": "3.13.0"},
        {"free_threaded": True},
        {"script": SCRIPT.format("None").replace("print", "repr")},  # an edited script
    ],
)
def test_other_work_is_another_comparison(other: dict[str, Any]) -> None:
    threads, stranger = run("threads"), run("sequential", **other)
    comparison = compared(threads, stranger)
    assert comparison.workloads() == (threads.workload, stranger.workload)
    assert list(comparison.modes_of(threads.workload)) == ["threads"]
    assert comparison.runs_of(stranger.workload) == (stranger,)


def test_values_of_any_kind_can_be_compared() -> None:
    knobs = {"A": {1, 2}, "B": (1, 2), "C": None, "D": {"x": [1]}}
    first = Workload.of(header(knobs=knobs))
    assert first == Workload.of(header(knobs=dict(reversed(knobs.items()))))
    assert first != Workload.of(header(knobs=knobs | {"A": {1, 3}}))


def test_a_mode_of_later_versions_comes_last() -> None:
    runs = [run("telepathy"), run("processes"), run("sequential")]
    modes = compared(*runs).modes_of(runs[0].workload)
    assert list(modes) == ["sequential", "processes", "telepathy"]


def test_a_summary_says_what_the_recording_says() -> None:
    record = finished_run(
        2.0, tasks=range(5), knobs={"EXECUTOR": "futures.ThreadPoolExecutor", "TASKS": 5}
    )
    record.apply(MAIN_PID, Watch("counter", [at(1), at(2)], [10, 70]))
    record.apply(MAIN_PID, Dropped(3))
    summary = summary_of(record, {"counter": 100.0})
    assert (summary.tasks, summary.workers, summary.failed, summary.dropped) == (5, 1, 0, 3)
    assert summary.knobs == {"TASKS": 5}
    assert summary.watches == {"counter": 70}
    assert summary.lost("counter") == 30
    assert math.isnan(summary.lost("unheard of"))


def test_a_summary_can_be_made_while_the_run_goes_on() -> None:
    summary = summary_of(recording(), {})
    assert summary.outcome == ""
    assert math.isnan(summary.elapsed_s)


@given(st.lists(st.floats(0.001, 1000), min_size=1), st.lists(st.floats(0.001, 1000), min_size=1))
def test_medians_and_speed_up_for_any_times(alone_s: list[float], pool_s: list[float]) -> None:
    sequential, threads = run("sequential"), run("threads")
    comparison = Comparison()
    for summary, times_s in ((sequential, alone_s), (threads, pool_s)):
        for elapsed_s in times_s:
            assert comparison.add(replace(summary, elapsed_s=elapsed_s))
    result = comparison.modes_of(threads.workload)["threads"]
    assert min(pool_s) == result.min_s <= result.median_s <= max(pool_s)
    speedup = statistics.median(alone_s) / statistics.median(pool_s)
    assert result.speedup == pytest.approx(speedup)
