"""Where a thread stands in the script: which ``with`` it is in, which lock it is at.

Read from a frame and the script's syntax tree, when somebody asks; nothing is wrapped, so locks
are the interpreter's own. Whatever is not certain is answered by "not known", and nothing of the
script is called: attributes are looked up without descriptors.
"""

from __future__ import annotations

import ast
import dis
import functools
import inspect
from bisect import bisect_right
from collections.abc import Iterator
from types import CodeType, FrameType, MemberDescriptorType
from typing import Any

NOTHING: Any = object()
"""What an expression is that cannot be read without running it."""

_ENTRIES = ("SETUP_WITH", "BEFORE_WITH")  # up to 3.10, and up to 3.13
_ENTER = "__enter__"  # from 3.14 on it is loaded, and called by the instruction after that
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_SCOPES = (*_FUNCTIONS, ast.Lambda, ast.ClassDef)


class Places:
    """The places of one script; a script that cannot be parsed has none."""

    def __init__(self, source: bytes) -> None:
        self._source = source.decode("utf-8", "replace")
        self._withs: dict[CodeType, list[_With]] = {}
        try:
            self._tree: ast.AST = ast.parse(source)
        except (SyntaxError, ValueError, RecursionError):
            self._tree = ast.Module([], [])

    def lock_at(self, frame: FrameType) -> ast.expr | None:
        """Return the expression of what a frame is about to take: a ``with`` or ``.acquire()``."""
        name = _instruction(frame)[1]
        if name in _ENTRIES:
            return self._entering(frame)
        return _sole_acquire(self._calls(frame)) if "CALL" in name else None

    def inside(self, frame: FrameType) -> Iterator[ast.expr]:
        """Yield the context expressions of each ``with`` that a frame has entered."""
        line = frame.f_lineno
        for one in self._withs_of(frame.f_code):
            if one.node.lineno <= line <= (one.node.end_lineno or line):
                yield from one.entered(_instruction(frame)[0])

    def awaited(self, frame: FrameType, names: tuple[str, ...]) -> str:
        """Return the text of the one call in a frame's line that has one of these names."""
        found = [call for call in self._calls(frame) if _called(call) in names]
        return self.text(found[0].func) + "()" if len(found) == 1 else ""

    def mentioned(self, frame: FrameType) -> list[ast.expr]:
        """Return the names that stand in a frame's line, and attributes of them."""
        kinds = (ast.Name, ast.Attribute)
        return [node for node in self._in_line(frame) if isinstance(node, kinds)]

    def text(self, node: ast.expr) -> str:
        """Return an expression as it is written."""
        return " ".join((ast.get_source_segment(self._source, node) or "").split())

    def _entering(self, frame: FrameType) -> ast.expr | None:
        offset = _instruction(frame)[0]
        found = [one.entering(offset) for one in self._withs_of(frame.f_code)]
        return next((node for node in found if node is not None), None)

    def _calls(self, frame: FrameType) -> list[ast.Call]:
        return [node for node in self._in_line(frame) if isinstance(node, ast.Call)]

    def _in_line(self, frame: FrameType) -> Iterator[ast.expr]:
        line, function = frame.f_lineno, self._function(frame.f_code)
        own = _own_nodes(function) if function is not None else ()
        return (node for node in own if isinstance(node, ast.expr) and node.lineno == line)

    def _withs_of(self, code: CodeType) -> list[_With]:
        if code not in self._withs:
            function = self._function(code)
            own = _own_nodes(function) if function is not None else ()
            nodes = [node for node in own if isinstance(node, ast.With)]
            self._withs[code] = [_With(node, code) for node in nodes]
        return self._withs[code]

    def _function(self, code: CodeType) -> ast.AST | None:
        """Return the part of the tree that became this code."""
        if code.co_name == "<module>":
            return self._tree
        for node in ast.walk(self._tree):
            if isinstance(node, _FUNCTIONS) and node.name == code.co_name:
                first = min([node.lineno, *(mark.lineno for mark in node.decorator_list)])
                if first == code.co_firstlineno:
                    return node
        return None


class _With:
    """A ``with`` and the instructions that enter its items."""

    def __init__(self, node: ast.With, code: CodeType) -> None:
        self.node = node
        self._items = [item.context_expr for item in node.items]
        last = self._items[-1].end_lineno or node.lineno
        starts = list(dis.findlinestarts(code))
        entries = [
            offset
            for offset, name in zip(*_names_of(code))
            if name in _ENTRIES and node.lineno <= _line(starts, offset) <= last
        ]
        # More than one round when it stands in a `finally`, which is compiled more than once.
        self._entries = entries if len(entries) % len(self._items) == 0 else []

    def entering(self, offset: int) -> ast.expr | None:
        """Return the item that is entered by the instruction at ``offset``."""
        if offset not in self._entries:
            return None
        return self._items[self._entries.index(offset) % len(self._items)]

    def entered(self, offset: int) -> list[ast.expr]:
        """Return the items that have been entered when the instruction at ``offset`` runs."""
        passed = bisect_right(self._entries, offset - 1)  # an item being entered is not held yet
        if passed and offset not in self._entries:
            return self._items[: (passed - 1) % len(self._items) + 1]
        return self._items[: passed % len(self._items)]


def value_of(node: ast.expr, frame: FrameType) -> Any:
    """Return what a name, or an attribute of one, is in a frame; `NOTHING` if not known."""
    if isinstance(node, ast.Name):
        for names in (frame.f_locals, frame.f_globals):
            if node.id in names:
                return names[node.id]
    if isinstance(node, ast.Attribute):
        owner = value_of(node.value, frame)
        return NOTHING if owner is NOTHING else _attribute(owner, node.attr)
    return NOTHING


def names_in(node: ast.expr) -> list[ast.expr]:
    """Return an expression itself or, of a call, what is handed to it."""
    if isinstance(node, ast.Call):
        return [*node.args, *(keyword.value for keyword in node.keywords)]
    return [node]


def _attribute(owner: Any, name: str) -> Any:
    """Look an attribute up as plain data: a property would run the script's code right here."""
    found = inspect.getattr_static(owner, name, NOTHING)
    if type(found) is MemberDescriptorType:  # a slot, which reads memory and runs nothing
        try:
            return found.__get__(owner)
        except AttributeError:
            return NOTHING
    return found


def _instruction(frame: FrameType) -> tuple[int, str]:
    """Return where the instruction that a frame is at begins, and its name."""
    if frame.f_lasti < 0:
        return -1, ""
    code = frame.f_code
    offsets, names = _names_of(code)
    place = bisect_right(offsets, frame.f_lasti) - 1  # f_lasti may be a cache behind it
    return offsets[place], names[place]


@functools.lru_cache(maxsize=64)
def _names_of(code: CodeType) -> tuple[list[int], list[str]]:
    offsets: list[int] = []
    names: list[str] = []
    loaded = False
    for one in dis.get_instructions(code):
        offsets.append(one.offset)
        names.append(_ENTRIES[-1] if loaded else one.opname)
        loaded = one.opname == "LOAD_SPECIAL" and one.argrepr == _ENTER
    return offsets, names


def _line(starts: list[tuple[int, int]], offset: int) -> int:
    place = bisect_right([start for start, _ in starts], offset) - 1
    return starts[place][1] or 0  # None: a line of nobody's


def _own_nodes(function: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes that run in a function itself, in their order."""
    for node in ast.iter_child_nodes(function):
        if not isinstance(node, _SCOPES):
            yield node
            yield from _own_nodes(node)


def _called(call: ast.Call) -> str:
    """Return the last part of the name of what is called."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _sole_acquire(calls: list[ast.Call]) -> ast.expr | None:
    """Return whose ``acquire()`` is called, if nothing else is called in the line."""
    if len(calls) == 1 and isinstance(calls[0].func, ast.Attribute):
        return calls[0].func.value if calls[0].func.attr == "acquire" else None
    return None
