"""What a demo needs of the Python and the machine, looked up before anything starts."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from core import needs
from core.card import Card, Localized
from core.demos import all_demos, demo_named
from core.needs import check_memory, check_modules, needs_problem
from core.refusals import MissingModules, NoSuchMode, TooLittleMemory
from tests.core.command import command
from tests.lab.running import program
from tests.pythons import Python, installed_pythons

NUMPY, ABSENT = "numpy", "no_such_module"


@pytest.fixture(autouse=True)
def _nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(needs, "_complete", set())


def needing(*modules: str) -> Card:
    return dataclasses.replace(demo_named("fibonacci").card, needs=modules)


def lacks_numpy(python: Python) -> bool:
    asked = subprocess.run([python.path, "-c", "import numpy"], capture_output=True, check=False)
    return asked.returncode != 0


def test_a_module_that_is_there_passes_on_every_python(each_python: Python) -> None:
    check_modules(needing("json", "concurrent.futures"), "fibonacci", each_python.path)


def test_numpy_is_there_where_it_can_be_imported(each_python: Python) -> None:
    problem = needs_problem(needing(NUMPY), "matrix", each_python.path)
    assert bool(problem) is lacks_numpy(each_python)


def test_the_sentence_names_the_demo_the_module_the_python_and_what_to_do() -> None:
    lacking = [python for python in installed_pythons() if lacks_numpy(python)]
    if not lacking:
        pytest.skip("every Python of this machine has numpy")
    python = lacking[0]
    with pytest.raises(MissingModules) as caught:
        check_modules(needing(NUMPY, "json"), "matrix", python.path)
    assert caught.value.modules == (NUMPY,)
    assert caught.value.python.startswith(f"Python {python.version.removesuffix('t')}.")
    assert str(caught.value) == (
        f"matrix needs numpy, which {caught.value.python} does not have; choose another Python, "
        f"or install it for this one ({python.path} -m pip install numpy)."
    )


@pytest.mark.parametrize("name", [ABSENT, f"{ABSENT}.part", "json.no_such_part"])
def test_what_cannot_be_imported_is_missing(name: str) -> None:
    with pytest.raises(MissingModules, match=f"needs {name}, which Python "):
        check_modules(needing(name), "x", sys.executable)


def test_a_file_in_the_current_folder_is_no_module(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / f"{ABSENT}.py").touch()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(MissingModules):
        check_modules(needing(ABSENT), "x", sys.executable)


def test_modules_that_the_run_would_find_by_its_variables_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / f"{ABSENT}.py").write_text("raise SystemExit('imported')\n")
    (tmp_path / "sitecustomize.py").write_text("print('noise')\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    check_modules(needing(ABSENT), "x", sys.executable)


def test_a_python_that_has_everything_is_asked_once_and_one_that_lacks_something_each_time(
    tmp_path: Path,
) -> None:
    log = tmp_path / "asked"
    python = program(tmp_path / "python3", f'echo >> "{log}"\nexec "{sys.executable}" "$@"')
    for _ in range(3):
        check_modules(needing("json"), "x", str(python))
    assert log.read_text().count("\n") == 1
    for _ in range(2):
        assert ABSENT in needs_problem(needing(ABSENT), "x", str(python))
    assert log.read_text().count("\n") == 3


@pytest.mark.parametrize("text", ["exit 1", "echo nonsense", "echo 1", "sleep 1000 & wait"])
def test_a_python_that_does_not_say_what_it_has_is_left_to_its_run(
    tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "sleep" in text:
        monkeypatch.setattr(needs, "PATIENCE_S", 0.5)
    check_modules(needing(ABSENT), "x", str(program(tmp_path / "python3", text)))
    check_modules(needing(ABSENT), "x", str(tmp_path / "absent"))


def test_a_demo_without_needs_asks_nobody(tmp_path: Path) -> None:
    note = tmp_path / "asked"
    check_modules(needing(), "x", str(program(tmp_path / "python3", f"touch {note}")))
    assert not note.exists()


def test_a_run_that_does_not_fit_into_the_memory_is_refused_with_its_size() -> None:
    card = demo_named("matrix").card
    with pytest.raises(TooLittleMemory) as caught:
        check_memory(card, "matrix", {"SIZE": 100_000, "WORKERS": 32, "TASKS": 8})
    assert str(caught.value).startswith(
        "matrix with SIZE = 100,000 and WORKERS = 32 needs 7.68 TB of memory, and "
    )
    assert str(caught.value).endswith(" are free; make SIZE or WORKERS smaller.")
    assert caught.value.needed_bytes == 24 * 100_000**2 * 32
    assert 0 < caught.value.free_bytes <= psutil.virtual_memory().total


def test_what_fits_passes_and_so_does_what_cannot_be_known() -> None:
    card = demo_named("matrix").card
    check_memory(card, "matrix", {"SIZE": 100, "WORKERS": 2})
    check_memory(card, "matrix", {"SIZE": 100_000})  # the other one was edited out of the script
    check_memory(demo_named("fibonacci").card, "fibonacci", {"N": 10**9})


def test_free_memory_is_the_border(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(needs, "_free_bytes", lambda: 24 * 100 * 100 * 2)
    card = demo_named("matrix").card
    check_memory(card, "matrix", {"SIZE": 100, "WORKERS": 2})
    with pytest.raises(TooLittleMemory, match="needs 490 kB of memory, and 480 kB are free"):
        check_memory(card, "matrix", {"SIZE": 101, "WORKERS": 2})


def test_a_mode_that_is_lacking_says_why() -> None:
    why = {"threads": Localized("Threads share everything.", {"ja": "理由。"})}
    card = dataclasses.replace(demo_named("fibonacci").card, modes=("processes",), why_not=why)
    assert str(NoSuchMode("x", card, "threads")) == (
        "x has no mode 'threads', only processes: Threads share everything."
    )
    assert str(NoSuchMode("x", card, "cluster")) == (
        "x has no mode 'cluster'; choose one of processes."
    )


def test_the_command_line_says_why_a_mode_is_lacking() -> None:
    demo, mode, reason = next(
        (demo, mode, reason) for demo in all_demos() for mode, reason in demo.card.why_not.items()
    )
    refused = command("run", demo.name, "--mode", mode)
    assert (refused.status, refused.out) == (2, "")
    assert refused.err.startswith(f"{demo.name} has no mode '{mode}', only ")
    assert refused.err.endswith(f": {reason.en}\n")


def test_a_python_is_asked_as_it_is_named(tmp_path: Path) -> None:
    link = tmp_path / ("python" + (".exe" if os.name == "nt" else ""))
    link.symlink_to(sys.executable)
    with pytest.raises(MissingModules) as caught:
        check_modules(needing(ABSENT), "x", str(link))
    assert caught.value.path == str(link)  # the link is what makes a virtual environment
