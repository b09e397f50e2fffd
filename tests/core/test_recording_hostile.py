"""Files that mean no good: each is refused in one sentence, or opens as a whole recording."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import events, metrics
from core.comparison import summary_of
from core.recording import Recording
from core.recording_file import (
    LARGEST_BYTES,
    RecordingFileProblem,
    looks_like_recording,
    open_recording,
    save,
)
from core.recording_file import summary_of as summary_of_file
from tests.core.odd_recordings import rich_recording
from tests.core.recordings import MAIN_PID, at, finished_run, recording

FEW = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
    ],
)


def lines_of(record: Recording, path: Path) -> list[Any]:
    save(record, path)
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def written(path: Path, lines: list[Any]) -> Path:
    path.write_bytes(b"".join(json.dumps(line).encode() + b"\n" for line in lines))
    return path


def check_refused_or_whole(path: Path) -> bool:
    """Open a file; return whether it is a recording, of which then everything can be read."""
    try:
        found = open_recording(path)
    except RecordingFileProblem as problem:
        told = str(problem)
        assert str(path) in told
        assert told.endswith(".")
        assert "\n" not in told
        return False
    summary_of(found, {})
    metrics.outcomes(found)
    for task in range(len(found)):
        found.function_name(task)
        found.result(task)
    return True


@pytest.mark.parametrize(
    "record", [finished_run(), pytest.param(rich_recording(), marks=pytest.mark.slow)]
)
def test_a_file_cut_at_any_length_is_refused(tmp_path: Path, record: Recording) -> None:
    save(record, tmp_path / "run")
    content = (tmp_path / "run").read_bytes()
    path = tmp_path / "x"
    whole = []
    for length in range(len(content) + 1):
        path.write_bytes(content[:length])
        if check_refused_or_whole(path):
            whole.append(length)
    assert whole == [len(content) - 1, len(content)]  # the last line end says nothing


@FEW
@given(st.data())
def test_any_bit_may_flip(tmp_path: Path, data: st.DataObject) -> None:
    save(rich_recording(), tmp_path / "run")
    content = bytearray((tmp_path / "run").read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    path = tmp_path / "x"
    path.write_bytes(content)
    check_refused_or_whole(path)


ODD: Any = st.sampled_from(
    [None, True, -1, 0, 10**9, 2**63, 10**30, 1e308, -0.5, "", "x", "AAAA", "\0", [], {}, [[[]]]]
)


@FEW
@given(st.data())
def test_anything_may_be_of_a_wrong_type(tmp_path: Path, data: st.DataObject) -> None:
    lines = lines_of(rich_recording(), tmp_path / "run")
    inside: Any = lines
    place: Any = data.draw(st.integers(0, len(lines) - 1))
    while isinstance(inside[place], dict | list) and inside[place] and data.draw(st.booleans()):
        inside = inside[place]
        places = sorted(inside) if isinstance(inside, dict) else range(len(inside))
        place = data.draw(st.sampled_from(places))
    inside[place] = data.draw(ODD)
    check_refused_or_whole(written(tmp_path / "x", lines))


@FEW
@given(st.binary(max_size=300), st.booleans())
def test_anything_may_be_in_a_file(tmp_path: Path, content: bytes, is_begun: bool) -> None:
    path = tmp_path / "x"
    path.write_bytes((b'{"format": "futures-lab recording", ' if is_begun else b"") + content)
    assert not check_refused_or_whole(path)


@FEW
@given(st.data())
def test_lines_may_be_missing_doubled_or_moved(tmp_path: Path, data: st.DataObject) -> None:
    first, *others = lines_of(rich_recording(), tmp_path / "run")
    chosen = st.lists(st.sampled_from(others), min_size=1, max_size=2 * len(others))
    check_refused_or_whole(written(tmp_path / "x", [first, *data.draw(chosen), others[-1]]))


@pytest.mark.parametrize(
    "change",
    [
        {"demo": "a\nb"},
        {"demo": "../../etc/passwd"},
        {"demo": "x" * 300},
        {"mode": "telepathy"},
        {"python": "\x1b[2J"},
        {"made_at": "yesterday"},
        {"knobs": {"N": float("nan")}},
        {"machine": {"cores": float("inf")}},
    ],
)
def test_a_header_that_no_run_has_is_refused(tmp_path: Path, change: dict[str, Any]) -> None:
    first, *others = lines_of(finished_run(), tmp_path / "run")
    first["header"] |= change
    path = written(tmp_path / "x", [first, *others])
    with pytest.raises(RecordingFileProblem, match="damaged in line 1: "):
        open_recording(path)


@pytest.mark.parametrize("deep", [30, 900, 50_000])
def test_nesting_is_bounded(tmp_path: Path, deep: int) -> None:
    save(finished_run(), tmp_path / "run")
    first, *others = (tmp_path / "run").read_bytes().splitlines(keepends=True)
    nest = b"[" * deep + b"]" * deep
    path = tmp_path / "x"
    path.write_bytes(first.replace(b'{"TASKS": 2}', b'{"TASKS": ' + nest + b"}") + b"".join(others))
    assert not check_refused_or_whole(path)
    path.write_bytes(first + b'{"type":"events","pid":1,"events":' + nest + b"}\n")
    assert not check_refused_or_whole(path)


def event_line(event: Any) -> dict[str, Any]:
    return {"type": "events", "pid": MAIN_PID, "events": [event]}


@pytest.mark.parametrize(
    "event",
    [
        ["submitted", [10**9], [at(0)], [0], [0], [""]],
        ["submitted", [4_999_999], [at(0)], [0], [0], [""]],
        ["cancel", 4_999_999, at(0), True],
        ["cancel", 10**9, at(0), True],
        ["stalled", at(0), [[4_999_999, -1, "", None]]],
        ["watch", "counter", [2**62], [1]],
        ["main_ended", 2**62],
    ],
)
def test_numbers_without_measure_are_refused(tmp_path: Path, event: Any) -> None:
    first, *others = lines_of(finished_run(), tmp_path / "run")
    path = written(tmp_path / "x", [first, event_line(event), *others])
    assert not check_refused_or_whole(path)


def test_a_file_without_measure_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.touch()
    os.truncate(path, LARGEST_BYTES + 1)  # no disk is needed for it
    for look in (open_recording, summary_of_file):
        with pytest.raises(RecordingFileProblem, match=r"larger than any .*choose another file\."):
            look(path)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("this system has no named pipes")
    path = tmp_path / "pipe"
    os.mkfifo(path)
    assert not looks_like_recording(path)
    with pytest.raises(RecordingFileProblem, match=r"it is no file.*choose another"):
        open_recording(path)


def test_a_run_too_long_for_a_file_is_not_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.recording_file.LARGEST_BYTES", 100)
    with pytest.raises(RecordingFileProblem, match="too long for a recording"):
        save(finished_run(), tmp_path / "run")
    assert list(tmp_path.iterdir()) == []


def test_odd_names_and_knobs_are_saved_so_that_they_open(tmp_path: Path) -> None:
    deep: Any = []
    for _ in range(20):
        deep = [deep]
    record = recording(
        demo="a\udcff\n\u3000b.py", knobs={"BIG": 1 << 20_000, "INF": 1e999, "DEEP": deep}
    )
    record.finish("done", 0, "", at(1))
    save(record, tmp_path / "run")
    found = open_recording(tmp_path / "run").header
    assert found.demo == "a\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}\u3000b.py"
    assert found.knobs["INF"] == "inf"
    assert found.knobs["BIG"] == hex(1 << 20_000)


def test_a_recording_is_known_by_its_content(tmp_path: Path) -> None:
    save(finished_run(), tmp_path / "anything.py")
    assert looks_like_recording(tmp_path / "anything.py")
    script = tmp_path / "script.jsonl"
    script.write_text("print(1)\n")
    assert not looks_like_recording(script)
    assert not looks_like_recording(tmp_path)
    script.write_bytes(b'k"format": "futures-lab recording"')
    assert looks_like_recording(script)


def test_a_summary_is_read_from_both_ends(tmp_path: Path) -> None:
    path = tmp_path / "run"
    record = finished_run()
    record.apply(MAIN_PID, events.Goodbye(at(1)))
    save(record, path)
    found = summary_of_file(path)
    assert (found.demo, found.mode, found.outcome) == ("fibonacci", "threads", "done")
    assert found.elapsed_s == record.elapsed_s
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(RecordingFileProblem, match="its end is missing"):
        summary_of_file(path)


@pytest.mark.parametrize(
    "pieces",
    [
        ["x" * 1_000_001],
        ["\0"],
        ["x" * 100_000] * 11,
        ["x"] * 2,
        [""],
        [],
    ],
)
def test_a_script_that_no_run_has_is_refused(tmp_path: Path, pieces: list[str]) -> None:
    first, *others = lines_of(finished_run(), tmp_path / "run")
    others = [line for line in others if line["type"] != "script"]
    script = [{"type": "script", "text": piece} for piece in pieces]
    path = written(tmp_path / "x", [first, *script, *others])
    with pytest.raises(RecordingFileProblem, match="damaged in line "):
        open_recording(path)
