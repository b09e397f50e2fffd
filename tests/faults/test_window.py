"""Whichever call fails, the window says so in a sentence, Stop works, and the next run does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from core.no_room import NoRoom
from gui.texts import Texts
from tests.faults.cases import Nursery, Outcome, complaints, numbers
from tests.faults.injector import ERRORS, KINDS

STEPS = ("start", "run", "stop", "compare", "close")
SOME = 4


@pytest.fixture(scope="module")
def windows(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    """Hand out the process that windows are forked from."""
    with Nursery(tmp_path_factory.mktemp("windows"), "tests.faults.window") as nursery:
        yield nursery


def outcome_of(windows: Nursery, step: str, **case: Any) -> tuple[Outcome, dict[str, Any]]:
    """Return how a step went, and what the window told about each run, by step."""
    outcome = windows.run(does="tests.faults.window:story", step=step, **case)
    told = [json.loads(line) for line in outcome.out.splitlines()]
    return outcome, {one["step"]: one for one in told}


def problems(outcome: Outcome, told: dict[str, Any], step: str, kind: str) -> list[str]:
    """Return what is wrong with how a step went."""
    found = complaints(outcome, kind)
    if step in ("run", "compare", "stop") and not found:
        if step == "stop" and told["stop"]["outcome"] != "stopped":
            found.append(f"it was not stopped: {told}")
        if told["again"]["outcome"] != "done":
            found.append(f"the next run did not work: {told}")
    return found


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_run_without_room_says_so_in_the_window(windows: Nursery, language: str) -> None:
    fault = {"fault": ["thread", 1, "RuntimeError"], "is_lasting": True, "language": language}
    outcome, told = outcome_of(windows, "run", **fault)
    assert problems(outcome, told, "run", "thread") == []
    assert told["run"]["text"].endswith(Texts(language)("no_room.threads"))
    assert Texts("en")("no_room.threads") == str(NoRoom("threads"))


def test_stop_needs_no_thread(windows: Nursery) -> None:
    outcome, told = outcome_of(
        windows, "stop", fault=["thread", 1, "RuntimeError"], is_lasting=True
    )
    assert problems(outcome, told, "stop", "thread") == []


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("step", STEPS)
def test_each_step_bears_some(windows: Nursery, step: str, kind: str) -> None:
    outcome, told = outcome_of(windows, step)
    assert problems(outcome, told, step, "") == []
    found = []
    cases = [(number, False) for number in numbers(outcome.counts[kind], SOME)]
    for number, is_lasting in [*cases, (1, True)]:
        fault = {"fault": [kind, number, ERRORS[kind][0]], "is_lasting": is_lasting}
        found += [
            f"{fault}: {problem}"
            for problem in problems(*outcome_of(windows, step, **fault), step, kind)
        ]
    assert found == []
