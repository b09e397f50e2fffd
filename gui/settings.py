"""What the window remembers from one day to the next.

Everything read back is checked: the file may be from an older version, or edited by hand.
"""

from typing import Final, Literal, get_args

from PySide6.QtCore import QByteArray, QSettings

from gui.texts import LANGUAGES
from gui.theme import MAX_ZOOM, MIN_ZOOM

Look = Literal["system", "light", "dark"]
"""Which theme to wear: that of the system, or always the same."""

LOOKS: Final[tuple[Look, ...]] = get_args(Look)
SYSTEM: Final = "system"


class Settings:
    """Typed access to a `QSettings`.

    Parameters
    ----------
    store : QSettings, optional
        Where to keep them; by default the user's own settings of the application.
    """

    def __init__(self, store: QSettings | None = None) -> None:
        self._store = store if store is not None else QSettings()

    @property
    def look(self) -> Look:
        """Which theme to wear."""
        value = self._store.value("look")
        return next((look for look in LOOKS if look == value), SYSTEM)

    @look.setter
    def look(self, look: Look) -> None:
        self._store.setValue("look", look)

    @property
    def language(self) -> str:
        """One of `gui.texts.LANGUAGES`, or ``"system"``."""
        value = self._store.value("language")
        return str(value) if value in LANGUAGES else SYSTEM

    @language.setter
    def language(self, language: str) -> None:
        self._store.setValue("language", language)

    @property
    def zoom(self) -> float | None:
        """The size of everything, 1 being 100 %; None before it was ever chosen."""
        try:
            zoom = float(str(self._store.value("zoom")))
        except ValueError:
            return None
        return zoom if MIN_ZOOM <= zoom <= MAX_ZOOM else None

    @zoom.setter
    def zoom(self, zoom: float) -> None:
        self._store.setValue("zoom", zoom)

    @property
    def demo(self) -> str:
        """The demo that was open last; empty when none was."""
        return self._text("demo")

    @demo.setter
    def demo(self, name: str) -> None:
        self._store.setValue("demo", name)

    @property
    def folder(self) -> str:
        """The folder that a script was opened from or saved to last."""
        return self._text("folder")

    @folder.setter
    def folder(self, folder: str) -> None:
        self._store.setValue("folder", folder)

    def state(self, name: str) -> QByteArray:
        """Return what Qt saved under a name: a geometry, the sizes of a splitter."""
        value = self._store.value(f"state/{name}")
        return value if isinstance(value, QByteArray) else QByteArray()

    def keep_state(self, name: str, state: QByteArray) -> None:
        """Save what Qt wants to find again under a name."""
        self._store.setValue(f"state/{name}", state)

    def save(self) -> None:
        """Write everything now: the process may end before Qt gets to it."""
        self._store.sync()

    def _text(self, key: str) -> str:
        value = self._store.value(key)
        return value if isinstance(value, str) else ""
