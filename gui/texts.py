"""What the window says, in English and Japanese.

A language is one file of sentences, `resources/translations/<language>.toml`; a key is
``section.name``. Texts about a demo are on its card, not here.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Final

from PySide6.QtCore import QLocale

LANGUAGES: Final = ("en", "ja")
"""In the order of the menu; the first is for everybody whose language is not here."""

FOLDER: Final = Path(__file__).resolve().parent.parent / "resources" / "translations"


class Texts:
    """The texts of one language.

    Parameters
    ----------
    language : str
        One of `LANGUAGES`.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self._texts = _load(language)

    def __call__(self, key: str, /, **values: object) -> str:
        """Return a text, with ``{name}`` filled in from ``values``.

        Raises
        ------
        KeyError
            There is no text of that key.
        """
        text = self._texts[key]
        return text.format(**values) if values else text

    def keys(self) -> frozenset[str]:
        """Return the keys of all texts."""
        return frozenset(self._texts)

    def in_section(self, section: str) -> tuple[str, ...]:
        """Return the keys that begin with ``section``, in the order of the file."""
        return tuple(key for key in self._texts if key.startswith(section))


def system_language() -> str:
    """Return the language of `LANGUAGES` that the system asks for first."""
    for wanted in QLocale.system().uiLanguages():
        code = wanted.partition("-")[0].lower()
        if code in LANGUAGES:
            return code
    return LANGUAGES[0]


@cache
def _load(language: str) -> dict[str, str]:
    with (FOLDER / f"{language}.toml").open("rb") as file:
        sections = tomllib.load(file)
    return {
        f"{section}.{name}": text
        for section, texts in sections.items()
        for name, text in texts.items()
    }
