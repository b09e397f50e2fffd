"""The values a knob can have, and how they are written in a script."""

import ast
import math
import re
from typing import Any, TypeAlias

KnobValue: TypeAlias = (
    bool | int | float | str | list[Any] | tuple[Any, ...] | dict[Any, Any] | set[Any] | None
)
"""A Python literal (no bytes, no complex numbers), or a `DottedName`."""

_DOTTED = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)+")
_DEEPEST = 20  # brackets in brackets; nobody turns a knob that is deeper


class DottedName(str):
    """A value such as ``futures.ThreadPoolExecutor``: written without quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"DottedName({str(self)!r})"

    @staticmethod
    def fits(text: str) -> bool:
        """Return whether a text has the form of a dotted name."""
        return _DOTTED.fullmatch(text) is not None


class NotAValue(ValueError):
    """Not something a knob can have; the text says why, as a clause for a sentence."""


def value_of(node: ast.expr) -> KnobValue:
    """Return the value that an expression stands for.

    Raises
    ------
    NotAValue
        It is neither a literal nor a dotted name.
    """
    if isinstance(node, ast.Attribute):
        return _dotted_name(node)
    return literal_of(node)


def _dotted_name(node: ast.Attribute) -> DottedName:
    parts: list[str] = []
    here: ast.expr = node
    while isinstance(here, ast.Attribute):
        parts.append(here.attr)
        here = here.value
    if not isinstance(here, ast.Name):
        raise NotAValue("it is computed, not a plain name")
    return DottedName(".".join([here.id, *reversed(parts)]))


def literal_of(node: ast.expr | None, depth: int = 0) -> KnobValue:
    """Return the value of a literal.

    Raises
    ------
    NotAValue
        It is not one, or one of a kind that knobs do not have.
    """
    if depth > _DEEPEST:
        raise NotAValue("it is nested too deeply")
    match node:
        case ast.Constant(value=bool() | int() | str() | None as value):
            return value
        case ast.Constant(value=float() as number) if math.isfinite(number):
            return number  # 1e999 is infinity, which could not be written back
        case ast.UnaryOp(op=ast.USub() | ast.UAdd()):
            return _signed(node)
        case ast.List(elts=items):
            return [literal_of(item, depth + 1) for item in items]
        case ast.Tuple(elts=items):
            return tuple(literal_of(item, depth + 1) for item in items)
        case ast.Set() | ast.Dict():
            return _hashed(node, depth + 1)
        case ast.Call(func=ast.Name(id="set"), args=[], keywords=[]):
            return set()  # the only way to write the empty one
    raise NotAValue("it is computed, not a literal")


def _signed(node: ast.UnaryOp) -> int | float:
    value = literal_of(node.operand) if isinstance(node.operand, ast.Constant) else None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return -value if isinstance(node.op, ast.USub) else value
    raise NotAValue("only a number can have a sign")


def _hashed(node: ast.Set | ast.Dict, depth: int) -> set[Any] | dict[Any, Any]:
    try:
        if isinstance(node, ast.Set):
            return {literal_of(item, depth) for item in node.elts}
        # The key is None in {**another}: computed, and so refused.
        pairs = zip(node.keys, node.values, strict=True)
        return {literal_of(key, depth): literal_of(value, depth) for key, value in pairs}
    except TypeError as problem:
        raise NotAValue("a list can neither be in a set nor be a key") from problem
