"""``sweep``: the same work with more and more workers, and what that says."""

from pathlib import Path

import pytest

from tests.core.command import command, script

SLEEPERS = """from concurrent import futures
from time import sleep

MAX_WORKERS = 2
TASKS = 4
EXECUTOR = futures.ThreadPoolExecutor

def work(number):
    sleep(0.05)

def main():
    with EXECUTOR(MAX_WORKERS) as executor:
        if executor._max_workers > 4:
            raise ValueError("too many")
        list(executor.map(work, range(TASKS)))

if __name__ == "__main__": main()
"""


def test_the_object_of_a_sweep(tmp_path: Path) -> None:
    path = str(script(tmp_path, SLEEPERS))
    result = command("sweep", path, "--workers", "4,2", "--repeat", "2", "--json")
    sweep = result.object
    assert (result.status, result.err) == (0, "")
    assert list(sweep) == ["demo", "mode", "knob", "runs", "workers", "serial_fraction"]
    assert (sweep["mode"], sweep["knob"]) == ("threads", "MAX_WORKERS")
    used = [run["workers"] for run in sweep["runs"]]  # a nap may end before the next one begins
    assert all(one <= most for one, most in zip(used, [1, 2, 4] * 2, strict=True))
    times = [run["elapsed_s"] for run in sweep["runs"]]
    assert sweep["workers"]["1"]["median_s"] == pytest.approx((times[0] + times[3]) / 2)
    assert sweep["workers"]["1"]["speedup"] == 1.0
    four = sweep["workers"]["4"]
    assert four["lowest"] <= four["speedup"] <= four["highest"]
    assert four["speedup"] > 1  # four naps at a time
    assert 0 <= sweep["serial_fraction"] < 1


def test_a_run_that_fails_ends_the_sweep_and_what_was_measured_is_kept(tmp_path: Path) -> None:
    path = str(script(tmp_path, SLEEPERS))
    result = command("sweep", path, "--workers", "1,2,5,8", "--json")
    assert result.status == 1
    assert result.err.startswith("The sweep ends at 5 workers: The script ended")
    assert list(result.object["workers"]) == ["1", "2"]
    assert [run["outcome"] for run in result.object["runs"]] == ["done", "done", "failed"]


@pytest.mark.slow
def test_people_get_a_table_and_the_law(tmp_path: Path) -> None:
    result = command("sweep", str(script(tmp_path, SLEEPERS)), "--workers", "1,2")
    assert (result.status, result.err) == (0, "")
    for word in ("Workers", "Speed-up", "Amdahl", "× 1"):
        assert word in result.out
    assert "\nAmdahl's law (1967)" in result.out


def test_people_are_told_what_leads_astray(tmp_path: Path) -> None:
    text = SLEEPERS.replace("range(TASKS)", "range(TASKS + MAX_WORKERS)")
    path = str(script(tmp_path, text.replace("TASKS = 4", "TASKS = 1")))
    result = command("sweep", path, "--workers", "2", "--knob", "MAX_WORKERS")
    assert result.status == 0
    assert "The runs had from 2 to 3 tasks; compare their times only if" in result.out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("race_counter",), "race_counter cannot be swept over workers: THREADS is the number"),
        (("fibonacci", "--mode", "thread"), "did you mean 'threads'?"),
        (("fibonacci", "--mode", "sequential"), "fibonacci has no workers in sequential mode"),
        (("fibonacci", "--workers", "1,10000"), "WORKERS must be between 1 and 32"),
        (("downloads", "--workers", "one"), "not a whole number"),
    ],
)
def test_what_cannot_be_swept_is_wrong_usage(words: tuple[str, ...], sentence: str) -> None:
    result = command("sweep", *words)
    assert result.status == 2
    assert sentence in result.err
    assert not result.out


@pytest.mark.slow
def test_a_script_that_does_not_show_its_workers_is_asked_about(tmp_path: Path) -> None:
    path = str(script(tmp_path, SLEEPERS.replace("EXECUTOR(MAX_WORKERS)", "EXECUTOR(TASKS)")))
    result = command("sweep", path, "--workers", "1,2")
    assert result.status == 2
    assert "--knob MAX_WORKERS (or TASKS)" in result.err
    assert command("sweep", path, "--workers", "1,2", "--knob", "TASKS").status == 0
