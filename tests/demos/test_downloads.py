"""What runs of the downloads demo say about the tutorial's claims."""

from typing import Any

import pytest

from core.claims import judge
from core.demos import demo_named
from tests.demos.rules import facts_of


def holds(claim: int, **changes: Any) -> str | None:
    card = demo_named("downloads").card
    facts = facts_of("downloads", sequential_s=2.02, elapsed_s=0.95, **changes)
    judged = judge(card.claims[claim], card, facts)
    return judged.holds if judged else None


@pytest.mark.parametrize(("speedup", "expected"), [(2.1, "yes"), (1.3, "partly"), (1.05, "no")])
def test_threads_shorten_the_waiting(speedup: float, expected: str) -> None:
    assert holds(0, mode="threads", speedup=speedup) == expected


@pytest.mark.parametrize(
    ("speedup", "threads_s", "expected"),
    [(2.1, 0.93, "yes"), (2.1, 0.96, "partly"), (1.0, 0.93, "no")],
)
def test_threads_cost_less_than_processes(speedup: float, threads_s: float, expected: str) -> None:
    assert holds(1, mode="processes", speedup=speedup, threads_s=threads_s) == expected


def test_what_was_not_compared_or_failed_says_nothing() -> None:
    assert holds(0, mode="threads") is None
    assert holds(1, mode="processes", speedup=2.1) is None  # threads were not measured
    for changes in ({"failed": 1}, {"workers": 1}, {"outcome": "stopped"}):
        assert holds(0, mode="threads", speedup=2.1, **changes) is None
