"""A bridge that runs nothing, for tests of what stands before it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from core.laboratory import Job
from core.recording import Recording
from core.run_facts import Header
from tests.core.recordings import finished_run


class IdleBridge(QObject):
    """Stands for the bridge: keeps what it is asked, and tells what a test wants told."""

    run_started = Signal(Recording)
    run_ended = Signal(Recording)
    run_refused = Signal(Exception)
    batch_ended = Signal()
    aside_done = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.batches: list[tuple[list[Callable[[], Job]], str]] = []
        self.prepared: list[str] = []
        self.chores: list[Callable[[], object]] = []
        self.while_done = False
        self.stops = 0
        self.cancels: list[int] = []

        self.is_closed = False

    def start(
        self, makers: Sequence[Callable[[], Job]], python: str, *, while_done: bool = False
    ) -> None:
        self.while_done = while_done
        self.batches.append((list(makers), python))

    def stop(self) -> None:
        self.stops += 1

    def cancel(self, task: int) -> None:
        self.cancels.append(task)

    def prepare(self, python: str) -> None:
        self.prepared.append(python)

    def do_ahead(self, chore: Callable[[], object]) -> None:
        self.chores.append(chore)

    def do_aside(self, work: Callable[[], object]) -> None:
        self.aside_done.emit(work())

    def run_all(self, outcome: str = "done") -> list[Job]:
        """Play the last batch: every job starts and ends at once."""
        makers, _ = self.batches[-1]
        jobs = [maker() for maker in makers]
        for job in jobs:
            recording = recording_of(job, outcome)
            self.run_started.emit(recording)
            self.run_ended.emit(recording)
        self.batch_ended.emit()
        return jobs


def recording_of(job: Job, outcome: str) -> Recording:
    recording = finished_run(outcome=outcome)
    old = recording.header
    recording.header = Header(
        job.demo, job.mode, job.text, job.knobs, "3.11.7", False, old.machine, old.made_at
    )
    return recording
