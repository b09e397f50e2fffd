"""Recordings in which whatever can occur occurs: all of it at once, or in any order."""

from collections.abc import Sequence

from hypothesis import strategies as st

from core import events
from core.events import CANCELLED, DONE, FAILED
from core.recording import Recording
from tests.core.recordings import (
    MAIN_PID,
    announce,
    at,
    deliver,
    finish,
    recording,
    settle,
    start,
    submit,
    timed,
)

Step = tuple[str, list[int], int, int]
"""What happens, to which tasks, when in nanoseconds, and how it ends for them."""

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["submit", "start", "finish", "settle", "deliver"]),
        st.lists(st.integers(0, 20), min_size=1, max_size=5, unique=True),
        st.integers(0, 10**10),
        st.sampled_from([DONE, FAILED, CANCELLED]),
    ),
    max_size=25,
)


def rich_recording() -> Recording:
    """Return a recording in which everything occurs that can occur."""
    record = recording(knobs={"N": 10**40, "NAMES": {"b"}, "PAIR": (1, 2), "ODD": "\ud800"})
    record.apply(MAIN_PID, events.Process(MAIN_PID, 1, "main", at(-0.25), "3.12.1", True))
    record.apply(200, events.Process(200, MAIN_PID, "worker", at(0.5), "3.12.1", True))
    record.apply(MAIN_PID, events.Executor(0, "processes", None, "spawn", at(0.25)))
    record.apply(MAIN_PID, events.Function(0, "fetch"))
    announce(record, (MAIN_PID, 0), (200, 0), (200, 1))
    record.apply(200, events.Thread(77, "helper", True))
    submit(record, (0, 0.25), (1, 0.5), (3, 0.75), (4, 0.8))
    start(record, 200, (1, 1, 1.0), (0, 0, 1.1))
    start(record, MAIN_PID, (3, 0, 1.2))
    finish(record, (1, 2.0), cpu_s=0.123456789)
    finish(record, (3, 2.1), outcome=FAILED)
    settle(record, CANCELLED, (4, 2.2))
    settle(record, FAILED, (0, 2.3), (1, 2.4))
    settle(record, DONE, (3, 2.5))
    deliver(record, (1, 2.6), (3, 2.7))
    deliver(record, (1, 2.8))
    record.apply(MAIN_PID, events.Watch("counter", [at(1), at(2)], [10, 2.5]))
    timed(record, 0.125, 2.75)
    record.add_output(at(2), "stdout", ["one", "日本"])
    record.add_output(at(3), "stderr", ["two\N{REPLACEMENT CHARACTER}"])
    record.drop_output(7)
    record.apply(MAIN_PID, events.Raised(at(3), "ValueError", "no", None))
    record.trouble("The watch was switched off.")
    record.apply(MAIN_PID, events.Dropped(3))
    record.apply(MAIN_PID, events.Goodbye(at(3)))
    record.finish("failed", 1, "The script ended with an exception: ValueError: no.", at(3.5))
    return record


def stepped(steps: Sequence[Step], apart_s: float = 0.0) -> Recording:
    """Return a run in which these steps were told, sensible or not; it goes on.

    The moments of a step's tasks stand so far apart.
    """
    record = recording()
    announce(record, (MAIN_PID, 0), (200, 0), (200, 1))
    for verb, tasks, nanoseconds, outcome in steps:
        moments = [(task, nanoseconds * 1e-9 + task * apart_s) for task in tasks]
        match verb:
            case "submit":
                submit(record, *moments)
            case "start":
                pid, worker = [(MAIN_PID, 0), (200, 0), (200, 1)][outcome]
                start(record, pid, *((task, worker, moment) for task, moment in moments))
            case "finish":
                finish(record, *moments, outcome=outcome)
            case "settle":
                settle(record, outcome, *moments)
            case _:
                deliver(record, *moments)
    return record
