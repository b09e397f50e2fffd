"""Metrics of hand-made recordings, each number known beforehand."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import metrics
from core.columns import PENDING
from core.events import CANCELLED, DONE, FAILED
from core.recording import Recording
from tests.core.recordings import announce, deliver, finish, recording, settle, start, submit


@pytest.fixture
def two_workers() -> Recording:
    """Four tasks on two workers: done, failed, still running, cancelled in the queue."""
    record = recording()
    announce(record, (100, 0), (200, 0))
    submit(record, (0, 0.0), (2, 0.1), (1, 0.2), (3, 0.3))
    start(record, 100, (0, 0, 1.0))
    start(record, 200, (1, 0, 2.0))
    finish(record, (1, 3.0), outcome=FAILED)
    start(record, 200, (2, 0, 3.0))
    finish(record, (0, 4.0))
    settle(record, CANCELLED, (3, 5.0))
    deliver(record, (1, 4.5), (0, 4.25))
    return record


def test_lanes_hold_only_tasks_that_started(two_workers: Recording) -> None:
    bars = metrics.lanes(two_workers)
    assert bars.task.tolist() == [0, 1, 2]
    assert bars.worker.tolist() == [0, 1, 1]
    assert bars.start_s.tolist() == [1.0, 2.0, 3.0]
    np.testing.assert_array_equal(bars.end_s, [4.0, 3.0, np.nan])
    assert bars.outcome.tolist() == [DONE, FAILED, PENDING]


def test_orders_follow_the_times_and_not_the_task_numbers(two_workers: Recording) -> None:
    assert metrics.submission_order(two_workers).tolist() == [0, 2, 1, 3]
    assert metrics.completion_order(two_workers).tolist() == [1, 0, 3]
    assert metrics.delivery_order(two_workers).tolist() == [0, 1]


def test_equal_times_are_ordered_by_task_number() -> None:
    record = recording()
    submit(record, (2, 1.0), (0, 1.0), (1, 1.0))
    assert metrics.submission_order(record).tolist() == [0, 1, 2]


def test_queue_wait_is_unknown_for_a_task_that_never_started(two_workers: Recording) -> None:
    np.testing.assert_allclose(metrics.queue_wait_s(two_workers), [1.0, 1.8, 2.9, np.nan])


def test_concurrency_counts_a_task_without_end_to_the_last(two_workers: Recording) -> None:
    times_s, running = metrics.concurrency(two_workers)
    assert times_s.tolist() == [1.0, 2.0, 3.0, 4.0]
    assert running.tolist() == [1, 2, 2, 1]  # at 3.0 one ends and another begins


def test_counts(two_workers: Recording) -> None:
    assert metrics.worker_count(two_workers) == 2
    assert metrics.cpu_s(two_workers) == pytest.approx(0.5)
    assert metrics.outcomes(two_workers) == metrics.Outcomes(1, 1, 1, 1)


def test_an_announced_worker_without_a_task_does_not_count() -> None:
    record = recording()
    announce(record, (100, 0), (100, 1))
    start(record, 100, (0, 1, 1.0))
    assert metrics.worker_count(record) == 1


def test_an_empty_recording_has_empty_arrays_and_no_cpu_time() -> None:
    record = recording()
    times_s, running = metrics.concurrency(record)
    assert metrics.lanes(record).task.shape == times_s.shape == running.shape == (0,)
    assert metrics.queue_wait_s(record).shape == metrics.completion_order(record).shape == (0,)
    assert metrics.worker_count(record) == 0
    assert metrics.outcomes(record) == metrics.Outcomes(0, 0, 0, 0)
    assert math.isnan(metrics.cpu_s(record))  # nothing was measured, which is not zero


@pytest.mark.parametrize(
    ("value", "expected", "lost"), [(1_602_716, 2_000_000, 397_284), (5, 5, 0), (0, 7, 7)]
)
def test_lost_updates(value: float, expected: float, lost: float) -> None:
    assert metrics.lost_updates(value, expected) == lost


def test_lost_updates_of_an_unknown_value_are_unknown() -> None:
    assert math.isnan(metrics.lost_updates(math.nan, 5))
    assert math.isnan(metrics.lost_updates(5, math.nan))


@given(
    st.lists(
        st.tuples(st.integers(0, 50), st.none() | st.integers(0, 50)).map(
            lambda pair: (pair[0], None if pair[1] is None else pair[0] + pair[1])
        ),
        max_size=30,
    )
)
def test_concurrency_agrees_with_counting_by_hand(spans: list[tuple[int, int | None]]) -> None:
    record = recording()
    announce(record, (100, 0))
    for task, (began, ended) in enumerate(spans):
        start(record, 100, (task, 0, began))
        if ended is not None:
            finish(record, (task, ended))
    times_s, running = metrics.concurrency(record)
    moments = {moment for span in spans for moment in span if moment is not None}
    assert times_s == pytest.approx(sorted(moments))
    for moment, count in zip(sorted(moments), running, strict=True):
        by_hand = sum(a <= moment and (b is None or b > moment) for a, b in spans)
        assert count == by_hand
