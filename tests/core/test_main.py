"""``main.py`` itself: which Pythons and which Qt it refuses, and what it hands over."""

import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

import main
from core import cli
from tests.core.command import MAIN, script
from tests.pythons import Python


def test_an_old_python_gets_a_sentence(python_runtimes: tuple[Python, ...]) -> None:
    old = [one for one in python_runtimes if one.version in ("3.9", "3.10")]
    if not old:
        pytest.skip("needs Python 3.9 or 3.10")
    for python in old:
        done = subprocess.run(
            [python.path, str(MAIN), "list"], capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stdout) == (2, "")
        told = f"Futures Lab needs Python 3.11 or newer, and this is Python {python.version}; "
        assert done.stderr.startswith(told)
        assert done.stderr.count("\n") == 1


def test_even_the_oldest_grammar_reads_it() -> None:
    words = MAIN.read_text(encoding="ascii")  # Python 2 would ask for an encoding otherwise
    assert ' f"' not in words
    assert " -> int:" not in words


@pytest.mark.parametrize(
    ("python", "qt", "is_refused"),
    [
        ((3, 11), "6.12.0", True),
        ((3, 11), "6.12.0.1", True),
        ((3, 11), "6.11.3", False),
        ((3, 11), "6.12.1", False),
        ((3, 12), "6.12.0", False),
        ((3, 14), "6.12.0", False),
    ],
)
def test_the_pair_that_aborts_is_refused(
    monkeypatch: pytest.MonkeyPatch,
    python: tuple[int, int],
    qt: str,
    is_refused: bool,
) -> None:
    monkeypatch.setattr(metadata, "version", lambda name: {"PySide6_Essentials": qt}[name])
    monkeypatch.setattr(sys, "version_info", (*python, 0))
    problem = main._qt_problem()
    assert bool(problem) == is_refused
    if is_refused:
        assert problem.startswith("PySide6 6.12.0 aborts on Python 3.11")
        assert "-m pip install" in problem


@pytest.mark.parametrize("words", [[], ["{script}"], ["tour", "{folder}"]])
def test_window_and_tour_refuse_before_qt_is_imported(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
) -> None:
    monkeypatch.setattr(main, "_qt_problem", lambda: "Not with this Qt.")
    for name in [name for name in sys.modules if name.partition(".")[0] == "gui"]:
        monkeypatch.delitem(sys.modules, name)
    names = {"script": str(script(tmp_path, "")), "folder": str(tmp_path / "tour")}
    assert main.main([word.format(**names) for word in words]) == 2
    assert capsys.readouterr().err == "Not with this Qt.\n"
    assert not [name for name in sys.modules if name.partition(".")[0] == "gui"]
    assert not (tmp_path / "tour").exists()


def test_a_missing_qt_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", missing)
    assert "start it with ./run, or install the requirements" in main._qt_problem()


def test_the_window_gets_its_script_and_the_tour_its_folder_and_demos(tmp_path: Path) -> None:
    asked: list[object] = []

    def window(argv: list[str]) -> int:
        asked.append(argv)
        return 0

    def tour(folder: str, demos: list[str]) -> int:
        asked.append((folder, demos))
        return 1

    path = str(script(tmp_path, "", "mine.py"))
    assert cli.main([], window, tour) == 0
    assert cli.main([path], window, tour) == 0
    assert cli.main(["tour", "pictures"], window, tour) == 1
    assert cli.main(["tour", "pictures", "one", "other"], window, tour) == 1
    assert asked == [[], [path], ("pictures", []), ("pictures", ["one", "other"])]
