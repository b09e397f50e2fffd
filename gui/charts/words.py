"""What charts say, in the language of the window, and how they write numbers. No Qt.

The sentences are in `resources/translations/charts`, one file a language.
"""

import math
import tomllib
from functools import cache
from pathlib import Path
from typing import Final

from core.modes import MODES

FOLDER: Final = Path(__file__).resolve().parents[2] / "resources" / "translations" / "charts"

LANGUAGES: Final = ("en", "ja")

NOT_KNOWN: Final = "–"


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


def thousands(value: float) -> str:
    """Return a number with its thousands separated, as ``2,000,000``."""
    if math.isnan(value):
        return NOT_KNOWN
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}"


def seconds(value_s: float) -> str:
    """Return a time with its unit in three significant digits, as ``0.93 s`` or ``1.25 ms``."""
    if math.isnan(value_s):
        return NOT_KNOWN
    for unit, scale in (("s", 1.0), ("ms", 1e3), ("µs", 1e6)):
        if abs(value_s) * scale >= 1 or (unit == "s" and abs(value_s) >= 0.1):
            return f"{_three_digits(value_s * scale)} {unit}"
    return "0 s" if value_s == 0 else f"{_three_digits(value_s * 1e6)} µs"


def times(ratio: float) -> str:
    """Return a speed-up in three significant digits, as ``× 2.18``."""
    return f"× {_three_digits(ratio)}"


def _three_digits(value: float) -> str:
    rounded = float(f"{value:.3g}")  # first, so that 9.999 is 10.0 and not 10.00
    whole_digits = len(str(int(abs(rounded))))
    return f"{value:,.{max(0, 3 - whole_digits)}f}"


@cache
def _table(language: str) -> dict[str, str]:
    with (FOLDER / f"{language}.toml").open("rb") as file:
        texts: dict[str, str] = tomllib.load(file)
    return texts
