"""Fixtures for tests of the window: an application around small demos, closed in order."""

from __future__ import annotations

import functools
import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import QEvent, QSettings
from PySide6.QtWidgets import QApplication, QComboBox
from pytestqt.qtbot import QtBot

from core.demos import Demo
from core.local_sites import LocalSites
from gui.app import Application
from gui.bridge import Bridge
from gui.session import Session
from gui.settings import Settings
from gui.texts import Texts
from gui.theme import LIGHT, apply_theme
from tests.gui.idle_bridge import IdleBridge
from tests.gui.small_demos import write_small_demos

RUN_MS = 100_000
"""What a small run may take on a busy machine; only used up when something is wrong."""
for _wait in (QtBot.waitUntil, QtBot.waitSignal, QtBot.waitSignals):
    # Who waits without saying how long has five seconds otherwise.
    _wait.__kwdefaults__ = {**(_wait.__kwdefaults__ or {}), "timeout": RUN_MS}


@pytest.fixture(autouse=True)
def plainly_dressed(qapp: QApplication) -> None:
    """Let each test begin in the same look: that of the one before it is the application's."""
    if qapp.styleSheet() != _plain_style():
        apply_theme(qapp, LIGHT)


@pytest.fixture(autouse=True)
def garbage_goes_here() -> Iterator[None]:
    """Collect what a test leaves, in this thread, as `gui.garbage` does in the window.

    A thread of a later test came upon the widgets of an earlier one, took them apart outside of
    the thread that they live in, and crashed.
    """
    gc.disable()
    gc.freeze()  # what is there by now is no garbage of this test: looking through it costs 0.1 s
    yield
    gc.collect()
    gc.enable()


@functools.cache
def _plain_style() -> str:
    return LIGHT.style_sheet()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Hand out settings of their own, in English, light and at 100 %."""
    store = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    settings = Settings(store)
    settings.language, settings.look, settings.zoom = "en", "light", 1.0
    return settings


@pytest.fixture
def texts() -> Texts:
    """Hand out the English texts."""
    return Texts("en")


@pytest.fixture
def small_demos(tmp_path: Path) -> tuple[Demo, ...]:
    """Hand out demos that run in a moment, and one that never ends."""
    folder = tmp_path / "demos"
    folder.mkdir()
    return write_small_demos(folder)


@pytest.fixture
def parts(
    qtbot: QtBot, qapp: QApplication, settings: Settings, small_demos: tuple[Demo, ...]
) -> Iterator[Application]:
    """Hand out the application with its window shown, and close it in order."""
    with shown(qtbot, Application(qapp, settings, small_demos)) as parts:
        yield parts


@contextmanager
def shown(qtbot: QtBot, parts: Application) -> Iterator[Application]:
    """Show the window of an application for a while, and put it away."""
    parts.window.resize(1280, 900)
    try:
        with qtbot.waitSignal(parts.window.painted):
            parts.window.show()
        yield parts
    finally:
        put_away(parts)


@pytest.fixture
def lab(qapp: QApplication, qtbot: QtBot, settings: Settings) -> Iterator[Application]:
    """Hand out the application, shown, with the demos of the lab and with its Pythons.

    They come when they have answered, and the box that they go into changes its width then: what
    was looked at in just that moment had not been laid out again.
    """
    parts = Application(qapp, settings)
    try:
        parts.window.show()  # they are asked when it has been painted
        runtimes = parts.window.findChild(QComboBox, "runtime_box")
        assert runtimes is not None
        qtbot.waitUntil(lambda: runtimes.count() > 0, timeout=RUN_MS)
        yield parts
    finally:
        put_away(parts)


def put_away(parts: Application) -> None:
    """Close an application and delete its window now: each theme of a later test dresses it too."""
    parts.close()
    parts.window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def run_out(qtbot: QtBot) -> Callable[[Application], None]:
    """Hand out a function that waits until nothing runs and everything is drawn."""

    def wait(parts: Application) -> None:
        window, session = parts.window, parts.session
        qtbot.waitUntil(
            lambda: not session.runner.busy and not window.views.clock.running, timeout=RUN_MS
        )

    return wait


@pytest.fixture
def bridge(qapp: QApplication) -> IdleBridge:
    """Hand out a bridge that runs nothing."""
    return IdleBridge()


@pytest.fixture
def session(bridge: IdleBridge, small_demos: tuple[Demo, ...]) -> Iterator[Session]:
    """Hand out a session in front of that bridge."""
    with LocalSites() as sites:
        yield Session(small_demos, cast("Bridge", bridge), sites)
