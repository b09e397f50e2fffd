"""Elapsed time in the lab against the same text run alone, in alternating pairs."""

import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from core.demos import demo_named
from core.laboratory import Job, Laboratory
from core.script import set_knob, set_mode
from core.sites import Sites
from tests.bench.figure import Figure

PAIRS: Final = 15

_TRIVIAL: Final = """\
from concurrent import futures

EXECUTOR = futures.ThreadPoolExecutor
WORKERS = 4
TASKS = 50_000


def task(number):
    return number


def main():
    with EXECUTOR(WORKERS) as executor:
        jobs = [executor.submit(task, number) for number in range(TASKS)]
        for job in futures.as_completed(jobs):
            job.result()


if __name__ == "__main__": main()
"""

_GUARD: Final = 'if __name__ == "__main__": main()'
_TIMED_GUARD: Final = """\
if __name__ == "__main__":
    import sys, time
    _begun = time.perf_counter()
    main()
    print(time.perf_counter() - _begun, file=sys.stderr)"""


def figures() -> Iterator[Figure]:
    """Yield the ratio lab / alone for each demo and for trivial tasks."""
    for name, mode, limit in (
        ("fibonacci", "processes", 1.02),
        ("fibonacci", "threads", 1.02),
        ("race_counter", "threads", 1.02),
    ):
        yield _compared(f"{name} in {mode}", set_mode(demo_named(name).text, mode), limit)
    with Sites.start() as sites:
        demo = demo_named("downloads")
        text = demo.text.replace(demo.card.sites or "", sites.address)
        yield _compared("downloads in threads", set_mode(text, "threads"), 1.02)
    yield _compared("50,000 trivial tasks in 4 threads", trivial(50_000, "threads"), 1.25)
    yield _compared("5,000 trivial tasks in 4 processes", trivial(5_000, "processes"), 1.10)


def trivial(tasks: int, mode: str) -> str:
    """Return a script of so many tasks that do nothing."""
    return set_mode(set_knob(_TRIVIAL, "TASKS", tasks), mode)


def _compared(name: str, text: str, limit: float) -> Figure:
    ratios, alone_s, lab_s = [], [], []
    with tempfile.TemporaryDirectory() as folder, Laboratory() as laboratory:
        path = Path(folder, "script.py")
        path.write_text(text)
        timed = Path(folder, "alone.py")
        assert _GUARD in text
        timed.write_text(text.replace(_GUARD, _TIMED_GUARD))
        for pair in range(PAIRS):
            measured = [lambda: _alone(timed), lambda: _in_lab(laboratory, path, text)]
            # Whichever comes first in a pair may find a warmer machine: take turns.
            order = (0, 1) if pair % 2 else (1, 0)
            seconds = {which: measured[which]() for which in order}
            alone_s.append(seconds[0])
            lab_s.append(seconds[1])
            ratios.append(seconds[1] / seconds[0])
    note = f"alone {statistics.median(alone_s):.3f} s, lab {statistics.median(lab_s):.3f} s"
    return Figure(f"faithful: {name}", statistics.median(ratios), limit, note=note)


def _alone(path: Path) -> float:
    done = subprocess.run([sys.executable, str(path)], capture_output=True, text=True, check=True)
    return float(done.stderr.split()[-1])


def _in_lab(laboratory: Laboratory, path: Path, text: str) -> float:
    run = laboratory.start(Job("bench", text, path, "threads"))
    ending = run.wait()
    assert ending.outcome == "done", ending
    return run.recording.elapsed_s
