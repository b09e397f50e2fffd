"""Small expressions of the cards, such as ``THREADS * INCREMENTS``, evaluated safely.

They know numbers, texts, truth values and names; ``+ - * / // % **`` on numbers, comparisons,
``and or not`` and parentheses. Nothing else parses: no call, no attribute, no index. Numbers stay
so small that no expression takes noticeable time or memory.
"""

import ast
import math
import operator
from collections.abc import Callable, Mapping
from functools import lru_cache
from numbers import Integral, Real
from typing import Final

from core.quoting import shortened

LONGEST: Final = 500
"""Characters of an expression; with this, no tree is deep enough to matter."""

LARGEST_BITS: Final = 1024
"""Whole numbers have no more bits than the largest float."""

Value = bool | int | float | str


class ExpressionError(ValueError):
    """An expression that cannot be read or has no value; the text is one sentence."""


class MissingName(ExpressionError):
    """An expression asked for a name that has no value here.

    Attributes
    ----------
    name : str
        The name.
    """

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no value named {shortened(name)}.")
        self.name = name


def evaluate(expression: str, names: Mapping[str, object]) -> Value:
    """Return the value of an expression.

    As in Python, ``and`` and ``or`` look at their right side only if they need it: a name
    there may be missing.

    Raises
    ------
    MissingName
        It needs a name that is not in `names`.
    ExpressionError
        It is none, or has no value: a division by zero, a text that is multiplied ...
    """
    return _value(_parsed(expression), names)


def names_in(expression: str) -> frozenset[str]:
    """Return the names that an expression uses.

    Raises
    ------
    ExpressionError
        It is none.
    """
    nodes = ast.walk(_parsed(expression))
    return frozenset(node.id for node in nodes if isinstance(node, ast.Name))


_ARITHMETIC: Final[Mapping[type[ast.operator], Callable[[float, float], float]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
}
_ORDER: Final[Mapping[type[ast.cmpop], Callable[[float, float], bool]]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_EQUALITY: Final[Mapping[type[ast.cmpop], Callable[[object, object], bool]]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
_ALLOWED: Final = (
    *(ast.Name, ast.Load, ast.Constant, ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare),
    *(ast.USub, ast.UAdd, ast.Not, ast.And, ast.Or),
    *_ARITHMETIC,
    *_ORDER,
    *_EQUALITY,
)


@lru_cache(maxsize=500)
def _parsed(expression: str) -> ast.expr:
    if len(expression) > LONGEST:
        raise ExpressionError(f"An expression has at most {LONGEST} characters.")
    try:
        tree = ast.parse(expression.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as problem:
        raise ExpressionError(f"'{shortened(expression)}' is not an expression.") from problem
    for node in ast.walk(tree):
        known = isinstance(node, _ALLOWED)
        if not known or (isinstance(node, ast.Constant) and not _is_value(node.value)):
            raise ExpressionError(
                f"'{shortened(expression)}' has more in it than numbers, texts, names "
                "and operators."
            )
    return tree


def _is_value(value: object) -> bool:
    return isinstance(value, bool | int | float | str)


def _value(node: ast.expr, names: Mapping[str, object]) -> Value:
    match node:
        case ast.Constant(value=bool() | int() | float() | str() as value):
            return value
        case ast.Name(id=name):
            return _named(name, names)
        case ast.BoolOp():
            return _junction(node, names)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return not _truth(_value(operand, names))
        case ast.UnaryOp(op=sign, operand=operand):
            value = _number(_value(operand, names))
            return -value if isinstance(sign, ast.USub) else value
        case ast.BinOp(left=left, op=op, right=right):
            return _computed(op, _number(_value(left, names)), _number(_value(right, names)))
        case ast.Compare():
            return _comparison(node, names)
    raise ExpressionError(f"'{shortened(ast.unparse(node))}' is not part of an expression.")


def _named(name: str, names: Mapping[str, object]) -> Value:
    """Return a plain Python value, also where a number of numpy stands."""
    if name not in names:
        raise MissingName(name)
    value = names[name]
    if isinstance(value, bool | str):
        return value
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real):
        return float(value)
    raise ExpressionError(f"{shortened(name)} is neither a number, a text nor a truth value.")


def _junction(node: ast.BoolOp, names: Mapping[str, object]) -> bool:
    stops_at = isinstance(node.op, ast.Or)
    for part in node.values:
        if _truth(_value(part, names)) is stops_at:
            return stops_at
    return not stops_at


def _comparison(node: ast.Compare, names: Mapping[str, object]) -> bool:
    left = _value(node.left, names)
    for op, part in zip(node.ops, node.comparators, strict=True):
        right = _value(part, names)
        if not _compared(op, left, right):
            return False
        left = right
    return True


def _compared(op: ast.cmpop, left: Value, right: Value) -> bool:
    if type(op) in _EQUALITY:
        return _EQUALITY[type(op)](left, right)
    return _ORDER[type(op)](_number(left), _number(right))


def _truth(value: Value) -> bool:
    if isinstance(value, bool):
        return value
    raise ExpressionError(
        f"{shortened(repr(value))} is neither true nor false; compare it with something."
    )


def _number(value: Value) -> float:
    if isinstance(value, bool | str):
        raise ExpressionError(f"{shortened(repr(value))} is not a number.")
    if _bits(value) > LARGEST_BITS:
        raise ExpressionError("A number in an expression is too large.")
    return value


def _computed(op: ast.operator, left: float, right: float) -> float:
    if isinstance(op, ast.Pow) and _bits(left) * max(1.0, abs(right)) > LARGEST_BITS:
        raise ExpressionError("A power in an expression is too large.")
    try:
        result = _ARITHMETIC[type(op)](left, right)
    except ZeroDivisionError as problem:
        raise ExpressionError("An expression divides by zero.") from problem
    except OverflowError as problem:
        raise ExpressionError("A number in an expression is too large.") from problem
    if isinstance(result, complex):
        raise ExpressionError("A root of a negative number is no number here.")
    return _number(result)


def _bits(value: float) -> float:
    if isinstance(value, int):
        return float(value.bit_length())
    return max(1.0, math.log2(abs(value))) if math.isfinite(value) and value else 1.0
