"""Which values a watch takes, and what it says when it is switched off."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from core.lab import observe
from core.lab.watches import EVERY, Watches


@pytest.fixture(autouse=True)
def _nothing_observed() -> Iterator[None]:
    observe.state.begin()
    observe.connected()
    yield
    observe.state.begin()


def sampled() -> dict[str, list[float]]:
    return {name: [value for _, value in rows] for name, rows in observe.state.samples.items()}


def troubles() -> list[str]:
    return [event[1] for event in observe.state.single if event[0] == "trouble"]


@pytest.mark.parametrize(
    ("value", "taken"), [(3, 3), (-2.5, -2.5), (2**63 - 1, 2**63 - 1), (2**63, 2.0**63)]
)
def test_numbers_are_taken(value: float, taken: float) -> None:
    Watches({"w": "x"}, {"x": value}).sample()
    assert sampled() == {"w": [taken]}
    assert type(observe.state.samples["w"][0][1]) is type(taken)
    assert troubles() == []


@pytest.mark.parametrize("value", [True, "3", None, 3j, float("nan"), float("inf"), [], 10**400])
def test_anything_else_switches_the_watch_off(value: Any) -> None:
    watches = Watches({"w": "x", "other": "y"}, {"x": value, "y": 1})
    watches.sample()
    watches.sample()
    assert sampled() == {"other": [1, 1]}
    (trouble,) = troubles()
    assert trouble.startswith("Watch w was switched off: ")


def test_a_name_may_come_and_go() -> None:
    namespace: dict[str, Any] = {}
    watches = Watches({"w": "counter.inner.count"}, namespace)
    watches.sample()
    namespace["counter"] = SimpleNamespace(inner=SimpleNamespace(count=1))
    watches.sample()
    namespace["counter"].inner.count = 2
    watches.sample()
    del namespace["counter"]
    watches.sample()
    assert sampled() == {"w": [1, 2]}
    assert troubles() == []


def test_samples_come_at_half_the_rate_of_the_ticks() -> None:
    watches = Watches({"w": "x"}, {"x": 1})
    for _ in range(3 * EVERY):
        watches.tick()
    assert sampled() == {"w": [1, 1, 1]}


def test_two_threads_may_find_out_at_once() -> None:
    both_look = threading.Barrier(2, timeout=60)

    class Broken:
        @property
        def value(self) -> int:
            both_look.wait()
            raise ValueError("broken")

    watches = Watches({"w": "broken.value"}, {"broken": Broken()})
    threads = [threading.Thread(target=watches.sample) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert troubles() == ["Watch w was switched off: ValueError: broken."]
