"""Values as Python text, in the manner of the text that they replace."""

import math
import re
from dataclasses import dataclass
from typing import Any

from core.quoting import shortened
from core.script.values import DottedName, KnobValue, NotAValue

COLUMNS = 72
"""What fits a projector. A longer list is written one item a line."""

_GROUPED_FROM = 10_000
_BRACKETS: dict[type, str] = {list: "[]", tuple: "()", set: "{}", dict: "{}"}
_FIRST_ITEM = re.compile(r"[\[({][ \t]*(?:#[^\r\n]*)?(?:\r\n|\r|\n)([ \t]*)(?=[^\s\])}])")
_CLOSING = re.compile(r"[\r\n]([ \t]*)[\])}]\Z")
_QUOTE = re.compile("['\"]")


@dataclass(frozen=True, slots=True)
class Manner:
    """How the text to be replaced is written.

    Attributes
    ----------
    quote : str
        Its quotation mark.
    line_end : str
        What stands between its lines.
    column : int
        Where on its line it begins.
    broken : bool
        Whether it is a list (tuple, set, dictionary) over several lines.
    indent, closing : str
        White space before an item, and before the closing bracket.
    """

    quote: str = '"'
    line_end: str = "\n"
    column: int = 0
    broken: bool = False
    indent: str = "    "
    closing: str = ""


def manner_of(code: str, value: KnobValue, column: int, line_end: str) -> Manner:
    """Return how a value is written now."""
    quote = _QUOTE.search(code)
    first_item = _FIRST_ITEM.match(code)
    closing = _CLOSING.search(code)
    return Manner(
        quote=quote.group() if quote else '"',
        line_end=line_end,
        column=column,
        broken=type(value) in _BRACKETS and ("\n" in code or "\r" in code),
        indent=first_item.group(1) if first_item else "    ",
        closing=closing.group(1) if closing else "",
    )


def as_code(value: KnobValue, quote: str = '"') -> str:
    """Return a value as Python text on one line.

    Two values have the same text only if a script cannot tell them apart
    (``1``, ``1.0`` and ``True`` are three texts), so it serves to compare them.

    Raises
    ------
    NotAValue
        It has no literal: infinity, an object of another type ...
    """
    if isinstance(value, DottedName):
        if not DottedName.fits(value):
            raise NotAValue(f"'{shortened(value)}' is not a dotted name")
        return str(value)
    try:
        return _flat(value, quote)
    except RecursionError as problem:
        raise NotAValue("it is nested too deeply") from problem


def written(value: KnobValue, manner: Manner) -> str:
    """Return a value as Python text, in the manner given, and broken if too long for a line.

    Raises
    ------
    NotAValue
        It has no literal.
    """
    flat = as_code(value, manner.quote)
    if not _breaks(value, manner.column + len(flat), manner.broken):
        return flat
    return _broken(value, manner, manner.indent, manner.closing)


def _flat(value: KnobValue, quote: str) -> str:
    kind = type(value)
    if value is None or kind is bool:
        return str(value)
    if kind is int:
        return _whole(value)  # type: ignore[arg-type]  # kind says that it is an int
    if kind is float:
        return _fraction(value)  # type: ignore[arg-type]  # and here a float
    if kind is str:
        return _quoted(str(value), quote)
    if kind in _BRACKETS:
        return _enclosed(value, quote)
    raise NotAValue(f"a script cannot hold a value of the type {kind.__name__}")


def _whole(value: int) -> str:
    try:
        return f"{value:_}" if abs(value) >= _GROUPED_FROM else str(value)
    except ValueError:  # Python refuses to write more than 4,300 decimal digits
        return hex(value)


def _fraction(value: float) -> str:
    if not math.isfinite(value):
        raise NotAValue(f"Python has no literal for {value!r}")
    return repr(value)


def _quoted(text: str, quote: str) -> str:
    plain = repr(text)
    # repr() chooses double quotation marks only to save escapes, and then they have to stay.
    return f'"{plain[1:-1]}"' if quote == '"' and '"' not in text else plain


def _enclosed(value: Any, quote: str) -> str:
    items = _items(value, quote)
    if not items:
        return "set()" if type(value) is set else _BRACKETS[type(value)]
    comma = "," if type(value) is tuple and len(items) == 1 else ""
    opening, closing = tuple(_BRACKETS[type(value)])
    return f"{opening}{', '.join(key + _flat(item, quote) for key, item in items)}{comma}{closing}"


def _items(value: Any, quote: str) -> list[tuple[str, Any]]:
    """Return the items, each with the text of its key (empty where there are no keys)."""
    if type(value) is dict:
        return [(f"{_flat(key, quote)}: ", item) for key, item in value.items()]
    if type(value) is set:
        return [("", item) for item in _in_order(value)]
    return [("", item) for item in value]


def _in_order(values: set[Any]) -> list[Any]:
    # A set has another order in every run of Python; the script's text should not.
    try:
        return sorted(values)
    except TypeError:  # numbers beside texts, say
        return sorted(values, key=lambda item: _flat(item, '"'))


def _breaks(value: KnobValue, width: int, broken: bool) -> bool:
    return type(value) in _BRACKETS and bool(value) and (broken or width > COLUMNS)


def _broken(value: Any, manner: Manner, indent: str, closing: str) -> str:
    lines = [_BRACKETS[type(value)][0]]
    for key, item in _items(value, manner.quote):
        code = _flat(item, manner.quote)
        if _breaks(item, len(indent) + len(key) + len(code) + 1, broken=False):
            deeper = indent + ("\t" if indent.startswith("\t") else "    ")
            code = _broken(item, manner, deeper, indent)
        lines.append(f"{indent}{key}{code},")
    lines.append(f"{closing}{_BRACKETS[type(value)][1]}")
    return manner.line_end.join(lines)
