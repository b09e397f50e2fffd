"""Without the guard a worker that starts afresh calls main() again, and Python refuses."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from core.demos import demo_named
from core.explain import explain, verdict_on
from core.incidents import incident_facts
from tests.demos.rules import check_rules, facts_of
from tests.demos.scripts import write_demo
from tests.lab.running import Said, in_lab, plainly, said, start_methods
from tests.pythons import Python

GUARD, BARE = 'if __name__ == "__main__": main()', "main()"
REFUSAL = "An attempt has been made to start a new process before the"
WORKERS = 3
KNOBS = {"WORKERS": WORKERS, "TASKS": 6}
ANSWERS = [f"{n} squared is {n * n}" for n in range(6)]


def runs_as(said: Said) -> Counter[str]:
    """Return how often the script was run or imported, by the name that it had then."""
    # Several processes write at once: two of them may share a line.
    text = "\n".join(said.stdout)
    return Counter(re.findall(r"runs this file as (__main__|__mp_main__)", text))


def imports(method: str, python: Python) -> range:
    """Return how often the file may be imported under another name than that of a script."""
    if method == "fork":
        return range(1)
    # From 3.14 on a fork server imports the script, and its workers are copies of it. (On 3.15 it
    # goes on after a script that does not let itself be imported, and so do its workers.)
    minor = int(python.version.split(".")[1].removesuffix("t"))
    return range(1, WORKERS + 1 + (method == "forkserver" and minor >= 14))


def answers(said: Said) -> list[str]:
    return [line.split(",")[0] for line in said.stdout if "squared" in line]


def test_with_the_guard_every_start_method_works(spread_python: Python, tmp_path: Path) -> None:
    for method in start_methods(spread_python):
        path = write_demo(
            tmp_path, "main_guard", "processes", guard=GUARD, START_METHOD=method, **KNOBS
        )
        said = plainly(spread_python, path)
        assert (answers(said), said.stderr, said.exit_code) == (ANSWERS, [], 0)
        names = runs_as(said)
        assert names["__main__"] == 1
        assert names["__mp_main__"] in imports(method, spread_python)


@pytest.fixture
def started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """Return a function that tells how many Pythons have started, for whatever purpose."""
    notes, site = tmp_path / "started", tmp_path / "site"
    notes.mkdir()
    site.mkdir()
    note = f"import tempfile\ntempfile.mkstemp(dir={str(notes)!r})\n"
    (site / "sitecustomize.py").write_text(note, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(site))
    return lambda: len(list(notes.iterdir()))


def test_without_the_guard_only_copies_work_and_no_process_starts_more(
    spread_python: Python, tmp_path: Path, started: Callable[[], int]
) -> None:
    for method in start_methods(spread_python):
        path = write_demo(
            tmp_path, "main_guard", "processes", guard=BARE, START_METHOD=method, **KNOBS
        )
        before = started()
        said = plainly(spread_python, path)
        # The script, its workers, and the helpers: a resource tracker and a fork server.
        assert 1 <= started() - before <= 1 + WORKERS + 2
        names = runs_as(said)
        assert names["__main__"] == 1
        if method == "fork":
            assert (answers(said), said.stderr, said.exit_code) == (ANSWERS, [], 0)
        else:
            assert (answers(said), said.exit_code) == ([], 1)
            assert any(REFUSAL in line for line in said.stderr)
        assert names["__mp_main__"] in imports(method, spread_python)


@pytest.mark.parametrize("mode", ["sequential", "threads"])
def test_where_no_process_starts_the_guard_makes_no_difference(
    spread_python: Python, tmp_path: Path, mode: str
) -> None:
    for guard in (GUARD, BARE):
        said = plainly(
            spread_python, write_demo(tmp_path, "main_guard", mode, guard=guard, TASKS=2)
        )
        assert (answers(said), said.stderr, said.exit_code) == (ANSWERS[:2], [], 0)
        assert runs_as(said) == {"__main__": 1}


@pytest.mark.parametrize(
    ("method", "guard", "holds"),
    [
        ("spawn", GUARD, None),
        ("spawn", BARE, "yes"),
        ("forkserver", BARE, "yes"),
        ("fork", BARE, "partly"),
    ],
)
def test_the_lab_shows_the_same_and_judges_the_claim(
    spread_python: Python, tmp_path: Path, method: str, guard: str, holds: str | None
) -> None:
    if method not in start_methods(spread_python):
        pytest.skip(f"this system cannot start processes with {method}")
    knobs = {"START_METHOD": method, "guard": guard}
    path = write_demo(tmp_path, "main_guard", "processes", **knobs, **KNOBS)
    recording = in_lab(spread_python, path, "processes")
    assert recording.ending is not None
    assert recording.troubles == []
    got, works = said(recording), holds != "yes"
    assert answers(got) == (ANSWERS if works else [])
    assert any(REFUSAL in line for line in got.stderr) is not works
    run = {"mode": "processes", "outcome": recording.ending.outcome, "tasks": len(recording)}
    facts = facts_of("main_guard", **knobs, **run, **incident_facts(recording))
    # On 3.14 a fork server that cannot import the script is gone before the first worker.
    raised = ("",) if works else ("BrokenProcessPool", "ConnectionResetError")
    assert facts["outcome"] == ("done" if works else "failed")
    assert facts["raised"] in raised
    assert bool(facts["processes"]) is works
    card = demo_named("main_guard").card
    verdict = verdict_on(card.claims[0], card, facts)
    assert (verdict.holds if verdict else None) == holds
    assert explain(card, facts, "en")


def runs() -> Iterator[dict[str, Any]]:
    """Yield runs of all kinds, among them one for every rule of the card."""
    for mode in ("sequential", "threads"):
        yield facts_of("main_guard", mode=mode)
    for method in ("spawn", "forkserver", "fork"):
        common = {"mode": "processes", "START_METHOD": method, "start_method": method}
        for python in ("3.13", "3.14"):
            yield facts_of("main_guard", **common, python=python, processes=2)
        broken = method != "fork"
        for python in ("3.13", "3.14"):
            yield facts_of(
                "main_guard",
                **common,
                python=python,
                guard=BARE,
                outcome="failed" if broken else "done",
                raised="BrokenProcessPool" if broken else "",
                started=0 if broken else 3,
            )
    yield facts_of("main_guard", mode="processes", outcome="failed", raised="ValueError")


def test_every_run_has_its_sentences_and_every_rule_its_run() -> None:
    check_rules("main_guard", runs())
