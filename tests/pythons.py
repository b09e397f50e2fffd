"""
The Pythons of this machine that the lab supports, for parametrized tests.

`python -m tests.pythons` lists them.
"""

from __future__ import annotations

import datetime
import functools
import subprocess
import sys
from typing import NamedTuple

import pytest

from core.runtimes import Runtime, find_runtimes
from tests.waiting import PATIENCE_S

A_DAY = 3
"""On about so many Pythons a day the slow tests run."""


class Python(NamedTuple):
    """One interpreter: its version as in `3.9` or `3.13t` (free-threaded), and where it is."""

    version: str
    path: str


@functools.cache
def _all() -> tuple[Runtime, ...]:
    """Find them once, and with patience: all workers of a test run must find the same."""
    return find_runtimes(PATIENCE_S)


@functools.cache
def installed_pythons() -> tuple[Python, ...]:
    """
    Find every CPython that the program offers to its users, one a version, oldest first.

    This interpreter stands for its own version.
    """
    return one_a_version(_all())


@functools.cache
def pythons_with(module: str) -> tuple[Python, ...]:
    """Find every CPython that has a module, one a version, as `installed_pythons` does."""
    return one_a_version(tuple(one for one in _all() if _has(one.path, module)))


def one_a_version(runtimes: tuple[Runtime, ...]) -> tuple[Python, ...]:
    """Return the first CPython of each version, oldest first; a free-threaded one counts apart."""
    found: dict[tuple[int, int, bool], Python] = {}
    for runtime in runtimes:
        if runtime.implementation == "cpython":
            major, minor, _ = runtime.numbers
            version = f"{major}.{minor}" + "t" * runtime.free_threaded
            key = (major, minor, runtime.free_threaded)
            found.setdefault(key, Python(version, runtime.path))
    return tuple(found[key] for key in sorted(found))


def _has(path: str, module: str) -> bool:
    code = f"import importlib.util as u, sys; sys.exit(u.find_spec({module!r}) is None)"
    return subprocess.run([path, "-I", "-c", code], timeout=PATIENCE_S, check=False).returncode == 0


@pytest.fixture(scope="session")
def python_runtimes() -> tuple[Python, ...]:
    """Hand out all of them at once."""
    return installed_pythons()


@pytest.fixture(scope="session")
def newest_python() -> Python:
    """Hand out the newest Python of this machine."""
    return installed_pythons()[-1]


def whose_turn_it_is(pythons: tuple[Python, ...], turn: str) -> tuple[Python, ...]:
    """
    Return the Pythons that the slow tests run on.

    Slow tests on all Pythons would take hours, so the Pythons take turns, from day to day and by
    the date alone: a day's run can be repeated by its number, whatever the machine knows of git.

    Parameters
    ----------
    turn
        A number, as that of the day, or ``all``.
    """
    turns = max(1, round(len(pythons) / A_DAY))
    return tuple(
        python
        for number, python in enumerate(pythons)
        if turn == "all" or number % turns == int(turn) % turns
    )


def in_words(turn: str) -> str:
    """Tell which Pythons were found, and which of them the slow tests run on."""
    found = installed_pythons()
    listed = [
        " ".join(one.version for one in ones) for ones in (found, whose_turn_it_is(found, turn))
    ]
    return f"Pythons: {listed[0]}; slow tests on: {listed[1]} (--turn {turn})"


def turn_of_today() -> str:
    """Return the number of the day."""
    return str(datetime.datetime.now(datetime.UTC).date().toordinal())


def _turn(text: str) -> str:
    if text != "all" and not text.isdecimal():
        raise ValueError(text)
    return text


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the one option: on which Pythons the slow tests run."""
    parser.addoption(
        "--turn",
        type=_turn,
        metavar="N|all",
        help="Pythons that the slow tests run on: the turn of day N, or all; else that of today",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Take the day once: the workers of a run that goes on past midnight are told it as well."""
    if config.option.turn is None:
        config.option.turn = turn_of_today()


def pytest_report_header(config: pytest.Config) -> str:
    """Say what the run covers."""
    return in_words(config.option.turn)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the slow tests of Pythons whose turn it is not."""
    on_turn = whose_turn_it_is(installed_pythons(), config.option.turn)
    left_out = [item for item in items if python_whose_turn_counts(item) not in (None, *on_turn)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]


def python_whose_turn_counts(item: pytest.Item) -> Python | None:
    """Return the Python that a slow test is for, by whatever name it asks for it."""
    if item.get_closest_marker("slow") is None or not isinstance(item, pytest.Function):
        return None
    asked = item.callspec.params.values() if hasattr(item, "callspec") else ()
    return next((one for one in asked if isinstance(one, Python)), None)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """
    Run a test that asks for `each_python` once a Python; what is not there is not run.

    One that asks for `outer_python` runs on the oldest and on the newest. Those between are for
    the slow tests: what differs between versions shows at the ends first. One that asks for
    `spread_python` runs on the newest, and on all others among the slow tests: the demos, which
    take their time and rest on what the tests of the lab try everywhere.
    """
    pythons = installed_pythons()
    if "each_python" in metafunc.fixturenames:
        metafunc.parametrize("each_python", pythons, ids=[python.version for python in pythons])
    for name, quick in (
        ("outer_python", {pythons[0], pythons[-1]}),
        ("spread_python", {pythons[-1]}),
    ):
        if name in metafunc.fixturenames:
            spread = [
                pytest.param(one, id=one.version, marks=() if one in quick else pytest.mark.slow)
                for one in pythons
            ]
            metafunc.parametrize(name, spread)


if __name__ == "__main__":
    sys.stdout.write("Pythons found:\n")
    sys.stdout.writelines(f"  {one.version:6} {one.path}\n" for one in installed_pythons())
