"""Where tasks stand at a moment: their states, how long, refusals and waits."""

import math

import pytest

from core import events
from core.recording import Recording
from core.task_states import TaskState, moment_of, task_states
from tests.core.recordings import MAIN_PID, at
from tests.gui.charts_demo import TaskTimes, add, empty_run, end


def cancel(record: Recording, task: int, at_s: float, cancelled: bool) -> None:
    record.apply(MAIN_PID, events.Cancel(task, at(at_s), cancelled))


def one(record: Recording, task: int, cursor_s: float) -> TaskState:
    return next(state for state in task_states(record, cursor_s) if state.task == task)


def run_of_four() -> Recording:
    """Return a run in which one finishes, one fails, one is cancelled and one still runs."""
    record = empty_run()
    add(
        record,
        TaskTimes(0, 0, 0.0, 1.0, 3.0, result="nine"),
        TaskTimes(1, 1, 0.0, 1.0, 2.0, events.FAILED, result="ValueError: no"),
        TaskTimes(2, 0, 0.5, None, 1.5, events.CANCELLED),
        TaskTimes(3, 1, 0.5, 2.0),
    )
    return record


@pytest.mark.parametrize(
    ("cursor_s", "states"),
    [
        (0.2, ["pending", "pending"]),
        (0.7, ["pending"] * 4),
        (1.2, ["running", "running", "pending", "pending"]),
        (1.7, ["running", "running", "cancelled", "pending"]),
        (2.5, ["running", "failed", "cancelled", "running"]),
        (9.0, ["finished", "failed", "cancelled", "running"]),
        (math.inf, ["finished", "failed", "cancelled", "running"]),
    ],
)
def test_tasks_go_from_state_to_state(cursor_s: float, states: list[str]) -> None:
    found = sorted(task_states(run_of_four(), cursor_s), key=lambda state: state.task)
    assert [state.state for state in found] == states


def test_time_counts_in_pending_and_running_and_stays_at_the_end() -> None:
    record = run_of_four()
    lasted = {cursor: one(record, 0, cursor).lasted_s for cursor in (0.4, 1.6, 3.0, 7.0)}
    assert lasted == pytest.approx({0.4: 0.4, 1.6: 0.6, 3.0: 2.0, 7.0: 2.0})
    assert one(record, 2, 7.0).lasted_s == pytest.approx(1.0)  # it never ran: what it waited


def test_they_come_in_the_order_in_which_they_came_into_their_states() -> None:
    order = [state.task for state in task_states(run_of_four(), 9.0)]
    assert order == [2, 1, 3, 0]


def test_a_refusal_is_known_from_its_moment_on_with_the_state_of_then() -> None:
    record = run_of_four()
    cancel(record, 3, 1.8, False)
    cancel(record, 0, 2.5, False)
    cancel(record, 0, 4.0, False)
    cancel(record, 2, 1.5, True)
    assert one(record, 0, 2.4).refused_as is None
    assert one(record, 0, 3.5).refused_as == "running"
    assert one(record, 0, 5.0).refused_as == "finished"
    assert one(record, 0, 5.0).refused_s == pytest.approx(4.0)
    assert one(record, 3, 5.0).refused_as == "pending"
    assert one(record, 2, 5.0).refused_as is None


def test_answers_about_tasks_that_nobody_knows_do_no_harm() -> None:
    record = run_of_four()
    cancel(record, 99, 1.0, False)
    assert len(task_states(record, 5.0)) == 4


def test_a_stall_says_what_tasks_wait_for_until_it_goes_on() -> None:
    record = run_of_four()
    waits = [events.Wait(3, 0, "result()", 12)]
    record.apply(MAIN_PID, events.Stalled(at(2.2), waits))
    record.apply(MAIN_PID, events.Stalled(at(2.8), []))
    assert one(record, 3, 2.1).wait is None
    wait = one(record, 3, 2.5).wait
    assert wait is not None
    assert (wait.awaited, wait.line) == (0, 12)
    assert one(record, 3, 3.0).wait is None


def test_a_run_that_is_over_stands_still() -> None:
    record = end(run_of_four(), 5.0, outcome="stopped")
    assert moment_of(record, 100.0) == 5.0
    assert one(record, 3, math.inf).state == "running"
    assert one(record, 3, math.inf).lasted_s == pytest.approx(3.0)
    assert task_states(empty_run()) == []
