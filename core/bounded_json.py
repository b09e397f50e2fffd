"""Decodes JSON in bounded time, whatever numbers there are in it.

msgspec takes 13 us for a number such as 1e308, 300 times what it takes for others, and holds the
interpreter's lock meanwhile: 14 megabytes of them stopped the window for 50 s. Python's own JSON
reads them in 0.4 us, and lets other threads run between them.
"""

import json
import math
import re
from collections.abc import Callable
from typing import Any, Final, Generic, NoReturn, TypeVar

import msgspec

T = TypeVar("T")

_SLOW: Final = re.compile(rb"[eE][+-]?0*[23]\d\d[\s,\]}]")
"""An exponent that msgspec reads the slow way, at the end of a number. In a text it costs
nothing but that the text is read the other way."""


class Reader(Generic[T]):
    """Decodes one type; as `msgspec.json.Decoder` does, but for its time.

    Parameters
    ----------
    kind
        The type.
    dec_hook
        As msgspec has it.
    """

    def __init__(self, kind: Any, dec_hook: Callable[[type, Any], Any] | None = None) -> None:
        self._kind, self._hook = kind, dec_hook
        self._decoder: msgspec.json.Decoder[T] = msgspec.json.Decoder(kind, dec_hook=dec_hook)

    def decode(self, text: bytes | msgspec.Raw) -> T:
        """Return what a text says.

        Raises
        ------
        ValueError, RecursionError
            It is no JSON, or of another type.
        """
        if _SLOW.search(text) is None:
            return self._decoder.decode(text)
        told = json.loads(bytes(text), parse_float=_finite, parse_constant=_no_number)
        read: T = msgspec.convert(told, self._kind, dec_hook=self._hook)
        return read


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"Number out of range: {text[:30]}")
    return number


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")
