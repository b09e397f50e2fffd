"""What a person does in the window while a call fails: run, stop, compare; then run again."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from core.no_room import NoRoom, room_needed
from core.recent_runs import RecentRuns
from gui import app as gui_app
from gui.app import Application
from gui.garbage import collected_here
from gui.settings import Settings
from gui.signals import on_signals
from gui.telling import message_of
from tests.faults.injector import Injector
from tests.gui.small_demos import write_small_demos

PATIENCE_S: Final = 20.0

STEPS: Final = ("start", "run", "stop", "compare", "close")


class Hung(Exception):
    """Something did not come about."""


def story(case: dict[str, Any], injector: Injector) -> int:
    """Open the window and do everything in turn; the fault belongs to the step of the case."""
    folder = Path(case["folder"])
    injector.is_armed = case["step"] == "start"
    (folder / "demos").mkdir()
    demos = write_small_demos(folder / "demos") if case["step"] != "start" else ()
    try:
        with room_needed():
            app = gui_app.make_qt_app()
            with collected_here(), on_signals(app.closeAllWindows):
                store = QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)
                settings = Settings(store)
                settings.language = case.get("language", "en")
                runs = RecentRuns(folder / "data")
                demos = demos or write_small_demos(folder / "demos")
                parts = Application(app, settings, demos, runs)
                try:
                    _Person(app, parts, case, injector).act()
                finally:
                    injector.is_armed = case["step"] == "close"
                    parts.close()
    except NoRoom as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    return 0


class _Person:
    def __init__(
        self, app: QApplication, parts: Application, case: dict[str, Any], injector: Injector
    ) -> None:
        self._app, self._parts = app, parts
        self._step, self._injector = case["step"], injector

    def act(self) -> None:
        self._parts.window.show()
        self._look_until(lambda: self._parts.window.views is not None)
        self._injector.is_armed = self._step == "start"
        self._tell("start")
        if self._step == "run":
            self._run("run", is_faulty=True)
        if self._step == "compare":
            self._compare()
        if self._step == "stop":
            self._stop()
        self._injector.is_armed = False
        self._open("count")
        self._run("again", is_faulty=False)

    def _open(self, name: str) -> None:
        session = self._parts.session
        session.open(session.shelf.demos[name])

    def _run(self, step: str, *, is_faulty: bool) -> None:
        self._injector.is_armed = is_faulty
        self._parts.session.runner.run()
        self._over()
        self._injector.is_armed = False
        self._tell(step)

    def _compare(self) -> None:
        self._injector.is_armed = True
        self._parts.session.runner.compare()
        self._over()
        self._injector.is_armed = False
        self._tell("compare")

    def _stop(self) -> None:
        self._open("forever")
        self._parts.session.runner.run()
        self._look_until(self._has_begun)
        self._injector.is_armed = True
        self._parts.session.runner.stop()
        self._over()
        self._injector.is_armed = False
        self._tell("stop")

    def _has_begun(self) -> bool:
        recording = self._parts.session.recording
        return recording is not None and bool(recording.output)

    def _over(self) -> None:
        self._look_until(lambda: not self._parts.session.runner.busy)

    def _look_until(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not condition():
            if time.monotonic() > deadline:
                raise Hung(self._step)
            self._app.processEvents()
            time.sleep(0.002)

    def _tell(self, step: str) -> None:
        session, texts = self._parts.session, self._parts.appearance.texts
        message = message_of(session, texts)
        recording = session.recording
        ending = recording.ending if recording is not None else None
        told = {
            "step": step,
            "heading": message.heading,
            "text": message.text,
            "outcome": ending.outcome if ending is not None else "",
            "refused": bool(session.refusal),
        }
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()
