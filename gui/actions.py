"""The menus and the keys. What an action does is connected by the window."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from core.modes import MODES
from gui.panels.run_bar import COMPARE_KEY, RUN_KEY, STOP_KEY
from gui.settings import LOOKS, SYSTEM
from gui.texts import LANGUAGES, Texts


class Entry(NamedTuple):
    """An action: its name, and the keys that trigger it; an empty name is a line in the menu."""

    name: str
    keys: tuple[str, ...] = ()


LINE: Final = Entry("")

MENUS: Final[dict[str, tuple[Entry, ...]]] = {
    "file": (
        Entry("open", ("Ctrl+O",)),
        Entry("paste", ("Ctrl+Shift+V",)),
        Entry("save", ("Ctrl+S",)),
        Entry("save_recording"),
        Entry("revert"),
        LINE,
        Entry("save_picture"),
        Entry("save_report"),
        LINE,
        Entry("quit", ("Ctrl+Q",)),
    ),
    "run": (
        Entry("run", (RUN_KEY,)),
        Entry("stop", (STOP_KEY,)),
        Entry("compare", (COMPARE_KEY,)),
        Entry("sweep"),
        LINE,
        Entry("pin", ("Ctrl+P",)),
        LINE,
        *(Entry(f"mode_{mode.name}", (f"Ctrl+{number}",)) for number, mode in enumerate(MODES, 1)),
    ),
    "view": (
        Entry("zoom_in", ("Ctrl++", "Ctrl+=", "Ctrl+;")),  # Ctrl+; is where + is in Japan
        Entry("zoom_out", ("Ctrl+-",)),
        Entry("zoom_reset", ("Ctrl+0",)),
        Entry("full_screen", ("F11",)),
        LINE,
    ),
}
CHOICES: Final[dict[str, Sequence[str]]] = {"look": LOOKS, "language": (SYSTEM, *LANGUAGES)}
"""Submenus of the last menu, in which one thing is chosen."""


class Actions:
    """The actions of a window by name, and the menu bar that shows them."""

    def __init__(self, window: QMainWindow) -> None:
        self._actions: dict[str, QAction] = {}
        self._menus: dict[str, QMenu] = {}
        for name, entries in MENUS.items():
            menu = self._menus[name] = window.menuBar().addMenu("")
            for entry in entries:
                self._add(window, menu, entry)
        for name, choices in CHOICES.items():
            self._add_choice(window, self._menus["view"], name, choices)
        self["full_screen"].setCheckable(True)

    def __getitem__(self, name: str) -> QAction:
        """Return an action."""
        return self._actions[name]

    def set_texts(self, texts: Texts) -> None:
        """Speak another language."""
        for name, menu in self._menus.items():
            menu.setTitle(texts(f"menu.{name}"))
        for name, action in self._actions.items():
            mode = name.removeprefix("mode_")
            if mode != name:
                action.setText(next(m.label[texts.language] for m in MODES if m.name == mode))
            elif name in ("run", "stop", "compare"):
                action.setText(texts(f"run_bar.{name}"))
            else:
                action.setText(texts(f"menu.{name}"))

    def choose(self, group: str, choice: str) -> None:
        """Show what is chosen in a submenu."""
        self[f"{group}_{choice}"].setChecked(True)

    def add_submenu(self, menu: str, before: str) -> QMenu:
        """Return a new submenu, without title or entries, which stands before an action."""
        submenu = QMenu(self._menus[menu])
        self._menus[menu].insertMenu(self[before], submenu)
        return submenu

    def _add(self, window: QMainWindow, menu: QMenu, entry: Entry) -> None:
        if entry == LINE:
            menu.addSeparator()
            return
        action = QAction(window)
        action.setShortcuts([QKeySequence(key) for key in entry.keys])
        menu.addAction(action)
        self._actions[entry.name] = action

    def _add_choice(
        self, window: QMainWindow, menu: QMenu, name: str, choices: Sequence[str]
    ) -> None:
        submenu = self._menus[name] = menu.addMenu("")
        group = QActionGroup(window)
        for choice in choices:
            action = QAction(window)
            action.setCheckable(True)
            group.addAction(action)
            submenu.addAction(action)
            self._actions[f"{name}_{choice}"] = action
