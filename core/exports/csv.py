"""A table of the tasks for spreadsheets and data frames: comma-separated, a row a task.

Texts of a script cannot do harm in a spreadsheet or a terminal, and can be read back as they
were; docs/EXPORTS.md tells how.
"""

import re
from collections.abc import Iterator
from typing import Final

from core.exports._export import Export
from core.exports.rows import TaskRow, task_rows
from core.recording import Recording

COLUMNS: Final = TaskRow._fields[:-1]
"""All but the executor: most scripts have one."""

_CALCULATES: Final = "[=+\\-@\uff1d\uff0b\uff0d\uff20]"
_OBEYED: Final = re.compile(
    "[\\x00-\\x09\\x0b-\\x1f\\x7f-\\x9f]"  # a terminal obeys them
    "|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]"  # they turn a text around, or end a line
    "|[\ud800-\udfff]"  # half a character
    f"|[;\n](?=['\"\\s]*{_CALCULATES})"  # a cell may begin there, where a semicolon parts cells
)
"""What stands there by its code."""

_CODE: Final = re.compile(r"\\(?=x[0-9a-f]{2}|u[0-9a-f]{4})")
"""A backslash that would be read as the beginning of such a character."""

_FORMULA: Final = re.compile(rf"'*\s*{_CALCULATES}")
"""How a cell begins that a spreadsheet would calculate, with or without apostrophes."""

_QUOTED: Final = re.compile('[,;"\\s]')
"""What may part cells somewhere in the world."""


def pieces(recording: Recording) -> Iterator[bytes]:
    """Yield the table of the tasks; what is not known is an empty cell."""
    yield _line(COLUMNS)
    for row in task_rows(recording):
        yield _line(map(_cell, row[: len(COLUMNS)]))


def harmless(text: str) -> str:
    """Return a text of a script as it stands in a cell."""
    text = _OBEYED.sub(_code_of, _CODE.sub(r"\\x5c", text))
    return f"'{text}" if _FORMULA.match(text) else text


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return harmless(value)
    # Without exponents: some spreadsheets take 1e-05 for a word.
    return f"{value:.9f}" if isinstance(value, float) else str(value)


def _line(cells: "Iterator[str] | tuple[str, ...]") -> bytes:
    return (",".join(map(_quoted, cells)) + "\r\n").encode()


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if _QUOTED.search(cell) else cell


def _code_of(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


EXPORT = Export(
    "csv", ".csv", {"en": "Table of the tasks (CSV)", "ja": "タスクの表（CSV）"}, pieces
)
