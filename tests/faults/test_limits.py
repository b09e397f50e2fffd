"""Real limits of the system: one sentence, the right status, and nothing left behind."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from tests.core.command import MAIN
from tests.faults.cases import Nursery, complaints

NOBODY_ELSE = 64_321
"""A user who runs nothing else: the limit of processes counts all that a user runs."""

MIB = 1 << 20

LIMITS: dict[str, tuple[tuple[int, ...], tuple[int, ...]]] = {
    "RLIMIT_NOFILE": ((8, 20), (*range(6, 40), 48, 64)),
    "RLIMIT_NPROC": ((3, 9), tuple(range(1, 20))),
    "RLIMIT_AS": ((60 * MIB,), tuple(size * MIB for size in range(20, 300, 10))),
    "RLIMIT_FSIZE": ((1,), (1, 10, 100, 1_000, 10_000)),
}
"""What is tried among the quick tests, and among the slow ones."""

needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="sets limits of Linux")


def failures(nursery: Nursery, name: str, values: Iterable[int], words: list[str]) -> list[str]:
    """Run a command line under some values of a limit; return what went wrong."""
    user: dict[str, Any] = {"uid": NOBODY_ELSE} if name == "RLIMIT_NPROC" else {}
    found = []
    for value in values:
        program = [sys.executable, str(MAIN), *words]
        outcome = nursery.run(program=program, limits={name: value}, **user)
        found += [f"{name} {value}: {complaint}" for complaint in complaints(outcome)]
    return found


def words_of(tiny: Path) -> list[str]:
    return ["run", str(tiny), "--record", "saved.jsonl", "--json"]


def skip_unless_it_can_be_set(name: str) -> None:
    if name == "RLIMIT_NPROC" and os.getuid() != 0:
        pytest.skip("needs root, to become a user who runs nothing else")


@needs_linux
@pytest.mark.parametrize("name", LIMITS)
def test_a_run_within_narrow_limits(nursery: Nursery, tiny: Path, name: str) -> None:
    skip_unless_it_can_be_set(name)
    assert failures(nursery, name, LIMITS[name][0], words_of(tiny)) == []


@needs_linux
@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", LIMITS)
def test_a_run_within_any_limits(nursery: Nursery, tiny: Path, name: str) -> None:
    skip_unless_it_can_be_set(name)
    assert failures(nursery, name, LIMITS[name][1], words_of(tiny)) == []
    assert failures(nursery, name, LIMITS[name][1], ["list"]) == []
