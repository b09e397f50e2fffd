"""Values as people type them, after ``--set NAME=`` or in a field of the window."""

import ast
from typing import Any, Final

from core.quoting import shortened
from core.script.errors import BadKnobValue, SyntaxProblem
from core.script.source import lines_of, parse
from core.script.values import DottedName, KnobValue, NotAValue, literal_of
from core.script.writing import as_code

_TRUTHS = {"true": True, "false": False}
_KINDS: dict[type, str] = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "a text",
    list: "a list",
    tuple: "a tuple",
    set: "a set",
    dict: "a dictionary",
}
_ANYTHING: Final[Any] = object()  # what a list that is empty or mixed has for a sample
_NOTHING: Final[Any] = object()


def parse_value(text: str, current: KnobValue) -> KnobValue:
    """Return what a typed text means for a knob that has the value `current` now.

    Python literals are read as such. Beyond them, ``true`` and ``false`` do in any spelling
    for a yes-or-no knob; a knob with a text takes any text as it stands; a list, tuple or set
    takes its items parted by commas, or one a line; a knob that is None or a dotted name
    takes a dotted name.

    Raises
    ------
    BadKnobValue
        The text means no value of that kind.
    """
    value: KnobValue = _meant(text, current)
    return value


def _meant(text: str, sample: Any) -> Any:
    if isinstance(sample, DottedName) or sample is None:
        return _name_or_literal(text, only_names=sample is not None)
    if isinstance(sample, list | tuple | set):
        return _collection(text, sample)
    value = _literal(text)
    if isinstance(sample, str):
        return value if isinstance(value, str) else text
    if isinstance(sample, bool):
        value = _TRUTHS.get(text.strip().lower(), value)
    if value is not _NOTHING:
        return _fitted(value, sample)
    if sample is _ANYTHING:
        return text
    raise _not_such(text, sample)


def _literal(text: str) -> Any:
    """Return the literal that a text is, `_NOTHING` if it is none."""
    try:
        body = parse(text.strip()).tree.body
        if len(body) == 1 and isinstance(body[0], ast.Expr):
            return literal_of(body[0].value)
    except (SyntaxProblem, NotAValue):
        return _NOTHING  # as most texts are; the caller knows what else they may be
    return _NOTHING


def _name_or_literal(text: str, *, only_names: bool) -> Any:
    name = text.strip()
    if DottedName.fits(name):
        return DottedName(name)
    value = _literal(text)
    if value is not _NOTHING and (value is None or not only_names):
        return value
    wanted = "a dotted name or None"
    if not only_names:
        wanted = "None, a number, a dotted name, or a text in quotation marks"
    raise BadKnobValue(f"'{shortened(text)}' does not fit here: write {wanted}.")


def _fitted(value: Any, sample: Any) -> Any:
    """Return a value if it is of the sample's kind; a fraction may be a whole number."""
    if type(value) is type(sample) or sample is _ANYTHING:
        return value
    if type(sample) is float and type(value) is int:
        try:
            return float(value)
        except OverflowError as problem:
            raise BadKnobValue(f"{shortened(as_code(value))} is too large here.") from problem
    raise _not_such(as_code(value), sample)


def _not_such(text: str, sample: Any) -> BadKnobValue:
    kind = _KINDS[type(sample)]
    example = shortened(as_code(sample))
    return BadKnobValue(f"'{shortened(text)}' is not {kind}: write {kind}, such as {example}.")


def _collection(text: str, current: list[Any] | tuple[Any, ...] | set[Any]) -> Any:
    items = _items(text, _sample(current), type(current))
    try:
        return type(current)(items)
    except TypeError as problem:
        raise BadKnobValue(f"'{shortened(text)}' has an item that no set can hold.") from problem


def _sample(items: list[Any] | tuple[Any, ...] | set[Any]) -> Any:
    kinds = {type(item) for item in items}
    return next(iter(items)) if len(kinds) == 1 and kinds <= set(_KINDS) else _ANYTHING


def _items(text: str, sample: Any, kind: type[Any]) -> list[Any]:
    value = _literal(text)
    if isinstance(value, str):
        return [_fitted(value, sample)]
    bracketed = text.strip()[:1] in {"[", "(", "{"}
    if isinstance(value, (list, tuple, kind)):
        try:
            return [_fitted(item, sample) for item in value]
        except BadKnobValue:
            if bracketed:
                raise
            # `1, 2` for a list of texts: read below as two texts
    elif bracketed:
        raise BadKnobValue(
            f"'{shortened(text)}' is not {_KINDS[kind]}: part the items by commas, and put texts "
            "between brackets in quotation marks."
        )
    return [_meant(piece, sample) for piece in _pieces(text)]


def _pieces(text: str) -> list[str]:
    # One a line leaves commas alone: web addresses may have some.
    lines = lines_of(text.strip())
    pieces = lines if len(lines) > 1 else text.split(",")
    return [piece.strip() for piece in pieces if piece.strip()]
