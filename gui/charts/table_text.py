"""What the table says in words: headings, the whole text of a row, what there is at a glance."""

from collections.abc import Sequence
from typing import Final

from core.card import Watch
from core.explain import table_facts
from core.number_format import count
from core.tables import Cell, Rows, cell_of, text_of, width_of
from gui.charts.words import word

MOST_TOLD: Final = 40
"""Rows that screen readers are told."""


def headings(watch: Watch, rows: Rows, language: str) -> list[str]:
    """Return what stands over each column; nothing over one that the card does not know."""
    known = [column.in_language(language) for column in watch.columns]
    return known + [""] * (width_of(rows, len(known)) - len(known))


def cell_word(cell: Cell, language: str) -> str:
    """Return a cell in words; the marks as well."""
    if isinstance(cell, bool):
        return word(language, "table_yes" if cell else "table_no")
    return text_of(cell)


def row_lines(heads: Sequence[str], row: Sequence[Cell], language: str) -> list[str]:
    """Return the whole of a row, a line a cell: ``argument: no``."""
    cells = [cell_word(cell_of(row, column), language) for column in range(len(heads))]
    return [
        f"{head}: {cell}" if head and column else cell
        for column, (head, cell) in enumerate(zip(heads, cells, strict=True))
        if cell
    ]


def at_a_glance(rows: Rows, language: str, *, equal: bool) -> str:
    """Return the row count, and how many values or marks there are."""
    facts = table_facts("", rows)
    parts = [word(language, "table_rows", count=count(facts["_rows"]))]
    if equal:
        parts = [word(language, "table_equal", count=count(facts["_distinct"]), all=len(rows))]
    elif facts["_yes"] or facts["_no"]:
        parts.append(word(language, "table_marks", yes=facts["_yes"], no=facts["_no"]))
    return " · ".join(parts)


def told(heads: Sequence[str], rows: Rows, language: str) -> str:
    """Return the content for screen readers: the first rows, each in one line."""
    lines = [", ".join(row_lines(heads, row, language)) for row in rows[:MOST_TOLD]]
    return "; ".join(lines)
