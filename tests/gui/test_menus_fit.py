"""The menus at the largest zoom: longer than a small screen, they scroll and are not cut off."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from gui.app import Application
from gui.texts import LANGUAGES

BORDER_PX = 2
"""Qt leaves the border of a menu out when it makes it fit."""


@pytest.mark.qt_log_ignore("support raise", "support grabbing", extend=True)  # off-screen
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_menu_is_one_column_within_the_screen(
    parts: Application, qtbot: QtBot, language: str
) -> None:
    parts.appearance.set_zoom(2.5)
    parts.appearance.set_language(language)
    screen = parts.window.screen().availableGeometry()
    menus = [action.menu() for action in parts.window.menuBar().actions()]
    assert len(menus) > 2
    for menu in menus:
        assert isinstance(menu, QMenu)
        menu.popup(screen.topLeft())
        qtbot.waitUntil(menu.isVisible)
        columns = {menu.actionGeometry(action).x() for action in menu.actions()}
        assert len(columns) == 1, menu.title()
        assert screen.adjusted(0, 0, BORDER_PX, BORDER_PX).contains(menu.geometry()), menu.title()
        menu.close()
