"""Builds the application, wires its parts, and shuts them down in order."""

import importlib
import os
import sys
from pathlib import Path
from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from core import explain
from core.card import CardError
from core.demos import Demo, UnreadableScript, all_demos
from core.local_sites import LocalSites
from core.recent_runs import RecentRuns, users_folder
from core.script import ScriptError
from gui.appearance import Appearance
from gui.bridge import Bridge
from gui.garbage import collected_here
from gui.line_follower import LineFollower
from gui.main_window import MainWindow
from gui.recordings import Recordings
from gui.session import Session
from gui.settings import Settings
from gui.signals import on_signals

WRONG_USAGE: Final = 2
"""Exit status of a start that cannot be, as on the command line."""

_LOOK_AGAIN_MS: Final = 20

NAME: Final = "Futures Lab"
ICON: Final = Path(__file__).resolve().parent.parent / "resources" / "icons" / "futures-lab.svg"


class Application:
    """The parts of the window, made in the order in which they need each other.

    Parameters
    ----------
    app : QApplication
        Qt's own.
    settings : Settings
        What is remembered.
    demos : tuple of Demo, optional
        What the list offers; by default all demos of the lab.
    runs : RecentRuns, optional
        Where finished runs are kept; without it none is.
    """

    def __init__(
        self,
        app: QApplication,
        settings: Settings,
        demos: tuple[Demo, ...] = (),
        runs: RecentRuns | None = None,
    ) -> None:
        demos = demos or all_demos()
        explain.read_ahead()
        self.appearance = Appearance(app, settings)
        self.sites = LocalSites()
        self.bridge = Bridge()
        try:
            self._make(demos, settings, runs)
        except BaseException:
            self.bridge.close()
            self.sites.close()
            raise

    def _make(self, demos: tuple[Demo, ...], settings: Settings, runs: RecentRuns | None) -> None:
        """Make what stands on the bridge."""
        self.session = Session(demos, self.bridge, self.sites)
        self._open_last(settings.demo)
        texts = self.appearance.texts
        self.recordings = Recordings(self.session, self.bridge, settings, texts, runs)
        self.window = MainWindow(self.session, self.recordings, self.appearance, settings)
        views = self.window.views
        self.line_follower = LineFollower(self.session, self.bridge, views, self.window)
        self.bridge.runtimes_found.connect(self.window.show_runtimes)
        self.window.painted.connect(self._warm_up)

    def close(self) -> None:
        """End everything: the window first, then what runs, then what it talked to."""
        self.window.close()
        self.bridge.close()
        self.recordings.close()
        self.sites.close()

    def _open_last(self, name: str) -> None:
        if name in self.session.shelf.demos:
            self.session.open(self.session.shelf.demos[name])

    def _warm_up(self) -> None:
        """Do what need not be done before the window is there."""
        # numpy imports it inside its first unique(): 80 ms out of the first frames.
        importlib.import_module("numpy.ma")
        self.bridge.prepare(self.session.runner.python)
        self.bridge.find_runtimes()
        self.recordings.list_runs()
        self.recordings.list_examples()


def main(argv: list[str]) -> int:
    """Open the window and return the exit status when it is closed.

    Parameters
    ----------
    argv : list of str
        A script or recording to show, or nothing.
    """
    if _without_display():
        return _complain(
            "There is no display to open a window on; start this on a desktop, or let "
            "'main.py tour FOLDER' make pictures of the window."
        )
    app = make_qt_app()
    # From here on: a signal that comes early is heard as well.
    with collected_here(), on_signals(lambda: _leave(app)):
        return _show(app, argv)


def _show(app: QApplication, argv: list[str]) -> int:
    """Show the window until it is closed; return the exit status."""
    try:
        parts = Application(app, Settings(), runs=RecentRuns(users_folder()))
    except (CardError, UnreadableScript, ScriptError) as problem:
        return _complain(f"The demos cannot be shown: {problem}")
    try:
        if argv:
            parts.window.open_file(Path(argv[0]))
        parts.window.show()
        return app.exec()
    finally:
        parts.close()


def _leave(app: QApplication) -> None:
    """Close the windows, once there is one: only then does the event loop end."""
    if any(window.isVisible() for window in app.topLevelWidgets()):
        app.closeAllWindows()
    else:
        QTimer.singleShot(_LOOK_AGAIN_MS, lambda: _leave(app))


def _without_display() -> bool:
    """Return whether Qt would abort the process: it does so where it finds no display."""
    if not sys.platform.startswith("linux"):
        return False
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return not any(os.environ.get(name) for name in names)


def _complain(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return WRONG_USAGE


def make_qt_app() -> QApplication:
    """Return Qt's application object, with name and icon."""
    app = QApplication([NAME])
    app.setApplicationName(NAME)
    app.setOrganizationName(NAME)
    app.setApplicationDisplayName(NAME)
    app.setWindowIcon(QIcon(str(ICON)))
    return app
