"""Recordings as they are written while their run goes on, made by hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from core import events
from core.recording import Recording
from core.recording_header import first_line, script_lines
from core.recording_lines import line_so_far, output_lines, received_line
from tests.core.recordings import MAIN_PID, at, recording

Messages = Sequence[tuple[int, Sequence[events.Event]]]
"""What each process sent, in the order of arrival."""

WORKER_PID = 200

MESSAGES: Messages = [
    (MAIN_PID, [events.Process(MAIN_PID, 1, "main", at(0.1), "3.12.1", True)]),
    (MAIN_PID, [events.Executor(0, "processes", 2, "spawn", at(0.2)), events.Function(0, "fib")]),
    (WORKER_PID, [events.Process(WORKER_PID, MAIN_PID, "worker", at(0.3), "3.12.1", True)]),
    (WORKER_PID, [events.Worker(0, 9000, "worker", at(0.4))]),
    (MAIN_PID, [events.MainStarted(at(0.5))]),
    (WORKER_PID, [events.Started([1], [at(0.7)], [0])]),  # before its submission, as may be
    (MAIN_PID, [events.Submitted([0, 1], [at(0.5), at(0.6)], [0, 0], [0, 0], ["n=1", "n=2"])]),
    (WORKER_PID, [events.Finished([1], [at(1.5)], [10**9], [events.DONE], ["2"])]),
    (MAIN_PID, [events.Settled([1], [at(1.6)], [events.DONE], [""])]),
    (MAIN_PID, [events.Delivered([1], [at(1.7)]), events.Cancel(0, at(1.8), True)]),
]


def spooled(messages: Messages = MESSAGES, record: Recording | None = None) -> list[bytes]:
    """Return the lines of a spooled recording in which these messages arrived."""
    record = recording() if record is None else record
    lines = [first_line(record, is_spooled=True), *script_lines(record)]
    lines += [received_line([(pid, events.encode(list(sent)))]) for pid, sent in messages]
    lines += output_lines(record.output)
    return [*lines, line_so_far(record)]


def received(record: Recording, messages: Messages = MESSAGES) -> Recording:
    """Let a recording receive messages."""
    for pid, sent in messages:
        for event in sent:
            record.apply(pid, event)
    return record


def written(path: Path, lines: Sequence[Any]) -> Path:
    """Write lines to a file."""
    path.write_bytes(b"".join(lines))
    return path
