"""What runs of the Fibonacci demo say about the tutorial's claims."""

from typing import Any

import pytest

from core.claims import judge
from core.demos import demo_named
from tests.demos.rules import facts_of


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
