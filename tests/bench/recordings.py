"""Opening and saving a recording of 100,000 tasks: every figure is the best of three."""

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from core import events
from core.recording import Recording
from core.recording_file import open_recording, save
from tests.bench.figure import Figure
from tests.core.recordings import MAIN_PID, announce, at, recording

TASKS: Final = 100_000
_BATCH: Final = 500
_HAND: Final = 5
"""Tasks in one message of a worker: a log that alternates as that of quick tasks does."""

OPEN_LIMIT_S: Final = 2.0


def figures() -> Iterator[Figure]:
    """Measure both ways."""
    record = long_recording(TASKS)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "long.jsonl"
        save_s = _best_s(lambda: save(record, path))
        open_s = _best_s(lambda: open_recording(path))
        size = f"{path.stat().st_size / TASKS:.0f} bytes a task"
    yield Figure(f"opening a recording of {TASKS:,} tasks", open_s, OPEN_LIMIT_S, "s", size)
    yield Figure(f"saving a recording of {TASKS:,} tasks", save_s, None, "s", size)


def long_recording(tasks: int) -> Recording:
    """Return a finished recording of quick tasks on eight workers."""
    record = recording()
    announce(record, *((MAIN_PID, worker) for worker in range(8)))
    for first in range(0, tasks, _BATCH):
        numbers = list(range(first, first + _BATCH))
        zeros = [0] * _BATCH
        texts: list[str | int] = [str(number) for number in numbers]
        record.apply(MAIN_PID, events.Submitted(numbers, _moments(numbers, 0), zeros, zeros, texts))
        for start in range(0, _BATCH, _HAND):
            _run(record, numbers[start : start + _HAND])
    record.finish("done", 0, "", at(tasks * 1e-5))
    return record


def _run(record: Recording, numbers: list[int]) -> None:
    workers = [number % 8 for number in numbers]
    record.apply(MAIN_PID, events.Started(numbers, _moments(numbers, 1), workers))
    costs, outcomes = [1_000] * len(numbers), [events.DONE] * len(numbers)
    texts: list[str | int] = [str(number * number) for number in numbers]
    record.apply(MAIN_PID, events.Finished(numbers, _moments(numbers, 2), costs, outcomes, texts))
    record.apply(MAIN_PID, events.Delivered(numbers, _moments(numbers, 3)))


def _moments(numbers: list[int], step: int) -> list[int]:
    return [at(number * 1e-5 + step * 1e-3) for number in numbers]


def _best_s(work: Callable[[], object]) -> float:
    times = []
    for _ in range(3):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return min(times)
