"""A script's text, parsed, with the way back from the tree to the characters."""

import ast
import re
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

from core.script.errors import SyntaxProblem

MAX_CHARACTERS = 300_000
"""Some 7,000 lines. Python needs seconds to parse much more, and the window waits for it."""

LONG_CHARACTERS = 60_000
"""Some 1,500 lines: Python parses them in about 50 ms, in which nothing else goes on."""

_BOM = "\ufeff"
# What Python takes for the end of a line; str.splitlines() knows many more (form feeds ...).
_LINE_END = re.compile(r"\r\n|\r|\n")
_WARNINGS_LOCK = threading.Lock()


@dataclass(frozen=True, slots=True)
class Source:
    """A script that parses.

    Attributes
    ----------
    text : str
        The script, character for character.
    lines : tuple[str, ...]
        Its lines as Python counts them, without line ends and byte order mark.
    starts : tuple[int, ...]
        Where each line begins in `text`.
    tree : ast.Module
        What it means. Not to be changed.
    """

    text: str
    lines: tuple[str, ...]
    starts: tuple[int, ...]
    tree: ast.Module

    @property
    def plain(self) -> str:
        r"""The text as the parser sees it: no byte order mark, ``\n`` for every line end."""
        return "\n".join(self.lines)

    def offset(self, line: int, column: int) -> int:
        """Return the place in `text` of a column (in characters, from 0) of a line (from 1)."""
        return self.starts[line - 1] + column

    def span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        """Return where the characters of a node begin and end in `text`."""
        last_line = node.end_lineno or node.lineno
        return (
            self._byte_offset(node.lineno, node.col_offset),
            self._byte_offset(last_line, node.end_col_offset or 0),
        )

    def line_end_at(self, offset: int) -> str:
        """Return the line end in use at that place: the next one, else the first one."""
        end = _LINE_END.search(self.text, offset) or _LINE_END.search(self.text)
        return end.group() if end else "\n"

    def _byte_offset(self, line: int, column: int) -> int:
        # ast counts columns in UTF-8 bytes: three for a kana, four for an emoji.
        before = self.lines[line - 1].encode()[:column]
        return self.offset(line, len(before.decode()))


def is_long(text: str) -> bool:
    """Return whether a script is too long to be read between two frames of a window."""
    return len(text) > LONG_CHARACTERS


def parse(text: str) -> Source:
    """Parse a script; the texts that were parsed last are not parsed again.

    Raises
    ------
    SyntaxProblem
        It is not Python, or too long or too deeply nested to be read.
    """
    found = _parsed(text)
    if isinstance(found, SyntaxProblem):
        raise SyntaxProblem(found.reason, found.line, found.text)
    return found


@lru_cache(maxsize=4)
def _parsed(text: str) -> Source | SyntaxProblem:
    try:
        return _read(text)
    except SyntaxProblem as problem:
        return problem.with_traceback(None)  # frames would keep the text


def _read(text: str) -> Source:
    if len(text) > MAX_CHARACTERS:
        raise SyntaxProblem(
            f"it has {len(text):,} characters, and the lab reads at most {MAX_CHARACTERS:,}"
        )
    lines, starts = _split(text)
    return Source(text, lines, starts, _tree("\n".join(lines), lines))


def lines_of(text: str) -> tuple[str, ...]:
    """Return the lines of a text as Python counts them, without line ends."""
    return _split(text)[0]


def _split(text: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
    start = len(_BOM) if text.startswith(_BOM) else 0
    lines: list[str] = []
    starts: list[int] = []
    for end in _LINE_END.finditer(text):
        lines.append(text[start : end.start()])
        starts.append(start)
        start = end.end()
    return (*lines, text[start:]), (*starts, start)


def _tree(plain: str, lines: tuple[str, ...]) -> ast.Module:
    if "\0" in plain:  # 3.11 gives no line for these
        line = plain.count("\n", 0, plain.index("\0")) + 1
        raise SyntaxProblem("there is a null character in it", line)
    try:
        with _without_warnings():
            return ast.parse(plain)
    except SyntaxError as problem:
        raise _at_line(problem, lines) from problem
    except UnicodeEncodeError as problem:
        line = plain.count("\n", 0, problem.start) + 1
        raise SyntaxProblem("there is half of a surrogate pair in it", line) from problem
    except (RecursionError, MemoryError) as problem:
        raise SyntaxProblem("it is nested too deeply") from problem


def _at_line(problem: SyntaxError, lines: tuple[str, ...]) -> SyntaxProblem:
    line = problem.lineno
    if line is None or not 1 <= line <= len(lines):
        return SyntaxProblem(problem.msg)
    return SyntaxProblem(problem.msg, line, lines[line - 1])


@contextmanager
def _without_warnings() -> Iterator[None]:
    # A script with "\d" in it warns on every parse, and we parse on every turn of a knob. The
    # script's own run still warns. Filters belong to the whole process, hence the lock.
    with _WARNINGS_LOCK, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
