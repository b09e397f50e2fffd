"""Samples of the cores, of this process and of one that has ended."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.watcher.cores import Cores

pytestmark = pytest.mark.skipif(not Path("/proc/stat").exists(), reason="needs /proc")

LATER_NS = 30_000_000


@pytest.fixture
def cores() -> Iterator[Cores]:
    """Hand out samples; the watcher leaves its file to the end of its process."""
    made = Cores()
    yield made
    os.close(made._file)


def begin(cores: Cores, pids: list[int]) -> None:
    """Take the first sample, some time ago."""
    at = time.perf_counter_ns() - LATER_NS
    assert cores.sample(at, pids) == ["cores", at, [], 0]


def test_the_first_sample_only_says_since_when_and_the_next_one_what(
    cores: Cores,
) -> None:
    begin(cores, [os.getpid()])
    tag, at, loads, used = cores.sample(cores.at + LATER_NS, [os.getpid()])
    assert (tag, at, len(loads)) == ("cores", cores.at, os.cpu_count())
    assert all(0 <= load <= 1 for load in loads)
    assert 0 <= used <= len(loads)


def test_the_end_is_sampled_unless_it_is_shorter_than_the_ticks_of_the_system(
    cores: Cores,
) -> None:
    begin(cores, [os.getpid()])
    ((_, at, *_),) = cores.last_sample(cores.at + LATER_NS)
    assert at == cores.at
    assert cores.last_sample(at + LATER_NS // 10) == []


def test_who_is_gone_has_taken_along_what_it_used(cores: Cores) -> None:
    with subprocess.Popen([sys.executable, "-c", "pass"]) as process:
        begin(cores, [os.getpid(), process.pid])
    assert cores.last_sample(cores.at + LATER_NS) == []
