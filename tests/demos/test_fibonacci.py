"""How the Fibonacci demo shares its tasks, and what its runs say about the tutorial's claims."""

from pathlib import Path
from typing import Any

import pytest

from core.claims import judge
from core.demos import demo_named
from core.explain import explain
from core.metrics import worker_count
from tests.demos.rules import facts_of
from tests.demos.scripts import write_demo
from tests.lab.running import done_in_lab
from tests.pythons import Python


def holds(claim: int, speedup: float, **changes: Any) -> str | None:
    card = demo_named("fibonacci").card
    facts = {"workers": 2, "tasks": 2, "elapsed_s": 1.0, "sequential_s": speedup, "cpu_s": 1.0}
    judged = judge(
        card.claims[claim], card, facts_of("fibonacci", speedup=speedup, **(facts | changes))
    )
    return judged.holds if judged else None


@pytest.mark.parametrize(
    ("speedup", "cores", "cpu_s", "expected"),
    [
        (1.9, 2, 1.9, "yes"),
        (1.2, 2, 1.2, "partly"),
        (1.02, 2, 0.02, "no"),  # too little work for the start of two processes
        (1.02, 1, 1.0, "no"),
        (1.02, 2, 1.0, None),  # something else had the cores
    ],
)
def test_processes_are_faster(
    speedup: float, cores: int, cpu_s: float, expected: str | None
) -> None:
    assert holds(0, speedup, mode="processes", cores=cores, cpu_s=cpu_s) == expected


def test_much_faster_depends_on_the_cores_as_in_the_tutorial() -> None:
    eight: dict[str, Any] = {"mode": "processes", "cores": 8, "workers": 8, "tasks": 8}
    assert holds(0, 71 / 20, **eight) == "yes"
    assert holds(0, 2.0, **eight) == "partly"
    assert holds(0, 1.9, **(eight | {"workers": 2, "tasks": 2})) == "yes"


@pytest.mark.parametrize(
    ("speedup", "free_threaded", "cpu_s", "expected"),
    [
        (71 / 138, False, 1.0, "yes"),
        (0.7, False, 1.0, "partly"),
        (0.95, False, 1.0, "no"),
        (1.9, True, 1.9, "no"),
        (0.5, False, 0.4, None),  # something else had the core
        (1.9, False, 1.0, None),  # something else held the sequential run up
    ],
)
def test_threads_are_slower(
    speedup: float, free_threaded: bool, cpu_s: float, expected: str | None
) -> None:
    facts = {"free_threaded": free_threaded, "cpu_s": cpu_s}
    assert holds(1, speedup, mode="threads", **facts) == expected


def test_one_task_and_failed_tasks_say_nothing() -> None:
    for changes in ({"workers": 1, "tasks": 1}, {"failed": 1}, {"outcome": "stopped"}):
        assert holds(0, 1.9, mode="processes", **changes) is None
        assert holds(1, 0.95, mode="threads", **changes) is None


@pytest.mark.parametrize("workers", [1, 2])
def test_fewer_workers_than_tasks_share_them(
    spread_python: Python, tmp_path: Path, workers: int
) -> None:
    knobs = {"TASKS": 3, "WORKERS": workers, "N": 100_000}
    recording = done_in_lab(
        spread_python, write_demo(tmp_path, "fibonacci", "processes", **knobs), "processes"
    )
    assert len(recording.tasks.worker) == 3
    assert worker_count(recording) <= workers


def test_why_one_worker_did_it_all_is_told() -> None:
    card = demo_named("fibonacci").card
    for mode in ("threads", "processes"):
        alone = {"mode": mode, "workers": 1, "tasks": 8, "sequential_s": 1.0, "speedup": 1.08}
        only = explain(card, facts_of("fibonacci", WORKERS=1, **alone), "en")[0]
        assert only.startswith("One worker did all 8 tasks in 0.927 s, one after the other")
        first = explain(card, facts_of("fibonacci", WORKERS=4, **alone), "en")[0]
        assert first.startswith("One of the workers did all 8 tasks in 0.927 s: each was over")
