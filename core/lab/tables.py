"""Reads a table of the script: a list of rows, or a dictionary from first cells to the rest.

What comes out is plain and bounded, whatever the script keeps in its cells, so that it can
be compared with what was read before, and sent.
"""

from __future__ import annotations

import itertools
import math
from typing import Any

from .shorten import cut, shorten

MOST_ROWS = 500
MOST_CELLS = 20
LONGEST = 200
"""Rows, cells of a row and characters of a cell; what is beyond is left out."""


def rows_of(table: Any, name: str) -> list[list[Any]] | None:
    """Return the rows of a table; None if it changed meanwhile: then look again.

    Raises
    ------
    TypeError
        It is no table; the text calls it ``name``.
    """
    if not isinstance(table, (list, tuple, dict)):
        raise TypeError("%s is neither a list of rows nor a dictionary" % name)
    try:
        rows = _snapshot(table)
    except RuntimeError:  # a dictionary of the script's own kind, changed by another thread
        return None
    for row in rows:
        if not isinstance(row, (list, tuple)):
            raise TypeError("%s has a row that is neither a list nor a tuple" % name)
    return [[_plain(cell) for cell in row[:MOST_CELLS]] for row in rows]


def _snapshot(table: Any) -> list[Any]:
    if isinstance(table, dict):
        # In one step, which no other thread of the script comes between.
        items = list(itertools.islice(table.items(), MOST_ROWS))
        return [_joined(*item) for item in items]
    return list(table[:MOST_ROWS])


def _joined(first: Any, rest: Any) -> list[Any]:
    return [first, *rest[:MOST_CELLS]] if isinstance(rest, (list, tuple)) else [first, rest]


def _plain(cell: Any) -> bool | int | float | str | None:
    if cell is None or isinstance(cell, bool):
        return cell
    if isinstance(cell, int) and abs(cell) < 2**63:
        return int(cell)
    if isinstance(cell, float) and math.isfinite(cell):
        return float(cell)  # numpy's is a subclass of its own
    return cut(cell, LONGEST) if isinstance(cell, str) else shorten(cell)
