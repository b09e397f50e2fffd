"""The heartbeat: threads that compute make it late, processes do not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.claims import judge
from core.demos import demo_named
from core.series import Spread, spreads_of
from tests.demos.rules import check_rules, facts_of
from tests.demos.scripts import write_demo
from tests.lab.running import done_in_lab, lines, plainly
from tests.pythons import Python

ROUNDS = 6  # others may need the processor at the very moment
QUICK: dict[str, Any] = {"TASKS": 4, "N": 1_000_000}


def lateness(python: Python, folder: Path, mode: str, **knobs: Any) -> Spread:
    """Run the demo in the lab and return how late its ticks were."""
    path = write_demo(folder, "heartbeat", mode, **(QUICK | knobs))
    watched: dict[str, Any] = {"watches": {"lateness": "ticks"}, "series": ("lateness",)}
    recording = done_in_lab(python, path, mode, tasks=("compute",), **watched)
    assert len(recording) == QUICK["TASKS"]
    spread = spreads_of(recording)["lateness"]
    assert lines(recording)[-1].startswith(f"{spread.entries} ticks, ")  # none was left out
    return spread


def eventually(is_seen: Callable[[], bool]) -> bool:
    """Look until it is seen, some times."""
    return any(is_seen() for _ in range(ROUNDS))


def test_threads_make_the_ticks_late_and_processes_do_not(
    spread_python: Python, tmp_path: Path
) -> None:
    if spread_python.version.endswith("t"):
        pytest.skip("This Python has no GIL, so no thread makes another wait.")

    def is_seen() -> bool:
        threads = lateness(spread_python, tmp_path, "threads")
        processes = lateness(spread_python, tmp_path, "processes")
        return threads.median > 3 * processes.median

    assert eventually(is_seen)


@pytest.mark.slow
def test_a_smaller_switch_interval_makes_them_less_late(
    spread_python: Python, tmp_path: Path
) -> None:
    if spread_python.version.endswith("t"):
        pytest.skip("This Python has no GIL, so nothing is switched.")

    def is_seen() -> bool:
        small = lateness(spread_python, tmp_path, "threads", SWITCH_MS=0.5)
        large = lateness(spread_python, tmp_path, "threads", SWITCH_MS=20.0)
        return large.median > 3 * small.median

    assert eventually(is_seen)


@pytest.mark.slow
def test_a_call_that_keeps_the_gil_stops_the_ticks(newest_python: Python, tmp_path: Path) -> None:
    if newest_python.version.endswith("t"):
        pytest.skip("This Python has no GIL that a call could keep.")

    def is_seen() -> bool:
        loop = lateness(newest_python, tmp_path, "sequential")
        call = lateness(newest_python, tmp_path, "sequential", work="return sum(range(3 * n))")
        return call.median > 3 * loop.median

    assert eventually(is_seen)


@pytest.mark.parametrize("mode", ["sequential", "threads", "processes"])
def test_it_runs_alone(spread_python: Python, tmp_path: Path, mode: str) -> None:
    path = write_demo(tmp_path, "heartbeat", mode, TASKS=2, N=200_000)
    said = plainly(spread_python, path)
    assert (said.exit_code, said.stderr) == (0, [])
    assert said.stdout[:-1] == [str(sum(i * i for i in range(200_000)))] * 2
    assert " ticks, median " in said.stdout[-1]


LATE: dict[str, Any] = {
    "tasks": 4,
    "workers": 4,
    "started": 4,
    "elapsed_s": 2.0,
    "cpu_s": 1.9,
    "lateness": 20.0,
    "lateness_entries": 60,
    "lateness_median": 18.4,
    "lateness_worst": 61.2,
}
BESIDE: dict[str, Any] = {
    "sequential_s": 1.9,
    "threads_s": 2.0,
    "processes_s": 1.0,
    "speedup": 0.95,
    "lateness_threads_median": 18.4,
    "lateness_processes_median": 0.2,
}


def run(**changes: Any) -> dict[str, Any]:
    """Return the facts of a run in threads, with some changed."""
    return facts_of("heartbeat", **(LATE | changes))


def test_every_kind_of_run_is_explained() -> None:
    call = "return sum(range(3 * n))"
    check_rules(
        "heartbeat",
        [
            run(),
            run(**BESIDE),
            run(speedup=0.95, sequential_s=1.9),
            run(SWITCH_MS=0.5, **BESIDE),
            run(workers=1, TASKS=1, tasks=1, **BESIDE),
            run(work=call, **BESIDE),
            run(mode="sequential", workers=1),
            run(free_threaded=True, **(BESIDE | {"speedup": 1.9, "sequential_s": 3.8})),
            run(mode="processes", processes=4, **(BESIDE | {"lateness_median": 0.2})),
            run(mode="processes", processes=4, lateness_median=0.2),
        ],
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "yes"),
        ({"speedup": 0.4}, "yes"),
        ({"speedup": 1.9, "free_threaded": True}, "no"),
        ({"speedup": 1.9}, None),  # something else held the sequential run up
        ({"cpu_s": 0.5}, None),  # something else had the core
        ({"workers": 1}, None),
        ({"failed": 1}, None),
        ({"outcome": "stopped"}, None),
    ],
)
def test_threads_take_turns(changes: dict[str, Any], expected: str | None) -> None:
    card = demo_named("heartbeat").card
    judged = judge(card.claims[0], card, run(**(BESIDE | changes)))
    assert (judged.holds if judged else None) == expected
