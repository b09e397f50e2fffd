"""Runs every demo for real, off-screen, and saves a picture of the window for each."""

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from PySide6.QtCore import (
    QEventLoop,
    QMessageLogContext,
    QSettings,
    QSize,
    QTimer,
    QtMsgType,
    qInstallMessageHandler,
)

from core.card import CardError
from core.demos import UnreadableScript
from gui.app import Application, make_qt_app
from gui.appearance import zoom_for
from gui.frame_clock import FRAME_MS
from gui.settings import Look, Settings
from gui.signals import on_signals

SIZES: Final = (QSize(1920, 1080), QSize(1024, 768))
LOOKS: Final[tuple[Look, ...]] = ("light", "dark")

LIMIT_S: Final = 180
"""What all modes of one demo together may take; a run that is not over then is stopped."""

STOPPED_S: Final = 10
"""What a stopped run may take to end: far more than it ever does."""

DONE, FAILED, WRONG_USAGE, STOPPED = 0, 1, 2, 3
"""Exit statuses, as on the command line."""


class Interrupted(RuntimeError):
    """Somebody asked for the end."""


def tour(folder: Path) -> int:
    """Make the tour and return the exit status: 0 when every demo ran well.

    Parameters
    ----------
    folder : Path
        Where the pictures go; made if it is not there.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        return _complain(
            f"{folder} cannot be made ({problem.strerror}); name another folder.", WRONG_USAGE
        )
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    qInstallMessageHandler(_without_noise)
    app = make_qt_app()
    with tempfile.TemporaryDirectory(prefix="futures-lab-tour-") as private:
        # Not the settings of who makes the tour: it always looks the same.
        store = QSettings(str(Path(private) / "tour.ini"), QSettings.Format.IniFormat)
        try:
            parts = Application(app, Settings(store))
        except (CardError, UnreadableScript, ValueError) as problem:
            return _complain(str(problem), FAILED)
        try:
            guide = Tour(parts, folder)
            with on_signals(guide.interrupt):
                return guide.make()
        except Interrupted:
            return _complain("The tour was stopped; the pictures made so far are there.", STOPPED)
        except OSError as problem:
            return _complain(f"{problem}; name another folder.", WRONG_USAGE)
        finally:
            parts.close()


class Tour:
    """One tour through the demos.

    Parameters
    ----------
    parts : Application
        The window and what is behind it; closed by its owner.
    folder : Path
        Where the pictures go.
    """

    def __init__(self, parts: Application, folder: Path) -> None:
        self._parts = parts
        self._folder = folder
        self._interrupted = False

    def make(self) -> int:
        """Run everything and return the exit status."""
        self._parts.window.show()
        session = self._parts.session
        status = DONE
        for demo in tuple(session.demos.values()):
            session.open(demo)
            session.compare()
            if not self._wait(lambda: not session.busy, LIMIT_S):
                session.stop()
                self._wait(lambda: not session.busy, STOPPED_S)
            if not session.compared:
                status = _complain(f"{demo.name}: not every mode ran to its end.", FAILED)
            for path in self._pictures(demo.name):
                sys.stdout.write(f"{path}\n")
        return status

    def interrupt(self) -> None:
        """End the tour as soon as may be."""
        self._interrupted = True

    def _pictures(self, name: str) -> Iterator[Path]:
        window, appearance = self._parts.window, self._parts.appearance
        for size in SIZES:
            appearance.set_zoom(zoom_for(size))
            window.resize(size)
            for look in LOOKS:
                appearance.set_look(look)
                self._wait(lambda: window.settled, LIMIT_S)
                path = self._folder / f"{name}-{size.width()}x{size.height()}-{look}.png"
                if not window.grab().save(str(path)):
                    raise OSError(f"{path} cannot be written")
                yield path

    def _wait(self, condition: Callable[[], bool], limit_s: float) -> bool:
        """Let the window live until a condition holds; return whether it did in time."""
        loop = QEventLoop()
        late, look = QTimer(), QTimer()
        late.setSingleShot(True)
        late.timeout.connect(loop.quit)
        look.timeout.connect(lambda: loop.quit() if self._interrupted or condition() else None)
        late.start(round(limit_s * 1000))
        look.start(FRAME_MS)
        loop.exec()
        look.stop()
        late.stop()
        if self._interrupted:
            raise Interrupted
        return condition()


def _without_noise(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    """Pass on Qt's messages but for the one that the off-screen platform cannot do without."""
    if kind != QtMsgType.QtDebugMsg and "propagateSizeHints" not in text:
        sys.stderr.write(f"{text}\n")


def _complain(sentence: str, status: int) -> int:
    sys.stderr.write(f"{sentence}\n")
    return status
