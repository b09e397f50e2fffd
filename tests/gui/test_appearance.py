"""Theme, zoom and language: as the system, or as somebody chose."""

from __future__ import annotations

from typing import cast

import pytest
from PySide6.QtCore import QCoreApplication, QObject, QSize, Qt, Signal
from PySide6.QtGui import QAction, QPalette, QStyleHints
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.app import Application
from gui.appearance import Appearance, zoom_for
from gui.settings import LOOKS, SYSTEM, Settings
from gui.theme import DARK, LIGHT, MAX_ZOOM


@pytest.fixture
def appearance(qapp: QApplication, settings: Settings) -> Appearance:
    return Appearance(qapp, settings)


def test_the_chosen_look_is_worn_and_remembered(
    qtbot: QtBot, qapp: QApplication, appearance: Appearance, settings: Settings
) -> None:
    with qtbot.waitSignal(appearance.theme_changed):
        appearance.set_look("dark")
    assert appearance.theme == DARK
    assert settings.look == "dark"
    window = qapp.palette().color(QPalette.ColorRole.Window)
    assert window.name().upper() == DARK.paper
    appearance.set_look("light")
    assert appearance.theme == LIGHT


def test_the_look_of_the_system_is_one_of_ours(appearance: Appearance) -> None:
    appearance.set_look("system")
    assert appearance.theme in (LIGHT, DARK)


class System(QObject):
    """A system that goes dark at sunset."""

    colorSchemeChanged = Signal(Qt.ColorScheme)  # noqa: N815 - Qt's name

    def __init__(self) -> None:
        super().__init__()
        self.scheme = Qt.ColorScheme.Light

    def colorScheme(self) -> Qt.ColorScheme:  # noqa: N802 - Qt's name
        return self.scheme


def test_the_window_follows_the_system(qapp: QApplication, settings: Settings) -> None:
    system = System()
    settings.look = "system"
    appearance = Appearance(qapp, settings, cast("QStyleHints", system))
    assert appearance.theme == LIGHT
    system.scheme = Qt.ColorScheme.Dark
    system.colorSchemeChanged.emit(system.scheme)
    assert appearance.theme == DARK
    appearance.set_look("light")
    system.colorSchemeChanged.emit(system.scheme)
    assert appearance.theme == LIGHT


def test_the_dialogs_of_qt_speak_the_language_too(appearance: Appearance) -> None:
    appearance.set_language("ja")
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "キャンセル"
    appearance.set_language("en")
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Cancel"


def test_choosing_what_is_there_already_changes_nothing(
    qtbot: QtBot, appearance: Appearance
) -> None:
    with qtbot.assertNotEmitted(appearance.theme_changed):
        appearance.set_look("light")
        appearance.reset_zoom()


def test_zoom_goes_in_steps_and_has_ends(appearance: Appearance, settings: Settings) -> None:
    appearance.zoom_by(1)
    assert settings.zoom == 1.25
    appearance.zoom_by(100)
    assert appearance.theme.zoom == MAX_ZOOM
    appearance.zoom_by(-100)
    assert appearance.theme.zoom == 1.0


def test_zoom_and_look_are_found_again(qapp: QApplication, settings: Settings) -> None:
    first = Appearance(qapp, settings)
    first.set_look("dark")
    first.zoom_by(2)
    assert Appearance(qapp, settings).theme == DARK.zoomed(1.5)


@pytest.mark.parametrize(
    ("width", "height", "zoom"),
    [
        *((800, 600, 1.0), (1024, 768, 1.0), (1366, 768, 1.0), (1920, 1080, 1.25)),
        *((1920, 1040, 1.25), (2560, 1440, 1.5), (3840, 2160, 2.5)),
    ],
)
def test_everything_begins_larger_on_larger_screens(width: int, height: int, zoom: float) -> None:
    assert zoom_for(QSize(width, height)) == zoom


def test_the_menu_shows_what_is_chosen_and_changes_it(parts: Application) -> None:
    actions = parts.window._actions
    assert actions["look_light"].isChecked()
    assert actions["language_en"].isChecked()
    actions["look_dark"].trigger()
    actions["language_ja"].trigger()
    assert parts.appearance.theme == DARK
    assert parts.appearance.texts.language == "ja"
    assert not actions["look_light"].isChecked()


def test_everything_to_choose_has_an_action_and_a_name(parts: Application) -> None:
    actions = parts.window._actions
    for name in (*(f"look_{look}" for look in LOOKS), f"language_{SYSTEM}"):
        assert actions[name].text()


def test_no_two_actions_have_the_same_keys(parts: Application) -> None:

    keys = [key.toString() for a in parts.window.findChildren(QAction) for key in a.shortcuts()]
    assert len(keys) == len(set(keys))
