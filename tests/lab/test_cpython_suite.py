"""CPython's own tests of its executors, run by the lab against the observed ones."""

from __future__ import annotations

import contextlib
import functools
import json
import subprocess
import threading
from pathlib import Path

import pytest

from core.laboratory import Job, Laboratory
from core.recording import Recording
from core.run import Run
from tests.lab.running import lines
from tests.pythons import Python, installed_pythons

SUITE = "test.test_concurrent_futures"

DRIVER = f"""
import json
import sys
import unittest

def flat(suite):
    for one in suite:
        if isinstance(one, unittest.TestSuite):
            yield from flat(one)
        else:
            yield one

def main():
    classes, left_out = map(tuple, json.loads(sys.argv[1]))
    everything = flat(unittest.defaultTestLoader.loadTestsFromName("{SUITE}"))
    chosen = [
        one
        for one in everything
        if type(one).__name__.startswith(classes) and not one.id().endswith(left_out)
    ]
    result = unittest.TextTestRunner(verbosity=2).run(unittest.TestSuite(chosen))
    bad = [test.id() for test, _ in result.failures + result.errors]
    print()
    print(json.dumps({{"ran": result.testsRun, "skipped": len(result.skipped), "bad": bad}}))

if __name__ == "__main__":
    main()
"""

THREADS = ("FutureTest", "ThreadPoolAsCompleted", "ThreadPoolWait", "ThreadPoolExecutor")
SLEEPY = (  # each sleeps for seconds: they run with the whole suite
    "test_duplicate_futures",
    "test_first_completed_some_already_completed",
    "test_first_exception",
    "test_first_exception_one_already_failed",
    "test_first_exception_some_already_complete",
    "test_hang_global_shutdown_lock",
    "test_map_timeout",
    "test_timeout",
    "test_zero_timeout",
)
QUICK_S, WHOLE_S = 250, 850


@functools.cache
def pythons_with_tests() -> tuple[Python, ...]:
    """Find the Pythons that have their own tests with them: many packages leave them out."""
    return tuple(python for python in installed_pythons() if _has_tests(python))


def _has_tests(python: Python) -> bool:
    code = f"import importlib.util as u, sys; sys.exit(u.find_spec('{SUITE}') is None)"
    answer = subprocess.run([python.path, "-c", code], capture_output=True, check=False)
    return answer.returncode == 0


def begin(laboratory: Laboratory, folder: Path, *chosen: tuple[str, ...]) -> Run:
    path = folder / "driver.py"
    path.write_text(DRIVER)
    arguments = (json.dumps(chosen),)
    return laboratory.start(Job("suite", DRIVER, path, "script", arguments=arguments))


def end(run: Run, patience_s: float) -> Recording:
    patience = threading.Timer(patience_s, run.stop, ["timed out"])
    patience.start()
    try:
        run.wait()
    finally:
        patience.cancel()
        patience.join()
    return run.recording


def assert_passed(recording: Recording) -> None:
    report = "\n".join(lines(recording, "stderr")[-200:])
    assert recording.ending is not None
    assert recording.ending.outcome == "done", report
    result = json.loads(lines(recording)[-1])
    assert result["ran"] - result["skipped"] > 20
    assert result["bad"] == [], report
    # From Python 3.14 on it tries executors that are left alone, too.
    assert [one for one in recording.troubles if "not observed yet" not in one] == []
    assert len(recording) > 20  # it was the observed executors that passed


@pytest.mark.slow
def test_futures_and_threads(tmp_path: Path) -> None:
    """On all Pythons at once: most of the time these tests sleep."""
    with contextlib.ExitStack() as stack:
        runs: list[Run] = []
        for python in pythons_with_tests():
            laboratory = stack.enter_context(Laboratory(python.path))
            runs.append(begin(laboratory, tmp_path, THREADS, SLEEPY))
            stack.callback(runs[-1].wait)
            stack.callback(runs[-1].stop)
        for run in runs:
            assert_passed(end(run, QUICK_S))


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    "python", pythons_with_tests(), ids=[python.version for python in pythons_with_tests()]
)
def test_the_whole_suite(python: Python, tmp_path: Path) -> None:
    with Laboratory(python.path) as laboratory:
        run = begin(laboratory, tmp_path, ("",), ("\n",))
        assert_passed(end(run, WHOLE_S))
