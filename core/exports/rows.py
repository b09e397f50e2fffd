"""The tasks of a recording one by one, in plain values: what the formats write of them."""

import math
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from core.columns import PENDING
from core.events import CANCELLED, DONE, FAILED
from core.recording import Recording

OUTCOMES: Final = {
    DONE: "done",
    FAILED: "failed",
    CANCELLED: "cancelled",
    PENDING: "pending",
}
"""``pending`` is a task that had not ended when the run was over."""


class TaskRow(NamedTuple):
    """One task. Times in seconds since the run was asked for; None is "not known"."""

    task: int
    """Its number, from 0 on in the order of submission."""
    function: str
    arguments: str
    worker: int | None
    """Place in `Recording.workers`, from 0 on; None if it never began."""
    pid: int | None
    submitted_s: float | None
    started_s: float | None
    finished_s: float | None
    delivered_s: float | None
    cpu_s: float | None
    outcome: str
    result: str
    """The shortened result, or the error as ``ValueError: …``."""
    executor: int | None
    """Key of `Recording.executors`."""


def task_rows(recording: Recording) -> Iterator[TaskRow]:
    """Yield the tasks in the order of their numbers."""
    tasks = recording.tasks
    pids = [worker.pid for worker in recording.workers]
    columns = zip(*(column.tolist() for column in _columns(tasks)), strict=True)
    for task, row in enumerate(columns):
        submitted_s, started_s, finished_s, delivered_s, cpu_s = map(seconds, row[:5])
        worker, outcome, executor = row[5:]
        yield TaskRow(
            task,
            recording.function_name(task),
            recording.arguments(task),
            worker if worker >= 0 else None,
            pids[worker] if worker >= 0 else None,
            submitted_s,
            started_s,
            finished_s,
            delivered_s,
            cpu_s,
            OUTCOMES[outcome],
            recording.result(task),
            executor if executor >= 0 else None,
        )


def seconds(value: float) -> float | None:
    """Return a time to the nanosecond, which is what was measured; None if it is not known."""
    return round(value, 9) if math.isfinite(value) else None


def _columns(tasks: Any) -> tuple[Any, ...]:
    """Return the columns that are written as they stand."""
    times = (tasks.submitted_s, tasks.started_s, tasks.finished_s, tasks.delivered_s, tasks.cpu_s)
    return (*times, tasks.worker, tasks.outcome, tasks.executor)
