"""The fixtures of the fault tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.cases import Nursery


@pytest.fixture(scope="module")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    """Hand out the process that cases of the command line are forked from."""
    with Nursery(tmp_path_factory.mktemp("faults")) as nursery:
        yield nursery


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Hand out a script with modes and a number of workers, over in a moment."""
    path = tmp_path_factory.mktemp("script") / "tiny.py"
    path.write_text(TINY)
    return path


TINY = """\
from concurrent import futures

WORKERS = 2
EXECUTOR = futures.ThreadPoolExecutor

def work(number):
    return number

def main():
    if EXECUTOR is None:
        print(work(1))
        return
    with EXECUTOR(WORKERS) as pool:
        print(sum(pool.map(work, range(4))))

if __name__ == "__main__":
    main()
"""
