"""What a person does in the window while a call fails: run, stop, compare; then run again."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any, Final

from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QApplication

from core import cli
from core.recent_runs import RecentRuns
from gui import app as gui_app
from gui.app import Application
from gui.garbage import collected_here
from gui.settings import Settings
from gui.signals import on_signals
from gui.telling import message_of
from tests.faults.injector import Injector
from tests.gui.small_demos import write_small_demos

PATIENCE_S: Final = 40.0

STEPS: Final = ("start", "run", "stop", "compare", "close")


class Hung(Exception):
    """Something did not come about."""


def story(case: dict[str, Any], injector: Injector) -> int:
    """Do what the case names as its ``step`` while the fault is there, and run once more."""
    if case["step"] == "start":
        return _start()
    injector.is_armed = False
    folder = Path(case["folder"])
    (folder / "demos").mkdir()
    app = gui_app.make_qt_app()
    with collected_here(), on_signals(app.closeAllWindows):
        store = QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)
        settings = Settings(store)
        settings.language = case.get("language", "en")
        runs = RecentRuns(folder / "data")
        parts = Application(app, settings, write_small_demos(folder / "demos"), runs)
        try:
            _Person(app, parts, case["step"], injector).act()
            injector.is_armed = case["step"] == "close"
        finally:
            parts.close()
    return 0


def _start() -> int:
    """Start as a person does; the window is closed as soon as it can be seen."""

    class Closed(Application):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            self.window.painted.connect(lambda: QTimer.singleShot(0, self.window.close))

    gui_app.Application = Closed  # type: ignore[misc] # it is one
    return cli.main([], gui_app.main, lambda *_: 1)


class _Person:
    def __init__(
        self, app: QApplication, parts: Application, step: str, injector: Injector
    ) -> None:
        self._app, self._parts, self._step, self._injector = app, parts, step, injector

    def act(self) -> None:
        """Do the step, then run without a fault."""
        self._parts.window.show()
        self._settle()
        if self._step == "run":
            self._faulty(self._parts.session.runner.run)
        elif self._step == "compare":
            self._faulty(self._parts.session.runner.compare)
        elif self._step == "stop":
            self._stop()
        self._open("count")
        self._settle()
        self._parts.session.runner.run()
        self._over("again")

    def _faulty(self, act: Callable[[], None]) -> None:
        self._injector.is_armed = True
        act()
        self._over(self._step)

    def _stop(self) -> None:
        self._open("forever")
        self._settle()
        self._parts.session.runner.run()
        self._look_until(self._has_begun)
        self._faulty(self._parts.session.runner.stop)

    def _open(self, name: str) -> None:
        session = self._parts.session
        session.open(session.shelf.demos[name])

    def _has_begun(self) -> bool:
        recording = self._parts.session.recording
        return recording is not None and bool(recording.output)

    def _over(self, step: str) -> None:
        self._look_until(lambda: not self._parts.session.runner.busy)
        self._tell(step)
        self._settle()
        self._injector.is_armed = False

    def _settle(self) -> None:
        """Wait until nothing goes on in the threads of the bridge, and has been shown."""
        bridge = self._parts.bridge
        for worker in (bridge._runs, bridge._chores, bridge._files):
            done = Event()
            worker.ask(done.set)
            self._look_until(done.is_set)
        self._app.processEvents()

    def _look_until(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not condition():
            if time.monotonic() > deadline:
                raise Hung(self._step)
            self._app.processEvents()
            time.sleep(0.002)

    def _tell(self, step: str) -> None:
        session = self._parts.session
        message = message_of(session, self._parts.appearance.texts)
        ending = session.recording.ending if session.recording is not None else None
        told = {
            "step": step,
            "text": f"{message.heading}: {message.text}",
            "outcome": ending.outcome if ending is not None else "",
            "is_refused": bool(session.refusal),
        }
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()
