"""The Pythons of this machine that the lab supports, for parametrized tests."""

from __future__ import annotations

import functools
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

OLDEST = (3, 9)
_NAME = re.compile(r"python3(\.\d+t?)?")
_PROBE = """
import sys, sysconfig
t = "t" if sysconfig.get_config_var("Py_GIL_DISABLED") else ""
print(sys.implementation.name, "%d.%d%s" % (sys.version_info[:2] + (t,)))
"""


class Python(NamedTuple):
    """One interpreter: its version as in `3.9` or `3.13t` (free-threaded), and where it is."""

    version: str
    path: str


@functools.cache
def installed_pythons() -> tuple[Python, ...]:
    """
    Find every CPython from 3.9 on, one a version, oldest first.

    Looks on the PATH and under pyenv. This interpreter stands for its own version.
    """
    found: dict[str, Python] = {}
    for path in [sys.executable, *_candidates()]:
        python = _probe(path)
        if python is not None:
            found.setdefault(python.version, python)
    return tuple(sorted(found.values(), key=_age))


@functools.cache
def pythons_with(module: str) -> tuple[Python, ...]:
    """Find every CPython that has a module, one a version, as `installed_pythons` does."""
    found: dict[str, Python] = {}
    for path in [sys.executable, *_candidates()]:
        python = _probe(path)
        if python is not None and python.version not in found and _has(path, module):
            found[python.version] = python
    return tuple(sorted(found.values(), key=_age))


def _has(path: str, module: str) -> bool:
    code = f"import importlib.util as u, sys; sys.exit(u.find_spec({module!r}) is None)"
    return subprocess.run([path, "-I", "-c", code], timeout=30, check=False).returncode == 0


def _age(python: Python) -> tuple[int, int, bool]:
    major, _, minor = python.version.removesuffix("t").partition(".")
    return int(major), int(minor), python.version.endswith("t")


def _candidates() -> Iterator[str]:
    root = _pyenv_root()
    for version in sorted(root.glob("versions/*/bin/python")) if root else ():
        yield str(version)
    for folder in map(Path, os.get_exec_path()):
        # A shim is a slow script that may lead nowhere; the versions behind it are listed above.
        if folder.is_dir() and not (root and folder == root / "shims"):
            names = (entry.name for entry in folder.iterdir())
            yield from (str(folder / name) for name in sorted(names) if _NAME.fullmatch(name))


def _pyenv_root() -> Path | None:
    if "PYENV_ROOT" in os.environ:
        return Path(os.environ["PYENV_ROOT"])
    pyenv = shutil.which("pyenv")
    if pyenv:
        answer = subprocess.run([pyenv, "root"], capture_output=True, text=True, check=True)
        return Path(answer.stdout.strip())
    usual = Path.home() / ".pyenv"
    return usual if usual.is_dir() else None


def _probe(path: str) -> Python | None:
    try:
        answer = subprocess.run(
            [path, "-I", "-S", "-c", _PROBE], capture_output=True, text=True, timeout=30, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None  # not a Python that runs: nothing to test with
    name, version = answer.stdout.split()
    python = Python(version, path)
    return python if name == "cpython" and _age(python) >= OLDEST else None


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
