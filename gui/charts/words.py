"""What charts say, in the language of the window. No Qt.

The sentences are in `resources/translations/charts`, one file a language.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Final

from core.modes import MODES

FOLDER: Final = Path(__file__).resolve().parents[2] / "resources" / "translations" / "charts"

LANGUAGES: Final = ("en", "ja")


def word(language: str, key: str, **values: object) -> str:
    """Return a text of the charts, with ``{name}`` filled in; English when it must be."""
    return _table(language if language in LANGUAGES else LANGUAGES[0])[key].format(**values)


def keys(language: str) -> frozenset[str]:
    """Return the keys that a language has."""
    return frozenset(_table(language))


def mode_word(language: str, mode: str) -> str:
    """Return the name of a mode; one that is not registered keeps its own."""
    known = next((each for each in MODES if each.name == mode), None)
    return known.label.get(language, mode) if known else mode


def mode_place(mode: str) -> tuple[int, str]:
    """Return what to sort modes by: the order of their buttons, then the name."""
    names = [each.name for each in MODES]
    return (names.index(mode) if mode in names else len(names), mode)


def running(elapsed_s: float, language: str) -> str:
    """Return the time of a run that goes on: always two decimals, so that it does not dance."""
    return word(language, "unit_s", value=f"{elapsed_s:,.2f}")


@cache
def _table(language: str) -> dict[str, str]:
    with (FOLDER / f"{language}.toml").open("rb") as file:
        texts: dict[str, str] = tomllib.load(file)
    return texts
