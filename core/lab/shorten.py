"""Short texts of any object: bounded in length and time, and never an exception.

Called for each argument and result, so exact built-in types take short cuts first.
An integer of 200,000 digits is described by its size (``str`` of it raises
ValueError since 3.11, and takes seconds before), and a ``repr`` that raises says so.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

LONGEST = 120
_PLAIN_INT = 10**15
_ITEMS = 4
_MANY = 1_000
_HOMES = ("builtins", "collections", "array")


def shorten(value: Any, depth: int = 2) -> str:
    """Return a text of at most about `LONGEST` characters that tells what ``value`` is."""
    kind = type(value)
    if value is None or kind is float or kind is bool:
        return repr(value)
    if kind is int:
        return repr(value) if -_PLAIN_INT < value < _PLAIN_INT else _large(value)
    if kind is str or kind is bytes:
        return repr(value if len(value) <= LONGEST else value[: LONGEST - 1]) + (
            "" if len(value) <= LONGEST else "…"
        )
    try:
        return cut(_OTHERS.get(kind, _other)(value, depth))
    except Exception as error:  # noqa: BLE001 - a repr of the script may raise anything
        return "<%s, whose repr raised %s>" % (kind.__name__, type(error).__name__)


def shorten_result(value: Any) -> str | int:
    """Return a short text of a result; a plain integer as it is, which is its own short text."""
    if type(value) is int and -_PLAIN_INT < value < _PLAIN_INT:
        return value
    return shorten(value)


def shorten_call(args: tuple[Any, ...], kwargs: dict[str, Any]) -> str | int:
    """Return the arguments of a call as they would stand between its parentheses."""
    if not kwargs:
        if not args:
            return ""
        if len(args) == 1:
            return shorten_result(args[0])
    parts = [shorten(value) for value in args[:_ITEMS]]
    parts += ["%s=%s" % (name, shorten(kwargs[name])) for name in list(kwargs)[:_ITEMS]]
    if len(args) > _ITEMS or len(kwargs) > _ITEMS:
        parts.append("…")
    return cut(", ".join(parts))


def arguments_of(call: Any, args: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the arguments that the script gave: Executor.map with chunks packs them up."""
    if type(call) is not functools.partial or not _is_chunked(call) or len(args) != 1:
        return args
    chunk = args[0]
    if type(chunk) is not tuple or not all(type(one) is tuple for one in chunk):
        return args
    return chunk[0] if len(chunk) == 1 else chunk


def shorten_error(error: BaseException) -> str:
    """Return ``TypeName: message``."""
    try:
        message = str(error)
    except Exception as second:  # noqa: BLE001 - as above
        message = "<its str raised %s>" % type(second).__name__
    name = type(error).__name__
    return cut("%s: %s" % (name, message) if message else name)


def name_of(call: Any) -> str:
    """Return the name that a reader would call ``call`` by."""
    while isinstance(call, functools.partial):
        call = call.args[0] if _is_chunked(call) else call.func
    try:
        name = getattr(call, "__qualname__", None) or getattr(call, "__name__", None)
    except Exception:  # noqa: BLE001 - as above
        name = None
    return cut(name if type(name) is str else type(call).__name__)


def _is_chunked(call: functools.partial[Any]) -> bool:
    """Return whether this is what Executor.map with chunks wraps the script's function in."""
    return getattr(call.func, "__name__", "") == "_process_chunk" and bool(call.args)


def _large(value: int) -> str:
    digits = value.bit_length() * 30103 // 100000 + 1
    return "%san integer of about %s digits" % ("minus " if value < 0 else "", format(digits, ","))


def _sequence(value: Any, depth: int) -> str:
    opening, closing = _BRACKETS[type(value)]
    if depth == 0:
        return opening + "…" + closing
    items: list[str] = []
    for item in value:
        if len(items) == _ITEMS:
            items.append("… %d in all" % len(value))
            break
        items.append(shorten(item, depth - 1))
    return opening + ", ".join(items) + closing


def _mapping(value: dict[Any, Any], depth: int) -> str:
    if depth == 0:
        return "{…}"
    items: list[str] = []
    for key in value:
        if len(items) == _ITEMS:
            items.append("… %d in all" % len(value))
            break
        items.append("%s: %s" % (shorten(key, depth - 1), shorten(value[key], depth - 1)))
    return "{" + ", ".join(items) + "}"


def _other(value: Any, _depth: int) -> str:
    if isinstance(value, BaseException):
        return shorten_error(value)
    if type(value).__repr__ is _PLAIN_REPR:
        return "<%s>" % type(value).__name__  # an address tells a reader nothing
    # The built-in containers and what is derived from them write out everything they hold.
    home = getattr(getattr(type(value).__repr__, "__objclass__", None), "__module__", "")
    if home in _HOMES and type(value) is not range and len(value) > _MANY:
        return "<%s of %s items>" % (type(value).__name__, format(len(value), ","))
    return repr(value)


_PLAIN_REPR: Any = object.__repr__

_BRACKETS: dict[type, tuple[str, str]] = {
    list: ("[", "]"),
    tuple: ("(", ")"),
    set: ("{", "}"),
    frozenset: ("{", "}"),
}

_OTHERS: dict[type, Callable[[Any, int], str]] = {
    **dict.fromkeys(_BRACKETS, _sequence),
    dict: _mapping,
}


def cut(text: str, longest: int = LONGEST) -> str:
    """Return a text as it can be sent: short, and without what is no character."""
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode("utf-8")  # a lone surrogate is no JSON
    return text if len(text) <= longest else text[: longest - 1] + "…"
