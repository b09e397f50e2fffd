"""Finding the knobs of a script.

A constant is a knob when the module gives it its value in one place only: with two
assignments (or a loop, an import, a ``del`` ...) a control that changes one of them might
change nothing, and a control that does nothing would be a lie. For the same reason two
knobs of one name are none, and the constants of a marked line are part of that line.
"""

import ast
import io
import re
import tokenize
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal, TypeAlias

from core.script.errors import SyntaxProblem
from core.script.source import Source, parse
from core.script.values import KnobValue, NotAValue, value_of

KnobKind: TypeAlias = Literal["constant", "line"]

_MARK = re.compile(r"#\s*knob:\s*([\w-]+)\s*")
_OWN_SCOPE = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Lambda,
    ast.ListComp,
    ast.SetComp,
    ast.DictComp,
    ast.GeneratorExp,
)


@dataclass(frozen=True, slots=True)
class ScriptKnob:
    """A part of a script that a control rewrites.

    Attributes
    ----------
    name : str
        The constant, or the name in the mark ``# knob: name``.
    value : KnobValue
        The constant's value; of a marked line its code, without indentation and mark.
    kind : {"constant", "line"}
        Which of the two it is.
    first_line, last_line : int
        The lines (from 1) of its statement.
    """

    name: str
    value: KnobValue = field(hash=False)
    kind: KnobKind
    first_line: int
    last_line: int


@dataclass(frozen=True, slots=True)
class Place:
    """A knob, and where in the text the characters of its value begin and end."""

    knob: ScriptKnob
    start: int
    end: int


@lru_cache(maxsize=8)  # a script is asked for them many times before it is another one
def find_knobs(text: str) -> tuple[ScriptKnob, ...]:
    """Return the knobs of a script in the order of its lines.

    Raises
    ------
    SyntaxProblem
        The text is not a Python script.
    """
    return tuple(place.knob for place in places_in(parse(text)))


def places_in(source: Source) -> tuple[Place, ...]:
    """Return the knobs of a script, with their places, in the order of its lines."""
    marked = list(_marked_lines(source))
    taken = {place.knob.first_line for place in marked}
    constants = [
        place
        for place in _constants(source)
        if taken.isdisjoint(range(place.knob.first_line, place.knob.last_line + 1))
    ]
    found = sorted(marked + constants, key=lambda place: place.start)
    times = Counter(place.knob.name for place in found)
    return tuple(place for place in found if times[place.knob.name] == 1)


def _constants(source: Source) -> Iterator[Place]:
    times = Counter(_bound_names(source.tree))
    for statement in source.tree.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                pass
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                pass
            case _:
                continue
        if times[name] == 1 and name.isupper() and not name.startswith("_"):
            yield from _constant(source, statement, name, value)


def _constant(
    source: Source, statement: ast.stmt, name: str, expression: ast.expr
) -> Iterator[Place]:
    try:
        value = value_of(expression)
    except NotAValue:
        return  # a computed constant is no knob, and most constants of some scripts are computed
    last_line = statement.end_lineno or statement.lineno
    knob = ScriptKnob(name, value, "constant", statement.lineno, last_line)
    yield Place(knob, *source.span(expression))


def _bound_names(tree: ast.Module) -> Iterator[str]:
    """Yield a name each time that the module itself binds it, in whatever way."""
    todo: list[ast.AST] = list(tree.body)
    while todo:
        node = todo.pop()
        match node:
            case ast.AnnAssign(value=None):
                continue  # `NAME: int` alone binds nothing
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                yield name
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.name
            case ast.alias():
                yield node.asname or node.name.partition(".")[0]
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
                yield name
            case ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
                yield name
        if not isinstance(node, _OWN_SCOPE):
            todo.extend(ast.iter_child_nodes(node))


def _marked_lines(source: Source) -> Iterator[Place]:
    if "knob:" not in source.text:
        return  # tokens cost more than the tree, and few scripts have a mark
    logical_line: list[tokenize.TokenInfo] = []
    for token in _tokens(source.plain):
        if token.type == tokenize.NEWLINE:
            yield from _marked_line(source, logical_line)
            logical_line = []
        elif token.type == tokenize.COMMENT and not logical_line:
            continue  # a line of comment alone marks nothing
        elif token.type not in (tokenize.NL, tokenize.INDENT, tokenize.DEDENT):
            logical_line.append(token)


def _marked_line(source: Source, tokens: list[tokenize.TokenInfo]) -> Iterator[Place]:
    """Yield the place of the code if these tokens are one whole line that ends with a mark."""
    if len(tokens) < 2 or tokens[-1].type != tokenize.COMMENT:
        return
    mark = _MARK.fullmatch(tokens[-1].string)
    line = tokens[-1].start[0]
    if mark is None or tokens[0].start[0] != line:
        return
    start = source.offset(line, tokens[0].start[1])
    end = source.offset(line, tokens[-2].end[1])
    yield Place(ScriptKnob(mark[1], source.text[start:end], "line", line, line), start, end)


def _tokens(plain: str) -> Iterator[tokenize.TokenInfo]:
    try:
        yield from tokenize.generate_tokens(io.StringIO(plain).readline)
    except (tokenize.TokenError, SyntaxError) as problem:
        raise SyntaxProblem(f"its lines cannot be told apart ({problem.args[0]})") from problem
