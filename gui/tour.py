"""Runs demos for real, off-screen, and saves pictures of the window for each."""

import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
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
from PySide6.QtWidgets import QTabBar

from core.card import SWEEP_PAGE, CardError
from core.demos import Demo, UnreadableScript
from core.exports import ExportProblem
from core.exports.target import whole_file
from core.quoting import shortened
from gui.app import Application, make_qt_app
from gui.appearance import zoom_for
from gui.frame_clock import FRAME_MS
from gui.garbage import collected_here
from gui.pictures import png_of
from gui.settings import Look, Settings
from gui.signals import on_signals
from gui.tour_runs import DemoRuns

SIZES: Final = (QSize(1920, 1080), QSize(1024, 768))
LOOKS: Final[tuple[Look, ...]] = ("light", "dark")

SETTLED_S: Final = 30
"""What a window may take to come to rest: far more than it ever does."""

DONE, FAILED, WRONG_USAGE, STOPPED = 0, 1, 2, 3
"""Exit statuses, as on the command line."""


class Interrupted(RuntimeError):
    """Somebody asked for the end."""


def tour(folder: Path, names: Sequence[str] = ()) -> int:
    """Make the tour and return the exit status: 0 when every demo ran well.

    A demo that the Python here lacks a module for is told and left out.

    Parameters
    ----------
    folder : Path
        Where the pictures go; made if it is not there.
    names : sequence of str, optional
        The demos to visit, in this order; by default all.
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
    with collected_here(), tempfile.TemporaryDirectory(prefix="futures-lab-tour-") as private:
        # Not the settings of who makes the tour: it always looks the same.
        store = QSettings(str(Path(private) / "tour.ini"), QSettings.Format.IniFormat)
        try:
            parts = Application(app, Settings(store))
        except (CardError, UnreadableScript, ValueError) as problem:
            return _complain(str(problem), FAILED)
        try:
            return _tour(parts, folder, names)
        finally:
            parts.close()


def _tour(parts: Application, folder: Path, names: Sequence[str]) -> int:
    demos = parts.session.shelf.demos
    for name in names:
        if name not in demos:
            known = ", ".join(demos)
            return _complain(
                f"There is no demo named '{shortened(name)}'; choose one of {known}.", WRONG_USAGE
            )
    guide = Tour(parts, folder)
    try:
        with on_signals(guide.interrupt):
            return guide.make([demos[name] for name in names or demos])
    except Interrupted:
        return _complain("The tour was stopped; the pictures made so far are there.", STOPPED)
    except ExportProblem as problem:
        return _complain(str(problem), WRONG_USAGE)


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

    def make(self, demos: Sequence[Demo]) -> int:
        """Run these and return the exit status."""
        window = self._parts.window
        window.show()
        self._wait(lambda: window.focusWidget() is not None, SETTLED_S)  # as for people
        status = DONE
        for demo in demos:
            runs = DemoRuns(self._parts.session, self._wait)
            lacking = runs.lacking(demo.name)
            if lacking:
                _complain(f"Left out: {lacking}", DONE)
                continue
            problem = runs.make(demo.name)
            if problem:
                status = _complain(f"{demo.name}: {problem}", FAILED)
            for path in self._pictures(demo):
                sys.stdout.write(f"{path}\n")
                sys.stdout.flush()  # who waits for the pictures sees how far it is
        return status

    def interrupt(self) -> None:
        """End the tour as soon as may be."""
        self._interrupted = True

    def _pictures(self, demo: Demo) -> Iterator[Path]:
        appearance, window = self._parts.appearance, self._parts.window
        for size in SIZES:
            appearance.set_zoom(zoom_for(size))
            window.resize(size)
            for look in LOOKS:
                appearance.set_look(look)
                for page in self._pages(demo):
                    self._wait(lambda: window.settled, SETTLED_S)
                    name = f"{demo.name}{page}-{size.width()}x{size.height()}-{look}.png"
                    path = self._folder / name
                    with whole_file(path) as stream:
                        stream.write(png_of(window.grab().toImage()))
                    yield path

    def _pages(self, demo: Demo) -> Iterator[str]:
        """Turn to each page of a demo; yield what the names of its pictures have besides.

        A tour makes no sweep, so the page for it is left out: it would be empty.
        """
        tabs = self._parts.window.findChild(QTabBar, "chart_pages")
        yield ""
        for number, page in enumerate(demo.card.pages, start=1):
            swept = self._parts.window.sweep.sweeps.shown
            if tabs is not None and (page != SWEEP_PAGE or swept is not None):
                tabs.setCurrentIndex(number)
                yield f"-{page}"
        if tabs is not None and tabs.count():
            tabs.setCurrentIndex(0)

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
