"""The words of the command line: help, list, and what is wrong with wrong ones."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.demos import all_demos
from tests.core.command import MAIN, command, script

DEMOS = [demo.name for demo in all_demos()]


def test_list_is_a_table_of_every_demo() -> None:
    result = command("list")
    assert (result.status, result.err) == (0, "")
    for word in (*DEMOS, "sequential", "threads", "processes", "MAX_WORKERS = 3"):
        assert word in result.out


def test_list_json_names_modes_and_knobs() -> None:
    result = command("list", "--json")
    assert (result.status, result.err) == (0, "")
    assert [sorted(demo) for demo in result.object] == [["knobs", "modes", "name", "title"]] * len(
        DEMOS
    )
    by_name = {demo["name"]: demo for demo in result.object}
    assert list(by_name) == DEMOS
    assert by_name["downloads"]["knobs"]["MAX_WORKERS"] == 3
    assert by_name["race_counter"]["modes"] == ["sequential", "threads", "processes"]
    assert by_name["race_counter"]["knobs"]["USE_LOCK"] is False
    assert "EXECUTOR" not in by_name["fibonacci"]["knobs"]


def test_it_works_from_any_folder_and_by_any_path(tmp_path: Path) -> None:
    relative = Path(os.path.relpath(MAIN, tmp_path))
    done = subprocess.run(
        [sys.executable, str(relative), "list", "--json"],
        cwd=tmp_path,
        capture_output=True,
        check=True,
    )
    assert [demo["name"] for demo in json.loads(done.stdout)] == DEMOS


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--help"], ["list", "run", "compare", "tour", "SCRIPT.py", "exit status"]),
        (["list", "--help"], ["--claims", "--measure", "--python", "--json"]),
        (["run", "--help"], ["--mode", "--set", "--python", "--timeout", "--record", "-- ARGS"]),
        (["compare", "--help"], ["--modes", "--repeat", "--set", "--json"]),
        (["tour", "--help"], ["DIR", "DEMO"]),
    ],
)
def test_help_tells_every_option(words: list[str], told: list[str]) -> None:
    result = command(*words)
    assert (result.status, result.err) == (0, "")
    assert [word for word in told if word not in result.out] == []


WRONG = {
    "rnu": "'rnu' is neither a command nor a file; did you mean 'run'?",
    "absent.py": "'absent.py' is neither a command nor a file; the commands are list, run, "
    "compare, sweep, export, tour.",
    "fibonacci": "'fibonacci' is neither a command nor a file; it is a demo: main.py run fibonacci",
    "--jsn": "see: main.py --help",
    "list --jsn": "Unrecognized arguments: --jsn; see: main.py --help",
    "list all": "Unrecognized arguments: all; see: main.py --help",
    "run": "The following arguments are required: DEMO|SCRIPT.py; see: main.py run --help",
    "run fibonaci": f"There is no demo named 'fibonaci'; choose one of {', '.join(DEMOS)}, "
    "or give a script. Did you mean 'fibonacci'?",
    "run absent.py": "There is no file absent.py; check its name and folder.",
    "run fibonacci --mode thread": "fibonacci has no mode 'thread'; it has sequential, threads, "
    "processes; did you mean 'threads'?",
    "run fibonacci --mode": "Argument --mode: expected one argument; see: main.py run --help",
    "run fibonacci --set n=3": "fibonacci has no knob 'n'; it has TASKS, WORKERS, N.",
    "run downloads --set MAXWORKERS=3": "downloads has no knob 'MAXWORKERS'; it has URLS, "
    "MAX_WORKERS, FOLDER; did you mean 'MAX_WORKERS'?",
    "run fibonacci --set N": "Argument --set: 'N' is not of the form NAME=VALUE; see: "
    "main.py run --help",
    "run fibonacci --set N=7": "N must be between 1,000 and 2,000,000; 7 is too small.",
    "run fibonacci --set N=many": "N: 'many' is not a whole number: write a whole number, such "
    "as 200_000.",
    "run fibonacci --set N=1e5": "N: '100000.0' is not a whole number: write a whole number, "
    "such as 200_000.",
    "run race_counter --set USE_LOCK=perhaps": "USE_LOCK: 'perhaps' is not true or false: write "
    "true or false, such as False.",
    "run fibonacci --set EXECUTOR=None": "EXECUTOR is the mode; use --mode "
    "sequential|threads|processes",
    "run downloads --set URLS=file:///etc/passwd": "Line 1 of URLS, 'file:///etc/passwd', is no "
    "web address: it must begin with http:// or https://.",
    "run downloads --set FOLDER=/absent/folder": "FOLDER: the folder /absent/folder does not "
    "exist; choose another one, or leave it empty for a temporary one.",
    "run fibonacci --timeout soon": "Argument --timeout: 'soon' is not a number of seconds above "
    "0; see: main.py run --help",
    "run fibonacci --timeout 0": "Argument --timeout: '0' is not a number of seconds above 0; "
    "see: main.py run --help",
    "run fibonacci --timeout nan": "Argument --timeout: 'nan' is not a number of seconds above "
    "0; see: main.py run --help",
    "run fibonacci --python /absent": "There is no Python at /absent; check the path.",
    "run fibonacci --record /absent/x": "There is no folder /absent for the recording; make it "
    "or name another.",
    "compare fibonacci --modes threads,telepathy": "fibonacci has no mode 'telepathy'; it has "
    "sequential, threads, processes.",
    "compare fibonacci --modes ,": "Argument --modes: name at least one mode; see: main.py "
    "compare --help",
    "compare fibonacci --repeat 0": "Argument --repeat: '0' is not a whole number from 1 on; "
    "see: main.py compare --help",
    "compare nothing": f"There is no demo named 'nothing'; choose one of {', '.join(DEMOS)}, "
    "or give a script.",
    "tour": "The following arguments are required: DIR; see: main.py tour --help",
}


@pytest.mark.parametrize("words", WRONG)
def test_wrong_usage_is_told_in_one_line_that_helps(words: str) -> None:
    result = command(*words.split())
    assert (result.status, result.out) == (2, "")
    assert result.err.endswith(f"{WRONG[words]}\n")
    assert result.err.count("\n") == 1


def test_a_second_script_for_the_window_is_told(tmp_path: Path) -> None:
    one = script(tmp_path, "")
    result = command(str(one), "another.py")
    assert result.status == 2
    assert "takes one file, so 'another.py' is one too many" in result.err


def test_a_script_without_modes_says_so(tmp_path: Path) -> None:
    plain = script(tmp_path, "print(1)\n")
    result = command("run", str(plain), "--mode", "threads")
    assert result.status == 2
    assert "script.py has no modes to choose from" in result.err
    result = command("compare", str(plain))
    assert result.status == 2
    assert "script.py has one mode only, so there is nothing to compare; run it" in result.err


def test_a_text_that_is_none_is_told(tmp_path: Path) -> None:
    path = tmp_path / "picture.py"
    path.write_bytes(b"\x89PNG\xff\xfe")
    result = command("run", str(path))
    assert result.status == 2
    assert "picture.py is not UTF-8 text" in result.err


_SHOW_MODULES = f"""
import runpy, sys
try:
    runpy.run_path({str(MAIN)!r}, run_name="__main__")
except SystemExit:
    print(*sys.modules, file=sys.stderr)
"""


@pytest.mark.parametrize(
    "words",
    [
        ["list"],
        ["list", "--claims"],
        ["run", "fibonacci", "--set", "N=1000"],
        ["compare", "fibonacci", "--help"],
    ],
)
def test_commands_import_no_qt(words: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _SHOW_MODULES, *words],
        capture_output=True,
        text=True,
        check=True,
        cwd=MAIN.parent,
    )
    modules = {name.partition(".")[0] for name in done.stderr.split()}
    assert {"core", "argparse"} <= modules
    assert modules.isdisjoint({"PySide6", "shiboken6", "pyqtgraph", "gui"})


@pytest.mark.parametrize("words", [["list"], ["list", "--claims"]])
def test_list_json_imports_nothing_slow(words: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", str(MAIN), *words, "--json"],
        capture_output=True,
        text=True,
        check=True,
    )
    modules = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "argparse" in modules
    assert modules.isdisjoint({"numpy", "rich", "msgspec", "multiprocessing", "subprocess"})
