"""Finding Pythons, and telling what is none."""

import os
import sys
from pathlib import Path

import psutil
import pytest

from core import runtimes
from core.runtimes import Runtime, RuntimeProblem, find_runtimes, probe
from tests.pythons import Python
from tests.waiting import wait_until

pytestmark = pytest.mark.skipif(os.name != "posix", reason="makes programs of shell scripts")


def program(path: Path, text: str) -> Path:
    """Write an executable shell script."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def fake_python(path: Path, version: str, *, free_threaded: bool = False) -> Path:
    """Write a program that answers as a Python of some version would."""
    numbers = ", ".join(version.split("."))
    return program(
        path,
        f'echo \'{{"path": "\'"$0"\'", "version": "{version}", "numbers": [{numbers}], '
        f'"free_threaded": {str(free_threaded).lower()}, "implementation": "cpython"}}\'',
    )


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Hide the machine's Pythons; what is in the folder can be found."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    monkeypatch.delenv("UV_PYTHON_INSTALL_DIR", raising=False)
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    return tmp_path


def test_this_interpreter_says_what_it_is() -> None:
    runtime = probe(sys.executable)
    assert Path(runtime.path).samefile(sys.executable)
    assert runtime.numbers == sys.version_info[:3]
    assert runtime.version == sys.version.split()[0]
    assert runtime.implementation == sys.implementation.name
    assert runtime.label.startswith(f"Python {runtime.version}")


def test_every_python_of_the_machine_can_be_probed(each_python: Python) -> None:
    runtime = probe(each_python.path)
    major, minor, _ = runtime.numbers
    assert each_python.version == f"{major}.{minor}" + "t" * runtime.free_threaded


def test_a_name_is_looked_for_on_the_path(nowhere: Path) -> None:
    fake_python(nowhere / "bin" / "python3.99", "3.99.1")
    assert probe("python3.99").path == str(nowhere / "bin" / "python3.99")


def test_the_label_tells_a_free_threaded_build(nowhere: Path) -> None:
    path = fake_python(nowhere / "python3.13t", "3.13.0", free_threaded=True)
    assert probe(path).label == "Python 3.13.0 free-threaded"


def test_no_user_code_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trap = "raise SystemExit('user code ran')"
    for name in ("json.py", "sitecustomize.py", "usercustomize.py"):
        (tmp_path / name).write_text(trap)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("PYTHONSTARTUP", str(tmp_path / "json.py"))
    assert probe(sys.executable).numbers == sys.version_info[:3]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("exit 0", "is not a Python; choose a Python program."),
        ("exit 127", "is not a Python; choose a Python program."),
        ("echo hello", "is not a Python; choose a Python program."),
        ("echo '[1, 2]'", "is not a Python; choose a Python program."),
        ("echo '{\"numbers\": [3, 11]}'", "is not a Python; choose a Python program."),
        ("yes", "is not a Python; choose a Python program."),  # prints for ever
        ("sleep 1000", "did not answer within 0.5 seconds; choose another Python."),
        ("sleep 1000 & wait", "did not answer within 0.5 seconds; choose another Python."),
    ],
)
def test_what_is_no_python_is_told_in_one_sentence(tmp_path: Path, text: str, problem: str) -> None:
    path = program(tmp_path / "python3", text)
    with pytest.raises(RuntimeProblem) as caught:
        probe(path, timeout_s=0.5 if "sleep" in text else 30.0)
    assert str(caught.value) == f"{path} {problem}"


@pytest.mark.slow
def test_what_a_hanging_program_started_is_ended_too(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    path = program(tmp_path / "python3", f'sleep 1000 & echo $! > "{note}"; wait')
    with pytest.raises(RuntimeProblem, match="did not answer"):
        probe(path, timeout_s=1.0)
    pid = int(note.read_text())
    wait_until(lambda: not psutil.pid_exists(pid), what="the end of the grandchild")


def test_an_old_python_is_refused(tmp_path: Path) -> None:
    path = fake_python(tmp_path / "python3.8", "3.8.18")
    with pytest.raises(RuntimeProblem, match=r"is Python 3\.8\.18; choose Python 3\.9 or newer\.$"):
        probe(path)


def test_missing_and_unusable_files_are_told(tmp_path: Path) -> None:
    plain = tmp_path / "notes.txt"
    plain.write_text("hello")
    broken = program(tmp_path / "broken", "")
    broken.write_text("#!/nowhere/interpreter\n")
    cases = {
        tmp_path / "absent": "There is no Python at .*absent; check the path",
        tmp_path: "is a folder; name the Python in it",
        plain: "is not executable; choose a Python program",
        broken: "cannot be run .*; choose a Python program",
    }
    for path, sentence in cases.items():
        with pytest.raises(RuntimeProblem, match=sentence):
            probe(path)


def test_this_interpreter_is_found_first_and_alone(nowhere: Path) -> None:
    found = find_runtimes()
    assert [runtime.path for runtime in found] == [probe(sys.executable).path]


def test_pythons_are_found_in_every_place_and_sorted(nowhere: Path) -> None:
    fake_python(nowhere / "bin" / "python3.13", "3.13.1")
    fake_python(nowhere / "pyenv" / "versions" / "3.9" / "bin" / "python", "3.9.2")
    fake_python(nowhere / "home/.pyenv/versions/3.10/bin/python3", "3.10.0")
    uv = nowhere / "home/.local/share/uv/python/cpython-3.13t/bin"
    fake_python(uv / "python3.13t", "3.13.1", free_threaded=True)
    versions = [(one.version, one.free_threaded) for one in find_runtimes()[1:]]
    assert versions == [("3.9.2", False), ("3.10.0", False), ("3.13.1", False), ("3.13.1", True)]


@pytest.mark.parametrize("name", ["python", "python3", "python3.13", "python3.13t", "python3t"])
@pytest.mark.parametrize("place", ["bin", "pyenv/versions/3.13.5t/bin"])
def test_any_name_will_do(place: str, name: str, nowhere: Path) -> None:
    fake_python(nowhere / place / name, "3.13.5", free_threaded=True)
    assert [runtime.label for runtime in find_runtimes()[1:]] == ["Python 3.13.5 free-threaded"]


def test_two_names_of_one_file_are_one_python(nowhere: Path) -> None:
    folder = nowhere / "pyenv/versions/3.13.5t/bin"
    fake_python(folder / "python3.13", "3.13.5", free_threaded=True)
    (folder / "python3.13t").hardlink_to(folder / "python3.13")
    (folder / "python").symlink_to("python3.13")
    assert [Path(runtime.path).name for runtime in find_runtimes()[1:]] == ["python"]


def test_pyenv_is_found_by_its_program(nowhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYENV_ROOT")
    root = nowhere / "elsewhere"
    program(root / "libexec/pyenv", "exit 0")
    (nowhere / "bin").mkdir()
    (nowhere / "bin/pyenv").symlink_to(root / "libexec/pyenv")
    fake_python(root / "versions/3.12.1/bin/python3.12", "3.12.1")
    fake_python(root / "shims/python3.12", "3.12.1")
    monkeypatch.setenv("PATH", f"{nowhere / 'bin'}{os.pathsep}{root / 'shims'}")
    paths = [runtime.path for runtime in find_runtimes()[1:]]
    assert paths == [str(root / "versions/3.12.1/bin/python3.12")]


def test_one_python_is_listed_once_whatever_its_names(nowhere: Path) -> None:
    original = fake_python(nowhere / "pyenv/versions/3.12/bin/python3.12", "3.12.0")
    (original.parent / "python3").symlink_to("python3.12")
    (nowhere / "bin").mkdir()
    (nowhere / "bin" / "python3").symlink_to(original)
    starter = fake_python(nowhere / "bin" / "python3.12", "3.12.0")
    starter.write_text(f'#!/bin/sh\nexec "{original}" "$@"\n')  # as a version manager's shim does
    assert [runtime.version for runtime in find_runtimes()[1:]] == ["3.12.0"]


def test_a_virtual_environment_is_another_runtime_than_its_python(nowhere: Path) -> None:
    original = fake_python(nowhere / "bin" / "python3.12", "3.12.0")
    environment = nowhere / "pyenv/versions/mine"
    (environment / "bin").mkdir(parents=True)
    (environment / "pyvenv.cfg").write_text("home = somewhere\n")
    (environment / "bin" / "python").symlink_to(original)
    paths = [runtime.path for runtime in find_runtimes()[1:]]
    assert paths == sorted([str(original), str(environment / "bin" / "python")])


def test_broken_programs_and_other_names_are_left_out(nowhere: Path) -> None:
    program(nowhere / "bin" / "python3.11", "exit 1")
    fake_python(nowhere / "bin" / "python3.8", "3.8.0")
    fake_python(nowhere / "bin" / "python3-config", "3.12.0")
    fake_python(nowhere / "bin" / "pythonw-of-old", "3.12.0")
    (nowhere / "bin" / "python3.12").symlink_to("nowhere")
    assert len(find_runtimes()) == 1


def test_each_python_of_the_version_manager_is_found_once() -> None:
    root = Path(os.environ.get("PYENV_ROOT", "~/.pyenv")).expanduser()
    folders = [one.parent for one in root.glob("versions/3.*/bin") if (one / "python3").exists()]
    supported = [one for one in folders if int(one.name.split(".")[1]) >= runtimes.OLDEST[1]]
    found = [Path(runtime.path) for runtime in find_runtimes()[1:]]
    for folder in supported:
        if not Path(sys.executable).is_relative_to(folder):
            assert len([path for path in found if path.is_relative_to(folder)]) == 1, folder


def test_runtimes_are_values() -> None:
    fields = ("/usr/bin/python3", "3.12.1", (3, 12, 1), False, "pypy")
    assert Runtime(*fields) == Runtime(*fields)
    assert Runtime(*fields).label == "pypy 3.12.1"
    assert runtimes.OLDEST == (3, 9)
