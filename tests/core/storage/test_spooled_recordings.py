"""Recordings that were written while their run went on: opened as far as they go."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import events
from core.explain import verdict_on
from core.facts import facts_of
from core.recording import Recording
from core.recording_file import RecordingFileProblem, open_recording, save, summary_of
from core.recording_lines import last_line
from tests.core.recordings import MAIN_PID, at, finished_run, recording
from tests.core.storage.spools import MESSAGES, received, spooled, written
from tests.core.test_recording_file import check_equal

FEW = settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
    ],
)


def printing() -> Recording:
    record = recording()
    record.add_output(at(2.5), "stdout", ["one", "two"])
    record.trouble("Something was not seen.")
    record.drop_output(3)
    return record


def test_what_had_arrived_is_opened_and_says_that_it_ends_early(tmp_path: Path) -> None:
    path = written(tmp_path / "x", spooled(record=printing()))
    found = open_recording(path)
    original = received(printing())
    original.ending = found.ending
    check_equal(found, original)
    assert found.ending is not None
    assert found.ending.outcome == "cut off"
    assert found.ending.message.startswith("The recording ends early: ")
    assert found.ending.at_s == 2.5  # the last thing that is known of it
    assert found.header == original.header
    assert math.isnan(found.elapsed_s)
    assert found.troubles == ["Something was not seen."]
    summary = summary_of(path)
    assert (summary.demo, summary.outcome, summary.elapsed_s) == ("fibonacci", "cut off", None)


def test_it_opens_wherever_it_was_cut_off(tmp_path: Path) -> None:
    lines = spooled(record=printing())
    begun = len(b"".join(lines[:2]))
    content = b"".join(lines)
    for length in {*range(begun, len(content), 23), len(content) - 1, len(content)}:
        path = written(tmp_path / "x", [content[:length]])
        ending = open_recording(path).ending
        assert ending is not None
        assert ending.outcome == summary_of(path).outcome == "cut off"


def test_an_end_that_was_written_is_the_end(tmp_path: Path) -> None:
    record = received(printing())
    record.apply(MAIN_PID, events.MainEnded(at(3)))
    record.finish("failed", 1, "It failed.", at(4))
    last: Any = (MAIN_PID, [events.MainEnded(at(3))])
    assert record.ending is not None
    lines = [*spooled([*MESSAGES, last], record), last_line(record, record.ending)]
    path = written(tmp_path / "x", lines)
    check_equal(open_recording(path), record)
    assert (summary_of(path).outcome, summary_of(path).elapsed_s) == ("failed", 2.5)
    with pytest.raises(RecordingFileProblem, match="something follows the end"):
        open_recording(written(path, [*lines, lines[-1]]))


def test_it_is_saved_again_as_any_other(tmp_path: Path) -> None:
    found = open_recording(written(tmp_path / "x", spooled()))
    save(found, tmp_path / "y")
    check_equal(open_recording(tmp_path / "y"), found)
    assert summary_of(tmp_path / "y").outcome == "cut off"


def test_no_claim_is_judged_by_it(tmp_path: Path) -> None:
    from core.comparison import summary_of as summary_of_run
    from core.demos import all_demos

    found = open_recording(written(tmp_path / "x", spooled()))
    summary = summary_of_run(found, {})
    for demo in all_demos():
        for claim in demo.card.claims:
            facts = facts_of(found, summary) | {"mode": claim.mode}
            assert verdict_on(claim, demo.card, facts) is None


def test_what_is_told_of_tasks_that_did_not_come_is_left_out(tmp_path: Path) -> None:
    waits = [events.Wait(0, 1, "result()", 3)], [events.Wait(0, 7, "result()", 3)]
    odd: Any = [
        (MAIN_PID, [events.Cancel(7, at(2), True)]),
        *((MAIN_PID, [events.Stalled(at(2), wait)]) for wait in waits),
    ]
    found = open_recording(written(tmp_path / "x", spooled([*MESSAGES, *odd])))
    assert [one.task for one in found.cancels] == [0]
    assert [one.waits[0].awaited for one in found.stalls] == [1]


@pytest.mark.parametrize(
    "event",
    [
        ["submitted", [4_999_999], [at(0)], [0], [0], [""]],
        ["submitted", [20_000], [at(0)], [0], [0], [""]],
        ["finished", [4_999_999], [at(0)], [0], [0], [""]],
        ["started", [0], [at(0)], [55]],
        ["delivered", [0], [2**62]],
        ["settled", [0], [at(0)], [9], [""]],
        ["main_ended", 2**62],
        ["process", MAIN_PID, 1, "main", at(0), "\x1b[2J", False],
        ["no such event"],
    ],
)
def test_messages_are_checked_as_strictly_as_anything_else(tmp_path: Path, event: Any) -> None:
    line = json.dumps({"type": "received", "messages": [[MAIN_PID, [event]]]}).encode() + b"\n"
    path = written(tmp_path / "x", [*spooled(), line])
    with pytest.raises(RecordingFileProblem, match=r"is damaged in line \d+: "):
        open_recording(path)


def test_a_message_that_says_nothing_is_refused(tmp_path: Path) -> None:
    line = b'{"type":"received","messages":[[1,[]],[1,[]]]}\n'
    with pytest.raises(RecordingFileProblem, match="a message that says nothing"):
        open_recording(written(tmp_path / "x", [*spooled(), line]))


def test_a_version_of_python_that_is_none_is_saved_so_that_it_opens(tmp_path: Path) -> None:
    record = recording()
    record.apply(MAIN_PID, events.Process(MAIN_PID, 1, "main", at(0), "3/12\x1b[2J", False))
    record.finish("done", 0, "", at(1))
    save(record, tmp_path / "x")
    assert open_recording(tmp_path / "x").header.python == "3\ufffd12\ufffd[2J"


def test_what_goes_with_the_other_kind_of_file_is_refused(tmp_path: Path) -> None:
    save(received(finished_run(), ()), tmp_path / "whole")
    whole, lines = (tmp_path / "whole").read_bytes().splitlines(keepends=True), spooled()
    blocks = [line for line in whole if b'"type":"tasks"' in line]
    messages = [line for line in lines if b'"type":"received"' in line]
    for mixed in ([*lines, *blocks], [*whole[:-1], *messages, whole[-1]]):
        with pytest.raises(RecordingFileProblem, match="a line of another kind of recording"):
            open_recording(written(tmp_path / "x", mixed))


@FEW
@given(st.data())
def test_any_bit_may_flip_and_any_line_be_missing_or_doubled(
    tmp_path: Path, data: st.DataObject
) -> None:
    first, script, *others = spooled(record=printing())
    chosen = data.draw(st.lists(st.sampled_from(others), max_size=2 * len(others)))
    content = bytearray(b"".join([first, script, *chosen]))
    for _ in range(data.draw(st.integers(0, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    try:
        found = open_recording(written(tmp_path / "x", [content]))
    except RecordingFileProblem:
        return  # in one sentence, as others test
    save(found, tmp_path / "y")
    check_equal(open_recording(tmp_path / "y"), found)
