"""Saving a recording and opening it again; opening what is none."""

import dataclasses
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.recording import Recording
from core.recording_file import RecordingFileProblem, check_target, open_recording, save
from tests.core.odd_recordings import STEPS, Step, rich_recording, stepped
from tests.core.recordings import (
    at,
    finished_run,
    recording,
    submit,
)


def check_equal(found: Recording, original: Recording) -> None:
    """Compare all that a reader of a recording can see; times to the last bit."""
    for name in original.tasks._fields:
        np.testing.assert_array_equal(getattr(found.tasks, name), getattr(original.tasks, name))
    for mine, others in zip(found.since(0)[0], original.since(0)[0], strict=True):
        np.testing.assert_array_equal(mine, others)
    for name in ("workers", "executors", "processes", "functions", "output", "output_dropped"):
        assert getattr(found, name) == getattr(original, name)
    for name in ("threads", "troubles", "dropped", "goodbyes", "raised", "ending", "origin_ns"):
        assert getattr(found, name) == getattr(original, name)
    np.testing.assert_array_equal(found.elapsed_s, original.elapsed_s)
    assert found.watched() == original.watched()
    for name in original.watched():
        np.testing.assert_array_equal(found.watch(name), original.watch(name))
    for task in range(len(original)):
        assert found.arguments(task) == original.arguments(task)
        assert found.result(task) == original.result(task)


def saved(record: Recording, path: Path) -> Recording:
    """Save and open again."""
    save(record, path)
    return open_recording(path)


def test_everything_comes_back(tmp_path: Path) -> None:
    original = rich_recording()
    found = saved(original, tmp_path / "run.jsonl")
    check_equal(found, original)
    knobs = {"N": 10**40, "NAMES": "{'b'}", "PAIR": [1, 2], "ODD": "\ud800"}
    assert found.header == dataclasses.replace(original.header, knobs=knobs)


def test_a_run_of_which_nothing_arrived_comes_back(tmp_path: Path) -> None:
    record = recording()
    record.finish("stopped", None, "Stopped.", at(1))
    found = saved(record, tmp_path / "run.jsonl")
    check_equal(found, record)
    assert math.isnan(found.elapsed_s)


@settings(
    max_examples=50,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
    ],
)
@given(STEPS)
def test_any_log_comes_back_in_its_order(tmp_path: Path, steps: list[Step]) -> None:
    record = stepped(steps, apart_s=1.0)
    record.finish("done", 0, "", at(100))
    check_equal(saved(record, tmp_path / "run.jsonl"), record)


def test_long_runs_are_cut_into_lines_of_bounded_length(tmp_path: Path) -> None:
    record = finished_run(tasks=range(0))
    submit(record, *((task, task * 1e-4) for task in range(12_000)))
    path = tmp_path / "run.jsonl"
    check_equal(saved(record, path), record)
    blocks = [line for line in path.read_bytes().splitlines() if b'"type":"tasks"' in line]
    assert len(blocks) == 6


def test_a_saved_recording_is_json_lines_with_a_header(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    save(rich_recording(), path)
    first, *others = map(json.loads, path.read_text().splitlines())
    assert first["format"] == "futures-lab recording"
    assert first["header"]["demo"] == "fibonacci"
    assert others[-1]["ending"]["outcome"] == "failed"
    assert {line["type"] for line in others} == {
        "script",
        "events",
        "tasks",
        "log",
        "output",
        "end",
    }


def test_saving_replaces_and_leaves_nothing_beside(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    path.write_text("what was there before")
    check_equal(saved(finished_run(), path), finished_run())
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["n" * 300, "folder"])
def test_a_name_that_no_file_can_have_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(RecordingFileProblem, match="cannot be saved"):
        save(finished_run(), tmp_path / name)
    with pytest.raises(RecordingFileProblem):
        check_target(tmp_path / name)
    assert [each.name for each in tmp_path.iterdir()] == ["folder"]


def test_the_longest_name_is_one_to_save_under(tmp_path: Path) -> None:
    path = tmp_path / ("n" * 255)
    check_target(path)
    check_equal(saved(finished_run(), path), finished_run())


def test_a_running_recording_is_not_saved(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="finished"):
        save(recording(), tmp_path / "run.jsonl")
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_refuses_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "run.jsonl"
    path.write_text("what was there before")

    def full(*_: object, **_names: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(RecordingFileProblem, match="No space left on device"):
        save(finished_run(), path)
    assert path.read_text() == "what was there before"
    assert list(tmp_path.iterdir()) == [path]


def test_targets_are_checked_before_the_run(tmp_path: Path) -> None:
    check_target(tmp_path / "run.jsonl")
    assert list(tmp_path.iterdir()) == []
    plain = tmp_path / "plain"
    plain.write_text("")
    with pytest.raises(RecordingFileProblem, match=r"it is a folder.*; name another file"):
        check_target(tmp_path)
    for parent in (tmp_path / "absent", plain):
        with pytest.raises(RecordingFileProblem, match=r"There is no folder .*; make it or"):
            check_target(parent / "run.jsonl")


def test_a_folder_that_refuses_files_is_told_before_the_run() -> None:
    refusing = Path("/proc/self/task")  # even root cannot make a file there
    if not refusing.is_dir():
        pytest.skip("no folder on this system refuses everybody")
    with pytest.raises(
        RecordingFileProblem, match=r"cannot be saved in /proc.*name another folder"
    ):
        check_target(refusing / "run.jsonl")


def lines_of(record: Recording, path: Path) -> list[bytes]:
    """Return the lines of a saved recording."""
    save(record, path)
    return path.read_bytes().splitlines(keepends=True)


def refused(path: Path, content: bytes) -> str:
    """Return the sentence with which a file is refused."""
    path.write_bytes(content)
    with pytest.raises(RecordingFileProblem) as caught:
        open_recording(path)
    return str(caught.value)


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe\x00", b"hello\n", b"[]\n", b"{}\n", b'{"format": 1}\n', b"[" * 99_999],
)
def test_a_file_that_is_no_recording_is_told(tmp_path: Path, content: bytes) -> None:
    assert refused(tmp_path / "x", content).endswith("x is not a recording of this program.")


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "absent"):
        with pytest.raises(RecordingFileProblem, match=r"could not be read .*; choose another"):
            open_recording(path)


def test_a_newer_version_is_told(tmp_path: Path) -> None:
    first, *others = lines_of(finished_run(), tmp_path / "run")
    newer = first.replace(b'"version": 3', b'"version": 4')
    assert newer != first
    assert "another version" in refused(tmp_path / "x", b"".join([newer, *others]))


def test_a_recording_cut_off_anywhere_is_refused(tmp_path: Path) -> None:
    lines = lines_of(rich_recording(), tmp_path / "run")
    for kept in range(1, len(lines)):
        whole = b"".join(lines[:kept])
        assert "is cut off: its end is missing" in refused(tmp_path / "x", whole)
        assert "damaged" in refused(tmp_path / "x", whole + lines[kept][: len(lines[kept]) // 2])


def test_what_follows_the_end_is_refused(tmp_path: Path) -> None:
    lines = lines_of(finished_run(), tmp_path / "run")
    found = refused(tmp_path / "x", b"".join([*lines, lines[-1]]))
    assert found.endswith(f"is damaged in line {len(lines) + 1}: something follows the end.")


@pytest.mark.parametrize(
    "change",
    [
        {"origin_ns": -1},
        {"origin_ns": "now"},
        {"header": {}},
        {"more": 1},
    ],
)
def test_a_damaged_header_is_refused(tmp_path: Path, change: dict[str, Any]) -> None:
    first, *others = lines_of(finished_run(), tmp_path / "run")
    changed = json.dumps(json.loads(first) | change).encode() + b"\n"
    assert "is damaged in line 1: " in refused(tmp_path / "x", b"".join([changed, *others]))


@settings(
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
    ],
)
@given(st.data())
def test_a_recording_with_any_byte_changed_is_refused_or_whole(
    tmp_path: Path, data: st.DataObject
) -> None:
    save(rich_recording(), tmp_path / "run")
    content = bytearray((tmp_path / "run").read_bytes())
    content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "x"
    path.write_bytes(content)
    try:
        found = open_recording(path)
    except RecordingFileProblem as problem:
        told = str(problem)
    else:
        told = f"{path} opened."
        assert found.ending is not None
    assert str(path) in told
    assert told.endswith(".")
