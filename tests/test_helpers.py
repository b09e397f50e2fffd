"""The helpers of the tests do what the tests rely on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.runtimes import Runtime
from tests.pythons import (
    A_DAY,
    Python,
    one_a_version,
    python_whose_turn_counts,
    whose_turn_it_is,
)
from tests.waiting import wait_until

ROOT = Path(__file__).resolve().parent.parent


def _xdotool(display: str, *command: str) -> str:
    environment = {**os.environ, "DISPLAY": display}
    answer = subprocess.run(
        ["xdotool", *command], env=environment, capture_output=True, text=True, check=True
    )
    return answer.stdout.strip()


def test_the_display_is_a_projector(x_display: str) -> None:
    assert x_display != os.environ.get("DISPLAY")
    assert _xdotool(x_display, "getdisplaygeometry") == "1920 1080"


def test_the_window_manager_manages_the_display(window_manager: str) -> None:
    assert _xdotool(window_manager, "get_desktop") == "0"


def test_each_python_is_what_it_says(each_python: Python) -> None:
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    answer = subprocess.run(
        [each_python.path, "-c", code], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == each_python.version.removesuffix("t")


def test_each_version_is_there_once_and_a_free_threaded_one_is_another() -> None:
    def runtime(path: str, minor: int, micro: int, kind: str = "") -> Runtime:
        numbers = (3, minor, micro)
        name = "pypy" if kind == "pypy" else "cpython"
        return Runtime(path, ".".join(map(str, numbers)), numbers, kind == "t", name)

    found = (
        runtime("/this", 13, 2),
        runtime("/pypy", 9, 1, "pypy"),
        runtime("/old", 10, 4),
        runtime("/other", 13, 0),
        runtime("/free", 13, 5, "t"),
        runtime("/new", 15, 0),
    )
    expected = [("3.10", "/old"), ("3.13", "/this"), ("3.13t", "/free"), ("3.15", "/new")]
    assert list(one_a_version(found)) == expected


@pytest.mark.parametrize("many", range(1, 10))
def test_the_slow_tests_come_to_every_python_within_days(many: int) -> None:
    pythons = tuple(Python(f"3.{minor}", f"/{minor}") for minor in range(9, 9 + many))
    days = [whose_turn_it_is(pythons, str(day)) for day in range(800_000, 800_003)]
    assert all(1 <= len(day) <= A_DAY + 1 for day in days)
    assert {python for day in days for python in day} == set(pythons)
    assert whose_turn_it_is(pythons, "all") == pythons


def test_only_slow_tests_wait_for_the_turn_of_their_python(
    request: pytest.FixtureRequest, each_python: Python
) -> None:
    assert python_whose_turn_counts(request.node) is None
    request.node.add_marker(pytest.mark.slow)
    assert python_whose_turn_counts(request.node) == each_python


def test_pythons_are_listed_once_and_oldest_first(python_runtimes: tuple[Python, ...]) -> None:
    minors = [int(python.version.removesuffix("t").split(".")[1]) for python in python_runtimes]
    assert minors == sorted(minors)
    assert minors[0] >= 9
    assert len({python.version for python in python_runtimes}) == len(python_runtimes)
    assert sys.executable in {python.path for python in python_runtimes}


def test_waiting_returns_the_first_true_value() -> None:
    values = [0, None, "", "there"]
    assert wait_until(lambda: values.pop(0)) == "there"


def test_waiting_in_vain_says_for_what() -> None:
    with pytest.raises(AssertionError, match=r"in vain for: the moon \(last value: 0\)"):
        wait_until(lambda: 0, timeout_s=0, what="the moon")


def test_the_helpers_import_no_qt() -> None:
    code = """if True:
        import sys
        import tests.conftest, tests.displays, tests.leak_plugin, tests.pythons
        sys.exit(any(name.startswith(("PySide6", "shiboken6")) for name in sys.modules))
    """
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
