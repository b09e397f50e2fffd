"""How much the watcher slows a run: it is halted and let go on in turn, many times within one run.

Whole runs with it and without it differ by a quarter on a machine with neighbours, far more than
what is looked for. Phases of 50 ms that follow each other meet the same neighbours, and one run has
some five hundred pairs of them, in the order with, without, without, with.
"""

import os
import signal
import statistics
import time
from dataclasses import dataclass
from math import exp, log, sqrt
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
import numpy.typing as npt

from core.laboratory import Job, Laboratory

RUN_S: Final = 80.0
PHASE_S: Final = 0.05
SETTLING_S: Final = 0.03
"""After a change of phase, before what is done is counted."""

_BEGINNING_S: Final = 1.0
_ORDER: Final = (True, False, False, True)

_SCRIPT: Final = """\
import array
import time
from concurrent import futures


def work(path):
    stamps = array.array("d")
    end = now = time.perf_counter()
    end += {run_s}
    while now < end:
        x = 0
        for i in range(8000):
            x = (x * 31 + i) % 1000003
        now = time.perf_counter()
        stamps.append(now)
    with open(path, "wb") as file:
        stamps.tofile(file)


def main():
    with futures.{executor}(2) as executor:
        list(executor.map(work, {paths!r}))


if __name__ == "__main__": main()
"""

_EXECUTORS: Final = {"threads": "ThreadPoolExecutor", "processes": "ProcessPoolExecutor"}


@dataclass(frozen=True, slots=True)
class Slowing:
    """What was found: ``ratio`` of the times for the same work, its standard error, the pairs."""

    ratio: float
    error: float
    pairs: int


@dataclass(frozen=True, slots=True)
class _Phase:
    begun_s: float
    ended_s: float
    is_watched: bool


def slowing(mode: str) -> Slowing:
    """Run two busy workers under a watcher that works every other while."""
    with TemporaryDirectory() as folder:
        paths = [str(Path(folder, name)) for name in ("a", "b")]
        text = _SCRIPT.format(run_s=RUN_S, executor=_EXECUTORS[mode], paths=paths)
        phases = _phases(Job("bench", text, Path("busy.py"), mode))
        stamps = [np.fromfile(path) for path in paths]
    rates = [_done(stamps, phase) / (phase.ended_s - phase.begun_s) for phase in phases]
    ratios = [
        log(after / before) if phase.is_watched else log(before / after)
        for phase, before, after in zip(phases[::2], rates[::2], rates[1::2], strict=False)
    ]
    error = statistics.stdev(ratios) / sqrt(len(ratios))
    return Slowing(exp(statistics.fmean(ratios)), error, len(ratios))


def _phases(job: Job) -> list[_Phase]:
    with Laboratory(is_watching=True) as laboratory:
        laboratory.prepare()
        run = laboratory.start(job)
        assert run._watcher is not None
        time.sleep(_BEGINNING_S)
        try:
            return _alternated(run._watcher.pid, time.perf_counter() + RUN_S - 3 * _BEGINNING_S)
        finally:
            ending = run.wait()
            assert ending.outcome == "done", ending


def _alternated(watcher: int, until_s: float) -> list[_Phase]:
    phases: list[_Phase] = []
    try:
        while time.perf_counter() < until_s:
            is_watched = _ORDER[len(phases) % len(_ORDER)]
            os.kill(watcher, signal.SIGCONT if is_watched else signal.SIGSTOP)
            time.sleep(SETTLING_S)
            begun_s = time.perf_counter()
            time.sleep(PHASE_S)
            phases.append(_Phase(begun_s, time.perf_counter(), is_watched))
    finally:
        os.kill(watcher, signal.SIGCONT)
    return phases


def _done(stamps: list[npt.NDArray[np.float64]], phase: _Phase) -> float:
    """Return how many pieces of work were done in a phase, by all workers, with fractions."""
    edges = (phase.begun_s, phase.ended_s)
    return sum(float(np.diff(np.interp(edges, ends, np.arange(len(ends))))[0]) for ends in stamps)
