"""How many workers start and when, what each sets up first, and what bounds their number."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.demos import demo_named
from core.explain import explain, verdict_on
from core.incidents import incident_facts
from core.metrics import worker_count
from core.recording import Recording
from tests.demos.rules import check_rules, facts_of
from tests.demos.scripts import write_demo
from tests.lab.running import done_in_lab, in_lab, lines, plainly, start_methods
from tests.pythons import Python, installed_pythons

DEMO = "initializer_and_workers"
ATTEMPTS = 4  # on a busy machine the script may be held up between two submissions

AT_ONCE = {"PAUSE_S": 0.0}
NEWEST = installed_pythons()[-1]


def minor(python: Python) -> int:
    return int(python.version.split(".")[1].removesuffix("t"))


def lab_run(python: Python, folder: Path, mode: str, **knobs: Any) -> Recording:
    recording = done_in_lab(python, write_demo(folder, DEMO, mode, **knobs), mode)
    assert_set_up_before_work(recording)
    return recording


def assert_set_up_before_work(recording: Recording) -> None:
    """Assert that each worker with a task ran the initializer exactly once, and before it."""
    rows = recording.tasks
    for lane, worker in enumerate(recording.workers):
        place = (worker.pid, worker.thread)
        runs = [one for one in recording.initialized if (one.pid, one.thread) == place]
        assert len(runs) == 1
        assert runs[0].done
        assert runs[0].ended_s <= np.nanmin(rows.started_s[rows.worker == lane])


def started(recording: Recording) -> int:
    return len(recording.initialized)


@pytest.mark.parametrize("mode", ["threads", "processes"])
def test_every_task_finds_what_its_worker_set_up(
    spread_python: Python, tmp_path: Path, mode: str
) -> None:
    knobs = {**AT_ONCE, "TASKS": 4, "MAX_WORKERS": 2}
    said = plainly(spread_python, write_demo(tmp_path, DEMO, mode, **knobs))
    assert (said.stderr, said.exit_code) == ([], 0)
    found = dict(line.split(" used ") for line in said.stdout)
    assert set(found) == {f"task {n}" for n in range(4)}
    assert len(set(found.values())) <= 2
    assert all(tool.startswith("connection of worker ") for tool in found.values())


def test_without_an_initializer_there_is_nothing_to_find(
    spread_python: Python, tmp_path: Path
) -> None:
    path = write_demo(tmp_path, DEMO, "threads", USE_INITIALIZER=False, TASKS=2, **AT_ONCE)
    assert sorted(plainly(spread_python, path).stdout) == [
        "task 0 used nothing",
        "task 1 used nothing",
    ]


def test_no_more_threads_start_than_there_are_tasks(spread_python: Python, tmp_path: Path) -> None:
    for _ in range(ATTEMPTS):
        recording = lab_run(spread_python, tmp_path, "threads", TASKS=3, MAX_WORKERS=6, **AT_ONCE)
        assert started(recording) <= 3
        if started(recording) == 3:
            return
    pytest.fail("three tasks at once never had three threads")


def test_no_more_threads_start_than_max_workers(spread_python: Python, tmp_path: Path) -> None:
    recording = lab_run(spread_python, tmp_path, "threads", TASKS=6, MAX_WORKERS=2, **AT_ONCE)
    assert started(recording) <= 2


@pytest.mark.slow
def test_a_thread_that_is_idle_gets_the_next_task(tmp_path: Path) -> None:
    knobs = {"PAUSE_S": 0.5, "TASKS": 3, "USE_INITIALIZER": False}
    for _ in range(ATTEMPTS):
        path = write_demo(tmp_path, DEMO, "threads", **knobs)
        if worker_count(done_in_lab(NEWEST, path, "threads")) == 1:
            return
    pytest.fail("an idle thread was never used again")


def test_as_the_demo_comes_neither_one_nor_all_allowed_threads_start(tmp_path: Path) -> None:
    counts = []
    for _ in range(ATTEMPTS):
        counts.append(started(lab_run(NEWEST, tmp_path, "threads")))
        if 1 < counts[-1] < 6:
            return
    pytest.fail(f"{counts} threads started in the attempts")


def test_fork_starts_all_processes_at_once_and_spawn_as_many_as_it_takes(
    spread_python: Python, tmp_path: Path
) -> None:
    for method in {"fork", "spawn"}.intersection(start_methods(spread_python)):
        knobs = {**AT_ONCE, "START_METHOD": method, "TASKS": 1, "MAX_WORKERS": 3}
        recording = lab_run(spread_python, tmp_path, "processes", **knobs)
        assert started(recording) == (3 if method == "fork" else 1)


@pytest.mark.slow
def test_max_tasks_per_child_replaces_workers(spread_python: Python, tmp_path: Path) -> None:
    knobs = {**AT_ONCE, "MAX_TASKS_PER_CHILD": 1, "TASKS": 3, "MAX_WORKERS": 1}
    path = write_demo(tmp_path, DEMO, "processes", **knobs)
    recording = in_lab(spread_python, path, "processes")
    if minor(spread_python) < 11:
        assert "max_tasks_per_child" in lines(recording, "stderr")[-1]
        assert_explained(recording, spread_python, knobs, f"Python {spread_python.version} has no")
        return
    assert len(recording.workers) == len({worker.pid for worker in recording.workers}) == 3
    assert_set_up_before_work(recording)
    assert started(recording) >= 3


def test_fork_refuses_to_replace_workers(tmp_path: Path) -> None:
    if "fork" not in start_methods(NEWEST) or minor(NEWEST) < 11:
        pytest.skip("this needs Python 3.11 or newer, and fork")
    knobs = {"MAX_TASKS_PER_CHILD": 1, "START_METHOD": "fork"}
    recording = in_lab(NEWEST, write_demo(tmp_path, DEMO, "processes", **knobs), "processes")
    assert_explained(recording, NEWEST, knobs, f"Python {NEWEST.version} refuses")


def assert_explained(
    recording: Recording, python: Python, knobs: dict[str, Any], start: str
) -> None:
    assert recording.ending is not None
    run = {"mode": "processes", "outcome": recording.ending.outcome, "tasks": 0, "workers": 0}
    facts = facts_of(DEMO, **knobs, **run, python=python.version, **incident_facts(recording))
    (sentence,) = explain(demo_named(DEMO).card, facts, "en")
    assert sentence.startswith(start)


def test_the_claim_is_judged_by_how_many_threads_started(tmp_path: Path) -> None:
    card = demo_named(DEMO).card
    (claim,) = card.claims
    recording = lab_run(NEWEST, tmp_path, "threads", **claim.knobs)
    run = {"mode": "threads", "tasks": len(recording), "workers": worker_count(recording)}
    facts = facts_of(DEMO, **claim.knobs, **run, **incident_facts(recording))
    verdict = verdict_on(claim, card, facts)
    assert verdict is not None
    assert verdict.holds == "yes"
    assert facts["initialized"] <= facts["max_workers"] == 6


def runs() -> Iterator[dict[str, Any]]:
    """Yield runs of all kinds, among them one for every rule of the card."""
    common = {"tasks": 8, "started": 8, "max_workers": 6}
    for count in (3, 6, 7):
        set_up = {"initialized": count, "initializing_s": 0.9, "workers": count}
        yield facts_of(DEMO, **common, **set_up)
        yield facts_of(DEMO, **common, USE_INITIALIZER=False, workers=count)
        for method in ("fork", "spawn"):
            made = {"mode": "processes", "start_method": method, "START_METHOD": method}
            yield facts_of(DEMO, **common, **set_up, **made, processes=count)
    limited = {"mode": "processes", "MAX_TASKS_PER_CHILD": 2}
    yield facts_of(DEMO, **limited, outcome="failed", raised="TypeError", python="3.10")
    yield facts_of(
        DEMO, **limited, outcome="failed", raised="ValueError", START_METHOD="fork", python="3.13"
    )
    stuck = {"tasks": 8, "started": 4, "processes": 2, "max_workers": 2}
    yield facts_of(DEMO, **limited, **stuck, outcome="stopped", raised="KeyboardInterrupt")


def test_every_run_has_its_sentences_and_every_rule_its_run() -> None:
    check_rules(DEMO, runs())
