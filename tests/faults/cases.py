"""Asks for cases of `tests.faults.nursery`, and says what is wrong with how they went."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self

ROOT: Final = Path(__file__).resolve().parents[2]

_NO_SENTENCE: Final = re.compile(r"Traceback|\[Errno|\w+(Error|Exception)\b|Exception in")
"""What stands in a traceback, or in a text that no person wrote."""

_QT_SAYS: Final = ("This plugin does not support propagateSizeHints()",)
"""What the off-screen platform says at every window."""

_SPARED: Final = frozenset({"removal"})
"""Kinds after which something may stay: what cannot be removed."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a case went."""

    status: int
    is_hung: bool
    elapsed_s: float
    out: str
    err: str
    counts: dict[str, int]
    left: list[str]
    story: list[Any] = field(default_factory=list)

    @property
    def sentences(self) -> list[str]:
        """What the command line told beside its answer."""
        lines = [line for line in self.err.splitlines() if line.strip()]
        return [line for line in lines if line not in _QT_SAYS]


class Nursery:
    """The process that cases are forked from; a context manager.

    Parameters
    ----------
    folder
        Where each case gets a folder of its own.
    modules
        What else is imported once, for all cases.
    """

    def __init__(self, folder: Path, *modules: str) -> None:
        self._folder = folder
        self._modules = modules
        self._number = 0
        self._counts: dict[tuple[str, ...], dict[str, int]] = {}

    def __enter__(self) -> Self:
        """Start the process."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.nursery", *self._modules],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(self, *_: object) -> None:
        """End it."""
        with self._process:
            assert self._process.stdin is not None
            self._process.stdin.close()

    def run(self, **case: Any) -> Outcome:
        """Run a case: its ``words`` or what it ``does``, and its ``fault`` or ``limits``."""
        self._number += 1
        folder = self._folder / str(self._number)
        folder.mkdir(mode=0o777)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({**case, "folder": str(folder)}) + "\n")
        self._process.stdin.flush()
        outcome = Outcome(**json.loads(self._process.stdout.readline()))
        shutil.rmtree(folder)
        return outcome

    def counts(self, words: Sequence[str]) -> dict[str, int]:
        """Return how many calls of each kind a command line makes."""
        key = tuple(words)
        if key not in self._counts:
            outcome = self.run(words=list(words))
            assert (outcome.status, complaints(outcome)) == (0, []), outcome
            self._counts[key] = outcome.counts
        return self._counts[key]


def complaints(outcome: Outcome, kind: str = "") -> list[str]:
    """Return what is wrong with how a command line ended, whatever failed in it."""
    return list(_complaints(outcome, kind))


def _complaints(outcome: Outcome, kind: str) -> Iterator[str]:
    if outcome.is_hung:
        yield f"it hung after {outcome.out!r}:\n{outcome.err}"
        return
    if outcome.status not in (0, 1, 2, 3):
        yield f"exit status {outcome.status}"
    if outcome.status and not outcome.sentences:
        yield "no sentence"
    told = [line for line in outcome.sentences if not line.startswith(OF_THE_SCRIPT)]
    if any(map(_NO_SENTENCE.search, told)):
        yield f"no sentence but this:\n{outcome.err}"
    elif len(outcome.sentences) > MOST_SENTENCES:
        yield f"too many sentences:\n{outcome.err}"
    if outcome.left and kind not in _SPARED:
        yield f"left behind: {outcome.left}"


OF_THE_SCRIPT: Final = "The script ended with an exception"
"""Begins the sentence that names what the script raised, as plain Python does."""

MOST_SENTENCES: Final = 3
"""What was not seen, what was not written, and how it ended."""


def numbers(count: int, most: int) -> Iterable[int]:
    """Return which of so many calls are to fail: all, or the first, the last and some between."""
    if count <= most:
        return range(1, count + 1)
    step = (count - 1) / (most - 1)
    return sorted({1 + round(step * place) for place in range(most)})
