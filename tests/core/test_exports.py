"""What is taken away of a run: script, table, object; a file changes whole or not at all."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from core import events
from core.columns import PENDING
from core.exports import EXPORTS, Export, ExportProblem, TooLarge
from core.exports.target import whole_file
from core.recording import Recording
from tests.core.export_runs import ENDLESS, FAILS, WORK, run_of
from tests.core.odd_recordings import rich_recording
from tests.core.recordings import (
    MAIN_PID,
    announce,
    at,
    finish,
    finished_run,
    recording,
    start,
    submit,
)

FORMATS = {export.name: export for export in EXPORTS}
OUTCOMES = {0: "done", 1: "failed", 2: "cancelled", PENDING: "pending"}


@pytest.fixture(params=["threads", "processes"])
def run(request: pytest.FixtureRequest) -> Recording:
    """Run six tasks for real, of which one fails."""
    return run_of(WORK, request.param)


def written(recording: Recording, name: str, folder: Path) -> Path:
    export = FORMATS[name]
    path = folder / f"taken{export.suffix}"
    export.write(recording, path)
    return path


def rows_of(recording: Recording, folder: Path) -> list[dict[str, str]]:
    with written(recording, "csv", folder).open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream, strict=True))


def object_of(recording: Recording, folder: Path) -> Any:
    return json.loads(written(recording, "json", folder).read_bytes())


def number(cell: str) -> float:
    return float(cell) if cell else float("nan")


def test_formats_have_names_suffixes_and_labels_in_both_languages() -> None:
    assert len(FORMATS) == len(EXPORTS)
    for export in EXPORTS:
        assert export.suffix.startswith(".")
        assert all(export.label[language] for language in ("en", "ja"))


def test_the_script_is_the_text_that_ran_and_runs_alone(run: Recording, tmp_path: Path) -> None:
    path = written(run, "script", tmp_path)
    assert path.read_bytes().decode() == run.header.script
    alone = subprocess.run(
        [sys.executable, "-I", str(path)], capture_output=True, encoding="utf-8", check=True
    )
    printed = "\n".join(line.text for line in run.output)
    assert sorted(alone.stdout.splitlines()) == sorted(printed.splitlines())


def test_line_ends_of_the_script_stay(tmp_path: Path) -> None:
    record = finished_run(script="A = 1\r\nB = 2\n")
    assert written(record, "script", tmp_path).read_bytes() == b"A = 1\r\nB = 2\n"


def test_the_table_has_a_row_for_each_task(run: Recording, tmp_path: Path) -> None:
    rows, tasks = rows_of(run, tmp_path), run.tasks
    assert [int(row["task"]) for row in rows] == list(range(6))
    for name in ("submitted_s", "started_s", "finished_s", "delivered_s", "cpu_s"):
        cells = [number(row[name]) for row in rows]
        np.testing.assert_allclose(cells, getattr(tasks, name), rtol=0, atol=0.5e-9)
    for task, row in enumerate(rows):
        assert row["function"] == "work"
        assert row["arguments"] == run.arguments(task)
        assert row["result"] == run.result(task)
        assert int(row["worker"]) == tasks.worker[task]
        assert int(row["pid"]) == run.workers[tasks.worker[task]].pid
        assert row["outcome"] == ("failed" if task == 4 else "done")
    assert "日本" in rows[0]["arguments"]


def test_the_object_holds_what_the_recording_holds(run: Recording, tmp_path: Path) -> None:
    whole = object_of(run, tmp_path)
    assert whole["header"]["script"] == run.header.script
    assert whole["header"]["knobs"] == {"TASKS": 6}
    assert whole["ending"]["outcome"] == "done"
    assert whole["elapsed_s"] == pytest.approx(run.elapsed_s, abs=1e-9)
    assert [worker["pid"] for worker in whole["workers"]] == [one.pid for one in run.workers]
    assert [line["text"] for line in whole["output"]] == [line.text for line in run.output]
    assert [task["result"] for task in whole["tasks"]] == [run.result(task) for task in range(6)]
    (executor,) = whole["executors"]
    assert executor["max_workers"] == 2
    assert {task["executor"] for task in whole["tasks"]} == {executor["executor"]}
    (watch,) = whole["watches"]
    assert watch["name"] == "tasks"
    assert set(watch["value"]) == {6}


def test_a_run_that_was_stopped_is_told_as_far_as_it_went(tmp_path: Path) -> None:
    record = run_of(ENDLESS, stop=True)
    rows, whole = rows_of(record, tmp_path), object_of(record, tmp_path)
    assert whole["ending"]["outcome"] == "stopped"
    told = [OUTCOMES[outcome] for outcome in record.tasks.outcome.tolist()]
    assert [row["outcome"] for row in rows] == told
    assert [task["outcome"] for task in whole["tasks"]] == told
    assert "pending" in told
    for row, worker in zip(rows, record.tasks.worker.tolist(), strict=True):
        assert row["worker"] == ("" if worker < 0 else str(worker))


def test_a_run_that_failed_at_once_has_a_table_without_rows(tmp_path: Path) -> None:
    record = run_of(FAILS)
    assert rows_of(record, tmp_path) == []
    whole = object_of(record, tmp_path)
    assert whole["ending"]["outcome"] == "failed"
    assert whole["raised"]["kind"] == "KeyError"
    assert whole["tasks"] == []
    assert written(record, "script", tmp_path).read_text() == FAILS


def test_everything_that_can_occur_is_in_the_object(tmp_path: Path) -> None:
    record = rich_recording()
    whole = object_of(record, tmp_path)
    assert whole["header"]["knobs"] == {
        "N": 10**40,
        "NAMES": "{'b'}",
        "PAIR": [1, 2],
        "ODD": "\ud800",
    }
    assert whole["dropped"] == 3
    assert whole["output_dropped"] == 7
    assert [row["outcome"] for row in whole["tasks"]] == [
        *("failed", "failed", "pending", "failed", "cancelled")
    ]
    assert whole["tasks"][4]["started_s"] is None
    assert whole["tasks"][1]["cpu_s"] == 0.123456789
    # A field of a recording that no export tells would be lost to whoever takes it away.
    assert {"cancels", "stalls", "tables", "initialized", "activity", "cores"} <= set(whole)
    named = {"pid": 200, "thread": 77, "name": "helper", "is_own": True}
    assert whole["threads"] == [named]


def test_what_no_json_knows_is_null(tmp_path: Path) -> None:
    record = finished_run(knobs={"LIMIT": float("inf"), (1, 2): float("nan")})
    assert object_of(record, tmp_path)["header"]["knobs"] == {"LIMIT": None, "(1, 2)": None}


@pytest.mark.slow
def test_a_hundred_thousand_tasks_are_taken_away_whole(tmp_path: Path) -> None:
    count = 100_000
    record = long_run(count)
    assert len(rows_of(record, tmp_path)) == count
    assert len(object_of(record, tmp_path)["tasks"]) == count


def long_run(count: int) -> Recording:
    """Return a run of short tasks in two threads, all submitted before the first begins."""
    record = recording()
    announce(record, (100, 0), (100, 1))
    submit(record, *((task, task * 1e-6) for task in range(count)))
    start(record, 100, *((task, task % 2, 1 + task * 1e-5) for task in range(count)))
    finish(record, *((task, 1 + task * 1e-5 + 1.5e-5) for task in range(count)))
    record.finish("done", 0, "", at(5))
    return record


@pytest.mark.parametrize("export", EXPORTS, ids=list(FORMATS))
def test_what_was_there_stays_when_writing_fails(
    export: Export, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "there"
    path.write_text("before")

    def full(*_: object, **_names: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(ExportProblem, match="No space left on device"):
        export.write(finished_run(), path)
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_block_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "there"
    path.write_text("before")

    def fail_half_way() -> None:
        with whole_file(path) as stream:
            stream.write(b"half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_and_what_it_points_at_changes(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("before")
    link.symlink_to(target)
    with whole_file(link) as stream:
        stream.write(b"after")
    assert link.is_symlink()
    assert target.read_bytes() == b"after"


@pytest.mark.parametrize("place", ["no/folder/file", "", "/dev/null"])
def test_a_place_that_cannot_be_written_is_named(place: str, tmp_path: Path) -> None:
    path = tmp_path / place
    with pytest.raises(ExportProblem) as caught:
        FORMATS["csv"].write(finished_run(), path)
    assert str(path) in str(caught.value)
    assert caught.value.reason


ODD = "=+-@\uff1d'\t\r\n\0\x1b\x85\u202e \\\"xu1b5c0d,;"
TEXTS = st.text(st.sampled_from(ODD) | st.characters(), max_size=12)
_CODE = re.compile(r"\\x([0-9a-f]{2})|\\u([0-9a-f]{4})")
_CALCULATED = re.compile("\\s*[=+\\-@\uff1d\uff0b\uff0d\uff20]")
_OBEYED = re.compile("[\\x00-\\x09\\x0b-\\x1f\\x7f-\\x9f\u202e]")
_MARKED = re.compile("'+\\s*[=+\\-@\uff1d\uff0b\uff0d\uff20]")


def read_back(cell: str) -> str:
    """Return what a script said of which a cell tells, as docs/EXPORTS.md has it."""
    text = cell[1:] if _MARKED.match(cell) else cell
    return _CODE.sub(lambda code: chr(int(code[1] or code[2], 16)), text)


def run_with(*texts: str) -> Recording:
    """Return a run whose tasks have these arguments and results."""
    record = finished_run(tasks=range(0))
    numbers, zeros = list(range(len(texts))), [0] * len(texts)
    moments = [at(-0.5)] * len(texts)
    record.apply(MAIN_PID, events.Function(0, texts[0]))
    record.apply(MAIN_PID, events.Submitted(numbers, moments, zeros, zeros, list(texts)))
    record.apply(MAIN_PID, events.Finished(numbers, moments, zeros, zeros, list(texts)))
    return record


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(["=1+1", "-5", "'=x", "\\x3d", "a\x1b[31m", "\t=1", " @x", "a;=1", "\0", "'https://x'"])
@given(st.lists(TEXTS, min_size=1, max_size=8))
def test_cells_do_no_harm_and_are_read_back(tmp_path: Path, texts: list[str]) -> None:
    texts = [text.encode("utf-8", "replace").decode() for text in texts]
    record = run_with(*texts)
    content = written(record, "csv", tmp_path).read_bytes()
    rows = rows_of(record, tmp_path)
    assert [read_back(row["arguments"]) for row in rows] == texts
    assert [read_back(row["result"]) for row in rows] == texts
    assert {read_back(row["function"]) for row in rows} == {texts[0]}
    for row in rows:
        cells = [row[name] for name in ("function", "arguments", "result")]
        assert not [cell for cell in cells if _CALCULATED.match(cell) or _OBEYED.search(cell)]
        assert float(row["submitted_s"]) == -0.5
    # Also where a semicolon parts cells, and quotes within a cell mean nothing.
    parts = re.split(r'[;\r\n]["\s]*', content.decode())
    assert not [part for part in parts if _CALCULATED.match(part)]


@pytest.mark.parametrize("export", EXPORTS, ids=lambda one: one.name)
def test_a_file_says_its_size_beforehand_and_stops_at_a_limit(
    export: Export, tmp_path: Path
) -> None:
    record, path = rich_recording(), tmp_path / "there"
    size = export.size_bytes(record, 10**9)
    path.write_text("before")
    with pytest.raises(TooLarge) as caught:
        export.write(record, path, size - 1)
    assert str(caught.value).endswith("; name another file.")
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]
    export.write(record, path, size)
    assert path.stat().st_size == size
    assert export.size_bytes(record, 0) <= size
