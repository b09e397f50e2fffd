"""Odd environments: each command runs well or says in a sentence why not, whatever is set or shut.

A table of environments, closed descriptors and places times the commands; the quick tests take
the corners that failed once, the slow ones all.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from core.recording_file import open_recording, save
from tests.core.command import MAIN, script
from tests.core.recordings import finished_run

pytestmark = pytest.mark.skipif(os.name != "posix", reason="closes descriptors by a shell")

PATIENCE_S: Final = 120
"""Only used up when something hangs."""

SQUARES: Final = """\
from concurrent import futures

def square(number):
    return number * number

def main():
    with futures.ThreadPoolExecutor(2) as pool:
        print(list(pool.map(square, range(3))))

if __name__ == "__main__":
    main()
"""
IN_PROCESSES: Final = ["run", "fibonacci", "--mode", "processes", "--set", "N=1000"]
COMMANDS: Final[Mapping[str, list[str]]] = {
    "list": ["list"],
    "list as JSON": ["list", "--json"],
    "run": ["run", "{squares}"],
    "run as JSON": ["run", "{squares}", "--json"],
    "record": ["run", "{squares}", "--record", "{out}"],
    "processes": IN_PROCESSES,
    "compare": ["compare", "fibonacci", "--modes", "threads", "--set", "N=1000"],
    "export": ["export", "{recording}", "--to", "csv", "{out}"],
    "draw": ["export", "{recording}", "--to", "svg", "{out}"],
}
WITH_A_FILE: Final = ("record", "export", "draw")

ENVIRONMENTS: Final[Mapping[str, Mapping[str, str | None]]] = {
    "a TMPDIR that is not UTF-8": {"TMPDIR": "{folder}/t\udcff"},
    "a TMPDIR that is not there": {"TMPDIR": "{folder}/absent"},
    "a relative TMPDIR": {"TMPDIR": "relative"},
    "a TMPDIR that is a file": {"TMPDIR": "{squares}"},
    "a TMPDIR with a line end": {"TMPDIR": "{folder}/a\nb 日本"},
    "a time zone of 25 hours": {"TZ": "UTC+25"},
    "a time zone that there is not": {"TZ": ":/no/such\x01"},
    "no look beside the program": {"PYTHONSAFEPATH": "1"},
    "a prompt at the end": {"PYTHONINSPECT": "1"},
    "warnings that are errors": {"PYTHONWARNINGS": "error"},
    "a seed for hashes": {"PYTHONHASHSEED": "0"},
    "ASCII alone": {"PYTHONIOENCODING": "ascii"},
    "the C locale": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "a locale that there is not": {"LC_ALL": "xx_YY.none", "LANG": "xx"},
    "no HOME": {"HOME": None},
    "a HOME that takes no files": {"HOME": "/proc/self"},
    "a relative HOME": {"HOME": "relative"},
    "odd XDG folders": {
        **dict.fromkeys(("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"), "/proc/self/x"),
        "XDG_RUNTIME_DIR": "/absent",
    },
    "no docstrings": {"PYTHONOPTIMIZE": "2"},
    "no PATH": {"PATH": None},
    "an odd width": {"COLUMNS": "rubbish"},
}
SHUT: Final = ("<&-", ">&-", "2>&-", "<&- >&-", "<&- 2>&-", ">&- 2>&-", "<&- >&- 2>&-")
QUICK: Final = {
    ("a time zone of 25 hours", "run"),
    ("no look beside the program", "list"),
    ("a prompt at the end", "run"),
    ("<&-", "run"),
    (">&-", "list"),
    ("<&- >&- 2>&-", "record"),
}
PARTIAL: Final = "relative", "t\udcff", "a\nb 日本"


class Place(NamedTuple):
    """Where commands are tried, and what they are about."""

    folder: Path
    squares: Path
    recording: Path
    out: Path

    def filled(self, text: str) -> str:
        """Return a text with the names of the files in it."""
        for name, path in self._asdict().items():
            text = text.replace(f"{{{name}}}", str(path))
        return text


class Outcome(NamedTuple):
    """What became of a command."""

    status: int
    out: bytes
    err: bytes


@pytest.fixture
def place() -> Iterator[Place]:
    """Make the files that the commands are about, where a socket file's path stays short enough."""
    with tempfile.TemporaryDirectory(prefix="odd-") as name:
        folder = Path(name)
        for part in PARTIAL:
            (folder / part).mkdir()
        found = Place(folder, script(folder, SQUARES), folder / "run.jsonl", folder / "out")
        save(finished_run(), found.recording)
        yield found


def tried(
    place: Place, words: list[str], environment: Mapping[str, str | None], shut: str = ""
) -> Outcome:
    """Run a command to its end."""
    settings: dict[str, str | None] = {"QT_QPA_PLATFORM": "offscreen", **environment}
    env = {**os.environ, **{name: place.filled(text) for name, text in settings.items() if text}}
    for name, text in settings.items():
        if text is None:
            env.pop(name, None)
    done = subprocess.run(
        ["/bin/sh", "-c", f'exec "$@" {shut}', "sh", sys.executable, str(MAIN)]
        + [place.filled(word) for word in words],
        env=env,
        cwd=place.folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=PATIENCE_S,
        check=False,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


def check(place: Place, name: str, outcome: Outcome, shut: str = "") -> None:
    """Check that a command did what it is for, or said why not."""
    assert b"Traceback" not in outcome.out + outcome.err
    assert outcome.status in (0, 1, 2, 3)
    if outcome.status == 0:
        assert outcome.out or ">&-" in shut
        if name in WITH_A_FILE:
            assert place.out.stat().st_size
    elif "2>&-" not in shut:
        assert outcome.err.strip().endswith(b".")
    if name == "record" and place.out.exists():
        assert open_recording(place.out).ending is not None


def cases(names: Mapping[str, object] | tuple[str, ...]) -> list[object]:
    """Return each name with each command; all but a few are slow."""
    pairs = [(name, command) for name in names for command in COMMANDS]
    return [
        pytest.param(*pair, marks=() if pair in QUICK else pytest.mark.slow, id=", ".join(pair))
        for pair in pairs
    ]


@pytest.mark.parametrize(("environment", "name"), cases(ENVIRONMENTS))
def test_an_odd_environment_changes_nothing(place: Place, environment: str, name: str) -> None:
    outcome = tried(place, COMMANDS[name], ENVIRONMENTS[environment])
    check(place, name, outcome)
    assert outcome.status == 0, outcome.err


@pytest.mark.parametrize(("shut", "name"), cases(SHUT))
def test_a_closed_stream_gets_a_sentence_at_most(place: Place, shut: str, name: str) -> None:
    outcome = tried(place, COMMANDS[name], {}, shut)
    check(place, name, outcome, shut)
    is_told = " >&-" not in f" {shut}"
    assert outcome.status == (0 if is_told else 1)
    if not is_told and "2>&-" not in shut:
        assert b"The output cannot be written (Bad file descriptor)" in outcome.err


@pytest.mark.slow
@pytest.mark.parametrize("name", COMMANDS)
def test_a_folder_that_was_deleted_is_no_obstacle(place: Place, name: str) -> None:
    gone = place.folder / "gone"
    gone.mkdir()
    words = [place.filled(word) for word in COMMANDS[name]]
    text = f'cd "{gone}" && rmdir "{gone}" && exec "$@"'
    done = subprocess.run(
        ["/bin/sh", "-c", text, "sh", sys.executable, str(MAIN), *words],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=PATIENCE_S,
        check=False,
    )
    outcome = Outcome(done.returncode, done.stdout, done.stderr)
    check(place, name, outcome)
    assert outcome.status == 0, outcome.err


@pytest.mark.slow
def test_the_program_may_lie_anywhere(
    place: Place, tmp_path_factory: pytest.TempPathFactory
) -> None:
    odd = tmp_path_factory.mktemp("odd") / "a b ü 日本"
    ignored: Callable[[str, list[str]], set[str]] = shutil.ignore_patterns("__pycache__")
    for name in ("core", "gui", "resources"):
        shutil.copytree(MAIN.parent / name, odd / name, ignore=ignored)
    shutil.copy(MAIN, odd)
    for name, words in COMMANDS.items():
        done = subprocess.run(
            [sys.executable, str(odd / "main.py"), *map(place.filled, words)],
            env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE_S,
            check=False,
        )
        check(place, name, Outcome(done.returncode, done.stdout, done.stderr))
        assert done.returncode == 0, done.stderr
        place.out.unlink(missing_ok=True)
