"""Stages, places and waiting times of tasks on their way to the script."""

import math

import numpy as np
import pytest

from core.columns import PENDING, FloatArray, IntArray, Tasks
from core.events import CANCELLED, DONE, FAILED
from core.incidents import overtaken as overtaken_in
from core.orders import Stage, batches, held_s, overtaken, spread, stages
from tests.core.recordings import deliver, recording, submit

NAN = math.nan


def times(*values: float) -> FloatArray:
    return np.array(values, dtype=np.float64)


def numbers(*values: int) -> IntArray:
    return np.array(values, dtype=np.int32)


def some_tasks() -> Tasks:
    """Return tasks that end up: delivered, ready, running, waiting, cancelled, failed and taken."""
    unused = np.zeros(6, dtype=np.int32)
    return Tasks(
        submitted_s=times(0, 0, 0, 0, 0, 0),
        started_s=times(1, 1, 1, NAN, NAN, 1),
        finished_s=times(2, 3, NAN, NAN, 2, 2),
        delivered_s=times(4, NAN, NAN, NAN, NAN, 3),
        cpu_s=times(0, 0, 0, 0, 0, 0),
        worker=unused,
        executor=unused,
        function=unused,
        outcome=np.array([DONE, DONE, PENDING, PENDING, CANCELLED, FAILED], dtype=np.uint8),
    )


@pytest.mark.parametrize(
    ("now_s", "over", "found"),
    [
        (-1, False, [Stage.NOT_YET] * 6),
        (0, False, [Stage.WAITING] * 6),
        (1, False, [*[Stage.RUNNING] * 3, *[Stage.WAITING] * 2, Stage.RUNNING]),
        (
            2.5,
            False,
            [
                *(Stage.READY, Stage.RUNNING, Stage.RUNNING),
                *(Stage.WAITING, Stage.CANCELLED, Stage.READY),
            ],
        ),
        (
            9,
            False,
            [
                *(Stage.DELIVERED, Stage.READY, Stage.RUNNING),
                *(Stage.WAITING, Stage.CANCELLED, Stage.DELIVERED),
            ],
        ),
        (
            9,
            True,
            [
                *(Stage.DELIVERED, Stage.UNTAKEN, Stage.UNENDED),
                *(Stage.UNENDED, Stage.CANCELLED, Stage.DELIVERED),
            ],
        ),
    ],
)
def test_a_task_has_one_stage_at_each_moment(now_s: float, over: bool, found: list[Stage]) -> None:
    assert stages(some_tasks(), numbers(*range(6)), now_s, over=over).tolist() == found


def test_what_is_ready_is_held_until_it_is_delivered_or_now() -> None:
    tasks = some_tasks()
    np.testing.assert_array_equal(
        held_s(tasks.finished_s, tasks.delivered_s, 3.5), times(1.5, 0.5, NAN, NAN, 1.5, 1)
    )
    np.testing.assert_array_equal(held_s(times(2), times(4), 1.0), times(NAN))
    # A worker's clock may be read after the owner had the result.
    np.testing.assert_array_equal(held_s(times(2), times(1.9), 9.0), times(0))


def test_overtaken_is_who_comes_after_a_later_one() -> None:
    marks, highest = overtaken(numbers(1, 3, 4, 2, 0))
    assert marks.tolist() == [False, False, False, True, True]
    assert highest.tolist() == [1, 3, 4, 4, 4]
    marks, _ = overtaken(numbers(0, 1, 2))
    assert not marks.any()


def test_overtaking_may_be_counted_in_pieces() -> None:
    places = np.random.default_rng(5).permutation(50).astype(np.int32)
    whole, _ = overtaken(places)
    first, highest = overtaken(places[:20])
    second, _ = overtaken(places[20:], int(highest[-1]))
    assert np.concatenate([first, second]).tolist() == whole.tolist()


def test_it_counts_as_the_facts_of_a_run_do() -> None:
    order = np.random.default_rng(6).permutation(30).astype(np.int32)
    record = recording()
    submit(record, *((task, 0.01 * task) for task in range(30)))
    deliver(record, *((task, 1 + 0.01 * place) for place, task in enumerate(order.tolist())))
    marks, _ = overtaken(order)
    assert int(marks.sum()) == overtaken_in(record) > 0


def test_a_sample_is_even_and_has_both_ends() -> None:
    assert spread(4, 9).tolist() == [0, 1, 2, 3]
    assert spread(0, 9).tolist() == []
    sample = spread(1_001, 11)
    assert sample.tolist() == list(range(0, 1_001, 100))
    assert spread(7, 1).tolist() == [0, 6]


def test_results_delivered_at_one_time_are_a_batch() -> None:
    found = batches(times(0.1, 0.5, 0.5, 0.7, 0.9, 0.9, 0.9))
    assert list(zip(found.first.tolist(), found.last.tolist(), strict=True)) == [(1, 2), (4, 6)]
    assert batches(times()).first.size == 0
    assert batches(times(0.1, 0.2)).first.size == 0
