"""Stalls of a recording: which one goes on, and how the command line tells them."""

from core import events
from core.cli.report import run_object, stall_sentence
from core.comparison import summary_of
from core.incidents import stall_now, stalls_of
from core.recording import Recording
from tests.core.recordings import MAIN_PID, at, finished_run, recording


def stall(record: Recording, at_s: float, *waits: tuple[int, int, str]) -> None:
    told = [events.Wait(task, awaited, what, 7) for task, awaited, what in waits]
    record.apply(MAIN_PID, events.Stalled(at(at_s), told))


def test_a_stall_goes_on_until_it_is_told_over_or_the_run_ends() -> None:
    record = recording()
    assert stall_now(record) is None
    stall(record, 1.0, (0, 1, "right"), (1, 0, "left"))
    assert stall_now(record) is record.stalls[0]
    stall(record, 3.0)
    assert stall_now(record) is None
    stall(record, 4.0, (2, 2, "left"))
    assert stall_now(record) is record.stalls[2]
    record.finish("stopped", None, "", at(6.0))
    assert stall_now(record) is None
    assert [(one.at_s, end_s) for one, end_s in stalls_of(record)] == [(1.0, 3.0), (4.0, 6.0)]


def test_the_sentence_names_the_first_tasks_and_counts_the_others() -> None:
    record = finished_run()
    stall(record, 1.25, *((task, task + 1, "a.b()") for task in range(6)))
    sentence = stall_sentence(record, record.stalls[0])
    assert sentence.startswith("Since 0.75 s nothing has run or finished: task 1 waits for task 2")
    assert "task 4 waits for task 5 (a.b()), and 2 more wait. Ctrl+C" in sentence


def test_the_object_of_a_run_has_its_stalls() -> None:
    record = finished_run()
    stall(record, 0.75, (0, 1, "right"))
    stall(record, 1.0)
    (told,) = run_object(record, summary_of(record, {}))["stalls"]
    assert told == {
        "since_s": 0.25,
        "until_s": 0.5,
        "waits": [{"task": 0, "awaited": 1, "what": "right"}],
    }
