"""Runs that are kept: listed by demo, bounded in size, each for itself."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import Mock

import pytest

from core import events
from core.recent_runs import MOST_LISTED, RecentRuns, users_folder
from core.recording import Recording
from core.recording_file import RecordingFileProblem, open_recording
from core.recording_problems import unwritable
from core.storage.spool import Spool
from tests.core.recordings import at, finished_run, recording
from tests.core.storage.spools import MESSAGES
from tests.waiting import wait_until

ROOT = Path(__file__).resolve().parents[2]


def run_of(mode: str) -> Recording:
    record = recording(mode=mode)
    record.add_output(at(1), "stdout", ["x" * 1_000])
    record.finish("done", 0, "", at(1))
    return record


def files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_runs_are_listed_by_demo_newest_first_and_survive_a_restart(tmp_path: Path) -> None:
    runs = RecentRuns(tmp_path)
    for mode in ("threads", "processes", "sequential"):
        runs.keep("fibonacci", run_of(mode))
    runs.keep("downloads", finished_run())
    listed = RecentRuns(tmp_path).of("fibonacci")
    assert [run.mode for run in listed.runs] == ["sequential", "processes", "threads"]
    assert listed.problems == ()
    assert open_recording(listed.runs[0].path).header.mode == "sequential"
    (other,) = runs.of("downloads").runs
    assert other.elapsed_s == finished_run().elapsed_s


def test_nothing_was_kept_yet(tmp_path: Path) -> None:
    assert RecentRuns(tmp_path / "none").of("fibonacci").runs == ()
    assert not (tmp_path / "none").exists()


def test_a_menu_gets_no_more_than_it_can_show(tmp_path: Path) -> None:
    runs = RecentRuns(tmp_path)
    for _ in range(MOST_LISTED + 3):
        runs.keep("fibonacci", finished_run())
    assert len(runs.of("fibonacci").runs) == MOST_LISTED


def test_the_oldest_go_first_whatever_demo_they_are_of(tmp_path: Path) -> None:
    runs = RecentRuns(tmp_path)
    runs.keep("one", run_of("threads"))
    (size,) = [path.stat().st_size for path in files_in(tmp_path)]
    runs = RecentRuns(tmp_path, most_bytes=round(2.5 * size))
    runs.keep("other", run_of("threads"))
    assert len(runs.of("one").runs) == 1
    runs.keep("other", run_of("processes"))
    assert runs.of("one").runs == ()
    assert [run.mode for run in runs.of("other").runs] == ["processes", "threads"]


def test_a_run_that_alone_is_too_large_is_kept_all_the_same(tmp_path: Path) -> None:
    runs = RecentRuns(tmp_path, most_bytes=1)
    runs.keep("one", run_of("threads"))
    runs.keep("one", run_of("processes"))
    assert [run.mode for run in runs.of("one").runs] == ["processes"]


def test_a_damaged_file_is_skipped_and_told_once(tmp_path: Path) -> None:
    runs = RecentRuns(tmp_path)
    runs.keep("one", run_of("threads"))
    runs.keep("one", run_of("processes"))
    damaged = files_in(tmp_path)[-1]
    damaged.write_bytes(damaged.read_bytes()[:-40])
    listed = runs.of("one")
    assert [run.mode for run in listed.runs] == ["threads"]
    (problem,) = listed.problems
    assert problem.kind == "cut_off"
    assert runs.of("one").problems == ()
    assert RecentRuns(tmp_path).of("one").problems == ()


def test_a_run_of_another_version_stays_where_it_is(tmp_path: Path) -> None:
    runs = RecentRuns(tmp_path)
    runs.keep("one", run_of("threads"))
    (path,) = files_in(tmp_path)
    path.write_bytes(path.read_bytes().replace(b'"version": 2', b'"version": 9'))
    assert runs.of("one") == RecentRuns(tmp_path).of("one")
    assert runs.of("one").problems == ()
    assert path.exists()


def test_what_a_crash_left_is_no_run_and_goes_one_day(tmp_path: Path) -> None:
    runs = RecentRuns(tmp_path)
    runs.keep("one", run_of("threads"))
    old, new = tmp_path / "one" / ".a.jsonl.part", tmp_path / "one" / ".b.jsonl.part"
    for path in (old, new):
        path.write_text("half")
    os.utime(old, (0, 0))
    runs.keep("one", run_of("processes"))
    assert len(runs.of("one").runs) == 2
    assert not old.exists()
    assert new.exists()  # another window may be writing it


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("")
    with pytest.raises(RecordingFileProblem, match="The run cannot be kept in "):
        RecentRuns(tmp_path / "plain").keep("one", finished_run())


KEEP_FOR_EVER = """
import sys
from pathlib import Path
from core.recent_runs import RecentRuns
from tests.core.test_recent_runs import run_of
runs = RecentRuns(Path(sys.argv[1]))
while True:
    runs.keep("one", run_of("threads"))
"""


def test_a_process_killed_while_it_keeps_runs_loses_none_of_the_others(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", KEEP_FOR_EVER, str(tmp_path)], cwd=ROOT)
    try:
        wait_until(lambda: len(list(tmp_path.glob("one/*.jsonl"))) > 20, timeout_s=60)
    finally:
        process.kill()
        process.wait()
    whole = list(tmp_path.glob("one/*.jsonl"))
    listed = RecentRuns(tmp_path).of("one")
    assert listed.problems == ()
    assert len(listed.runs) == min(MOST_LISTED, len(whole))
    for path in whole:
        assert open_recording(path).ending is not None


def begun_run(runs: RecentRuns, mode: str) -> tuple[Recording, Spool]:
    """Begin a run that is written down, with two tasks so far."""
    record = recording(mode=mode)
    spool = runs.begin("one", record)
    assert spool is not None
    for pid, sent in MESSAGES:
        for event in sent:
            record.apply(pid, event)
        spool.add(pid, events.encode(list(sent)), sent)
    return record, spool


def ended_run(runs: RecentRuns, mode: str) -> tuple[Recording, Spool]:
    record, spool = begun_run(runs, mode)
    record.finish("stopped", None, "Stopped.", at(9))
    spool.finish()
    return record, spool


def outcomes(runs: RecentRuns) -> list[tuple[str, str]]:
    listed = runs.of("one")
    assert listed.problems == ()
    return [(run.mode, run.outcome) for run in listed.runs]


def test_a_run_that_goes_on_is_not_listed_and_one_that_ended_is_kept_once(tmp_path: Path) -> None:
    runs = RecentRuns(tmp_path)
    record, _ = ended_run(runs, "threads")
    for window in (runs, RecentRuns(tmp_path)):
        assert outcomes(window) == []
    runs.keep("other", finished_run())  # making room leaves it where it is
    assert len(files_in(tmp_path / "one")) == 1
    runs.keep("one", record)
    assert outcomes(runs) == [("threads", "stopped")]
    (path,) = files_in(tmp_path / "one")
    assert b"spooled" not in path.read_bytes()


GO_ON_FOR_EVER = """
import sys, time
from pathlib import Path
from core.recent_runs import RecentRuns
from tests.core.test_recent_runs import begun_run
begun_run(RecentRuns(Path(sys.argv[1])), sys.argv[2])
while True:
    time.sleep(1)
"""


def killed_in_a_run(folder: Path, mode: str) -> None:
    """Let a program be killed in the middle of a run, when its tasks were written down."""
    arguments = [sys.executable, "-c", GO_ON_FOR_EVER, str(folder), mode]
    process = subprocess.Popen(arguments, cwd=ROOT)
    try:
        wait_until(lambda: any(has_two_tasks(path) for path in folder.rglob("*.growing")))
        assert outcomes(RecentRuns(folder)) == []  # it lives
    finally:
        process.kill()
        process.wait()


def has_two_tasks(path: Path) -> bool:
    try:
        return len(open_recording(path)) == 2
    except RecordingFileProblem:
        return False  # it has only just been made


def test_a_run_whose_program_was_killed_is_listed_as_ending_early(tmp_path: Path) -> None:
    killed_in_a_run(tmp_path, "threads")
    for window in (RecentRuns(tmp_path), RecentRuns(tmp_path)):
        assert outcomes(window) == [("threads", "cut off")]
    (path,) = files_in(tmp_path)
    assert path.suffix == ".jsonl"
    found = open_recording(path)
    assert len(found) == 2
    assert found.ending is not None
    assert found.ending.message.startswith("The recording ends early: ")


@pytest.mark.slow
def test_what_killed_programs_left_takes_part_in_making_room(tmp_path: Path) -> None:
    killed_in_a_run(tmp_path, "threads")
    runs = RecentRuns(tmp_path, most_bytes=1)
    runs.keep("other", run_of("threads"))
    assert outcomes(runs) == []
    assert files_in(tmp_path / "one") == []


def test_a_kill_right_after_saving_or_right_at_the_beginning_leaves_nothing_odd(
    tmp_path: Path,
) -> None:
    runs = RecentRuns(tmp_path)
    runs.keep("one", run_of("threads"))
    (path,) = files_in(tmp_path)
    saved_twice = path.with_name(path.name + ".growing")
    saved_twice.write_bytes(path.read_bytes())
    for name in ("20990101T000000.000000-1-000000.jsonl", "20990101T000000.000000-1-000001.jsonl"):
        path.with_name(f"{name}.growing").touch()
    os.utime(path.with_name("20990101T000000.000000-1-000000.jsonl.growing"), (0, 0))
    (tmp_path / "one" / "notes.growing").write_text("precious")
    assert outcomes(runs) == [("threads", "done")]
    just_made = "20990101T000000.000000-1-000001.jsonl.growing"
    assert [each.name for each in files_in(tmp_path)] == [path.name, just_made, "notes.growing"]


def test_what_ended_while_the_window_closed_is_kept(tmp_path: Path) -> None:
    runs = RecentRuns(tmp_path)
    ended_run(runs, "threads")
    runs.close()
    assert outcomes(RecentRuns(tmp_path)) == [("threads", "stopped")]


def test_a_disk_without_room_for_both_keeps_the_file_that_grew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = RecentRuns(tmp_path)
    record, _ = ended_run(runs, "threads")

    def full(*_: object) -> None:
        raise unwritable(tmp_path, OSError(28, "No space left on device"))

    monkeypatch.setattr("core.recent_runs.save", full)
    runs.keep("one", record)
    assert outcomes(runs) == [("threads", "stopped")]
    assert len(files_in(tmp_path)) == 1
    with pytest.raises(RecordingFileProblem, match="cannot be kept"):
        runs.keep("one", finished_run())


def test_a_folder_in_which_nothing_can_grow_is_told_by_keep(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    runs = RecentRuns(tmp_path / "plain")
    record = finished_run()
    assert runs.begin("one", record) is None
    with pytest.raises(RecordingFileProblem, match="cannot be kept"):
        runs.keep("one", record)


def test_the_users_folder_is_that_of_the_test_run() -> None:
    assert users_folder().is_relative_to(os.environ["XDG_DATA_HOME"])


def test_files_of_others_stay_and_are_no_runs(tmp_path: Path) -> None:
    folder = tmp_path / "one"
    (folder / "0.jsonl").mkdir(parents=True)
    (folder / "00000101T000000.000000-1-000000.jsonl").mkdir()
    (folder / "0-notes.txt").write_text("precious")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "0.txt").write_text("precious")
    (folder / "link.jsonl").symlink_to(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    runs = RecentRuns(tmp_path, most_bytes=1)
    for _ in range(2):
        runs.keep("one", run_of("threads"))
    assert len(runs.of("one").runs) == 1
    assert runs.of("one").problems == ()
    assert [path for path in before if path not in sorted(tmp_path.rglob("*"))] == []


def test_a_clock_that_is_set_back_leaves_the_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    last_year = datetime.now(UTC) - timedelta(days=365)
    clock = Mock(now=lambda _: last_year, strptime=datetime.strptime)
    runs = RecentRuns(tmp_path)
    runs.keep("one", run_of("threads"))
    monkeypatch.setattr("core.recent_runs.datetime", clock)
    for mode in ("processes", "sequential"):
        runs.keep("one", run_of(mode))
    assert [run.mode for run in runs.of("one").runs] == ["sequential", "processes", "threads"]


def test_a_date_that_there_is_not_holds_up_nothing(tmp_path: Path) -> None:
    runs = RecentRuns(tmp_path)
    runs.keep("one", run_of("threads"))
    (path,) = files_in(tmp_path)
    path.rename(path.with_name("99999999T999999.999999-1-000000.jsonl"))
    runs.keep("one", run_of("processes"))
    assert len(runs.of("one").runs) == 2


def test_a_folder_that_takes_no_files_is_told_and_lists_what_it_has(tmp_path: Path) -> None:
    refusing = Path("/proc/self/task")  # even root cannot make a file there
    if not refusing.is_dir():
        pytest.skip("no folder on this system refuses everybody")
    with pytest.raises(RecordingFileProblem, match=r"cannot be kept in /proc.*make room") as told:
        RecentRuns(refusing).keep("self", finished_run())
    assert (told.value.kind, told.value.path) == ("unkept", refusing / "self")
    (tmp_path / "plain").touch()
    assert RecentRuns(tmp_path).of("plain").runs == ()
    assert RecentRuns(tmp_path / "plain").of("one").runs == ()


def test_a_damaged_file_that_cannot_be_put_aside_is_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = RecentRuns(tmp_path)
    runs.keep("one", run_of("threads"))
    (damaged,) = files_in(tmp_path)
    damaged.write_bytes(b"{")

    def refuse(_path: Path, _new: Path) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "rename", refuse)
    assert len(runs.of("one").problems) == 1
    assert runs.of("one").problems == ()
