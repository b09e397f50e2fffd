"""What there is to see in the rows of a watched table: kinds of columns, texts, equal values."""

import string
from collections.abc import Sequence
from typing import Final, Literal, TypeAlias

from core.number_format import UNKNOWN

Cell: TypeAlias = bool | int | float | str | None
Rows: TypeAlias = Sequence[Sequence[Cell]]
Kind: TypeAlias = Literal["mark", "number", "text"]

DIGITS: Final = 6
"""Significant digits of a number that is not whole."""


def width_of(rows: Rows, headings: int) -> int:
    """Return how many columns there are: those with headings, and more if a row has more."""
    return max([headings, *map(len, rows)])


def kind_of(rows: Rows, column: int) -> Kind:
    """Return what a column holds; ticks or numbers only if nothing else is in it."""
    cells = [row[column] for row in rows if column < len(row) and row[column] is not None]
    if cells and all(isinstance(cell, bool) for cell in cells):
        return "mark"
    if cells and all(isinstance(cell, int | float) for cell in cells):
        return "number"
    return "text"


def cell_of(row: Sequence[Cell], column: int) -> Cell:
    """Return a cell; None where the row ends before."""
    return row[column] if column < len(row) else None


def text_of(cell: Cell, kind: Kind = "text") -> str:
    """Return a cell as people read it, in a column of that kind; ticks are not text."""
    if cell is None:
        return UNKNOWN if kind == "number" else ""
    if isinstance(cell, float):
        return f"{cell:,.{DIGITS}g}"
    return f"{cell:,}" if isinstance(cell, int) and not isinstance(cell, bool) else str(cell)


def groups_of(rows: Rows) -> list[int]:
    """Return for each row which value its last cell has: 0 for the first that comes, 1 ..."""
    numbers: dict[tuple[bool, Cell], int] = {}
    lasts = [row[-1] if row else None for row in rows]
    # True equals 1, but it does not look like it.
    keys = [(isinstance(last, bool), last) for last in lasts]
    return [numbers.setdefault(key, len(numbers)) for key in keys]


def letter_of(group: int) -> str:
    """Return the letters of a group: A to Z, AA, AB ..."""
    more, place = divmod(group, len(string.ascii_uppercase))
    return (letter_of(more - 1) if more else "") + string.ascii_uppercase[place]


def telling_row(rows: Rows) -> int | None:
    """Return the row that says most: the first with a cross in it, else the first of all."""
    crossed = (number for number, row in enumerate(rows) if any(cell is False for cell in row))
    return next(crossed, 0 if rows else None)
