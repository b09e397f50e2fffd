"""The application as a process: it starts, remembers, and ends in order."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QComboBox, QPlainTextEdit

from core.demos import Demo
from gui.app import ICON, Application
from gui.settings import Settings
from tests.displays import ended
from tests.gui.conftest import put_away
from tests.gui.small_demos import FOREVER
from tests.gui.test_main_window import find
from tests.waiting import wait_until

PROJECT = Path(__file__).resolve().parents[2]

DRIVEN = """
import sys
from gui import app
from gui.main_window import MainWindow
MainWindow.show = lambda self, show=MainWindow.show: (
    show(self),
    self.painted.connect(lambda: (print("painted", flush=True), {action})),
)
sys.exit(app.main({arguments!r}))
"""


def start(action: str, *arguments: str) -> subprocess.Popen[bytes]:
    """Start the window off-screen; ``action`` is done when it is painted."""
    code = DRIVEN.format(action=action, arguments=list(arguments))
    return subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=PROJECT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@pytest.mark.parametrize(
    "number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)]
)
def test_a_signal_ends_an_idle_window(number: signal.Signals) -> None:
    with ended(start("None")) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"painted\n"
        process.send_signal(number)
        _, complaints = process.communicate(timeout=100)
    assert process.returncode == 0
    assert b"QThread" not in complaints
    assert b"Traceback" not in complaints


def test_closing_while_a_run_starts_ends_the_process(tmp_path: Path) -> None:
    script = tmp_path / "forever.py"
    script.write_text(FOREVER)
    with ended(start("(self._session.runner.run(), self.close())", str(script))) as process:
        _, complaints = process.communicate(timeout=100)
    assert process.returncode == 0
    assert b"QThread" not in complaints
    assert b"Traceback" not in complaints


def test_without_a_display_there_is_a_sentence(tmp_path: Path) -> None:
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    answer = subprocess.run(
        [sys.executable, "main.py"], cwd=PROJECT, env=environment, capture_output=True, text=True
    )
    assert answer.returncode == 2
    assert answer.stderr.startswith("There is no display")
    assert answer.stderr.count("\n") == 1


def test_what_was_open_is_open_again(
    qapp: QApplication, settings: Settings, small_demos: tuple[Demo, ...], tmp_path: Path
) -> None:
    first = Application(qapp, settings, small_demos)
    first.session.open(first.session.shelf.demos["forever"])
    first.window.resize(720, 640)
    first.window.show()
    put_away(first)
    store = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    again = Application(qapp, Settings(store), small_demos)
    assert again.session.script.demo.name == "forever"
    assert (again.window.width(), again.window.height()) == (720, 640)
    assert find(again, QPlainTextEdit, "code_view").toPlainText().startswith("from concurrent")
    put_away(again)


def test_a_demo_that_is_gone_is_not_opened(
    qapp: QApplication, settings: Settings, small_demos: tuple[Demo, ...]
) -> None:
    settings.demo = "gone"
    parts = Application(qapp, settings, small_demos)
    assert parts.session.script.demo.name == "count"
    put_away(parts)


def test_pythons_are_offered_when_they_are_found(parts: Application) -> None:
    box = find(parts, QComboBox, "runtime_box")
    wait_until(lambda: (QApplication.processEvents(), box.count() > 0)[1], 30)
    assert sys.executable in [box.itemData(row) for row in range(box.count())]


def test_the_icon_can_be_painted(parts: Application) -> None:
    assert not QIcon(str(ICON)).pixmap(64).isNull()
