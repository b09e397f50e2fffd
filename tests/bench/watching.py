"""What the watcher costs: elapsed time with it against without, and its own processor time.

The limit is held against phases within one run, see tests/bench/phases.py; whole runs, which
include the beginning, scatter too much for it and stand beside it.
"""

import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil

from core.activity import busy_share
from core.demos import demo_named
from core.laboratory import Job, Laboratory
from core.script import set_knob, set_mode
from tests.bench import phases
from tests.bench.figure import Figure

PAIRS: Final = 25
_POLL_S: Final = 0.05

_MANY: Final = """\
import time
from concurrent import futures


def work(_):
    end = time.perf_counter() + 2
    while time.perf_counter() < end:
        pass


def main():
    with futures.ThreadPoolExecutor(32) as executor:
        list(executor.map(work, range(32)))


if __name__ == "__main__": main()
"""


@dataclass(frozen=True, slots=True)
class _Measured:
    elapsed_s: float
    cpu_share: float
    """Processor time of the watcher (without one, of the lab process) over the time of the run."""
    rate_hz: float
    both: float
    """Share of the time in which two or more workers ran at once."""


def figures() -> Iterator[Figure]:
    """Yield what watching costs; nothing where there is no watcher."""
    if sys.platform != "linux":
        return
    demo = demo_named("fibonacci")
    for mode in ("threads", "processes"):
        text = set_knob(set_knob(set_mode(demo.text, mode), "TASKS", 2), "WORKERS", 2)
        yield from _compared(f"2 fibonacci in {mode}", demo.path, text)
        yield _slowed(mode)
    yield from _alone("32 busy threads", Path("many.py"), _MANY)


def _compared(name: str, path: Path, text: str) -> Iterator[Figure]:
    """Yield the ratio watched / unwatched of alternating pairs, and what the watcher used."""
    ratios, watched = [], []
    with Laboratory(is_watching=True) as watching, Laboratory() as plain:
        for pair in range(PAIRS):
            order = (watching, plain) if pair % 2 else (plain, watching)
            found = {laboratory: _measured(laboratory, path, text) for laboratory in order}
            ratios.append(found[watching].elapsed_s / found[plain].elapsed_s)
            watched.append(found[watching])
    spread = f"{PAIRS} pairs from {min(ratios):.3f} to {max(ratios):.3f}"
    yield Figure(f"watching: {name}, whole runs", statistics.median(ratios), None, note=spread)
    yield _share(name, watched)


def _slowed(mode: str) -> Figure:
    found = phases.slowing(mode)
    note = f"{found.pairs} pairs of phases, standard error {found.error:.4f}"
    return Figure(f"watching: 2 busy workers in {mode}, elapsed", found.ratio, 1.02, note=note)


def _alone(name: str, path: Path, text: str) -> Iterator[Figure]:
    with Laboratory(is_watching=True) as laboratory:
        yield _share(name, [_measured(laboratory, path, text)])


def _share(name: str, runs: list[_Measured]) -> Figure:
    share = statistics.median(run.cpu_share for run in runs)
    rate_hz = statistics.median(run.rate_hz for run in runs)
    both = statistics.median(run.both for run in runs)
    note = f"{rate_hz:.0f} looks a second, two or more ran in {both:.1%} of the time"
    return Figure(f"watching: {name}, processor", 100 * share, 6, unit="% of a core", note=note)


def _measured(laboratory: Laboratory, path: Path, text: str) -> _Measured:
    laboratory.prepare()
    run = laboratory.start(Job("bench", text, path, "threads"))
    watcher = run._watcher
    # Looked at in the same way without a watcher, for looking costs something as well.
    used = list(_used(run.pid if watcher is None else watcher.pid))
    ending = run.wait()
    assert ending.outcome == "done", ending
    recording = run.recording
    threads = {(worker.pid, worker.thread) for worker in recording.workers}
    tracks = tuple(t for t in recording.activity() if (t.pid, t.thread) in threads)
    both = busy_share(tracks, recording.main_started_s, recording.main_ended_s)
    return _Measured(recording.elapsed_s, _growth(used), recording.activity_rate_hz, both)


def _used(pid: int) -> Iterator[tuple[float, float]]:
    """Yield the time and the processor time of a process until it has ended."""
    clock = (~pid << 3) | 2  # as clock_getcpuclockid(3) makes it
    while psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:  # it is reaped with its run
        yield time.perf_counter(), time.clock_gettime(clock)
        time.sleep(_POLL_S)


def _growth(used: list[tuple[float, float]]) -> float:
    """Return the processor time over the time, from the first look to the last."""
    if not used:
        return 0.0
    (first_at, first_s), (last_at, last_s) = used[0], used[-1]
    return (last_s - first_s) / (last_at - first_at)
