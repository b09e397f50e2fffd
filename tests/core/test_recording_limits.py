"""A short line may ask for much: a file that has more than any run is refused, and not written."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core import events
from core.recording import Recording
from core.recording_file import (
    ReadingGivenUp,
    RecordingFileProblem,
    open_recording,
    save,
)
from tests.core.recordings import MAIN_PID, at, finished_run
from tests.core.test_recording_hostile import event_line, lines_of, written

NOW = at(0.6)


def hostile(path: Path, lines: list[Any]) -> Path:
    """Write a recording of a small run into which lines were put."""
    first, *others = lines_of(finished_run(), path)
    return written(path, [first, *lines, *others])


@pytest.mark.parametrize(
    ("number", "event"),
    [
        (2_001, lambda i: ["process", i + 1, 0, "worker", NOW, "3.11", False]),
        pytest.param(4_001, lambda i: ["worker", i, 1, "w", NOW], marks=pytest.mark.slow),
        pytest.param(
            20_001, lambda i: ["executor", i, "threads", 1, "", NOW], marks=pytest.mark.slow
        ),
        pytest.param(20_001, lambda i: ["function", i, "f"], marks=pytest.mark.slow),
        pytest.param(4_001, lambda i: ["initialized", i, NOW, NOW, True], marks=pytest.mark.slow),
        (1_001, lambda _: ["trouble", "x"]),
        (1_001, lambda i: ["watch", f"watch {i}", [NOW], [1]]),
        (1_001, lambda i: ["table", f"table {i}", NOW, []]),
        pytest.param(
            501, lambda _: ["table", "table", NOW, [[1] * 20] * 500], marks=pytest.mark.slow
        ),
        pytest.param(
            251, lambda _: ["stalled", NOW, [[0, -1, "lock", 1]] * 400], marks=pytest.mark.slow
        ),
        (3_000, lambda i: ["cores", NOW, [0] * (1 if i else 4_096), 0]),
    ],
)
def test_more_of_something_than_any_run_has_is_refused(
    tmp_path: Path, number: int, event: Callable[[int], Any]
) -> None:
    path = hostile(tmp_path / "x", [event_line(event(i)) for i in range(number)])
    with pytest.raises(RecordingFileProblem, match="there is more than any run has"):
        open_recording(path)


@pytest.mark.parametrize(
    "event",
    [
        ["initialized", 1, 2**62, NOW, True],
        ["sampled", 0, 2**62, 10],
        ["sampled", 2**62, NOW, 10],
    ],
)
def test_every_moment_of_an_event_is_one_of_the_run(tmp_path: Path, event: Any) -> None:
    with pytest.raises(RecordingFileProblem, match="a moment that is in no run"):
        open_recording(hostile(tmp_path / "x", [event_line(event)]))


@pytest.mark.parametrize(
    "change",
    [{"at_s": 1e300}, {"stream": "elsewhere"}, {"text": "x" * 2_001}],
)
def test_output_that_no_script_printed_is_refused(tmp_path: Path, change: dict[str, Any]) -> None:
    line = {"at_s": 0.5, "stream": "stdout", "text": "x"}
    assert open_recording(hostile(tmp_path / "x", [{"type": "output", "lines": [line]}])).output
    path = hostile(tmp_path / "x", [{"type": "output", "lines": [line | change]}])
    with pytest.raises(RecordingFileProblem, match="damaged in line 2"):
        open_recording(path)


def test_a_line_without_end_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "x"
    save(finished_run(), path)
    first, *_ = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(first + b'{"type":"output","lines":[' + b" " * 17 * 1024 * 1024)
    with pytest.raises(RecordingFileProblem, match="line 2: there is more than any run has"):
        open_recording(path)


def test_what_could_not_be_opened_is_not_saved(tmp_path: Path) -> None:
    record = finished_run()
    for number in range(20_001):
        record.apply(MAIN_PID, events.Function(number, "f"))
    with pytest.raises(RecordingFileProblem, match="too long for a recording"):
        save(record, tmp_path / "x")
    assert list(tmp_path.iterdir()) == []


def test_reading_ends_when_nobody_wants_it_any_more(tmp_path: Path) -> None:
    lines = [event_line(["goodbye", NOW])] * 1_000
    path = hostile(tmp_path / "x", lines)
    asked: list[None] = []

    def is_wanted() -> bool:
        asked.append(None)
        return len(asked) < 10

    with pytest.raises(ReadingGivenUp):
        open_recording(path, is_wanted)
    assert len(asked) == 10


@pytest.mark.parametrize("sign", ["\u202e", "\u2066", "\u2069", "\u200f\u202b"])
def test_a_name_does_not_turn_around_what_stands_beside_it(tmp_path: Path, sign: str) -> None:
    first, *others = lines_of(finished_run(), tmp_path / "x")
    first["header"]["demo"] = f"{sign}fdp.exe"
    with pytest.raises(RecordingFileProblem, match="'demo' is no name"):
        open_recording(written(tmp_path / "x", [first, *others]))
    named: Recording = finished_run(demo=f"{sign}fdp.py")
    save(named, tmp_path / "y")
    assert open_recording(tmp_path / "y").header.demo.endswith("\N{REPLACEMENT CHARACTER}fdp.py")


def test_names_in_other_scripts_are_names(tmp_path: Path) -> None:
    for name in ("שלום.py", "競合.py", "x\u200dy.py"):
        save(finished_run(demo=name), tmp_path / "x")
        assert json.loads((tmp_path / "x").read_bytes().splitlines()[0])["header"]["demo"] == name
        assert open_recording(tmp_path / "x").header.demo == name
