"""The moments that a replay steps through, and what runs at one."""

import math

from hypothesis import given
from hypothesis import strategies as st

from core.moments import Moments
from core.running import running_functions
from tests.core.recordings import recording, submit
from tests.gui.charts_demo import TaskTimes, add, empty_run, end

WHOLE_MS = st.integers(0, 10_000)


@given(st.lists(WHOLE_MS, min_size=1, max_size=30), WHOLE_MS)
def test_the_neighbours_of_a_moment_are_the_nearest_events(
    submitted_ms: list[int], at_ms: int
) -> None:
    record = recording()
    submit(record, *((task, ms / 1000) for task, ms in enumerate(submitted_ms)))
    moments = Moments(record)
    later = [ms for ms in submitted_ms if ms > at_ms]
    earlier = [ms for ms in submitted_ms if ms < at_ms]
    after_s, before_s = moments.after(at_ms / 1000), moments.before(at_ms / 1000)
    assert (None if after_s is None else round(after_s * 1000)) == min(later, default=None)
    assert (None if before_s is None else round(before_s * 1000)) == max(earlier, default=None)


def test_moments_are_those_of_all_events_of_a_task_and_grow_with_the_run() -> None:
    record = empty_run()
    moments = Moments(record)
    assert moments.after(0.0) is None
    assert moments.bounds() is None
    add(record, TaskTimes(0, 0, 0.1, 0.2, 0.4))
    found = [0.0]
    while (later_s := moments.after(found[-1])) is not None:
        found.append(later_s)
    assert [round(at_s, 6) for at_s in found] == [0.0, 0.1, 0.2, 0.4]
    assert moments.bounds() == (found[1], found[-1])
    add(record, TaskTimes(1, 1, 0.3))
    assert moments.before(0.4) == moments.after(0.2)


def test_functions_run_from_the_start_of_their_tasks_to_the_end() -> None:
    record = empty_run()
    add(record, TaskTimes(0, 0, 0.0, 0.1, 0.5), TaskTimes(1, 1, 0.0, 0.2, 0.3))
    add(record, TaskTimes(2, 1, 0.0, 0.4))
    found = [running_functions(record, at_s).get("work", 0) for at_s in (0.05, 0.15, 0.25, 0.35)]
    assert found == [0, 1, 2, 1]
    assert running_functions(record, 0.6) == {"work": 1}


def test_nothing_runs_when_all_is_over() -> None:
    record = empty_run()
    add(record, TaskTimes(0, 0, 0.0, 0.1))
    end(record, 1.0, outcome="stopped")
    assert running_functions(record, 0.9) == {"work": 1}
    assert running_functions(record, 1.0) == {}
    assert running_functions(record, math.inf) == {}
