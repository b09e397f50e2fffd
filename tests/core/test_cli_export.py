"""``export``: a recording as another file, without a window and without Qt."""

from __future__ import annotations

import csv
import os
import resource
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from core.cli import export_verb, options
from core.cli.problems import STOPPED, WRONG_USAGE, Problem
from core.exports import DRAWN, EXPORTS, MOST_BYTES
from core.recording_file import open_recording, save
from tests.core.command import MAIN, begun, command, ended, script, waiting_in
from tests.core.export_runs import WORK
from tests.core.recordings import finished_run
from tests.core.storage.spools import spooled, written
from tests.core.trace_reader import read_trace
from tests.waiting import wait_until

NAMES = [export.name for export in EXPORTS]


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """Save a small recording."""
    path = tmp_path / "run.jsonl"
    save(finished_run(), path)
    return path


def test_a_run_is_recorded_and_taken_away_in_every_format(tmp_path: Path) -> None:
    source = script(tmp_path, WORK)
    run = command("run", str(source), "--set", "TASKS=3", "--record", "run.jsonl", cwd=tmp_path)
    assert run.status == 0, run.err
    for export in EXPORTS:
        out = f"out{export.suffix}"
        result = command("export", "run.jsonl", "--to", export.name, out, cwd=tmp_path)
        assert (result.status, result.err) == (0, "")
        assert out in result.out
    assert (tmp_path / "out.py").read_text() == WORK.replace("TASKS = 6", "TASKS = 3")
    with (tmp_path / "out.csv").open(newline="") as stream:
        assert [row["function"] for row in csv.DictReader(stream)] == ["work"] * 3
    trace = read_trace(tmp_path / "out.trace.json")
    assert trace.about["tasks"] == 3
    seen = open_recording(tmp_path / "run.jsonl").activity()  # empty where there is no watcher
    named = {name for _, name in trace.counters if name.startswith("thread ")}
    assert all(any(f"thread {one.thread} " in name for name in named) for one in seen)


def refused(*words: str) -> str:
    """Return the sentence that ends a command early, without a process for it."""
    with pytest.raises(Problem) as caught:
        export_verb.main(options.parse(["export", *words]), export_verb.without_qt)
    assert caught.value.status == WRONG_USAGE
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_format_that_there_is_not_names_those_there_are(saved: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    told = refused(str(saved), "--to", "excel", str(out))
    assert all(name in told for name in (*NAMES, *DRAWN))
    near = command("export", str(saved), "--to", "cvs", str(out))
    assert (near.status, near.out) == (2, "")
    assert near.err == "There is no format 'cvs'; did you mean 'csv'?\n"
    assert not out.exists()


def test_the_help_names_every_format() -> None:
    told = command("export", "--help").out
    assert all(name in told for name in (*NAMES, *DRAWN))


def test_the_help_names_every_chart() -> None:
    told = command("export", "--help").out
    assert all(name in told for name in options.CHARTS)


def test_one_chart_is_asked_for_by_its_name(saved: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.svg"
    told = refused(str(saved), "--to", "svg", "--chart", "pie", str(out))
    assert all(name in told for name in options.CHARTS)
    told = refused(str(saved), "--to", "svg", "--chart", "timelin", str(out))
    assert told == "There is no chart 'timelin'; did you mean 'timeline'?"
    told = refused(str(saved), "--to", "csv", "--chart", "timeline", str(out))
    assert told == "--chart goes with svg or png, not with csv; leave it out."
    result = command("export", str(saved), "--to", "svg", "--chart", "table", str(out))
    assert (result.status, result.out) == (2, "")
    assert result.err.startswith("The chart 'table' has nothing to show of this run; choose one of")
    assert not out.exists()


@pytest.mark.parametrize("content", [None, b"", b"no recording\n", b'{"format": 1}\n'])
def test_a_file_that_is_no_recording_is_refused(tmp_path: Path, content: bytes | None) -> None:
    path, out = tmp_path / "run.jsonl", tmp_path / "out.csv"
    if content is not None:
        path.write_bytes(content)
    out.write_text("before")
    assert str(path) in refused(str(path), "--to", "csv", str(out))
    assert out.read_text() == "before"


def test_a_place_that_cannot_be_written_is_refused(saved: Path, tmp_path: Path) -> None:
    told = refused(str(saved), "--to", "csv", str(tmp_path / "no" / "out.csv"))
    assert "out.csv cannot be written (No such file or directory)" in told


@pytest.mark.parametrize(
    ("out", "reason"),
    [
        ("folder", "it is a folder"),
        ("file/out", "Not a directory"),
        ("n" * 300, "File name too long"),
        ("dangling", "No such file or directory"),
        ("full", "No space left on device"),
    ],
)
def test_a_place_that_is_none_is_refused_and_nothing_is_left(
    saved: Path, tmp_path: Path, out: str, reason: str
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    (tmp_path / "dangling").symlink_to(tmp_path / "no" / "where")
    (tmp_path / "full").symlink_to("/dev/full")
    before = sorted(tmp_path.rglob("*"))
    for form in NAMES:
        told = refused(str(saved), "--to", form, str(tmp_path / out))
        assert f"{out} cannot be written ({reason}); name another file." in told
    assert sorted(tmp_path.rglob("*")) == before


def test_an_export_goes_where_the_output_goes(saved: Path) -> None:
    result = command("export", str(saved), "--to", "script", "/dev/stdout")
    assert (result.status, result.out) == (0, finished_run().header.script)
    assert result.err == "/dev/stdout: fibonacci, threads, 2 tasks\n"


def test_a_recording_that_ends_early_is_exported_and_says_so(tmp_path: Path) -> None:
    path = written(tmp_path / "x.jsonl", spooled())
    result = command("export", str(path), "--to", "csv", str(tmp_path / "out.csv"))
    assert result.status == 0
    assert result.err.startswith("The recording ends early: ")
    assert len(result.err.splitlines()) == 1
    assert len((tmp_path / "out.csv").read_text().splitlines()) == 3


def test_a_pipe_that_nobody_reads_is_refused_and_one_that_is_read_is_written_to(
    saved: Path, tmp_path: Path
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    told = refused(str(saved), "--to", "csv", str(pipe))
    assert told == f"{pipe} cannot be written (nobody reads from this pipe); name another file."
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        assert command("export", str(saved), "--to", "csv", str(pipe)).status == 0
        assert os.read(reader, 10_000).startswith(b"task,")
    finally:
        os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_pipe_whose_reader_stalls_is_given_up_when_asked(tmp_path: Path, number: int) -> None:
    pipe, path = tmp_path / "pipe", tmp_path / "run.jsonl"
    os.mkfifo(pipe)
    save(finished_run(script="#" * 500_000), path)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        with begun("export", str(path), "--to", "script", str(pipe)) as process:
            wait_until(lambda: waiting_in(reader) > 60_000, timeout_s=60)
            process.send_signal(number)
            assert ended(process).status == STOPPED
    finally:
        os.close(reader)


def test_a_disk_that_gets_full_leaves_no_half_file(saved: Path, tmp_path: Path) -> None:
    before, out = sorted(tmp_path.iterdir()), tmp_path / "out"
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20, hard))  # as if there were 20 bytes left
    try:
        for form in NAMES:
            assert "cannot be written (File too large)" in refused(
                str(saved), "--to", form, str(out)
            )
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert sorted(tmp_path.iterdir()) == before


def test_the_recording_itself_is_not_written_over(saved: Path) -> None:
    before = saved.read_bytes()
    assert "is the recording itself" in refused(str(saved), "--to", "json", str(saved))
    assert saved.read_bytes() == before


def test_it_needs_no_qt(saved: Path, tmp_path: Path) -> None:
    words = ["export", str(saved), "--to", "perfetto", str(tmp_path / "out.json")]
    code = (
        "import sys; sys.modules['PySide6'] = None; "
        f"sys.path.insert(0, {str(MAIN.parent)!r}); from core import cli; "
        f"sys.exit(cli.main({words!r}, None, None))"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    assert (tmp_path / "out.json").is_file()


def test_a_run_is_drawn_without_a_display(saved: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.html"
    result = command("export", str(saved), "--to", "html", str(out))
    assert (result.status, result.err) == (0, "")
    assert out.read_bytes().startswith(b"<!DOCTYPE html>")


@pytest.mark.parametrize("form", [*NAMES, *DRAWN])
def test_an_export_stops_at_a_limit_that_can_be_raised(
    saved: Path, tmp_path: Path, form: str
) -> None:
    out = tmp_path / "out"
    result = command("export", str(saved), "--to", form, "--most-mb", "0.00001", str(out))
    assert (result.status, result.out) == (2, "")
    assert result.err.startswith(f"{out} would take ")
    assert "the limit is 10 B; nothing was written. To raise the limit: --most-mb 1" in result.err
    assert sorted(tmp_path.iterdir()) == [saved]
    assert command("export", str(saved), "--to", form, "--most-mb", "1", str(out)).status == 0


@pytest.mark.parametrize("number", ["0", "-1", "nan", "much"])
def test_a_limit_is_a_number(saved: Path, number: str) -> None:
    told = refused(str(saved), "--to", "csv", f"--most-mb={number}", "out")
    assert "is not a number of megabytes above 0" in told


def test_the_limit_is_that_of_the_exports() -> None:
    assert options.MOST_EXPORTED_MB * 1_000_000 == MOST_BYTES
