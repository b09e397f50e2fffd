"""The card of a script that has none: what the script says about itself."""

import ast
from collections.abc import Iterator
from itertools import islice
from typing import Final

from core.card import SCRIPT_MODE, SWEEP_PAGE, Card, CardKnob, CardKnobKind, Localized
from core.modes import MODES
from core.script import (
    MODE_KNOB,
    DottedName,
    KnobValue,
    ScriptKnob,
    find_knobs,
    mode_of,
    task_functions,
    workers_names,
)
from core.script.source import parse

_SUMMARY: Final = Localized(
    "Your own script: its constants became settings, and its executors are watched.",
    {"ja": "自作のスクリプトです。定数がつまみになり、エグゼキュータの動きを観察します。"},
)
MOST_KNOBS: Final = 60
"""Controls of a script; constants after these have none, but stand in the text."""

_LONGEST_TEXT: Final = 2_000
_LONGEST_LIST: Final = 500
_CONSTANT: Final = Localized("A constant of the script.", {"ja": "スクリプトの定数です。"})
_LINE: Final = Localized(
    "A line of the script that is marked as a knob.",
    {"ja": "つまみの印が付いたスクリプトの行です。"},
)


def own_card(title: str, text: str) -> Card:
    """Return a card for a script: knobs without bounds, and the modes that it can take.

    Raises
    ------
    core.script.SyntaxProblem
        The text is not a Python script.
    """
    mode = mode_of(text)
    modes = (SCRIPT_MODE,) if mode is None else _modes(text, mode)
    knobs = tuple(islice(_knobs(find_knobs(text), has_mode=mode is not None), MOST_KNOBS))
    numbers = [knob.name for knob in knobs if knob.kind == "int"]
    return Card(
        title=Localized(title),
        summary=_SUMMARY,
        modes=modes,
        default_mode=mode or SCRIPT_MODE,
        tasks=task_functions(text),
        views=("comparison", "timeline"),
        knobs=knobs,
        pages=("time_spent", SWEEP_PAGE) if numbers else ("time_spent",),
        workers=next((name for name in workers_names(text) if name in numbers), None),
    )


def _knobs(knobs: tuple[ScriptKnob, ...], *, has_mode: bool) -> Iterator[CardKnob]:
    for knob in knobs:
        kind = "line" if knob.kind == "line" else _kind(knob.value)
        if kind is not None and not (has_mode and knob.name == MODE_KNOB):
            note = _LINE if kind == "line" else _CONSTANT
            yield CardKnob(name=knob.name, kind=kind, label=Localized(knob.name), help=note)


def _kind(value: KnobValue) -> CardKnobKind | None:
    """Return the kind of control for a value; None when there is no good one."""
    if isinstance(value, DottedName) or _is_long(value):
        return None
    if isinstance(value, list | tuple):
        return "lines" if value and all(isinstance(item, str) for item in value) else None
    kinds: dict[type, CardKnobKind] = {bool: "bool", int: "int", float: "float", str: "text"}
    return kinds.get(type(value))


def _is_long(value: KnobValue) -> bool:
    """Return whether a value is too long for a field: a text, or a list."""
    if isinstance(value, list | tuple):
        return len(value) > _LONGEST_LIST or any(map(_is_long, value))
    return isinstance(value, str) and len(value) > _LONGEST_TEXT


def _modes(text: str, now: str) -> tuple[str, ...]:
    """Return the modes a script can take besides the one it is in.

    An executor needs the name ``futures`` in the script, and None a place that asks for it:
    without one, the script would call None.
    """
    tree = parse(text).tree
    names = {alias.asname or alias.name for alias in _imported(tree)}
    modes = []
    for mode in MODES:
        owner, _, _ = mode.value.partition(".")
        possible = _asks_for_none(tree) if mode.value == "None" else owner in names
        if possible or mode.name == now:
            modes.append(mode.name)
    return tuple(modes)


def _imported(tree: ast.Module) -> Iterator[ast.alias]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from node.names


def _asks_for_none(tree: ast.Module) -> bool:
    """Return whether the script decides something by its `EXECUTOR`."""
    for node in ast.walk(tree):
        is_question = isinstance(node, ast.Compare | ast.BoolOp | ast.UnaryOp)
        question = node if is_question else getattr(node, "test", None)
        if question is not None and any(_is_mode_knob(part) for part in ast.walk(question)):
            return True
    return False


def _is_mode_knob(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == MODE_KNOB
