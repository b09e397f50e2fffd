"""No line of a recording is longer than a megabyte: what would be is told in several."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core import events
from core.recording import Recording
from core.recording_file import RecordingFileProblem, open_recording, save, summary_of
from core.recording_limits import MOST_LINE_BYTES
from core.troubles import LONGEST
from tests.core.recordings import MAIN_PID, at, finished_run, recording, start, submit
from tests.core.test_recording_file import check_equal

LONG = "\x01" * 2_000
"""The longest text that there can be: each of its signs takes six bytes in a file."""


def saved_in_short_lines(record: Recording, path: Path) -> Recording:
    """Save and open a recording; check what its lines take."""
    save(record, path)
    assert max(map(len, path.read_bytes().splitlines(keepends=True))) <= MOST_LINE_BYTES
    assert summary_of(path).demo == record.header.demo
    return open_recording(path)


@pytest.mark.parametrize("sign", ["x", "\x01", "語", "\N{PARTY POPPER}"])
def test_a_script_of_any_size_comes_back(tmp_path: Path, sign: str) -> None:
    script = sign * (1_000_000 // len(sign.encode()))
    found = saved_in_short_lines(finished_run(script=script), tmp_path / "x")
    assert found.header.script == script


def test_a_run_without_a_script_comes_back(tmp_path: Path) -> None:
    assert saved_in_short_lines(finished_run(script=""), tmp_path / "x").header.script == ""


def test_knobs_that_nobody_can_turn_are_left_to_the_script(tmp_path: Path) -> None:
    knobs = {"N": 3, "TEXT": "\x01" * 300_000, **{f"T{i}": "x" * 19_000 for i in range(50)}}
    found = saved_in_short_lines(finished_run(knobs=knobs), tmp_path / "x").header.knobs
    assert found["N"] == 3
    assert "TEXT" not in found
    assert 5 < len(found) < 50


def test_tasks_with_the_longest_texts_come_back(tmp_path: Path) -> None:
    record = finished_run(tasks=range(0))
    submit(record, *((task, 0.5) for task in range(300)))
    start(record, MAIN_PID, *((task, 0, 0.6) for task in range(300)))
    numbers = list(range(300))
    done = events.Finished(numbers, [at(0.7)] * 300, [1] * 300, [0] * 300, [LONG] * 300)
    record.apply(MAIN_PID, done)
    check_equal(saved_in_short_lines(record, tmp_path / "x"), record)


def test_output_of_the_longest_lines_comes_back(tmp_path: Path) -> None:
    record = recording()
    record.add_output(at(1), "stdout", [LONG] * 1_500)
    record.finish("done", 0, "", at(2))
    check_equal(saved_in_short_lines(record, tmp_path / "x"), record)


def test_a_table_of_the_longest_texts_comes_back(tmp_path: Path) -> None:
    record = recording()
    for moment in (1, 2):
        rows: list[events.Row] = [[LONG] * 20 for _ in range(9)]
        record.apply(MAIN_PID, events.Table("table", at(moment), rows))
    record.finish("done", 0, "", at(3))
    found = saved_in_short_lines(record, tmp_path / "x")
    assert found.tables == record.tables
    check_equal(found, record)


def test_a_stall_of_the_longest_texts_comes_back_shorter(tmp_path: Path) -> None:
    record = finished_run()
    waits = [events.Wait(0, -1, LONG, 1)] * events.MAX_ROWS
    record.apply(MAIN_PID, events.Stalled(at(0.6), waits))
    (found,) = saved_in_short_lines(record, tmp_path / "x").stalls
    assert len(found.waits) == events.MAX_ROWS
    assert set(found.waits[0].what) == {"\x01"}


def test_any_number_of_long_names_comes_back(tmp_path: Path) -> None:
    record = recording()
    for number in range(400):
        record.apply(MAIN_PID, events.Function(number, LONG))
        record.apply(MAIN_PID, events.Watch(LONG[number:], [at(1)], [1e308]))
    record.finish("done", 0, "", at(2))
    check_equal(saved_in_short_lines(record, tmp_path / "x"), record)


def test_troubles_of_any_length_and_number_come_back(tmp_path: Path) -> None:
    record = recording()
    for number in range(5_000):
        kind = "".join(chr(ord("a") + int(digit)) for digit in str(number))
        record.trouble(f"{kind}{LONG}.")
        record.trouble("The same.")
    record.finish("failed", 1, "\x01" * 20_000, at(2))
    found = saved_in_short_lines(record, tmp_path / "x")
    assert found.troubles == record.troubles
    assert "The same (5,000 times)." in found.troubles
    assert max(map(len, found.troubles)) < LONGEST + 30


def test_a_longer_line_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x"
    save(finished_run(), path)
    first, *others = path.read_bytes().splitlines(keepends=True)
    blank = b" " * (MOST_LINE_BYTES - len(others[0]))
    path.write_bytes(b"".join([first, blank + others[0], *others[1:]]))
    open_recording(path)
    path.write_bytes(b"".join([first, blank + b" " + others[0], *others[1:]]))
    with pytest.raises(RecordingFileProblem, match="damaged in line 2: "):
        open_recording(path)


def test_rows_without_their_table_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "x"
    record = finished_run()
    record.apply(MAIN_PID, events.Table("known", at(1), [[1]] * events.MAX_ROWS))
    save(record, path)
    *others, last = path.read_bytes().splitlines(keepends=True)
    for table in ("unknown", "known"):
        line = json.dumps({"type": "rows", "table": table, "rows": [[1]]}).encode() + b"\n"
        path.write_bytes(b"".join([*others, line, last]))
        with pytest.raises(RecordingFileProblem, match="belong to none of its versions"):
            open_recording(path)
