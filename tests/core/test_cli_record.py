"""``run --record``: what is saved, where, and what is left when it cannot be."""

from __future__ import annotations

import os
import signal
import stat
from pathlib import Path

import pytest

from core.recording_file import open_recording
from tests.core.command import begun, command, ended, line_from, script, waiting_in
from tests.waiting import wait_until

TASKS = """\
from concurrent import futures

def main():
    with futures.ThreadPoolExecutor(2) as executor:
        for number in executor.map(abs, range(40)):
            pass
    print("forty")
main()
"""

THEN_FOR_EVER = f"""{TASKS}
import time
while True:
    time.sleep(0.01)
"""


def old(tmp_path: Path, mode: int = 0o600) -> Path:
    """Write a file that is not to be lost."""
    path = tmp_path / "run.jsonl"
    path.write_text("old")
    path.chmod(mode)
    return path


def names_in(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def test_the_file_keeps_its_mode_and_nothing_else_is_left(tmp_path: Path) -> None:
    source, path = script(tmp_path, TASKS), old(tmp_path)
    precious = tmp_path / "precious"
    precious.write_text("precious")
    (tmp_path / ".run.jsonl.part").symlink_to(precious)
    assert command("run", str(source), "--record", str(path)).status == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(open_recording(path)) == 40
    assert precious.read_text() == "precious"
    assert names_in(tmp_path) == [".run.jsonl.part", "precious", "run.jsonl", "script.py"]


@pytest.mark.slow
def test_a_link_is_followed(tmp_path: Path) -> None:
    source, path, link = script(tmp_path, TASKS), old(tmp_path), tmp_path / "link"
    link.symlink_to("run.jsonl")
    assert command("run", str(source), "--record", str(link)).status == 0
    assert link.is_symlink()
    assert len(open_recording(path)) == 40


def test_what_arrived_before_a_kill_is_found_beside_the_file_that_was_there(tmp_path: Path) -> None:
    source, path = script(tmp_path, THEN_FOR_EVER), old(tmp_path)
    growing = tmp_path / "run.unfinished.jsonl"
    with begun("run", str(source), "--record", str(path)) as process:
        assert line_from(process.stdout) == "forty"
        wait_until(lambda: len(open_recording(growing)) == 40)
        assert stat.S_IMODE(growing.stat().st_mode) == 0o600
        process.kill()
        ended(process)
    assert path.read_text() == "old"
    found = open_recording(growing)
    assert found.ending is not None
    assert found.ending.message.startswith("The recording ends early: the program that recorded")
    assert found.header.python.startswith("3.")
    assert [line.text for line in found.output] == ["forty"]
    assert len(found) == 40
    finite = script(tmp_path, TASKS)
    assert command("run", str(finite), "--record", str(path)).status == 0
    assert names_in(tmp_path) == ["run.jsonl", "run.unfinished.jsonl", "script.py"]
    assert len(open_recording(growing)) == 40  # nobody's to remove


def test_the_script_itself_is_not_written_over(tmp_path: Path) -> None:
    source = script(tmp_path, TASKS)
    (tmp_path / "link").symlink_to("script.py")
    result = command("run", str(source), "--record", "link", cwd=tmp_path)
    assert (result.status, result.out) == (2, "")
    assert result.err == "link is the script itself; name another file for the recording.\n"
    assert source.read_text() == TASKS


@pytest.mark.slow
def test_a_stopped_run_is_saved_as_such(tmp_path: Path) -> None:
    source, path = script(tmp_path, THEN_FOR_EVER), tmp_path / "run.jsonl"
    with begun("run", str(source), "--record", str(path)) as process:
        assert line_from(process.stdout) == "forty"
        process.send_signal(signal.SIGTERM)
        assert ended(process).status == 3
    ending = open_recording(path).ending
    assert ending is not None
    assert ending.outcome == "stopped"
    assert names_in(tmp_path) == ["run.jsonl", "script.py"]


@pytest.mark.parametrize("is_json", [pytest.param(False, marks=pytest.mark.slow), True])
def test_a_recording_that_cannot_be_saved_takes_nothing_from_the_rest(
    tmp_path: Path, is_json: bool
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    source = script(tmp_path, f"import os\nos.rename({str(folder)!r}, 'moved')\n" + TASKS)
    words = ["--json"] if is_json else []
    path = folder / "run.jsonl"
    result = command("run", str(source), "--record", str(path), *words, cwd=tmp_path)
    assert result.status == 1
    if is_json:
        assert result.object["tasks"] == 40
    else:
        assert "40 tasks on " in result.out
    assert result.err == (
        f"The recording cannot be saved in {folder} (No such file or directory); "
        "name another folder.\n"
    )


def test_a_disk_that_fills_up_while_it_runs(small_disk: Path, tmp_path: Path) -> None:
    filler, path = small_disk / "filler", small_disk / "run.jsonl"
    fill = (
        f"with open({str(filler)!r}, 'wb', buffering=0) as stream:\n"
        "    try:\n        while True: stream.write(bytes(4096))\n    except OSError: pass\n"
    )
    source = script(tmp_path, f"{TASKS}{fill}print('x' * 9000)\nprint('full')\n")
    result = command("run", str(source), "--record", str(path))
    assert result.status == 1
    assert "40 tasks on " in result.out
    assert result.out.startswith("forty\n")
    growing = small_disk / "run.unfinished.jsonl"
    assert (
        f"The recording cannot be saved as {path} (No space left on device); "
        f"what was written while it ran is in {growing}, which can be opened.\n"
    ) in result.err
    assert names_in(small_disk) == ["filler", "run.unfinished.jsonl"]
    found = open_recording(growing)
    assert found.ending is not None
    assert found.ending.outcome == "cut off"


def test_a_full_disk_is_told_before_anything_runs(small_disk: Path, tmp_path: Path) -> None:
    (small_disk / "filler").write_bytes(bytes(250_000))
    source = script(tmp_path, "open('proof', 'w')\n")
    result = command("run", str(source), "--record", str(small_disk / "run"), cwd=tmp_path)
    assert (result.status, result.out) == (2, "")
    assert result.err == (
        f"The recording cannot be saved in {small_disk} (No space left on device); "
        "name another folder.\n"
    )
    assert not (tmp_path / "proof").exists()
    assert names_in(small_disk) == ["filler"]


@pytest.mark.slow
def test_where_there_is_room_for_one_only_it_is_that_which_grew(
    small_disk: Path, tmp_path: Path
) -> None:
    path = small_disk / "run.jsonl"
    path.write_text("old")
    path.chmod(0o640)
    source = script(tmp_path, TASKS.replace('"forty"', '"x\\n" * 3000'))
    result = command("run", str(source), "--record", str(path))
    assert result.status == 0
    found = open_recording(path)
    assert found.ending is not None
    assert (found.ending.outcome, len(found.output)) == ("done", 3_001)
    assert b'"spooled": true' in path.read_bytes().splitlines()[0]
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert names_in(small_disk) == ["run.jsonl"]


def test_a_pipe_that_nobody_reads_is_refused_before_anything_runs(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    source = script(tmp_path, "open('proof', 'w')\n")
    result = command("run", str(source), "--record", str(pipe), cwd=tmp_path)
    assert (result.status, result.out) == (2, "")
    assert result.err == (
        f"The recording cannot be saved as {pipe} (nobody reads from this pipe); "
        "name another file.\n"
    )
    assert names_in(tmp_path) == ["pipe", "script.py"]


@pytest.mark.parametrize(
    "number", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.slow)]
)
def test_a_pipe_whose_reader_stalls_is_given_up_when_asked(tmp_path: Path, number: int) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    source = script(tmp_path, f"{TASKS}#{'#' * 500_000}\n")
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        with begun("run", str(source), "--record", str(pipe)) as process:
            wait_until(lambda: waiting_in(reader) > 60_000, timeout_s=60)
            process.send_signal(number)
            assert ended(process).status == 3
    finally:
        os.close(reader)


@pytest.mark.slow
def test_what_is_no_file_gets_the_recording_at_the_end(tmp_path: Path) -> None:
    source = script(tmp_path, TASKS)
    result = command("run", str(source), "--json", "--record", "/dev/stderr")
    (tmp_path / "copy").write_text(result.err)
    assert len(open_recording(tmp_path / "copy")) == result.object["tasks"] == 40
    assert names_in(tmp_path) == ["copy", "script.py"]


@pytest.mark.slow
def test_a_full_device_is_told_at_the_end(tmp_path: Path) -> None:
    source = script(tmp_path, TASKS)
    result = command("run", str(source), "--json", "--record", "/dev/full")
    assert (result.status, result.object["tasks"]) == (1, 40)
    assert result.err == (
        "The recording cannot be saved as /dev/full (No space left on device); name another file.\n"
    )
    assert stat.S_ISCHR(Path("/dev/full").stat().st_mode)
