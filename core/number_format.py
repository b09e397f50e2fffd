"""Numbers as people read them: three significant digits, thousands parted by commas.

One place for all of them, so that a time looks the same in a sentence, at a bar and in
a table: ``0.93 s``, ``× 2.18``, ``1,602,716``, ``19.9 %``.
"""

import math
from collections.abc import Callable, Mapping
from typing import Final

UNKNOWN: Final = "–"
"""What stands where nothing was measured."""

_DIGITS: Final = 3
_SIZES: Final = ("B", "kB", "MB", "GB", "TB", "PB")
_UNITS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {"s": " s", "ms": " ms", "us": " µs", "times": " times", "%": " %"},
    "ja": {"s": "秒", "ms": "ミリ秒", "us": "マイクロ秒", "times": "倍", "%": "%"},
}


def number(value: float, _language: str = "en") -> str:
    """Return a value to three significant digits, without zeros at its end: ``0.93``, ``71``."""
    if not math.isfinite(value):
        return UNKNOWN
    if value == 0:
        return "0"
    rounded = round(value, _DIGITS - 1 - math.floor(math.log10(abs(value))))
    # Anew, for the rounded value may have one digit more in front: 0.9996 became 1.
    decimals = max(0, _DIGITS - 1 - math.floor(math.log10(abs(rounded))))
    text = f"{rounded:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def seconds(value: float, language: str = "en") -> str:
    """Return a time given in seconds: ``0.93 s``; short ones as ``4.2 ms`` and ``2.85 µs``."""
    if 0 < abs(value) < 1e-5:
        return _with_unit(value * 1e6, "us", language)
    if 0 < abs(value) < 0.01:
        return _with_unit(value * 1000, "ms", language)
    return _with_unit(value, "s", language)


def ratio(value: float, _language: str = "en") -> str:
    """Return how many times, for a label: ``× 2.18``."""
    return f"× {number(value)}" if math.isfinite(value) else UNKNOWN


def times(value: float, language: str = "en") -> str:
    """Return how many times, for a sentence: ``2.18 times``."""
    return _with_unit(value, "times", language)


def count(value: float, _language: str = "en") -> str:
    """Return a whole number with all its digits: ``1,602,716``."""
    return f"{round(value):,}" if math.isfinite(value) else UNKNOWN


def percent(value: float, language: str = "en") -> str:
    """Return a share of a hundred: ``19.9 %``."""
    return _with_unit(value, "%", language)


def size(value_bytes: float, _language: str = "en") -> str:
    """Return an amount of memory or data: ``6.13 GB``, ``480 kB``."""
    if not math.isfinite(value_bytes):
        return UNKNOWN
    power = 0
    while abs(value_bytes) >= 1000 * (1 - 0.5e-3) and power < len(_SIZES) - 1:
        value_bytes, power = value_bytes / 1000, power + 1
    return f"{number(value_bytes)} {_SIZES[power]}"


def _with_unit(value: float, unit: str, language: str) -> str:
    units = _UNITS.get(language, _UNITS["en"])
    return f"{number(value)}{units[unit]}" if math.isfinite(value) else UNKNOWN


FORMATS: Final[Mapping[str, Callable[[float, str], str]]] = {
    "number": number,
    "seconds": seconds,
    "ratio": ratio,
    "times": times,
    "count": count,
    "percent": percent,
    "size": size,
}
"""By the name that stands in a template after the colon: ``{elapsed_s:seconds}``."""
