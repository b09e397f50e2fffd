"""``compare``: every mode in turn, and what that says."""

from pathlib import Path

import pytest

from tests.core.command import command, script
from tests.core.test_cli_run import KEYS, SQUARES

QUICK = ("--set", "N=1000", "--set", "TASKS=2")


def test_the_object_of_a_comparison() -> None:
    result = command("compare", "fibonacci", *QUICK, "--repeat", "2", "--json")
    comparison = result.object
    assert (result.status, result.err) == (0, "")
    assert list(comparison) == ["demo", "runs", "modes"]
    assert comparison["demo"] == "fibonacci"
    modes = ["sequential", "threads", "processes"]
    assert [run["mode"] for run in comparison["runs"]] == modes * 2
    assert all(list(run) == KEYS for run in comparison["runs"])
    assert list(comparison["modes"]) == modes
    for mode, numbers in comparison["modes"].items():
        times = [run["elapsed_s"] for run in comparison["runs"] if run["mode"] == mode]
        assert list(numbers) == ["median_s", "min_s", "speedup"]
        assert numbers["min_s"] == min(times)
        assert numbers["median_s"] == pytest.approx(sum(times) / 2)
    sequential_s = comparison["modes"]["sequential"]["median_s"]
    threads = comparison["modes"]["threads"]
    assert threads["speedup"] == pytest.approx(sequential_s / threads["median_s"])


def test_only_the_modes_asked_for_run_and_in_that_order() -> None:
    arguments = ("--modes", "processes, threads,processes", "--json")
    comparison = command("compare", "fibonacci", *QUICK, *arguments).object
    assert [run["mode"] for run in comparison["runs"]] == ["processes", "threads"]
    assert comparison["modes"]["threads"]["speedup"] is None  # nothing sequential was measured


def test_people_get_a_table_and_an_explanation() -> None:
    result = command("compare", "fibonacci", *QUICK)
    assert (result.status, result.err) == (0, "")
    for word in ("Mode", "Median", "Speed-up", "sequential", "threads", "processes", "× 1"):
        assert word in result.out
    last_line = result.out.splitlines()[-1]
    assert last_line.endswith(".")  # a sentence, not the frame of the table


def test_a_script_of_ones_own_can_be_compared(tmp_path: Path) -> None:
    path = script(tmp_path, SQUARES)
    comparison = command("compare", str(path), "--modes", "sequential,threads", "--json").object
    assert comparison["demo"] == "script.py"
    assert [run["outcome"] for run in comparison["runs"]] == ["done", "done"]


FAILS_IN_THREADS = SQUARES.replace(
    "    if EXECUTOR is None:",
    "    if EXECUTOR is futures.ThreadPoolExecutor:\n"
    "        raise RuntimeError('not in threads')\n    if EXECUTOR is None:",
)


def test_a_mode_that_fails_is_told_and_the_others_count(tmp_path: Path) -> None:
    path = str(script(tmp_path, FAILS_IN_THREADS))
    result = command("compare", path, "--json")
    assert result.status == 1
    assert "threads: The script ended with an exception" in result.err
    nothing = {"median_s": None, "min_s": None, "speedup": None}
    assert result.object["modes"]["threads"] == nothing
    assert result.object["modes"]["processes"]["speedup"] is not None
    outcomes = [run["outcome"] for run in result.object["runs"]]
    assert outcomes == ["done", "failed", "done"]
    table = command("compare", path)
    assert table.status == 1
    assert "–" in table.out


def test_a_demo_that_fails_in_every_mode_has_no_times(tmp_path: Path) -> None:
    path = script(tmp_path, SQUARES.replace("    print(NAME", "    1 / 0\n    print(NAME"))
    result = command("compare", str(path), "--modes", "sequential,threads")
    assert result.status == 1
    assert result.err.count("ZeroDivisionError") == 2
    assert "sequential" in result.out
