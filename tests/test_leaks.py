"""Plants every kind of leak in a test run of its own, to see that each is found and named."""

from __future__ import annotations

import os
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.leak_plugin import fail_on
from tests.leaks import Leak

pytest_plugins = ["pytester"]

ROOT = Path(__file__).resolve().parent.parent

PLANTED = """
import os, signal, socket, subprocess, sys, tempfile, threading, warnings
import pytest
from PySide6 import QtCore, QtWidgets

kept = []
released = threading.Event()

@pytest.fixture(scope="module", autouse=True)
def at_the_end():
    yield
    released.set()
    for thing in kept:
        if isinstance(thing, QtCore.QThread):
            thing.quit()
            thing.wait()
    tempfile.mkstemp(prefix="of-the-module-")

def run(*command, **options):
    kept.append(subprocess.Popen(command, **options))
    return kept[-1]

def orphan(command):
    # The shell in the middle is gone at once, and nothing leads from its child to us any more.
    run("sh", "-c", f"{command} &", start_new_session=True).wait()

class Bridge(QtCore.QThread):
    def run(self):
        released.wait()

@pytest.fixture
def qt_warning_at_the_end():
    yield
    QtCore.qWarning("planted in the teardown")

def test_clean(): pass
def test_thread(): threading.Thread(target=released.wait, name="planted", daemon=True).start()
def test_child(): run("sleep", "3600")
def test_child_nobody_waited_for():
    child = run("true")
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
def test_orphan(): orphan("sleep 3601")
def test_socket(): kept.append(socket.create_server(("127.0.0.1", 0)))
def test_file(): kept.append(open(__file__))
def test_pipe(): kept.append(os.pipe())
def test_temporary_folder(): tempfile.mkdtemp(prefix="futures-lab-")
def test_temporary_file_of_a_child():
    code = "import tempfile; tempfile.mkstemp(prefix='of-a-child-')"
    subprocess.run([sys.executable, "-c", code])
def test_qthread():
    kept.append(Bridge())
    kept[-1].start()
def test_window(qapp):
    kept.append(QtWidgets.QWidget(objectName="planted"))
    kept[-1].show()
def test_qt_message(): QtCore.qWarning("planted in the call")
def test_qt_message_in_the_teardown(qt_warning_at_the_end): pass
def test_signal_handler():
    signal.signal(signal.SIGHUP, lambda *_: None)
def test_warning(): warnings.warn("planted")
def test_unclosed_file(): open(__file__)
def test_clean_after_all_that(): pass
def test_settings_are_private(): assert "flt-" in QtCore.QSettings("a", "b").fileName()
def test_last(): pass
"""

FOUND = {
    "test_thread": r"thread: <Thread\(planted",
    "test_child": r"process: \d+ \(parent \d+\): sleep 3600",
    "test_child_nobody_waited_for": "has ended and nobody waited for it",
    "test_orphan": r"process: \d+ \(parent \d+\): sleep 3601",
    "test_socket": r"open descriptor: \d+ -> socket:",
    "test_file": r"open descriptor: \d+ -> .*test_planted.py",
    "test_pipe": r"open descriptor: \d+ -> pipe:",
    "test_temporary_folder": "temporary file: futures-lab-",
    "test_temporary_file_of_a_child": "temporary file: of-a-child-",
    "test_qthread": r"native thread \(a QThread\?\): Bridge",
    "test_window": "window: QWidget 'planted'",
    "test_qt_message": "planted in the call",
    "test_qt_message_in_the_teardown": "planted in the teardown",
    "test_signal_handler": r"signal handler: SIGHUP: <function",
    "test_warning": "UserWarning: planted",
    "test_unclosed_file": "ResourceWarning",
    "test_last": "temporary file: of-the-module-",
}

CLEAN = {
    "test_clean",
    "test_clean_after_all_that",
    "test_settings_are_private",
}


@pytest.fixture
def planted(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Run the planted tests under the project's own settings; what was said of each, by name."""
    monkeypatch.setenv("PYTHONPATH", os.fspath(ROOT))
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    pytester.makeconftest((ROOT / "tests" / "conftest.py").read_text())
    pytester.makefile(".toml", pyproject=(ROOT / "pyproject.toml").read_text())
    pytester.makepyfile(test_planted=PLANTED)
    report = pytester.path / "report.xml"
    pytester.runpytest_subprocess(
        "-o", "leak_deadline_s=0.1", f"--junitxml={report}", "test_planted.py"
    )
    return {
        case.attrib["name"]: "\n".join(
            f"{part.attrib['message']}\n{part.text}"
            for part in case
            if part.tag in {"error", "failure"}
        )
        for case in ET.parse(report).iter("testcase")
    }


def test_every_planted_leak_is_found_and_named(planted: dict[str, str]) -> None:
    assert {name for name, said in planted.items() if not said} == CLEAN
    assert set(planted) == CLEAN | set(FOUND)
    missed = {
        name: planted[name]
        for name, pattern in FOUND.items()
        if not re.search(pattern, planted[name])
    }
    assert missed == {}


def test_what_goes_by_itself_in_time_is_no_leak() -> None:
    looks = [[Leak("thread", "ending")], [Leak("thread", "ending")], [], []]
    fail_on(lambda: looks.pop(0), deadline_s=60)
    assert looks == []


def test_what_stays_fails_with_its_name() -> None:
    with pytest.raises(pytest.fail.Exception, match="left behind:\n  thread: staying"):
        fail_on(lambda: [Leak("thread", "staying")], deadline_s=0)
