"""What a future lets be done with it while its task waits, runs, and has ended."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from core.demos import demo_named
from core.events import CANCELLED, DONE, FAILED
from core.recording import Recording
from tests.demos.rules import check_rules, facts_of
from tests.demos.scripts import write_demo
from tests.lab.running import done_in_lab, lines, logged, outcomes
from tests.pythons import Python

TASKS = 8
WORKERS = 2
AT_A_TIME = 5
MODES = ("threads", "processes")
GUARD = 'if __name__ == "__main__": '
SPAWN = f'{GUARD}__import__("multiprocessing").set_start_method("spawn"); '


class Case(NamedTuple):
    """One run of the demo: long enough that a busy machine does not change what comes first."""

    mode: str
    then: str
    seconds: float = 0.3
    tasks: int = TASKS
    spawn: bool = False


SPAWNED = Case("processes", "cancel", spawn=True)
CANCELS = [*(Case(mode, "cancel") for mode in MODES), SPAWNED]
SHUTDOWNS = [Case(mode, "shutdown", 0.5) for mode in MODES]
TIMEOUTS = [Case(mode, "timeout", 2.0, tasks=2) for mode in MODES]
EXCEPTIONS = [Case(mode, "exception", 0.05) for mode in MODES]
CALLBACKS = [Case(mode, "callback") for mode in MODES]


@cache
def runs_of(python: Python) -> dict[Case, Recording]:
    """Run everything once on a Python, some at a time: they wait more than they work."""
    cases = [*TIMEOUTS, *CANCELS, *SHUTDOWNS, *EXCEPTIONS, *CALLBACKS]
    with ThreadPoolExecutor(AT_A_TIME) as together:
        return dict(zip(cases, together.map(lambda case: ran(python, case), cases), strict=True))


def ran(python: Python, case: Case) -> Recording:
    knobs = {"then": line(case.then), "SECONDS": case.seconds, "TASKS": case.tasks}
    with tempfile.TemporaryDirectory() as folder:
        path = write_demo(Path(folder), "future_lifecycle", case.mode, **knobs)
        text = path.read_text(encoding="utf-8")
        assert GUARD in text
        if case.spawn:
            path.write_text(text.replace(GUARD, SPAWN), encoding="utf-8")
        return done_in_lab(python, path, case.mode)


def line(name: str) -> str:
    """Return the line of code that main runs meanwhile."""
    knob = demo_named("future_lifecycle").card.knob("then")
    assert knob is not None
    return next(each.code for each in knob.alternatives if each.name == name)


@pytest.mark.parametrize("case", CANCELS, ids=["threads", "processes", "spawn"])
def test_a_queued_future_goes_and_a_running_one_refuses(case: Case, spread_python: Python) -> None:
    recording = runs_of(spread_python)[case]
    told = lines(recording)
    assert (told[0], told[1]) == ("cancel(): False True", "1: result() returned 1")
    assert told[-1] == f"{TASKS}: result() raised CancelledError()"
    answers = [(answer.task, answer.cancelled) for answer in recording.cancels]
    assert answers == [(0, False), (TASKS - 1, True)]
    assert sorted(logged(recording)["started"]) == list(range(TASKS - 1))
    assert outcomes(recording) == [DONE, FAILED, *[DONE] * (TASKS - 3), CANCELLED]


@pytest.mark.parametrize("case", SHUTDOWNS, ids=MODES)
def test_shutting_down_cancels_what_still_waits(case: Case, spread_python: Python) -> None:
    recording = runs_of(spread_python)[case]
    cancelled = {task for task, end in enumerate(outcomes(recording)) if end == CANCELLED}
    started = set(logged(recording)["started"])
    assert TASKS - 1 in cancelled
    assert (cancelled & started, cancelled | started) == (set(), set(range(TASKS)))
    assert sum("CancelledError()" in told for told in lines(recording)) == len(cancelled)
    if case.mode == "processes":  # it has sent more to its workers than they can run
        assert len(started) > WORKERS


@pytest.mark.parametrize("case", TIMEOUTS, ids=MODES)
def test_giving_up_on_a_result_does_not_end_its_task(case: Case, spread_python: Python) -> None:
    told = lines(runs_of(spread_python)[case])
    assert told[:2] == ["result() raised TimeoutError()", "1: result() returned 1"]


@pytest.mark.parametrize("case", EXCEPTIONS, ids=MODES)
def test_an_exception_waits_in_its_future(case: Case, spread_python: Python) -> None:
    told = lines(runs_of(spread_python)[case])
    assert told[0] == "[None, ValueError('2 is not allowed')]"
    assert told[2] == "2: result() raised ValueError('2 is not allowed')"


def test_callbacks_run_where_futures_end(spread_python: Python) -> None:
    threads: dict[str, set[str]] = {}
    for case in CALLBACKS:
        told = lines(runs_of(spread_python)[case])
        calls = [call for call in told if call.startswith("callback in ")]
        assert len(calls) == TASKS
        # Where a future had ended already, it was the main thread that called.
        threads[case.mode] = {call.split()[2].rstrip(":") for call in calls} - {"MainThread"}
    assert threads["threads"] <= {f"ThreadPoolExecutor-0_{number}" for number in range(WORKERS)}
    assert threads["threads"]
    assert len(threads["processes"]) == 1  # the thread that receives what all workers send


def many_facts() -> Iterator[dict[str, Any]]:
    knob = demo_named("future_lifecycle").card.knob("then")
    assert knob is not None
    for mode, then, cancelled, refused, failed in itertools.product(
        MODES, (each.code for each in knob.alternatives), (0, 3), (0, 1), (0, 1)
    ):
        common = {"mode": mode, "then": then, "tasks": TASKS, "cancelled": cancelled}
        common |= {"refused": refused, "failed": failed, "started": TASKS - cancelled}
        common |= {"max_workers": WORKERS, "workers": WORKERS, "first_delivered_s": 1.5}
        for submitting_s, distinct in ((0.0004, 1), (2.0, 2)):
            calls = {"callbacks_rows": TASKS, "callbacks_distinct": distinct}
            yield facts_of("future_lifecycle", submitting_s=submitting_s, **common, **calls)


def test_every_run_has_its_sentences_and_every_rule_its_run() -> None:
    check_rules("future_lifecycle", many_facts())
