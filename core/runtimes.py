"""Finds the Pythons on this machine and asks each what it is.

A Python is asked by running it without its site packages, ``PYTHON...`` variables and
the current folder: no user code runs. What answers too late is ended, together with
whatever it started.
"""

import json
import os
import re
import shutil
import sys
from collections.abc import Iterable, Iterator
from concurrent import futures
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from core.asking import RuntimeProblem, answer_of
from core.no_room import NoRoom
from core.quoting import shown_path, squeezed

__all__ = ["OLDEST", "Runtime", "RuntimeProblem", "find_runtimes", "probe"]

OLDEST: Final = (3, 9)
"""The oldest Python that the lab process runs on."""

_TIMEOUT_S: Final = 10.0  # a first start from a slow disk takes seconds
_NAME: Final = re.compile(r"python(3(\.\d+)?t?)?(\.exe)?")
_POSIX: Final = os.name == "posix"

# Runs on Python 2 as well (so not with -I): too old has to be told from broken.
_OPTIONS: Final = ("-E", "-s", "-S", "-c")
_QUESTION: Final = """\
import sys
sys.path[:] = [entry for entry in sys.path if entry]
import json
name = getattr(getattr(sys, "implementation", None), "name", "cpython")
print(json.dumps({"path": sys.executable, "version": sys.version.split()[0],
    "numbers": list(sys.version_info[:3]), "free_threaded": "free-threading" in sys.version,
    "implementation": name}))
"""


@dataclass(frozen=True, slots=True)
class Runtime:
    """A Python that the lab process can use."""

    path: str
    """The file to start (what ``sys.executable`` says there)."""
    version: str
    """As in ``3.13.0`` or ``3.14.0rc2``."""
    numbers: tuple[int, int, int]
    free_threaded: bool
    """Whether the build can run threads without the GIL."""
    implementation: str
    """``cpython``, ``pypy`` ..."""

    @property
    def label(self) -> str:
        """Return what people read, as in ``Python 3.13.0 free-threaded``."""
        name = "Python" if self.implementation == "cpython" else self.implementation
        return f"{name} {self.version}" + (" free-threaded" if self.free_threaded else "")


def probe(python: str | Path, timeout_s: float = _TIMEOUT_S) -> Runtime:
    """Run a file and return which Python it is.

    Parameters
    ----------
    python
        A path, or a name that is looked for on the PATH.

    Raises
    ------
    RuntimeProblem
        If it is not there, cannot be run, is no Python, is older than `OLDEST`, or hangs.
    """
    path = _existing(str(python))
    runtime = _understood(path, answer_of(path, (*_OPTIONS, _QUESTION), timeout_s))
    if runtime.numbers < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        raise RuntimeProblem(
            f"{shown_path(path)} is Python {runtime.version}; choose Python {oldest} or newer."
        )
    return runtime


def find_runtimes(timeout_s: float = _TIMEOUT_S) -> tuple[Runtime, ...]:
    """Return the usable Pythons: this one first, then the others by version.

    Looks on the PATH and in the folders of pyenv and uv. Files that are no usable
    Python are left out.
    """
    candidates = _first_of_each([Path(sys.executable), *_candidates()])
    answers = _answers([str(path) for path in candidates], timeout_s)
    answers[0] = answers[0] or _this()
    runtimes = {runtime.path: runtime for runtime in answers if runtime is not None}
    # Once more by what they say they are: a starter script is another file than its Python.
    found = [runtimes[str(path)] for path in _first_of_each(map(Path, runtimes))]
    this = _identity(Path(sys.executable))

    def place(runtime: Runtime) -> tuple[bool, tuple[int, int, int], bool, str]:
        is_other = _identity(Path(runtime.path)) != this
        return is_other, runtime.numbers, runtime.free_threaded, runtime.path

    return tuple(sorted(found, key=place))


def _first_of_each(paths: Iterable[Path]) -> list[Path]:
    """Return the paths without those that name the same Python as one before."""
    first: dict[str, Path] = {}
    for path in paths:
        first.setdefault(_identity(path), path)
    return list(first.values())


def _this() -> Runtime:
    """Return this Python, which can be used also where there is no room to ask it."""
    return Runtime(
        path=sys.executable,
        version=sys.version.split()[0],
        numbers=sys.version_info[:3],
        free_threaded="free-threading" in sys.version,
        implementation=sys.implementation.name,
    )


def _answers(paths: list[str], timeout_s: float) -> list[Runtime | None]:
    """Ask some at a time; one after the other where there is no room for threads."""
    asked = partial(_probed, timeout_s=timeout_s)
    try:
        with futures.ThreadPoolExecutor(4) as pool:
            return list(pool.map(asked, paths))
    except (RuntimeError, MemoryError):
        return list(map(asked, paths))


def _probed(path: str, timeout_s: float) -> Runtime | None:
    try:
        return probe(path, timeout_s)
    except (RuntimeProblem, NoRoom):
        return None  # a broken Python in some folder is no concern of who looks for a working one


def _existing(python: str) -> str:
    path = Path(python).expanduser()
    if path.is_dir():
        raise RuntimeProblem(f"{path} is a folder; name the Python in it, as in {path}/bin/python.")
    if path.is_file():
        if not os.access(path, os.X_OK):
            raise RuntimeProblem(f"{path} is not executable; choose a Python program.")
        return str(path.absolute())  # not resolved: the link is what makes a virtual environment
    found = shutil.which(python)
    if found is None:
        raise RuntimeProblem(f"There is no Python at {squeezed(python)}; check the path.")
    return found


def _understood(path: str, answer: bytes) -> Runtime:
    try:
        told = json.loads(answer)
        major, minor, micro = map(int, told["numbers"])
        return Runtime(
            path=str(told["path"]) or path,
            version=str(told["version"]),
            numbers=(major, minor, micro),
            free_threaded=bool(told["free_threaded"]),
            implementation=str(told["implementation"]),
        )
    except (ValueError, TypeError, KeyError) as error:
        raise RuntimeProblem(f"{path} is not a Python; choose a Python program.") from error


def _candidates() -> Iterator[Path]:
    for folder in _folders():
        for file in _listed(folder):
            if _NAME.fullmatch(file.name) and os.access(file, os.X_OK) and file.is_file():
                yield file


def _listed(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []  # the PATH may name folders that are not there or are not ours to read


def _folders() -> Iterator[Path]:
    roots = sorted(set(_pyenv_roots()))
    shims = {root / "shims" for root in roots}  # slow starters of what the next lines find
    for entry in os.environ.get("PATH", "").split(os.pathsep):
        if entry and Path(entry) not in shims:
            yield Path(entry)
    for parent in (*(root / "versions" for root in roots), _uv_folder()):
        for version in _listed(parent):
            yield version / "bin" if _POSIX else version


def _pyenv_roots() -> Iterator[Path]:
    for root in (os.environ.get("PYENV_ROOT"), "~/.pyenv"):
        if root:
            yield Path(root).expanduser()
    pyenv = shutil.which("pyenv")
    if pyenv:  # somewhere else, and only the shell that called `pyenv init` knows where
        yield Path(pyenv).resolve().parent.parent


def _uv_folder() -> Path:
    named = os.environ.get("UV_PYTHON_INSTALL_DIR")
    if named:
        return Path(named)
    if _POSIX:
        home = Path(os.environ.get("XDG_DATA_HOME") or "~/.local/share").expanduser()
        return home / "uv" / "python"
    return Path(os.environ.get("APPDATA", "~")).expanduser() / "uv" / "python"


def _identity(path: Path) -> str:
    """Return a text that is equal for two names of one Python.

    In a virtual environment the program is a link to the Python it was made with, but
    another Python for what it can import: there the folder decides. Elsewhere the file does,
    not its path: ``make install`` makes `python3.13` and `python3.13t` hard links.
    """
    folder = Path(os.path.realpath(path.parent))
    if any((place / "pyvenv.cfg").is_file() for place in (folder, folder.parent)):
        return str(folder)
    try:
        file = path.stat()
    except OSError:
        return os.path.realpath(path)  # it went away while the others were asked
    return f"{file.st_dev}:{file.st_ino}"
