"""The arrays behind the timeline, against plain models."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.columns import PENDING
from core.events import CANCELLED, DONE, FAILED
from core.recording import Recording
from gui.charts import timeline_layout as layout
from gui.charts.growing import Ascending
from gui.charts.time_axis import Window
from gui.charts.timeline_frame import frame_at, queue_height, reserved_rows, rows_in
from gui.charts.timeline_index import TimelineIndex
from tests.core import recordings as by_hand
from tests.gui.charts_demo import TaskTimes, add, empty_run, end, many

moments = st.integers(0, 1_000).map(lambda tick: tick / 100)


def indexed(record: Recording, at_most: int = 10_000) -> TimelineIndex:
    index = TimelineIndex(record)
    while index.follow(at_most):
        pass
    return index


def two_in_a_row() -> Recording:
    record = empty_run(workers=1)
    add(record, TaskTimes(0, 0, 0.0, 1.0, 2.0), TaskTimes(1, 0, 0.0, 3.0, 5.0))
    return record


# -- what is kept from frame to frame ----------------------------------------------


@given(st.lists(st.lists(moments, max_size=8), max_size=8))
def test_times_that_arrive_out_of_order_lie_in_order(batches: list[list[float]]) -> None:
    times = Ascending()
    for batch in batches:
        times.append(np.array(batch))
    assert times.view.tolist() == sorted(itertools.chain(*batches))


@pytest.mark.parametrize("at_most", [1, 7, 10_000])
def test_it_does_not_matter_in_how_many_frames_the_log_is_read(at_most: int) -> None:
    index = indexed(many(200, workers=3, failed_every=50), at_most)
    assert [len(lane) for lane in index.lanes] == [67, 67, 66]
    assert index.lanes[1].rows.view[:3].tolist() == [1, 4, 7]
    assert sum(len(lane.failed_s) for lane in index.lanes) == 4
    assert len(index.finished_s) == 200


def test_one_frame_takes_no_more_than_it_may() -> None:
    index = TimelineIndex(many(500))
    assert index.follow(at_most=100)
    assert len(index.submitted_s) + sum(len(lane) for lane in index.lanes) <= 100


def test_a_failure_that_came_before_the_start_is_counted_on_its_lane() -> None:
    record = empty_run("processes", workers=2)
    by_hand.submit(record, (0, 0.0))
    by_hand.settle(record, FAILED, (0, 2.0))
    index = TimelineIndex(record)
    index.follow()
    by_hand.start(record, 4201, (0, 0, 1.0))
    index.follow()
    assert index.lanes[1].failed_s.view.tolist() == [2.0]
    assert len(index.left_unstarted()) == 0


def test_the_last_word_of_the_owner_is_heard_when_the_run_is_over() -> None:
    record = empty_run(workers=1)
    add(record, TaskTimes(0, 0, 0.0, 1.0, 2.0))
    index = TimelineIndex(record)
    index.follow()
    by_hand.settle(record, FAILED, (0, 2.5))  # its result could not be sent back
    end(record, 3.0)
    index.follow()
    assert index.lanes[0].failed_s.view.tolist() == [2.0]


def test_cancelled_tasks_leave_the_queue_without_a_lane() -> None:
    record = empty_run(workers=1)
    add(record, TaskTimes(0, 0, 0.0, None, 2.0, CANCELLED))
    index = indexed(record)
    assert index.left_unstarted().tolist() == [0]
    times = np.array([1.0, 2.5])
    assert layout.waiting_count(index, record.tasks, times).tolist() == [1, 0]


# -- bars ---------------------------------------------------------------------------


def bars_of(record: Recording, window: Window, now_s: float) -> layout.Bars:
    lane = indexed(record).lanes[0]
    reach_s, _ = lane.running_numbers(record.tasks, now_s)
    part = layout.drawn(lane, reach_s, window, now_s)
    return layout.bars(lane, part, record.tasks, window, now_s)


def test_a_bar_a_task_as_shares_of_the_window() -> None:
    bars = bars_of(two_in_a_row(), Window(0.0, 10.0), 10.0)
    assert bars.task.tolist() == [0, 1]
    assert bars.left.tolist() == pytest.approx([0.1, 0.3])
    assert bars.right.tolist() == pytest.approx([0.2, 0.5])
    assert bars.outcome.tolist() == [DONE, DONE]


def test_at_an_earlier_moment_a_task_still_runs_and_a_later_one_is_not_there() -> None:
    bars = bars_of(two_in_a_row(), Window(0.0, 10.0), 1.5)
    assert bars.task.tolist() == [0]
    assert bars.right.tolist() == pytest.approx([0.15])
    assert bars.outcome.tolist() == [PENDING]


@pytest.mark.parametrize(
    ("window", "tasks"),
    [
        (Window(0.0, 0.9), []),
        (Window(1.5, 1.6), [0]),
        (Window(2.2, 2.8), []),
        (Window(1.9, 3.1), [0, 1]),
        (Window(4.0, 9.0), [1]),
    ],
)
def test_only_tasks_in_the_window_get_a_bar(window: Window, tasks: list[int]) -> None:
    assert bars_of(two_in_a_row(), window, 10.0).task.tolist() == tasks


# -- columns ------------------------------------------------------------------------


@st.composite
def tasks_of_one_lane(draw: st.DrawFn) -> list[TaskTimes]:
    """Draw tasks by start; they may overlap, as calls within calls do, and may run still."""
    starts = sorted(draw(st.lists(moments, min_size=1, max_size=12)))
    lengths = draw(st.lists(moments, min_size=len(starts), max_size=len(starts)))
    open_ones = draw(st.sets(st.integers(0, len(starts) - 1), max_size=2))
    pairs = enumerate(zip(starts, lengths, strict=True))
    return [
        TaskTimes(task, 0, start_s, start_s, None if task in open_ones else start_s + length_s)
        for task, (start_s, length_s) in pairs
    ]


@given(tasks=tasks_of_one_lane(), now_s=moments)
def test_the_busy_share_is_that_of_a_plain_model(tasks: list[TaskTimes], now_s: float) -> None:
    record = empty_run(workers=1)
    add(record, *tasks)
    lane = indexed(record).lanes[0]
    edges = np.minimum(np.linspace(0.0, 20.0, 41), now_s)
    share = layout.busy_share(lane.start_s.view, *lane.running_numbers(record.tasks, now_s), edges)
    ticks = (np.arange(2_000) + 0.5) / 100
    busy = np.zeros(len(ticks), dtype=bool)
    for task in tasks:
        until_s = now_s if task.finished_s is None else min(task.finished_s, now_s)
        busy |= (ticks > task.submitted_s) & (ticks < until_s)
    widths = np.diff(edges)
    model = np.add.reduceat(busy, np.arange(0, 2_000, 50)) / 100
    assert share * widths == pytest.approx(model, abs=1e-6)


def test_columns_name_where_something_happened() -> None:
    found = layout.columns_with(np.array([0.5, 2.5, 2.6]), np.array([0.0, 1.0, 2.0, 3.0, 4.0]))
    assert found.tolist() == [True, False, True, False]


def test_waiting_lasts_from_submission_to_the_start_on_that_lane() -> None:
    record = empty_run(workers=1)
    add(record, TaskTimes(0, 0, 0.0, 0.0, 2.0), TaskTimes(1, 0, 1.0, 3.0, 4.0))
    lane = indexed(record).lanes[0]
    edges = np.linspace(0.0, 5.0, 6)
    waits = layout.waiting_columns(lane, record.tasks, edges, now_s=5.0)
    assert waits.tolist() == [False, True, True, False, False]
    before = layout.waiting_columns(lane, record.tasks, edges, now_s=2.5)
    assert not before.any()  # at that moment nobody knew which lane would take it


@given(st.lists(st.tuples(moments, moments, st.integers(0, 2)), min_size=1, max_size=15), moments)
def test_the_queue_is_as_long_as_a_plain_count_says(
    tasks: list[tuple[float, float, int]], at_s: float
) -> None:
    record = empty_run(workers=3)
    for lane in range(3):
        mine = sorted(
            (submitted_s + wait_s, submitted_s, task)
            for task, (submitted_s, wait_s, worker) in enumerate(tasks)
            if worker == lane
        )
        for started_s, submitted_s, task in mine:
            add(record, TaskTimes(task, lane, submitted_s, started_s))
    between_s = at_s + 0.005  # never equal to a time of the tasks, which are hundredths
    count = layout.waiting_count(indexed(record), record.tasks, np.array([between_s]))
    assert count.tolist() == [sum(s <= between_s < s + w for s, w, _ in tasks)]


# -- under the pointer --------------------------------------------------------------


def test_the_task_under_the_pointer() -> None:
    record = two_in_a_row()
    lane = indexed(record).lanes[0]

    def found(at_s: float, slack_s: float = 0.0, now_s: float = 10.0) -> int | None:
        return layout.task_at(lane, record.tasks, at_s, slack_s, now_s)

    assert found(1.5) == 0
    assert found(4.0) == 1
    assert found(2.4) is None
    assert found(2.1, slack_s=0.2) == 0
    assert found(2.95, slack_s=0.2) == 1
    assert found(4.0, now_s=2.5) is None


def test_of_calls_within_calls_the_inner_one_is_found() -> None:
    record = empty_run("sequential", workers=1)
    add(record, TaskTimes(0, 0, 0.0, 0.0, 9.0), TaskTimes(1, 0, 3.0, 3.0, 4.0))
    lane = indexed(record).lanes[0]
    assert layout.task_at(lane, record.tasks, 3.5, 0.0, 10.0) == 1
    assert layout.task_at(lane, record.tasks, 5.0, 0.0, 10.0) == 0


# -- frames and rows ----------------------------------------------------------------


def test_time_counts_from_main_and_the_end_is_that_of_main() -> None:
    record = empty_run(workers=1, began_s=0.5)
    add(record, TaskTimes(0, 0, 0.6, 0.6, 1.0))
    frame = frame_at(end(record, 1.5), indexed(record), np.inf)
    assert frame.zero_s == pytest.approx(0.5)
    assert frame.now_s == pytest.approx(1.5)
    assert frame.bounds.begin_s == pytest.approx(0.5)
    assert 1.5 < frame.bounds.end_s < 1.6


def test_a_stopped_run_ends_when_it_was_stopped() -> None:
    record = empty_run(workers=1)
    add(record, TaskTimes(0, 0, 0.0, 0.1))
    frame = frame_at(end(record, 2.0, outcome="stopped"), indexed(record), np.inf)
    assert frame.now_s == pytest.approx(2.0)


def test_rows_keep_their_place_while_workers_join() -> None:
    record = empty_run(workers=8)
    few = rows_in(400.0, reserved_rows(record, lanes=1), 1, 0, low=7, high=44)
    all_of_them = rows_in(400.0, reserved_rows(record, lanes=8), 8, 0, low=7, high=44)
    assert few.pitch == all_of_them.pitch


def test_more_rows_than_fit_are_scrolled() -> None:
    rows = rows_in(100.0, 200, 200, scroll=195, low=10, high=44)
    assert rows == (10, 190, 200)


def test_the_number_of_a_narrow_peak_stands_where_it_hides_least() -> None:
    heights = np.array([1] * 10 + [6] * 2 + [4] * 10, dtype=np.int32)
    assert layout.peak_of(heights) == (10, 12)
    assert layout.place_beside(heights, 10, 12, width=5) == 5  # the lower side
    assert layout.place_beside(heights[8:], 2, 4, width=5) == 4  # the side with room
    assert layout.place_beside(heights[8:14], 2, 4, width=5) == 0  # room on neither


def test_a_peak_may_last_to_the_end() -> None:
    assert layout.peak_of(np.array([0, 2, 2], dtype=np.int32)) == (1, 3)


def test_the_queue_takes_no_more_than_a_row_where_rows_are_low() -> None:
    def height(room: float, rows: int) -> float:
        return queue_height(room, rows, low=22, high=36, lowest_row=7)

    assert height(400, rows=2) == 36
    assert height(160, rows=5) == pytest.approx(160 / 6)
    assert height(160, rows=32) == 22  # not all rows fit anyway
    assert height(45, rows=32) == 15
    assert height(55, rows=5) == pytest.approx(55 / 3)
    assert height(50, rows=5) == 15  # the fifth row fits, just


def test_a_number_hides_no_mark() -> None:
    assert layout.clear_of([], 10.0, 20.0, reach=4.0) == 10.0
    assert layout.clear_of([5.0, 60.0], 10.0, 20.0, reach=4.0) == 10.0
    assert layout.clear_of([31.0, 20.0], 10.0, 20.0, reach=4.0) == 35.0
