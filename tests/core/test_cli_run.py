"""``run``: real scripts in real processes, what is printed and what is reported."""

import json
import sys
from pathlib import Path

import pytest

from core.recording_file import open_recording
from tests.core.command import command, script
from tests.pythons import Python

KEYS = [
    *("demo", "mode", "python", "free_threaded", "outcome", "elapsed_s", "tasks", "workers"),
    *("failed", "dropped", "submitted_order", "completed_order", "stalls"),
    *("output", "watches", "expected", "troubles"),
]
"""Of the object that ``--json`` prints, in this order."""

SQUARES = """\
import sys
from concurrent import futures

N = 4
NAME = "squares"
EXECUTOR = futures.ThreadPoolExecutor

def square(number):
    if number == 3:
        raise ValueError("not three")
    return number * number

def main():
    print(NAME, sys.argv[1:])
    print("aside", file=sys.stderr)
    if EXECUTOR is None:
        for number in range(N):
            try:
                print(square(number))
            except ValueError as error:
                print(error)
    else:
        with EXECUTOR(2) as executor:
            for job in [executor.submit(square, number) for number in range(N)]:
                print(job.exception() or job.result())

if __name__ == "__main__":
    main()
"""


@pytest.fixture
def squares(tmp_path: Path) -> str:
    """Return the path of a script of one's own with three modes."""
    return str(script(tmp_path, SQUARES, "squares.py"))


def test_the_object_of_a_run_has_the_agreed_keys(squares: str) -> None:
    result = command("run", squares, "--json")
    run = result.object
    assert (result.status, result.err) == (0, "")
    assert list(run) == KEYS
    assert (run["demo"], run["mode"], run["outcome"]) == ("squares.py", "threads", "done")
    assert run["python"].startswith("3.")
    assert run["free_threaded"] in (True, False)
    assert (run["tasks"], run["failed"], run["dropped"]) == (4, 1, 0)
    assert run["workers"] in (1, 2)
    assert run["submitted_order"] == [0, 1, 2, 3]
    assert sorted(run["completed_order"]) == [0, 1, 2, 3]
    assert run["elapsed_s"] > 0
    assert (run["watches"], run["expected"]) == ({}, {})
    lines = ["squares []", "0", "1", "4", "not three"]
    assert [line for line in run["output"] if line != "aside"] == lines
    assert "aside" in run["output"]


@pytest.mark.parametrize("mode", ["sequential", "threads", "processes"])
def test_every_mode_does_the_same_work(squares: str, mode: str) -> None:
    run = command("run", squares, "--mode", mode, "--json").object
    assert (run["mode"], run["tasks"], run["failed"], run["outcome"]) == (mode, 4, 1, "done")
    lines = [line for line in run["output"] if line != "aside"]
    assert lines[-4:] == ["0", "1", "4", "not three"]


def test_knobs_are_set_in_the_script(squares: str) -> None:
    result = command("run", squares, "--set", "N=2", "--set", "NAME=a=b c", "--json")
    assert "a=b c []" in result.object["output"]  # the error output may come in first
    assert result.object["tasks"] == 2


def test_arguments_go_to_the_script(squares: str) -> None:
    result = command("run", squares, "--json", "--", "--json", "-x", "--", "a b")
    assert "squares ['--json', '-x', '--', 'a b']" in result.object["output"]


def test_people_get_the_output_and_then_what_it_showed(squares: str) -> None:
    result = command("run", squares)
    assert result.status == 0
    lines = result.out.splitlines()
    assert lines[:5] == ["squares []", "0", "1", "4", "not three"]
    assert "4 tasks on " in result.out
    assert "1 failed · threads · Python 3." in result.out
    assert len(lines) >= 8  # a blank line, the numbers, and at least one sentence
    assert result.err == "aside\n"


def test_every_python_can_run_it(squares: str, each_python: Python) -> None:
    result = command("run", squares, "--mode", "processes", "--python", each_python.path, "--json")
    run = result.object
    assert (result.status, run["outcome"], run["tasks"]) == (0, "done", 4)
    assert each_python.version.rstrip("t") == ".".join(run["python"].split(".")[:2])


def test_a_script_of_a_newer_python_runs_on_that_python(
    tmp_path: Path, python_runtimes: tuple[Python, ...]
) -> None:
    newer = [one for one in python_runtimes if one.version in ("3.12", "3.13", "3.14")]
    if not newer:
        pytest.skip("needs a Python newer than 3.11")
    path = script(tmp_path, "type Number = int\nprint('read')\n")
    result = command("run", str(path), "--python", newer[0].path, "--json")
    assert (result.status, result.object["output"]) == (0, ["read"])


def test_fibonacci_in_processes() -> None:
    arguments = ("--mode", "processes", "--set", "N=1000", "--set", "TASKS=3", "--json")
    run = command("run", "fibonacci", *arguments).object
    assert (run["mode"], run["tasks"], run["failed"]) == ("processes", 3, 0)
    assert run["output"] == ["209 digits, from 434665 to 228875"] * 3


def test_downloads_talk_to_the_local_sites() -> None:
    fast = "URLS=" + ",".join(f"http://127.0.0.1:8930/{name}?delay_ms=1" for name in "abc")
    run = command("run", "downloads", "--set", fast, "--json").object
    assert (run["outcome"], run["tasks"], run["failed"]) == ("done", 3, 0)
    assert all("bytes saved as" in line for line in run["output"])


def test_the_race_shows_its_counter_and_what_it_should_be() -> None:
    arguments = ("--set", "INCREMENTS=20_000", "--set", "USE_LOCK=yes", "--json")
    refused = command("run", "race_counter", *arguments)
    assert refused.status == 2  # neither true nor false
    run = command("run", "race_counter", *arguments[:2], "--set", "USE_LOCK=true", "--json").object
    assert run["watches"] == run["expected"] == {"counter": 40_000}


def test_a_marked_line_is_chosen_by_the_name_of_its_alternative() -> None:
    arguments = ("--mode", "sequential", "--set", "INCREMENTS=1000", "--set", "increment=plain")
    run = command("run", "race_counter", *arguments, "--json").object
    assert run["watches"] == {"counter": 2000}
    own = "increment=self.count += 2"
    run = command("run", "race_counter", *arguments[:4], "--set", own, "--json").object
    assert run["watches"] == {"counter": 4000}


def test_a_recording_is_saved_and_can_be_opened(squares: str, tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    result = command("run", squares, "--set", "N=3", "--record", str(path), "--json")
    recording = open_recording(path)
    assert recording.header.demo == "squares.py"
    assert "N = 3" in recording.header.script
    assert recording.header.knobs["N"] == 3
    assert len(recording) == result.object["tasks"] == 3
    assert [line.text for line in recording.output] == result.object["output"]
    assert bool(recording.activity()) == (sys.platform == "linux")
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["run.jsonl", "squares.py"]


def test_a_relative_recording_goes_to_the_current_folder(squares: str, tmp_path: Path) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    assert command("run", squares, "--record", "run.jsonl", cwd=folder).status == 0
    assert [entry.name for entry in folder.iterdir()] == ["run.jsonl"]


def test_nothing_runs_when_the_recording_cannot_be_saved(tmp_path: Path) -> None:
    path = script(tmp_path, "open('proof', 'w')\n")
    result = command("run", str(path), "--record", "absent/run.jsonl", cwd=tmp_path)
    assert (result.status, result.out) == (2, "")
    assert "There is no folder absent for the recording" in result.err
    assert [entry.name for entry in tmp_path.iterdir()] == ["script.py"]


def test_json_has_no_nan(tmp_path: Path) -> None:
    path = script(tmp_path, "def main():\n    raise SystemExit(4)\nmain()\n")
    result = command("run", str(path), "--json")
    assert result.status == 1
    assert "NaN" not in result.out
    ended = command("run", str(script(tmp_path, "import os\nos._exit(4)\n")), "--json")
    assert json.loads(ended.out)["elapsed_s"] is None
