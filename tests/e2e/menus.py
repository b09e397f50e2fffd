"""Where the menus of the application are on the screen, and what can be chosen in them."""

from __future__ import annotations

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMenu, QMenuBar

from tests.e2e.places import on_screen


def menu(bar: QMenuBar, title: str) -> list[int]:
    """Return the place of a menu in the menu bar; ``_`` stands for spaces."""
    return on_screen(bar, bar.actionGeometry(_titled(bar, title)).center())


def entry(title: str) -> list[int]:
    """Return the place of an entry in the menu that is open."""
    open_one = _open_one()
    assert open_one is not None
    return on_screen(open_one, open_one.actionGeometry(_titled(open_one, title)).center())


def entries() -> list[str]:
    """Return what can be chosen in the menu that is open; nothing if none is."""
    open_one = _open_one()
    actions = open_one.actions() if open_one is not None else []
    return [_plain(action) for action in actions if action.isEnabled() and action.text()]


def can_choose(bar: QMenuBar, menu_title: str, entry_title: str) -> bool:
    """Return whether an entry of a menu can be chosen."""
    inside = _titled(bar, menu_title).menu()
    assert isinstance(inside, QMenu)
    return _titled(inside, entry_title).isEnabled()


def _open_one() -> QMenu | None:
    popup = QApplication.activePopupWidget()
    return popup if isinstance(popup, QMenu) else None


def _plain(action: QAction) -> str:
    return action.text().replace("&", "")


def _titled(menu: QMenuBar | QMenu, title: str) -> QAction:
    wanted = title.replace("_", " ")
    titles = {_plain(action): action for action in menu.actions() if action.text()}
    assert wanted in titles, f"{wanted} is none of {list(titles)}"
    return titles[wanted]
