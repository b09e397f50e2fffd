"""Cost grows with the work only: time and memory a task from 1,000 to 100,000 tasks."""

import statistics
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from core.laboratory import Job, Laboratory
from core.recording import Recording
from tests.bench.faithful import trivial
from tests.bench.figure import Figure

FEW: Final = 1_000
MANY: Final = 100_000
_ROUNDS: Final = 5


def figures() -> Iterator[Figure]:
    """Yield time a task (many / few) and bytes a task."""
    few = statistics.median(_microseconds_a_task(record(FEW), FEW) for _ in range(_ROUNDS))
    recordings = [record(MANY) for _ in range(_ROUNDS)]
    many = statistics.median(_microseconds_a_task(each, MANY) for each in recordings)
    note = f"{few:.1f} us a task at {FEW:,}, {many:.1f} us at {MANY:,}"
    yield Figure("growth: time a task, 100,000 against 1,000 tasks", many / few, 1.2, note=note)
    size = recordings[-1].nbytes / MANY
    yield Figure("growth: memory of a recording", size, 150, "bytes a task")


def record(tasks: int) -> Recording:
    """Return the recording of a run of so many trivial tasks in 4 threads."""
    text = trivial(tasks, "threads")
    with Laboratory() as laboratory:
        run = laboratory.start(Job("bench", text, Path("trivial.py"), "threads"))
        assert run.wait().outcome == "done"
    return run.recording


def _microseconds_a_task(recording: Recording, tasks: int) -> float:
    return recording.elapsed_s * 1e6 / tasks
