"""Whichever call fails, the command line ends with one sentence and leaves nothing behind."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.cases import ROOT, Nursery, complaints, numbers
from tests.faults.injector import ERRORS, KINDS

EXAMPLE = ROOT / "resources" / "recordings" / "fibonacci-threads.jsonl"

VERBS: dict[str, Callable[[str], list[str]]] = {
    "list": lambda _: ["list"],
    "run": lambda script: ["run", script, "--record", "saved.jsonl", "--json"],
    "python": lambda script: ["run", script, "--python", sys.executable],
    "compare": lambda script: ["compare", script, "--modes", "sequential,threads"],
    "sweep": lambda script: ["sweep", script, "--workers", "1,2", "--repeat", "1"],
    "export": lambda _: ["export", str(EXAMPLE), "--to", "csv", "saved.csv"],
    "sites": lambda _: ["run", "downloads"],
}

FEW, SOME, ALL = 2, 6, 60
"""How many of the calls of a kind fail in turn; most of those of reading cards are alike."""


def failures(nursery: Nursery, words: list[str], kind: str, error: str, most: int) -> list[str]:
    """Let calls of a kind fail in turn, and from the first or last on; return what went wrong."""
    found = []
    count = nursery.counts(words)[kind]
    cases = [(number, False) for number in numbers(count, most)]
    cases += [(number, True) for number in numbers(count, 2)]
    for number, is_lasting in cases:
        outcome = nursery.run(words=words, fault=[kind, number, error], is_lasting=is_lasting)
        found += [
            f"{kind} {number}{' and all that follow' * is_lasting}, {error}: {complaint}"
            for complaint in complaints(outcome, kind)
        ]
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_a_run_bears_some_of_each_kind(nursery: Nursery, tiny: Path, kind: str) -> None:
    words = VERBS["run"](str(tiny))
    assert failures(nursery, words, kind, ERRORS[kind][0], FEW) == []


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("kind", KINDS)
def test_a_run_bears_any(nursery: Nursery, tiny: Path, kind: str) -> None:
    words = VERBS["run"](str(tiny))
    found = [
        failure
        for error in (*ERRORS[kind], "MemoryError")
        for failure in failures(nursery, words, kind, error, ALL)
    ]
    assert found == []


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("verb", sorted(VERBS.keys() - {"run"}))
def test_each_verb_bears_some(nursery: Nursery, tiny: Path, verb: str, kind: str) -> None:
    words = VERBS[verb](str(tiny))
    assert failures(nursery, words, kind, ERRORS[kind][0], SOME) == []
