"""./run and ./test on machines made of stand-ins: no network, no packages, no root needed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from tests.waiting import wait_until

ROOT = Path(__file__).resolve().parent.parent
REAL_TOOLS = ("sh", "cat", "cp", "grep", "mkdir", "rm", "sed", "sleep", "sort", "tr")
FLOCK = shutil.which("flock")
IS_DEBIAN = Path("/etc/debian_version").exists()

PYTHON = """
echo "python $*" >>"$state/log"
case "$*" in
"-c import sys, sysconfig; sys.exit"*) [ ! -e "$state/python-is-old" ] ;;
"-c import sys; print"*) echo python3.12-venv ;;
"-c import ensurepip" | "-m ensurepip") [ ! -e "$state/no-ensurepip" ] ;;
"-m venv "*)
    mkdir -p "$3/bin" "$3/lib/python3.12/site-packages/PySide6"
    cp "$0" "$3/bin/python"
    ;;
"-m pip --version") [ ! -e "$state/no-pip" ] ;;
"-m pip install"*)
    echo "Collecting many things"
    while [ -e "$state/network-is-slow" ]; do sleep 0.01; done
    [ ! -e "$state/no-network" ]
    ;;
*) echo "started: $*" ;;
esac
"""
UV = """
echo "uv $*" >>"$state/log"
case "$1" in
venv)
    mkdir -p "$5/bin"
    cp "$state/bin/python3.12" "$5/bin/python"
    ;;
esac
"""
APT_GET = """
echo "apt-get $*" >>"$state/log"
[ -e "$state/no-network" ] || case "$*" in
*install*python3*) [ ! -e "$state/python3" ] || cp "$state/python3" "$state/bin/python3" ;;
*install*) rm -f "$state/library-is-missing" "$state/no-ensurepip" "$state/no-japanese-font" ;;
esac
[ ! -e "$state/no-network" ]
"""
STAND_INS = {
    "python3.12": PYTHON,
    "apt-get": APT_GET,
    "ldd": """
        echo "ldd" >>"$state/log"
        echo "	libc.so.6 => /lib/libc.so.6 (0x0)"
        [ ! -e "$state/library-is-missing" ] || case "$*" in
        *libqxcb.so) echo "	libxcb-cursor.so.0 => not found" ;;
        esac
    """,
    "fc-list": '[ "$1" = :lang=ja ] && [ -e "$state/no-japanese-font" ] || echo "A font"',
    "id": '[ -e "$state/is-root" ] && echo 0 || echo 1000',
    "uname": "echo Linux",
    "Xvfb": "",
    "xdotool": "",
    "openbox": "",
}


@dataclass
class Machine:
    """A project and a PATH of its own; files in `state` say what is wrong with the machine."""

    project: Path
    state: Path
    environment: dict[str, str] = field(default_factory=lambda: {"DISPLAY": ":0"})

    def put(self, name: str, script: str) -> None:
        program = self.state / "bin" / name
        program.write_text(f"#!/bin/sh\nstate={self.state}\n{script}\n")
        program.chmod(0o755)

    def remove(self, name: str) -> None:
        (self.state / "bin" / name).unlink()

    def mark(self, *flags: str) -> None:
        for flag in flags:
            (self.state / flag).touch()

    def unmark(self, flag: str) -> None:
        (self.state / flag).unlink()

    def start(self, command: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.project / command, *arguments],
            env={"PATH": str(self.state / "bin"), **self.environment},
            capture_output=True,
            text=True,
            check=False,
        )

    def start_beside(self, command: str, *arguments: str) -> subprocess.Popen[bytes]:
        with (self.state / "stderr").open("ab") as stderr:
            return subprocess.Popen(
                [self.project / command, *arguments],
                env={"PATH": str(self.state / "bin"), **self.environment},
                stdout=subprocess.DEVNULL,
                stderr=stderr,
                start_new_session=True,
            )

    def said_beside(self) -> str:
        return (self.state / "stderr").read_text()

    def called(self) -> list[str]:
        log = self.state / "log"
        return log.read_text().splitlines() if log.exists() else []

    def log(self) -> list[str]:
        """Take what was called since the last time."""
        lines = self.called()
        (self.state / "log").unlink(missing_ok=True)
        return lines

    def remains(self) -> set[str]:
        """Return what a set-up left in the project, half-made or whole."""
        return {path.name for path in self.project.glob(".venv*")}

    @property
    def venv(self) -> Path:
        return self.project / ".venv"


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    project, state = tmp_path / "a project", tmp_path / "state"
    (project / "tools").mkdir(parents=True)
    (state / "bin").mkdir(parents=True)
    for name in ("run", "test", "tools/setup", "tools/system"):
        shutil.copy(ROOT / name, project / name)
    for name in ("requirements.txt", "requirements-dev.txt"):
        (project / name).write_text(f"thing==1 --hash=sha256:1 # {name}\n")
    machine = Machine(project, state)
    for name in REAL_TOOLS:
        real = shutil.which(name)
        assert real
        (state / "bin" / name).symlink_to(real)
    for name, script in STAND_INS.items():
        machine.put(name, script)
    return machine


def _installs(lines: list[str]) -> list[str]:
    return [line for line in lines if " install " in line]


def test_the_first_start_installs_and_the_second_only_starts(machine: Machine) -> None:
    first = machine.start("run", "run", "fibonacci", "--mode", "threads")
    assert (first.returncode, first.stderr.count("\n") > 0) == (0, True)
    calls = machine.log()
    assert "ldd" in calls
    (install,) = _installs(calls)
    assert "--require-hashes" in install
    assert install.endswith("requirements.txt")
    second = machine.start("run", "run", "fibonacci", "--mode", "threads")
    assert machine.log() == [f"python {machine.project}/main.py run fibonacci --mode threads"]
    assert second.stderr == ""
    # Whatever the set-up says, the standard output belongs to the program.
    assert (
        first.stdout
        == second.stdout
        == f"started: {machine.project}/main.py run fibonacci --mode threads\n"
    )


def test_arguments_arrive_as_they_were_given(machine: Machine) -> None:
    machine.put("python3.12", PYTHON.replace('"started: $*"', '"$#" "$2"'))
    assert machine.start("run", "a b  c", "*").stdout == "3 a b  c\n"


def test_test_installs_what_the_program_needs_as_well(machine: Machine) -> None:
    answer = machine.start("test", "tests/core", "-k", "knob")
    ours, _, given = answer.stdout.partition(" -m not slow ")
    assert ours.startswith("started: -m pytest -n 2")
    assert given == "tests/core -k knob\n"
    (install,) = _installs(machine.log())
    assert install.endswith("requirements-dev.txt")
    machine.start("run", "list")
    assert _installs(machine.log()) == []


def test_changed_requirements_are_installed(machine: Machine) -> None:
    machine.start("run", "list")
    machine.log()
    (machine.project / "requirements.txt").write_text("thing==2 --hash=sha256:2\n")
    machine.start("run", "list")
    calls = machine.log()
    assert len(_installs(calls)) == 1
    assert "ldd" in calls
    assert not any("-m venv" in call for call in calls)


def test_uv_is_used_when_it_is_there(machine: Machine) -> None:
    machine.put("uv", UV)
    assert machine.start("run", "list").returncode == 0
    calls = [call for call in machine.log() if call.startswith("uv ")]
    assert calls == [
        f"uv venv --quiet --python {machine.state}/bin/python3.12 {machine.venv}",
        f"uv pip install --python {machine.venv}/bin/python --require-hashes"
        f" -r {machine.project}/requirements.txt",
    ]


def test_a_failed_set_up_says_so_and_the_next_start_begins_anew(machine: Machine) -> None:
    machine.mark("no-network")
    failed = machine.start("run", "list")
    assert failed.returncode == 1
    assert failed.stdout == ""
    assert "The packages could not be installed" in failed.stderr
    assert machine.remains() == set()
    machine.unmark("no-network")
    assert machine.start("run", "list").returncode == 0
    machine.log()
    machine.start("run", "list")
    assert _installs(machine.log()) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupted_set_up_leaves_nothing(number: signal.Signals, machine: Machine) -> None:
    machine.mark("network-is-slow")
    setting_up = machine.start_beside("run", "list")
    wait_until(lambda: _installs(machine.called()), what="the start installs")
    os.killpg(setting_up.pid, number)
    machine.unmark("network-is-slow")
    assert setting_up.wait() != 0
    wait_until(lambda: not machine.remains(), what="nothing half-made stays")
    assert machine.start("run", "list").returncode == 0  # the next one sets up anew


def test_a_killed_set_up_is_made_anew(machine: Machine) -> None:
    machine.put("python3.12", PYTHON.replace("Collecting many things", '"; kill -9 $PPID; echo "'))
    assert machine.start("run", "list").returncode != 0
    assert (machine.venv / "bin" / "python").exists()
    machine.put("python3.12", PYTHON)
    machine.log()
    assert machine.start("run", "list").returncode == 0
    assert any("-m venv" in call for call in machine.log())


@pytest.mark.skipif(FLOCK is None, reason="without flock, two first starts do not take turns")
def test_two_first_starts_at_a_time_install_once(machine: Machine) -> None:
    (machine.state / "bin" / "flock").symlink_to(str(FLOCK))
    machine.mark("network-is-slow")
    first = machine.start_beside("run", "list")
    wait_until(lambda: _installs(machine.called()), what="the first start installs")
    second = machine.start_beside("run", "list")
    wait_until(lambda: "flock" in _descendants(second.pid), what="the second start waits its turn")
    wait_until(lambda: "Another start is setting up" in machine.said_beside())
    machine.unmark("network-is-slow")
    assert (first.wait(), second.wait()) == (0, 0)
    assert len(_installs(machine.log())) == 1


def _descendants(pid: int) -> set[str]:
    return {process.name() for process in psutil.Process(pid).children(recursive=True)}


def test_an_environment_made_by_hand_is_kept(machine: Machine) -> None:
    (machine.venv / "bin").mkdir(parents=True)
    shutil.copy(machine.state / "bin" / "python3.12", machine.venv / "bin" / "python")
    machine.mark("no-pip")
    assert machine.start("run", "list").returncode == 0
    calls = machine.log()
    assert "python -m ensurepip" in calls
    assert len(_installs(calls)) == 1
    assert not any("-m venv" in call for call in calls)


def test_an_environment_whose_python_is_gone_is_made_anew(machine: Machine) -> None:
    machine.start("run", "list")
    python = machine.venv / "bin" / "python"
    python.unlink()
    python.symlink_to(machine.state / "removed")
    assert machine.start("run", "list").returncode == 0
    assert python.exists()


@pytest.mark.parametrize("there_is", ["one that does not fit", "none"])
def test_without_a_python_that_fits_a_sentence_says_so(there_is: str, machine: Machine) -> None:
    if there_is == "none":
        machine.remove("python3.12")
    else:
        machine.mark("python-is-old")
    answer = machine.start("run")
    assert answer.returncode == 1
    assert answer.stderr.startswith("Futures Lab needs Python 3.11 to 3.14 ")
    assert "python3 python3-venv" in answer.stderr
    assert machine.remains() == set()


@pytest.mark.skipif(not IS_DEBIAN, reason="apt-get is used on Debian and Ubuntu only")
@pytest.mark.parametrize("is_new", [True, False])
def test_without_a_python_root_installs_one(is_new: bool, machine: Machine) -> None:
    (machine.state / "bin" / "python3.12").rename(machine.state / "python3")
    machine.mark("is-root", *(() if is_new else ("python-is-old",)))
    answer = machine.start("run", "list")
    (install,) = (call for call in machine.log() if call.startswith("apt-get"))
    assert install.endswith("install --no-install-recommends python3 python3-venv")
    assert answer.returncode == (0 if is_new else 1)
    assert ("The system's own Python does not fit either" in answer.stderr) is not is_new


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_of_another_user_is_told(machine: Machine) -> None:
    machine.project.chmod(0o555)
    answer = machine.start("run", "list")
    machine.project.chmod(0o755)
    assert answer.returncode == 1
    assert "cannot be written to by this user" in answer.stderr


def test_the_set_up_says_what_it_is_at(machine: Machine) -> None:
    told = machine.start("run", "list").stderr.splitlines()
    assert told[0].startswith(f"Setting up {machine.venv} ")
    assert told[1:] == [
        f"1 of 2: a Python environment, made by {machine.state}/bin/python3.12",
        "2 of 2: 1 packages of requirements.txt",
        "Collecting many things",
    ]


def test_without_ensurepip_the_package_is_named(machine: Machine) -> None:
    machine.mark("no-ensurepip")
    answer = machine.start("run", "list")
    assert answer.returncode == 1
    assert "python3.12-venv" in answer.stderr


@pytest.mark.skipif(not IS_DEBIAN, reason="apt-get is used on Debian and Ubuntu only")
def test_without_ensurepip_root_installs_it(machine: Machine) -> None:
    machine.mark("no-ensurepip", "is-root")
    assert machine.start("run", "list").returncode == 0
    assert any(call.endswith("--no-install-recommends python3.12-venv") for call in machine.log())


def test_a_missing_library_stops_the_window_and_names_the_package(machine: Machine) -> None:
    machine.mark("library-is-missing")
    window = machine.start("run")
    assert (window.returncode, window.stdout) == (1, "")
    assert "libxcb-cursor0" in window.stderr
    assert machine.start("run", "list").returncode == 0  # needs no Qt
    machine.environment.clear()
    tour = machine.start("run")  # off-screen, no X library is needed
    assert tour.stdout == f"started: {machine.project}/main.py tour {machine.project}/tour\n"
    machine.unmark("library-is-missing")
    machine.environment["DISPLAY"] = ":0"
    assert machine.start("run").returncode == 0
    machine.log()
    machine.start("run")
    assert "ldd" not in machine.log()


@pytest.mark.skipif(not IS_DEBIAN, reason="apt-get is used on Debian and Ubuntu only")
def test_root_installs_what_is_missing(machine: Machine) -> None:
    machine.mark("library-is-missing", "no-japanese-font", "is-root")
    machine.remove("xdotool")
    assert machine.start("test").returncode == 0
    (install,) = (call for call in machine.log() if call.startswith("apt-get"))
    assert install.endswith("--no-install-recommends libxcb-cursor0 fonts-noto-cjk xdotool")


@pytest.mark.skipif(not IS_DEBIAN, reason="apt-get is used on Debian and Ubuntu only")
def test_root_without_network_is_told_what_failed(machine: Machine) -> None:
    assert machine.start("run", "list").returncode == 0
    (machine.venv / ".checked-run").unlink()
    machine.mark("library-is-missing", "is-root", "no-network")
    answer = machine.start("run")
    assert answer.returncode == 1
    assert "apt-get could not install them" in answer.stderr


def test_a_missing_font_is_said_once_and_stops_nothing(machine: Machine) -> None:
    machine.mark("no-japanese-font")
    first, second = machine.start("run"), machine.start("run")
    assert (first.returncode, second.returncode) == (0, 0)
    assert "fonts-noto-cjk" in first.stderr
    assert second.stderr == ""


@pytest.mark.parametrize(
    ("environment", "started"),
    [
        ({}, "main.py tour {project}/tour"),
        ({"DISPLAY": ":0"}, "main.py"),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "main.py"),
        ({"QT_QPA_PLATFORM": "offscreen"}, "main.py"),
    ],
)
def test_without_a_display_the_tour_is_made(
    environment: dict[str, str], started: str, machine: Machine
) -> None:
    machine.start("run", "list")
    machine.environment = environment
    answer = machine.start("run")
    expected = started.format(project=machine.project)
    assert answer.stdout == f"started: {machine.project}/{expected}\n"
    assert ("no display" in answer.stderr) == ("tour" in started)
