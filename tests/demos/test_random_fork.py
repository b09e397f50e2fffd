"""A forked worker has a copy of numpy's generator; everything else draws numbers of its own.

Needs numpy in the Python that runs the script: tried on the Pythons that have it, of those on the
PATH and under pyenv one a version. This one has it always.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.comparison import summary_of
from core.demos import demo_named
from core.explain import explain, verdict_on
from core.facts import facts_of as facts_of_run
from core.jobs import build_job, knobs_of
from core.knob_values import check_value
from core.local_sites import LocalSites
from core.recording import Recording
from core.script import BadKnobValue, set_knob
from tests.demos.rules import check_rules, facts_of
from tests.demos.scripts import write_demo
from tests.lab.running import done_in_lab, ended, plainly, start_methods, started
from tests.pythons import Python, pythons_with

DEMO = "random_fork"
WORKERS = 3
GLOBAL = "value = numpy.random.random()"
RESEEDED = "numpy.random.seed(); value = numpy.random.random()"
PYTHONS_OWN = "value = random.random()"
SPAWNED = "value = numpy.random.default_rng(seed).random()"
LINES = (GLOBAL, RESEEDED, PYTHONS_OWN, SPAWNED)
RUNS = 20


@pytest.fixture(params=pythons_with("numpy"), ids=lambda python: python.version)
def numpy_python(request: pytest.FixtureRequest) -> Python:
    """Return a Python that has numpy."""
    python: Python = request.param
    return python


def drawn(python: Python, path: Path) -> list[float]:
    """Run the script as anybody would and return the numbers; nothing else may be said."""
    ran = plainly(python, path)
    assert (ran.stderr, ran.exit_code) == ([], 0)
    assert len({line.split()[1] for line in ran.stdout}) in (1, len(ran.stdout))
    return [float(line.split()[-1]) for line in ran.stdout]


def write(folder: Path, method: str, line: str = GLOBAL, mode: str = "processes") -> Path:
    return write_demo(folder, DEMO, mode, START_METHOD=method, source=line, WORKERS=WORKERS)


def ways_that_differ(python: Python) -> list[tuple[str, str]]:
    """Return start methods and lines that give each worker a number of its own."""
    methods = start_methods(python)
    return [(m, line) for m in methods for line in LINES if (m, line) != ("fork", GLOBAL)]


def test_forked_workers_draw_equal_numbers_from_numpy(numpy_python: Python, tmp_path: Path) -> None:
    numbers = drawn(numpy_python, write(tmp_path, "fork"))
    assert (len(numbers), len(set(numbers))) == (WORKERS, 1)


@pytest.mark.slow
def test_they_do_so_in_each_of_twenty_runs(numpy_python: Python, tmp_path: Path) -> None:
    path = write(tmp_path, "fork")
    runs = [drawn(numpy_python, path) for _ in range(RUNS)]
    assert [(len(run), len(set(run))) for run in runs] == [(WORKERS, 1)] * RUNS
    assert len({run[0] for run in runs}) == RUNS  # another state is copied each time


@pytest.mark.parametrize("line", [RESEEDED, PYTHONS_OWN, SPAWNED])
def test_other_ways_to_draw_survive_the_fork(
    line: str, numpy_python: Python, tmp_path: Path
) -> None:
    assert len(set(drawn(numpy_python, write(tmp_path, "fork", line)))) == WORKERS


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_workers_that_start_afresh_draw_numbers_of_their_own(
    method: str, numpy_python: Python, tmp_path: Path
) -> None:
    assert method in start_methods(numpy_python)
    assert len(set(drawn(numpy_python, write(tmp_path, method)))) == WORKERS


@pytest.mark.slow
def test_all_other_ways_differ_over_and_over(numpy_python: Python, tmp_path: Path) -> None:
    ways = ways_that_differ(numpy_python)
    for number in range(RUNS):
        method, line = ways[number % len(ways)]
        numbers = drawn(numpy_python, write(tmp_path, method, line))
        assert len(set(numbers)) == WORKERS, (method, line)


@pytest.mark.parametrize("line", LINES)
def test_threads_share_one_generator(line: str, numpy_python: Python, tmp_path: Path) -> None:
    assert len(set(drawn(numpy_python, write(tmp_path, "fork", line, "threads")))) == WORKERS


def run_in_lab(python: Python, claim: str) -> Recording:
    """Run the demo with the knobs of a claim, as the window does."""
    demo = demo_named(DEMO)
    knobs = next(each for each in demo.card.claims if each.name == claim).knobs
    text = demo.text
    for name, value in knobs.items():
        text = set_knob(text, name, value)
    with LocalSites() as sites, started(python.path, build_job(demo, text, sites=sites)) as run:
        ended(run)
        return run.recording


@pytest.mark.parametrize("claim", ["fork_copies", "seed_in_the_worker", "random_is_safe"])
def test_the_lab_judges_the_claims_by_what_it_measured(claim: str, numpy_python: Python) -> None:
    recording = run_in_lab(numpy_python, claim)
    facts = facts_of_run(recording, summary_of(recording, {}))
    distinct = 1 if claim == "fork_copies" else WORKERS
    assert (facts["numbers_rows"], facts["numbers_distinct"]) == (WORKERS, distinct)
    assert (recording.output[-1].stream, recording.troubles) == ("stdout", [])
    card = demo_named(DEMO).card
    verdicts = {each.name: verdict_on(each, card, facts) for each in card.claims}
    judged = {name: verdict.holds for name, verdict in verdicts.items() if verdict}
    assert judged == {claim: "yes"}
    assert explain(card, facts, "en")


def test_the_lab_measures_which_start_method_is_the_default(numpy_python: Python) -> None:
    code = "import multiprocessing as m; print(m.get_start_method())"
    answer = subprocess.run(
        [numpy_python.path, "-c", code], capture_output=True, text=True, check=True
    )
    recording = run_in_lab(numpy_python, "fork_is_the_default")
    facts = facts_of_run(recording, summary_of(recording, {}))
    assert facts["start_method"] == answer.stdout.strip()
    card = demo_named(DEMO).card
    verdict = verdict_on(card.claims[-1], card, facts)
    assert verdict is not None
    assert verdict.holds == ("yes" if facts["start_method"] == "fork" else "no")


def test_nothing_else_is_said_in_the_lab(numpy_python: Python, tmp_path: Path) -> None:
    done_in_lab(numpy_python, write(tmp_path, "fork"), "processes")


@pytest.mark.parametrize("workers", [0, -1, 17, 10_000, 2.5, True, "3"])
def test_impossible_numbers_of_workers_are_refused(workers: Any) -> None:
    knob = demo_named(DEMO).card.knob("WORKERS")
    assert knob is not None
    with pytest.raises(BadKnobValue, match="WORKERS must be "):
        check_value(knob, workers)


def test_an_unknown_start_method_is_refused() -> None:
    demo = demo_named(DEMO)
    with LocalSites() as sites, pytest.raises(BadKnobValue, match="START_METHOD must be one of"):
        build_job(demo, set_knob(demo.text, "START_METHOD", "clone"), sites=sites)
    assert knobs_of(demo.text)["source"] == GLOBAL


def runs() -> Iterator[dict[str, Any]]:
    """Return the facts of runs of all kinds."""
    for line in LINES:
        for method in ("fork", "spawn"):
            for distinct in (1, 2, 3):
                yield _run(mode="processes", start_method=method, source=line, distinct=distinct)
        yield _run(mode="threads", source=line, distinct=3)
    yield _run(mode="processes", start_method="fork", source=GLOBAL, rows=1, distinct=1)
    for default in ("fork", "forkserver"):
        yield _run(mode="processes", START_METHOD="", start_method=default, source=SPAWNED)
    yield _run(mode="processes", failed=3, rows=0, distinct=0)
    yield _run(mode="processes", outcome="failed", raised="ValueError", rows=0, distinct=0)


def _run(rows: int = WORKERS, distinct: int = WORKERS, **changes: Any) -> dict[str, Any]:
    table = {"numbers_rows": rows, "numbers_distinct": distinct, "numbers_yes": 0, "numbers_no": 0}
    return facts_of(DEMO, **table, **changes)


def test_every_sentence_has_its_run() -> None:
    check_rules(DEMO, runs())
