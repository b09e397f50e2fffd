"""How the window looks and which language it speaks: as the system, or as somebody chose."""

from typing import Final

from PySide6.QtCore import QLibraryInfo, QObject, QSize, Qt, QTranslator, Signal
from PySide6.QtGui import QStyleHints
from PySide6.QtWidgets import QApplication

from gui.settings import SYSTEM, Look, Settings
from gui.texts import Texts, system_language
from gui.theme import DARK, LIGHT, MAX_ZOOM, MIN_ZOOM, Theme, apply_theme

ZOOM_STEP: Final = 0.25

_COMFORTABLE: Final = QSize(1536, 800)
"""A screen for which 100 % is right; on larger ones everything begins larger."""


class Appearance(QObject):
    """Theme, zoom and language; remembers what is chosen.

    Parameters
    ----------
    app : QApplication
        Dressed in the theme at once, and again on each change.
    settings : Settings
        Where choices are kept.
    hints : QStyleHints, optional
        What the system says of its own look.
    """

    theme_changed = Signal(Theme)
    texts_changed = Signal(Texts)

    def __init__(
        self, app: QApplication, settings: Settings, hints: QStyleHints | None = None
    ) -> None:
        super().__init__()
        self._app = app
        self._hints = hints if hints is not None else app.styleHints()
        self._settings = settings
        self._zoom = settings.zoom or zoom_for(app.primaryScreen().availableSize())
        self._qt_texts = QTranslator(self)
        self.texts = self._speak()
        self.theme = self._current_theme()
        apply_theme(app, self.theme)
        self._hints.colorSchemeChanged.connect(self._dress)

    @property
    def look(self) -> Look:
        """The chosen look."""
        return self._settings.look

    @property
    def language(self) -> str:
        """The chosen language, or ``"system"``."""
        return self._settings.language

    def set_look(self, look: Look) -> None:
        """Be light, dark, or as the system."""
        self._settings.look = look
        self._dress()

    def set_language(self, language: str) -> None:
        """Speak a language of `gui.texts.LANGUAGES`, or that of the system."""
        self._settings.language = language
        self.texts = self._speak()
        self.texts_changed.emit(self.texts)

    def zoom_by(self, steps: float) -> None:
        """Make everything larger, or smaller for less than 0 steps."""
        self.set_zoom(self._zoom + steps * ZOOM_STEP)

    def reset_zoom(self) -> None:
        """Make everything as large as it is meant to be."""
        self.set_zoom(MIN_ZOOM)

    def set_zoom(self, zoom: float) -> None:
        """Make everything so large, 1 being 100 %, as far as the theme allows."""
        self._zoom = min(MAX_ZOOM, max(MIN_ZOOM, zoom))
        self._settings.zoom = self._zoom
        self._dress()

    def _dress(self) -> None:
        theme = self._current_theme()
        if theme != self.theme:
            self.theme = theme
            apply_theme(self._app, theme)
            self.theme_changed.emit(theme)

    def _current_theme(self) -> Theme:
        dark = self.look == "dark"
        if self.look == SYSTEM:
            dark = self._hints.colorScheme() == Qt.ColorScheme.Dark
        return (DARK if dark else LIGHT).zoomed(self._zoom)

    def _speak(self) -> Texts:
        """Return the texts of the chosen language, and have Qt's own dialogs speak it too."""
        chosen = self._settings.language
        language = system_language() if chosen == SYSTEM else chosen
        self._app.removeTranslator(self._qt_texts)
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if self._qt_texts.load(f"qtbase_{language}", folder):
            self._app.installTranslator(self._qt_texts)
        return Texts(language)


def zoom_for(screen: QSize) -> float:
    """Return the zoom to begin with: on a large screen one sits farther away."""
    ratio = min(screen.width() / _COMFORTABLE.width(), screen.height() / _COMFORTABLE.height())
    steps = int(ratio / ZOOM_STEP)
    return min(MAX_ZOOM, max(MIN_ZOOM, steps * ZOOM_STEP))
