"""Recordings made by hand for the tests of the charts."""

from typing import Any, NamedTuple

import numpy as np

from core import events
from core.recording import Recording
from tests.core import recordings as by_hand

MAIN_PID = by_hand.MAIN_PID
FIRST_WORKER_PID = 4200


class TaskTimes(NamedTuple):
    """One task; None is "not (yet)"."""

    task: int
    worker: int
    submitted_s: float
    started_s: float | None = None
    finished_s: float | None = None
    outcome: int = events.DONE
    arguments: str = ""
    result: str = ""


def empty_run(mode: str = "threads", workers: int = 2, began_s: float = 0.0) -> Recording:
    """Return a run whose ``main()`` has begun, with announced workers and no tasks."""
    record = by_hand.recording(mode=mode)
    at = by_hand.at(began_s)
    record.apply(MAIN_PID, events.Process(MAIN_PID, 1, "main", at, "3.11.7", False))
    record.apply(MAIN_PID, events.Executor(0, mode, workers, "", at))
    record.apply(MAIN_PID, events.Function(0, "work"))
    record.apply(MAIN_PID, events.MainStarted(at))
    for worker in range(workers):
        pid, number = _speaker(mode, worker)
        if pid != MAIN_PID:
            record.apply(pid, events.Process(pid, MAIN_PID, "worker", at, "3.11.7", False))
        record.apply(pid, events.Worker(number, 9000 + worker, "a worker", at))
    return record


def add(record: Recording, *tasks: TaskTimes) -> None:
    """Let tasks be submitted, started and ended."""
    for task in tasks:
        pid, number = _speaker(record.header.mode, task.worker)
        submitted = [by_hand.at(task.submitted_s)]
        record.apply(MAIN_PID, events.Submitted([task.task], submitted, [0], [0], [task.arguments]))
        if task.started_s is not None:
            started = [by_hand.at(task.started_s)]
            record.apply(pid, events.Started([task.task], started, [number]))
        if task.finished_s is not None:
            _end(record, pid, task, by_hand.at(task.finished_s))


def _end(record: Recording, pid: int, task: TaskTimes, at: int) -> None:
    outcome = [task.outcome]
    text: list[str | int] = [task.result]
    if task.started_s is None:
        record.apply(MAIN_PID, events.Settled([task.task], [at], outcome, text))
    else:
        cpu = [by_hand.SECOND_NS // 250]
        record.apply(pid, events.Finished([task.task], [at], cpu, outcome, text))


def end(record: Recording, at_s: float, outcome: str = "done") -> Recording:
    """End ``main()`` and the run."""
    if outcome == "done":
        record.apply(MAIN_PID, events.MainEnded(by_hand.at(at_s)))
    record.finish(outcome, 0, "", by_hand.at(at_s))
    return record


def watched(record: Recording, *samples: tuple[float, float]) -> Recording:
    """Add samples of the watch ``counter``, each given as (seconds, value)."""
    times, values = zip(*samples, strict=True)
    wire = [by_hand.at(moment) for moment in times]
    record.apply(MAIN_PID, events.Watch("counter", wire, list(values)))
    return record


def many(tasks: int, workers: int = 4, failed_every: int = 1_000) -> Recording:
    """Return a finished run of many tasks, each 80 of 100 microseconds on its worker."""
    record = empty_run(workers=workers)
    numbers = np.arange(tasks)
    starts = numbers // workers * 100e-6
    outcome = (numbers % failed_every == failed_every - 1).astype(int)
    for first in range(0, tasks, 5_000):
        part = slice(first, min(first + 5_000, tasks))
        rows: list[Any] = numbers[part].tolist()
        zeros = [0] * len(rows)
        record.apply(
            MAIN_PID,
            events.Submitted(rows, _wire(starts[part] * 0.5), zeros, zeros, [""] * len(rows)),
        )
        lanes = (numbers[part] % workers).tolist()
        record.apply(MAIN_PID, events.Started(rows, _wire(starts[part]), lanes))
        ends = _wire(starts[part] + 80e-6)
        texts: list[str | int] = [""] * len(rows)
        record.apply(MAIN_PID, events.Finished(rows, ends, zeros, outcome[part].tolist(), texts))
    return end(record, float(starts[-1]) + 100e-6)


def _wire(seconds: Any) -> list[int]:
    wire: list[int] = (by_hand.ORIGIN_NS + np.rint(seconds * 1e9).astype(np.int64)).tolist()
    return wire


def _speaker(mode: str, worker: int) -> tuple[int, int]:
    """Return the process that speaks for a worker, and the worker's number there."""
    return (FIRST_WORKER_PID + worker, 0) if mode == "processes" else (MAIN_PID, worker)
