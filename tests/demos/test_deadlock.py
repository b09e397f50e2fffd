"""Two ways to wait for ever, and their cures: found in the lab, and the same without it."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from core.demos import demo_named
from core.incidents import incident_facts
from core.recording import Recording
from core.run import Run
from core.run_facts import Wait
from tests.demos.rules import check_rules, facts_of
from tests.demos.scripts import write_demo
from tests.lab.running import in_lab, lines, plainly
from tests.pythons import Python
from tests.waiting import wait_until

PATIENCE_S = 120.0
GAVE_UP = "TimeoutError()"
GIVE_UP_S = 1.5  # long after both have begun, and yet soon

BOTH: dict[str, dict[str, Any]] = {"a full pool": {"CASE": "pool"}, "two locks": {"CASE": "locks"}}
DEADLOCKS = {**BOTH, "its only worker": {"CASE": "pool", "WORKERS": 1}}
CURES: dict[str, dict[str, Any]] = {
    "one worker more": {"CASE": "pool", "WORKERS": 3},
    "the same order": {"CASE": "locks", "SAME_ORDER": True},
    "one worker for two locks": {"CASE": "locks", "WORKERS": 1},
}


@pytest.mark.slow
def test_without_the_lab_somebody_gives_up_or_the_cure_works(
    spread_python: Python, tmp_path: Path
) -> None:
    def said(name: str) -> list[str]:
        (tmp_path / name).mkdir()
        knobs = {**BOTH, **CURES}[name]
        path = write_demo(tmp_path / name, "deadlock", "threads", GIVE_UP_S=GIVE_UP_S, **knobs)
        said = plainly(spread_python, path)
        assert (said.stderr, said.exit_code) == ([], 0)
        return said.stdout

    names = [*BOTH, *CURES]
    with ThreadPoolExecutor(len(names)) as together:
        outputs = dict(zip(names, together.map(said, names), strict=True))
    assert all(GAVE_UP in outputs[name] for name in BOTH)
    both = ["task 1 had both locks", "task 2 had both locks"]
    parts = ["whole of part 1", "whole of part 2"]
    assert [outputs[name] for name in CURES] == [parts, both, both]


def in_the_lab(
    python: Python, folder: Path, cases: dict[str, dict[str, Any]], **options: Any
) -> dict[str, Recording]:
    """Run the demo with several settings at once: it hardly does anything but wait."""

    def run(name: str) -> Recording:
        (folder / name).mkdir()
        mode = options.get("mode", "threads")
        path = write_demo(folder / name, "deadlock", mode, **cases[name])
        during = options.get("during")
        return in_lab(python, path, mode, during, tasks=("work",), knobs=cases[name])

    with ThreadPoolExecutor(len(cases)) as together:
        return dict(zip(cases, together.map(run, cases), strict=True))


def stop_when_it_stalls(run: Run) -> None:
    wait_until(lambda: run.recording.stalls, PATIENCE_S)
    run.stop()


def test_who_waits_for_whom_is_found_and_stop_ends_what_never_would(
    spread_python: Python, tmp_path: Path
) -> None:
    endless = {name: {**knobs, "GIVE_UP_S": 0.0} for name, knobs in DEADLOCKS.items()}
    recordings = in_the_lab(spread_python, tmp_path, endless, during=stop_when_it_stalls)
    waits = {name: recording.stalls[0].waits for name, recording in recordings.items()}
    assert [(one.task, one.what) for one in waits["two locks"]] == [(0, "right"), (1, "left")]
    assert [one.awaited for one in waits["two locks"]] == [1, 0]
    for name in ("a full pool", "its only worker"):
        assert {one.what for one in waits[name]} == {"inner.result()"}
        awaited = {recordings[name].function_name(one.awaited) for one in waits[name]}
        assert awaited == {"part"}
    assert [one.task for one in waits["a full pool"]] == [0, 1]
    assert [one.task for one in waits["its only worker"]] == [0]
    text = demo_named("deadlock").text.splitlines()
    for name, recording in recordings.items():
        assert recording.ending is not None
        assert (recording.ending.outcome, lines(recording)) == ("stopped", []), name
        assert recording.troubles == []
        assert all(
            "inner" in line_of(w, text) or "b.acquire" in line_of(w, text) for w in waits[name]
        )


def line_of(wait: Wait, text: list[str]) -> str:
    return text[(wait.line or 0) - 1]


@pytest.mark.slow
def test_giving_up_ends_the_stall_and_the_run(newest_python: Python, tmp_path: Path) -> None:
    for name, recording in in_the_lab(newest_python, tmp_path, BOTH).items():
        facts = incident_facts(recording)
        assert recording.ending is not None
        assert recording.ending.outcome == "done"
        assert GAVE_UP in lines(recording), name
        assert facts["stalled_tasks"] == 2
        # Noticed well before they gave up, and over by the end of the run.
        assert 0 < float(str(facts["stalled_s"])) <= recording.ending.at_s


def test_a_cure_leaves_nothing_to_find(spread_python: Python, tmp_path: Path) -> None:
    for name, recording in in_the_lab(spread_python, tmp_path, CURES).items():
        assert recording.stalls == [], name
        assert len(lines(recording)) == 2
        assert GAVE_UP not in lines(recording)


def test_one_after_the_other_nobody_waits(newest_python: Python, tmp_path: Path) -> None:
    both = {case: {"CASE": case} for case in ("pool", "locks")}
    for name, recording in in_the_lab(newest_python, tmp_path, both, mode="sequential").items():
        assert (recording.stalls, len(recording)) == ([], 2), name
        assert GAVE_UP not in lines(recording)


def many_facts() -> Iterator[dict[str, Any]]:
    """Yield runs of all kinds, among them one for every rule of the card."""
    for case, same in itertools.product(("pool", "locks"), (False, True)):
        knobs = {"CASE": case, "SAME_ORDER": same, "cores": 2}
        yield facts_of("deadlock", mode="sequential", tasks=2, **knobs)
        for workers, stalled, failed in itertools.product((1, 2, 3), (0, 1, 2), (0, 1, 2)):
            stall = {"stalled_tasks": stalled, "stalled_s": 3.5 if stalled else 0.0}
            common = {**knobs, **stall, "WORKERS": workers, "tasks": 4}
            if failed or not stalled:  # nobody comes out of a stall without a failure
                yield facts_of("deadlock", failed=failed, **common)
                yield facts_of("deadlock", failed=failed, cancelled=min(failed, 1), **common)
            for outcome, give_up_s in itertools.product(("stopped", "timed out"), (0.0, 4.0)):
                end = {"outcome": outcome, "elapsed_s": math.nan, "GIVE_UP_S": give_up_s}
                yield facts_of("deadlock", **common, **end)


def test_every_run_has_its_sentences_and_every_rule_its_run() -> None:
    check_rules("deadlock", many_facts())
