"""Samples of the cores, of this process and of one that has ended."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from core.watcher.cores import Cores

pytestmark = pytest.mark.skipif(not Path("/proc/stat").exists(), reason="needs /proc")

LATER_NS = 30_000_000


def sampled(pids: list[int]) -> Cores:
    """Return samples of which there is a first one."""
    cores = Cores()
    at = time.perf_counter_ns() - LATER_NS
    assert cores.sample(at, pids) == ["cores", at, [], 0]
    return cores


def test_the_first_sample_only_says_since_when_and_the_next_one_what() -> None:
    cores = sampled([os.getpid()])
    tag, at, loads, used = cores.sample(cores.at + LATER_NS, [os.getpid()])
    assert (tag, at, len(loads)) == ("cores", cores.at, os.cpu_count())
    assert all(0 <= load <= 1 for load in loads)
    assert 0 <= used <= len(loads)


def test_the_end_is_sampled_unless_it_is_shorter_than_the_ticks_of_the_system() -> None:
    cores = sampled([os.getpid()])
    ((_, at, *_),) = cores.last_sample(cores.at + LATER_NS)
    assert at == cores.at
    assert cores.last_sample(at + LATER_NS // 10) == []


def test_who_is_gone_has_taken_along_what_it_used() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        cores = sampled([os.getpid(), process.pid])
    assert cores.last_sample(cores.at + LATER_NS) == []
