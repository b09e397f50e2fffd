"""JSON of values that come from scripts: any name, any knob, any number."""

import json
import math
from typing import Any

import msgspec

from core.exports.rows import seconds


def of_plain(value: Any) -> str:
    """Return JSON of what is known to be plain: fast, for what there may be 100,000 of."""
    try:
        return msgspec.json.encode(value).decode()
    except UnicodeEncodeError:
        return json.dumps(value)


def of_any(value: Any) -> str:
    """Return JSON in the characters that people read; NaN is null.

    What JSON does not know, a set in a knob, becomes its representation. Times, whose names
    end in ``_s``, are given to the nanosecond.
    """
    plain = _plain("", value)
    text = json.dumps(plain, ensure_ascii=False, allow_nan=False)
    return text if _fits_utf8(text) else json.dumps(plain, allow_nan=False)


def _fits_utf8(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _plain(name: str, value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(str(key), one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(name, one) for one in value]
    if isinstance(value, float):
        if name.endswith("_s"):
            return seconds(value)
        return value if math.isfinite(value) else None
    return value if value is None or isinstance(value, bool | int | str) else repr(value)
