"""``main.py`` itself: which Pythons and which Qt it refuses, and what it hands over."""

import os
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


def test_what_cannot_be_loaded_is_told(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_bytes(MAIN.read_bytes())
    (tmp_path / "core").mkdir()
    (tmp_path / "core" / "__init__.py").write_text("import no_such_module_anywhere")
    done = subprocess.run(
        [sys.executable, str(tmp_path / "main.py"), "list"], capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Futures Lab could not be loaded (No module named ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("before", [None, "3"])
def test_numpy_comes_without_threads_of_its_own(before: str | None) -> None:
    code = (
        "import os; from core.numbers_alone import import_numpy; import_numpy();"
        "print(len(os.listdir('/proc/self/task')), os.environ.get('OPENBLAS_NUM_THREADS'))"
    )
    environment = {key: value for key, value in os.environ.items() if "OPENBLAS" not in key}
    if before is not None:
        environment["OPENBLAS_NUM_THREADS"] = before
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=MAIN.parent, env=environment, capture_output=True
    )
    assert done.stdout.decode().split() == ["1", str(before)]
