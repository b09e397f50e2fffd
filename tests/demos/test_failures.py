"""When something goes wrong in a pool: what the others get, in threads and in processes."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from core.events import DONE, FAILED
from core.recording import Recording
from tests.demos.rules import check_rules, facts_of
from tests.demos.scripts import write_demo
from tests.lab.running import in_lab, lines, logged, outcomes, results
from tests.pythons import Python

TASKS = 6
IN_TROUBLE = 2  # the third one
AT_A_TIME = 5
MODES = ("threads", "processes")
GUARD = 'if __name__ == "__main__": '
SPAWN = f'{GUARD}multiprocessing.set_start_method("spawn"); '


class Case(NamedTuple):
    """One run of the demo, with pieces of its text replaced."""

    mode: str
    trouble: str
    patience_s: float = 5.0
    edits: tuple[tuple[str, str], ...] = ()


SHORTER = ("sleep(6)", "sleep(3)")
AFTERWARDS = ("\nif __name__", '    print(jobs[2].result(), "after all")\n\nif __name__')
RAISES = [Case(mode, "raises") for mode in MODES]
KILLED = [Case("processes", "killed"), Case("processes", "killed", edits=((GUARD, SPAWN),))]
UNKILLED = Case("threads", "killed")
INITIALIZERS = [Case(mode, "initializer") for mode in MODES]
HANGS = [Case(mode, "hangs", 1.5, (SHORTER, AFTERWARDS)) for mode in MODES]


@cache
def runs_of(python: Python) -> dict[Case, Recording]:
    """Run everything once on a Python, some at a time: they wait more than they work."""
    cases = [*HANGS, *RAISES, *KILLED, UNKILLED, *INITIALIZERS]
    with ThreadPoolExecutor(AT_A_TIME) as together:
        return dict(zip(cases, together.map(lambda case: ran(python, case), cases), strict=True))


def ran(python: Python, case: Case) -> Recording:
    """Run the demo to its end, which is a good one in spite of the trouble."""
    knobs = {"TROUBLE": case.trouble, "PATIENCE": case.patience_s}
    with tempfile.TemporaryDirectory() as folder:
        path = write_demo(Path(folder), "failures", case.mode, **knobs)
        text = path.read_text(encoding="utf-8")
        for old, new in case.edits:
            assert old in text
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
        recording = in_lab(python, path, case.mode)
    assert recording.ending is not None
    assert (recording.ending.outcome, recording.troubles) == ("done", [])
    return recording


def kinds(recording: Recording) -> set[str]:
    """Return the types of what the tasks failed with."""
    ends = zip(outcomes(recording), results(recording), strict=True)
    return {text.partition(":")[0] for outcome, text in ends if outcome == FAILED}


@pytest.mark.parametrize("case", RAISES, ids=MODES)
def test_an_exception_is_the_business_of_its_task_alone(case: Case, spread_python: Python) -> None:
    recording = runs_of(spread_python)[case]
    assert [task for task, end in enumerate(outcomes(recording)) if end == FAILED] == [IN_TROUBLE]
    assert kinds(recording) == {"ValueError"}
    assert lines(recording)[IN_TROUBLE] == "3 raised ValueError('bad input')"
    assert lines(recording)[-1] == "6 is done"


@pytest.mark.parametrize("case", KILLED, ids=["default", "spawn"])
def test_a_killed_worker_takes_the_pool_with_it(case: Case, spread_python: Python) -> None:
    recording = runs_of(spread_python)[case]
    ends = outcomes(recording)
    assert IN_TROUBLE in logged(recording)["started"]
    assert kinds(recording) == {"BrokenProcessPool"}
    # The task that killed it, and the last one, which had not begun or not come far.
    assert (ends[IN_TROUBLE], ends[-1]) == (FAILED, FAILED)
    assert ends.count(FAILED) > 2
    told = [said for said in lines(recording) if "BrokenProcessPool" in said]
    assert len(told) == ends.count(FAILED)


def test_a_thread_cannot_be_killed(spread_python: Python) -> None:
    recording = runs_of(spread_python)[UNKILLED]
    assert outcomes(recording) == [DONE] * TASKS
    assert lines(recording)[IN_TROUBLE] == "there is no worker process to kill"


@pytest.mark.parametrize("case", INITIALIZERS, ids=MODES)
def test_a_failed_initializer_breaks_threads_and_processes_alike(
    case: Case, spread_python: Python
) -> None:
    recording = runs_of(spread_python)[case]
    assert kinds(recording) == {f"Broken{'Thread' if case.mode == 'threads' else 'Process'}Pool"}
    assert outcomes(recording).count(FAILED) == len(recording) > 0
    assert logged(recording)["started"] == []
    assert "OSError: no disk" in lines(recording, "stderr")


@pytest.mark.parametrize("case", HANGS, ids=MODES)
def test_whoever_gives_up_on_a_task_does_not_end_it(case: Case, spread_python: Python) -> None:
    recording = runs_of(spread_python)[case]
    assert "3 raised TimeoutError()" in lines(recording)
    assert lines(recording)[-1] == "3 is done after all"
    assert outcomes(recording) == [DONE] * TASKS


def many_facts() -> Iterator[dict[str, Any]]:
    for mode, trouble, failed, raised in itertools.product(
        MODES, ("raises", "killed", "initializer", "hangs"), (0, 1, 4), (0, 1)
    ):
        broken = failed if trouble in ("killed", "initializer") else 0
        facts = {"mode": mode, "TROUBLE": trouble, "failed": failed, "broken": broken}
        facts |= {"errors_rows": failed + raised, "errors_distinct": min(1, failed + raised)}
        yield facts_of("failures", tasks=TASKS, started=TASKS - broken, **facts)


def test_every_run_has_its_sentences_and_every_rule_its_run() -> None:
    check_rules("failures", many_facts())
