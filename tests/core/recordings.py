"""Small recordings made by hand, for tests of what reads recordings."""

from collections.abc import Sequence
from typing import Any

from core import events
from core.recording import Recording
from core.run_facts import Header

SECOND_NS = 1_000_000_000
ORIGIN_NS = 50 * SECOND_NS
MAIN_PID = 100


def header(**changes: Any) -> Header:
    """Return a header; ``changes`` replace its fields."""
    fields: dict[str, Any] = {
        "demo": "fibonacci",
        "mode": "threads",
        "script": "EXECUTOR = futures.ThreadPoolExecutor\nTASKS = 2\n",
        "knobs": {"TASKS": 2},
        "python": "3.11.7",
        "free_threaded": False,
        "machine": {"cores": 2},
        "made_at": "2025-01-02T03:04:05+00:00",
    }
    return Header(**(fields | changes))


def recording(**changes: Any) -> Recording:
    """Return an empty recording whose run began at `ORIGIN_NS`."""
    return Recording(header(**changes), ORIGIN_NS)


def at(seconds: float) -> int:
    """Return the wire time of a moment of the run."""
    return ORIGIN_NS + round(seconds * SECOND_NS)


def submit(record: Recording, *moments: tuple[int, float]) -> None:
    """Submit tasks, each given as (task, seconds)."""
    tasks = [task for task, _ in moments]
    zeros = [0] * len(tasks)
    names: list[str | int] = [f"n={task}" for task in tasks]
    times = [at(moment) for _, moment in moments]
    record.apply(MAIN_PID, events.Submitted(tasks, times, zeros, zeros, names))


def announce(record: Recording, *workers: tuple[int, int]) -> None:
    """Announce workers, each given as (pid, worker)."""
    for pid, worker in workers:
        record.apply(pid, events.Worker(worker, 9000 + worker, f"worker-{pid}-{worker}", at(0)))


def start(record: Recording, pid: int, *moments: tuple[int, int, float]) -> None:
    """Start tasks in process ``pid``, each given as (task, worker, seconds)."""
    tasks, workers, times = zip(*moments, strict=True)
    wire_times = [at(moment) for moment in times]
    record.apply(pid, events.Started(list(tasks), wire_times, list(workers)))


def finish(
    record: Recording,
    *moments: tuple[int, float],
    outcome: int = events.DONE,
    cpu_s: float = 0.25,
    pid: int = MAIN_PID,
) -> None:
    """Finish tasks, each given as (task, seconds)."""
    tasks = [task for task, _ in moments]
    times = [at(moment) for _, moment in moments]
    cpu = [round(cpu_s * SECOND_NS)] * len(tasks)
    texts: list[str | int] = [f"result of {task}" for task in tasks]
    record.apply(pid, events.Finished(tasks, times, cpu, [outcome] * len(tasks), texts))


def settle(record: Recording, outcome: int, *moments: tuple[int, float]) -> None:
    """Let futures end for their owner, each given as (task, seconds)."""
    tasks = [task for task, _ in moments]
    times = [at(moment) for _, moment in moments]
    texts: list[str | int] = ["" if outcome == events.DONE else "an error"] * len(tasks)
    record.apply(MAIN_PID, events.Settled(tasks, times, [outcome] * len(tasks), texts))


def deliver(record: Recording, *moments: tuple[int, float]) -> None:
    """Deliver results to the script, each given as (task, seconds)."""
    tasks = [task for task, _ in moments]
    record.apply(MAIN_PID, events.Delivered(tasks, [at(moment) for _, moment in moments]))


def timed(record: Recording, began_s: float, ended_s: float) -> None:
    """Let ``main()`` run from one moment to another."""
    record.apply(MAIN_PID, events.MainStarted(at(began_s)))
    record.apply(MAIN_PID, events.MainEnded(at(ended_s)))


def finished_run(
    elapsed_s: float = 1.0, outcome: str = "done", tasks: Sequence[int] = (0, 1), **changes: Any
) -> Recording:
    """Return the recording of a whole small run in one worker."""
    record = recording(**changes)
    announce(record, (MAIN_PID, 0))
    record.apply(MAIN_PID, events.MainStarted(at(0.5)))
    for task in tasks:
        submit(record, (task, 0.5))
        start(record, MAIN_PID, (task, 0, 0.5))
        finish(record, (task, 0.5 + elapsed_s))
    record.apply(MAIN_PID, events.MainEnded(at(0.5 + elapsed_s)))
    record.finish(outcome, 0, "", at(1.0 + elapsed_s))
    return record
