"""The recording against a plain model, and with writers and readers at the same time."""

import math
import threading
from concurrent import futures
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from core import events
from core.columns import PENDING
from core.events import CANCELLED, DONE, FAILED
from core.recording import MAX_OUTPUT_LINES, Recording
from core.task_log import DELIVERED, FINISHED, STARTED, SUBMITTED
from tests.core.recordings import (
    MAIN_PID,
    announce,
    at,
    deliver,
    finish,
    finished_run,
    recording,
    settle,
    start,
    submit,
    timed,
)

TASKS = st.lists(st.integers(0, 700), unique=True, max_size=8)
SECONDS = st.integers(0, 1000)
OUTCOMES = st.integers(DONE, CANCELLED)
TEXTS = st.sampled_from(["", "1", "ValueError: no", "円", "x" * 300])


@dataclass
class Row:
    """What the model knows of one task: None is unknown."""

    submitted_s: int | None = None
    started_s: int | None = None
    finished_s: int | None = None
    delivered_s: int | None = None
    worker: int = -1
    outcome: int = PENDING
    arguments: str = ""
    result: str = ""


@dataclass
class Model:
    """A recording as dictionaries and lists: slow, and plainly right."""

    rows: dict[int, Row] = field(default_factory=dict)
    log: list[tuple[int, int]] = field(default_factory=list)

    def row(self, task: int) -> Row:
        """Return the row of a task, a new one for a new task."""
        return self.rows.setdefault(task, Row())


class RecordingMachine(RuleBasedStateMachine):
    """Applies the same events to a `Recording` and to a `Model`."""

    def __init__(self) -> None:
        super().__init__()
        self.record = recording()
        announce(self.record, (MAIN_PID, 0), (MAIN_PID, 1), (200, 0))
        self.model = Model()
        self.cursor = 0
        self.seen: list[tuple[int, int]] = []

    @rule(tasks=TASKS, second=SECONDS, text=TEXTS)
    def submitted(self, tasks: list[int], second: int, text: str) -> None:
        """Submit tasks."""
        zeros = [0] * len(tasks)
        times = [at(second)] * len(tasks)
        event = events.Submitted(tasks, times, zeros, zeros, [text] * len(tasks))
        self.record.apply(MAIN_PID, event)
        for task in tasks:
            row = self.model.row(task)
            row.submitted_s = second
            # An event with nothing but empty texts leaves the texts as they were.
            row.arguments = text or row.arguments
            self.model.log.append((SUBMITTED, task))

    @rule(tasks=TASKS, second=SECONDS, lane=st.sampled_from([(MAIN_PID, 1, 1), (200, 0, 2)]))
    def started(self, tasks: list[int], second: int, lane: tuple[int, int, int]) -> None:
        """Start tasks on one of two workers."""
        pid, worker, index = lane
        times = [at(second)] * len(tasks)
        self.record.apply(pid, events.Started(tasks, times, [worker] * len(tasks)))
        for task in tasks:
            row = self.model.row(task)
            row.started_s, row.worker = second, index
            self.model.log.append((STARTED, task))

    @rule(tasks=TASKS, second=SECONDS, outcome=OUTCOMES, text=TEXTS)
    def finished(self, tasks: list[int], second: int, outcome: int, text: str) -> None:
        """Finish tasks: a failure known before stays."""
        count = len(tasks)
        at_ns, outcomes = [at(second)] * count, [outcome] * count
        event = events.Finished(tasks, at_ns, [0] * count, outcomes, [text] * count)
        self.record.apply(200, event)
        for task in tasks:
            row = self.model.row(task)
            if row.finished_s is None:
                self.model.log.append((FINISHED, task))
            row.finished_s = second
            if row.outcome in (PENDING, DONE):
                row.outcome, row.result = outcome, text or row.result

    @rule(tasks=TASKS, second=SECONDS, outcome=OUTCOMES, text=TEXTS)
    def settled(self, tasks: list[int], second: int, outcome: int, text: str) -> None:
        """Settle futures: a failure is the owner's word."""
        count = len(tasks)
        at_ns, outcomes = [at(second)] * count, [outcome] * count
        self.record.apply(MAIN_PID, events.Settled(tasks, at_ns, outcomes, [text] * count))
        for task in tasks:
            row = self.model.row(task)
            if outcome != DONE:
                row.outcome, row.result = outcome, text or row.result
            if row.finished_s is None:
                row.finished_s, row.outcome = second, outcome
                self.model.log.append((FINISHED, task))

    @rule(tasks=TASKS, second=SECONDS)
    def delivered(self, tasks: list[int], second: int) -> None:
        """Deliver results."""
        deliver(self.record, *((task, second) for task in tasks))
        for task in tasks:
            self.model.row(task).delivered_s = second
            self.model.log.append((DELIVERED, task))

    @rule(at_most=st.none() | st.integers(1, 5))
    def follow(self, at_most: int | None) -> None:
        """Read on from where the reader stood."""
        log, cursor = self.record.since(self.cursor, at_most)
        assert cursor - self.cursor == len(log.kind) == len(log.task)
        self.seen += zip(log.kind.tolist(), log.task.tolist(), strict=True)
        self.cursor = cursor

    @invariant()
    def the_reader_saw_a_part_of_the_log_in_order(self) -> None:
        """Compare what the reader has seen."""
        assert self.seen == self.model.log[: self.cursor]

    @invariant()
    def every_row_is_the_models(self) -> None:
        """Compare columns and texts."""
        tasks = self.record.tasks
        assert len(self.record) == len(tasks.worker) == max(self.model.rows, default=-1) + 1
        rows = [self.model.rows.get(task, Row()) for task in range(len(self.record))]
        for name in ("submitted_s", "started_s", "finished_s", "delivered_s"):
            expected = np.array([getattr(row, name) for row in rows], dtype=np.float64)
            np.testing.assert_allclose(getattr(tasks, name), expected)  # NaN equals NaN here
        assert tasks.worker.tolist() == [row.worker for row in rows]
        assert tasks.outcome.tolist() == [row.outcome for row in rows]
        for task, row in self.model.rows.items():
            assert self.record.arguments(task) == row.arguments
            assert self.record.result(task) == row.result


TestRecordingAgainstModel = RecordingMachine.TestCase
TestRecordingAgainstModel.settings = settings(max_examples=40, stateful_step_count=30)


def test_a_killed_workers_task_ends_when_its_owner_says_so() -> None:
    record = recording()
    announce(record, (200, 0))
    submit(record, (0, 0.0))
    start(record, 200, (0, 0, 1.0))
    settle(record, FAILED, (0, 3.0))
    assert record.tasks.finished_s[0] == pytest.approx(3.0)
    assert record.tasks.outcome[0] == FAILED
    assert np.isnan(record.tasks.cpu_s[0])
    assert record.result(0) == "an error"


def test_a_result_that_could_not_be_sent_back_has_failed_at_the_workers_time() -> None:
    record = recording()
    finish(record, (0, 2.0))
    settle(record, FAILED, (0, 3.0))
    assert record.tasks.finished_s[0] == pytest.approx(2.0)
    assert record.tasks.outcome[0] == FAILED
    assert record.result(0) == "an error"


def test_a_future_that_ends_twice_at_once_is_in_the_log_once() -> None:
    record = recording()
    settle(record, CANCELLED, (1, 2.0), (0, 2.5), (1, 3.0))
    log, _ = record.since(0)
    assert log.task.tolist() == [1, 0]
    assert record.tasks.finished_s.tolist() == pytest.approx([2.5, 2.0])


def test_a_task_of_an_unannounced_worker_is_malformed_and_changes_nothing() -> None:
    record = recording()
    announce(record, (200, 0))
    with pytest.raises(events.MalformedEvent, match=r"^Process 300 sent .* never announced\.$"):
        start(record, 300, (0, 0, 1.0))
    assert len(record) == 0
    assert record.since(0)[1] == 0


def test_elapsed_time_is_that_of_main() -> None:
    record = recording()
    assert math.isnan(record.elapsed_s)
    timed(record, 1.0, 3.5)
    assert record.elapsed_s == pytest.approx(2.5)


def test_facts_that_are_not_columns() -> None:
    record = recording()
    record.apply(1, events.Process(1, 0, "main", at(-0.5), "3.11.7", False))
    record.apply(1, events.Executor(0, "threads", 3, "", at(0.25)))
    record.apply(1, events.Function(4, "fetch"))
    record.apply(1, events.Submitted([0], [at(1)], [0], [4], ["'a'"]))
    record.apply(1, events.Watch("counter", [at(1), at(2)], [10, 20.5]))
    record.apply(1, events.Raised(at(3), "ValueError", "no", 12))
    record.apply(1, events.Trouble("The watch was switched off."))
    record.apply(1, events.Dropped(3))
    record.apply(1, events.Dropped(4))
    record.apply(1, events.Goodbye(at(4)))
    assert record.processes[0].joined_s == pytest.approx(-0.5)  # a lab process started ahead
    assert record.executors[0].max_workers == 3
    assert record.function_name(0) == "fetch"
    assert record.function_name(1) == ""
    times_s, values = record.watch("counter")
    assert times_s == pytest.approx([1, 2])
    assert values.tolist() == [10, 20.5]
    assert record.watched() == {"counter": 20.5}
    assert record.watch("absent")[0].shape == (0,)
    assert (record.raised and record.raised.line) == 12
    assert record.troubles == ["The watch was switched off."]
    assert record.dropped == 7
    assert record.goodbyes == {1: pytest.approx(4)}


@given(st.lists(st.integers(0, 4_000), max_size=8))
def test_output_is_kept_to_a_bound_and_the_rest_counted(batches: list[int]) -> None:
    record = recording()
    for size in batches:
        record.add_output(at(1), "stdout", ["line"] * size)
    record.drop_output(5)
    assert len(record.output) == min(sum(batches), MAX_OUTPUT_LINES)
    assert len(record.output) + record.output_dropped == sum(batches) + 5


def test_a_finished_recording_is_no_longer_running() -> None:
    record = recording()
    assert record.running
    record.finish("stopped", None, "Stopped.", at(2))
    assert not record.running
    assert record.ending is not None
    assert record.ending.at_s == pytest.approx(2)


def test_a_recording_takes_at_most_150_bytes_a_task() -> None:
    record = recording()
    announce(record, (MAIN_PID, 0))
    count = 100_000
    for first in range(0, count, 500):
        tasks = range(first, first + 500)
        submit(record, *((task, task * 1e-5) for task in tasks))
        start(record, MAIN_PID, *((task, 0, task * 1e-5) for task in tasks))
        finish(record, *((task, task * 1e-5) for task in tasks))
        deliver(record, *((task, task * 1e-5) for task in tasks))
    assert len(record) == count
    assert record.nbytes / count <= 150


def test_a_run_made_by_hand_is_a_whole_run() -> None:
    record = finished_run(elapsed_s=2.0)
    assert record.elapsed_s == pytest.approx(2.0)
    assert record.tasks.outcome.tolist() == [DONE, DONE]


WRITERS = 4
BATCHES = 150
BATCH = 7


def _write(record: Recording, writer: int, ready: threading.Barrier) -> None:
    """Write rounds of tasks whose numbers no other writer uses, each from begin to end."""
    pid = 1000 + writer
    ready.wait()
    for batch in range(BATCHES):
        first = (batch * WRITERS + writer) * BATCH
        moments = [(task, float(task)) for task in range(first, first + BATCH)]
        submit(record, *moments)
        start(record, pid, *((task, 0, moment) for task, moment in moments))
        finish(record, *moments, pid=pid)
        deliver(record, *moments)


def _follow(record: Recording, written: threading.Event, ready: threading.Barrier) -> Any:
    """Follow the log and look up what each entry speaks of; return the entries."""
    ready.wait()
    seen: list[tuple[int, int]] = []
    cursor, over = 0, False
    while not over:
        over = written.is_set()  # looked up before the last read: nothing may come after it
        log, cursor = record.since(cursor, None if over else 100)
        tasks = record.tasks  # asked for after the log: must hold all that the log speaks of
        for kind, task in zip(log.kind.tolist(), log.task.tolist(), strict=True):
            column = (tasks.submitted_s, tasks.started_s, tasks.finished_s, tasks.delivered_s)[kind]
            assert column[task] == pytest.approx(task)
            seen.append((kind, task))
    return seen


def test_readers_see_every_entry_once_and_in_order_while_writers_write() -> None:
    record = recording()
    announce(record, *((1000 + writer, 0) for writer in range(WRITERS)))
    written = threading.Event()
    readers = 3
    ready = threading.Barrier(WRITERS + readers)
    with futures.ThreadPoolExecutor(WRITERS + readers) as pool:
        following = [pool.submit(_follow, record, written, ready) for _ in range(readers)]
        writing = [pool.submit(_write, record, number, ready) for number in range(WRITERS)]
        try:
            for future in writing:
                future.result()
        finally:
            written.set()  # or the readers, and with them this test, would never end
        logs = [future.result() for future in following]
    count = WRITERS * BATCHES * BATCH
    assert logs[0] == logs[1] == logs[2]
    assert sorted(logs[0]) == [(kind, task) for kind in range(4) for task in range(count)]
    assert len(record) == count
    lives: dict[int, list[int]] = {}
    for kind, task in logs[0]:
        lives.setdefault(task, []).append(kind)
    assert set(map(tuple, lives.values())) == {(SUBMITTED, STARTED, FINISHED, DELIVERED)}
