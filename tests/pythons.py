"""The Pythons of this machine that the lab supports, for parametrized tests."""

from __future__ import annotations

import functools
import subprocess
from typing import NamedTuple

import pytest

from core.runtimes import Runtime, find_runtimes


class Python(NamedTuple):
    """One interpreter: its version as in `3.9` or `3.13t` (free-threaded), and where it is."""

    version: str
    path: str


@functools.cache
def installed_pythons() -> tuple[Python, ...]:
    """
    Find every CPython that the program offers to its users, one a version, oldest first.

    This interpreter stands for its own version.
    """
    return one_a_version(find_runtimes())


@functools.cache
def pythons_with(module: str) -> tuple[Python, ...]:
    """Find every CPython that has a module, one a version, as `installed_pythons` does."""
    return one_a_version(tuple(one for one in find_runtimes() if _has(one.path, module)))


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
    return subprocess.run([path, "-I", "-c", code], timeout=30, check=False).returncode == 0


@pytest.fixture(scope="session")
def python_runtimes() -> tuple[Python, ...]:
    """Hand out all of them at once."""
    return installed_pythons()


@pytest.fixture(scope="session")
def newest_python() -> Python:
    """Hand out the newest Python of this machine."""
    return installed_pythons()[-1]


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
