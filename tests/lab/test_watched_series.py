"""Watched series: each entry is told once, with its own time; what is none is switched off."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.lab import observe
from core.lab.watches import Watches
from tests.lab.running import done_in_lab, lines, write_script
from tests.pythons import Python


@pytest.fixture(autouse=True)
def _nothing_observed() -> Iterator[None]:
    observe.state.begin()
    observe.connected()
    yield
    observe.state.begin()


def watching(entries: Any) -> Watches:
    return Watches({"late": "ticks"}, {"ticks": entries}, series=("late",))


def told() -> list[tuple[int, float]]:
    return list(observe.state.samples.get("late", ()))


def troubles() -> list[str]:
    return [event[1] for event in observe.state.single if event[0] == "trouble"]


def test_each_entry_is_told_once_with_its_own_time() -> None:
    ticks: list[Any] = [(1.5, 7.0)]
    watches = watching(ticks)
    watches.sample()
    watches.sample()
    ticks += [(2.5, 8), [3.0, 9.25]]
    watches.sample()
    assert told() == [(1_500_000_000, 7.0), (2_500_000_000, 8), (3_000_000_000, 9.25)]
    assert troubles() == []


def test_of_more_than_there_is_room_for_the_newest_are_told_and_the_rest_is_counted() -> None:
    room = observe.WATCH_ROOM
    watching([(1.0, number) for number in range(room + 10)]).sample()
    assert [value for _, value in told()] == list(range(10, room + 10))
    assert ["dropped", 10] in observe.take(room)


@pytest.mark.parametrize(
    ("entries", "reason"),
    [
        ("text", "no list"),
        ([1.0], "no pair"),
        ([(1.0, 2.0, 3.0)], "no pair"),
        ([("now", 1)], "perf_counter"),
        ([(-1.0, 1)], "perf_counter"),
        ([(float("nan"), 1)], "perf_counter"),
        ([(time.perf_counter() + 1e9, 1)], "perf_counter"),
        ([(1.0, "late")], "no plain number"),
        ([(1.0, True)], "no plain number"),
        ([(1.0, float("inf"))], "no plain number"),
    ],
)
def test_what_is_no_series_is_switched_off(entries: Any, reason: str) -> None:
    watches = watching(entries)
    watches.sample()
    watches.sample()
    assert told() == []
    assert len(troubles()) == 1
    assert reason in troubles()[0]


def test_a_list_that_becomes_shorter_is_switched_off() -> None:
    ticks = [(1.0, 1), (2.0, 2)]
    watches = watching(ticks)
    watches.sample()
    del ticks[1]
    watches.sample()
    assert len(told()) == 2
    assert "shorter" in troubles()[0]


def test_a_run_tells_every_entry(outer_python: Python, tmp_path: Path) -> None:
    script = r"""
        from time import perf_counter, sleep

        ticks = []

        def main():
            for number in range(300):
                ticks.append((perf_counter(), number / 4))
                sleep(0.0005)
            print(*(at for at, _ in ticks), sep="\n")

        if __name__ == "__main__": main()
    """
    path = write_script(tmp_path, script)
    recording = done_in_lab(outer_python, path, watches={"late": "ticks"}, series=("late",))
    at_s, values = recording.watch("late")
    assert values.tolist() == [number / 4 for number in range(300)]
    said = np.array(lines(recording), dtype=float) - recording.origin_ns * 1e-9
    assert np.abs(at_s - said).max() < 1e-6
    assert recording.dropped == 0
