"""What happens now and then in a run: orders, broken pools, cancels, tables, stalls."""

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import events
from core.incidents import incident_facts, overtaken, stalls_of
from core.recording import Recording
from core.recording_file import open_recording, save
from core.run_log import MAX_CANCELS
from core.watch_log import MAX_TABLE_VERSIONS
from tests.core.recordings import MAIN_PID, at, deliver, finished_run, recording, submit

WAITS = [events.Wait(0, 1, "inner.result()", 17), events.Wait(1, 0, "left", None)]


def eventful() -> Recording:
    """Return a finished run in which everything happens that happens now and then."""
    record = recording()
    record.apply(MAIN_PID, events.Executor(1, "processes", 4, "spawn", at(0.1)))
    record.apply(MAIN_PID, events.Executor(2, "threads", None, "", at(0.2)))
    record.apply(MAIN_PID, events.MainStarted(at(0.5)))
    submit(record, (0, 0.5), (1, 0.6), (2, 0.7))
    broken: list[str | int] = ["BrokenProcessPool: gone"]
    record.apply(MAIN_PID, events.Settled([2], [at(0.9)], [events.FAILED], broken))
    record.apply(MAIN_PID, events.Cancel(0, at(1), False))
    record.apply(MAIN_PID, events.Cancel(1, at(1.1), True))
    record.apply(MAIN_PID, events.Settled([1], [at(1.1)], [events.CANCELLED], [""]))
    record.apply(MAIN_PID, events.Initialized(9000, at(0.6), at(0.85), True))
    record.apply(MAIN_PID, events.Initialized(9001, at(0.6), at(0.7), False))
    record.apply(MAIN_PID, events.Table("table", at(1), [["a", True, None]]))
    record.apply(MAIN_PID, events.Table("table", at(2), [["a", True, 1.5], ["b", False, 3]]))
    record.apply(MAIN_PID, events.Stalled(at(2), WAITS))
    record.apply(MAIN_PID, events.Stalled(at(3.5), []))
    deliver(record, (2, 1.5), (1, 1.6))
    record.finish("done", 0, "", at(4))
    return record


def test_the_facts_of_an_eventful_run() -> None:
    facts = incident_facts(eventful())
    assert facts["initializing_s"] == pytest.approx(0.35)
    assert facts["first_delivered_s"] == pytest.approx(1.0)
    assert facts["held_s"] == pytest.approx(0.6)
    assert facts["stalled_s"] == pytest.approx(1.5)
    exact = {name: value for name, value in facts.items() if not name.endswith("_s")}
    assert exact == {
        "started": 0,
        "cancelled": 1,
        "refused": 1,
        "broken": 1,
        "raised": "",
        "processes": 0,
        "initialized": 1,
        "start_method": "spawn",
        "overtaken": 1,
        "stalled_tasks": 2,
        "troubles": 0,
    }


def test_a_table_is_read_as_it_was_at_the_cursor() -> None:
    record = eventful()
    assert record.table("table", 0.5) is None
    assert record.table("other") is None
    first, last = record.table("table", 1.0), record.table("table")
    assert first is not None
    assert last is not None
    assert first.rows == (("a", True, None),)
    assert last.rows == (("a", True, 1.5), ("b", False, 3))


def test_all_of_it_is_saved_and_opened(tmp_path: Path) -> None:
    record = eventful()
    save(record, tmp_path / "run.jsonl")
    opened = open_recording(tmp_path / "run.jsonl")
    assert opened.tables == record.tables
    assert opened.cancels == record.cancels
    assert opened.initialized == record.initialized
    assert opened.stalls == record.stalls
    assert incident_facts(opened) == incident_facts(record)


def test_a_script_that_asks_for_ever_takes_bounded_memory() -> None:
    record = recording()
    for number in range(MAX_TABLE_VERSIONS + 2):
        record.apply(MAIN_PID, events.Table("table", at(number), [[number]]))
    for number in range(MAX_CANCELS + 2):
        record.apply(MAIN_PID, events.Cancel(number, at(number), False))
    assert len(record.tables["table"]) == MAX_TABLE_VERSIONS
    newest = record.table("table")
    assert newest is not None
    assert newest.rows == ((MAX_TABLE_VERSIONS + 1,),)
    assert len(record.cancels) == MAX_CANCELS
    assert record.cancels[-1].task == MAX_CANCELS + 1


def test_a_stall_that_never_ends_lasts_to_the_end_of_the_run() -> None:
    record = finished_run(2.0)
    record.apply(MAIN_PID, events.Stalled(at(1), WAITS[:1]))
    record.apply(MAIN_PID, events.Stalled(at(2), WAITS))
    ends = [end_s for _, end_s in stalls_of(record)]
    assert ends == pytest.approx([2.0, 3.0])
    going_on = recording()
    going_on.apply(MAIN_PID, events.Stalled(at(1), WAITS))
    assert stalls_of(going_on)[0][1] == math.inf
    assert incident_facts(going_on)["stalled_s"] == 0  # for how long is not known yet


@given(st.permutations(range(6)), st.integers(0, 6))
def test_a_task_is_overtaken_when_a_later_one_was_delivered_before(
    order: list[int], known: int
) -> None:
    record = recording()
    submit(record, *((task, task + 1.0) for task in range(known)))
    deliver(record, *((task, 10.0 + place) for place, task in enumerate(order)))
    seen = [task for task in order if task < known]
    slow = sum(any(other > task for other in seen[:place]) for place, task in enumerate(seen))
    assert overtaken(record) == slow
