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


def number(value: float) -> str:
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


def seconds(value: float) -> str:
    """Return a time given in seconds; short ones in milliseconds: ``0.93 s``, ``4.2 ms``."""
    if 0 < abs(value) < 0.01:
        return f"{number(value * 1000)} ms"
    return f"{number(value)} s" if math.isfinite(value) else UNKNOWN


def ratio(value: float) -> str:
    """Return how many times: ``× 2.18``."""
    return f"× {number(value)}" if math.isfinite(value) else UNKNOWN


def count(value: float) -> str:
    """Return a whole number with all its digits: ``1,602,716``."""
    return f"{round(value):,}" if math.isfinite(value) else UNKNOWN


def percent(value: float) -> str:
    """Return a share of a hundred: ``19.9 %``."""
    return f"{number(value)} %" if math.isfinite(value) else UNKNOWN


FORMATS: Final[Mapping[str, Callable[[float], str]]] = {
    "number": number,
    "seconds": seconds,
    "ratio": ratio,
    "count": count,
    "percent": percent,
}
"""By the name that stands in a template after the colon: ``{elapsed_s:seconds}``."""
