"""A table of the tasks for spreadsheets and data frames: comma-separated, a row a task."""

import csv
import io
from pathlib import Path
from typing import Final

from core.exports._export import Export
from core.exports.rows import TaskRow, task_rows
from core.exports.target import whole_file
from core.recording import Recording

COLUMNS: Final = TaskRow._fields[:-1]
"""All but the executor: most scripts have one."""


def write(recording: Recording, path: Path) -> None:
    """Write the tasks; what is not known is an empty cell."""
    with whole_file(path) as stream:
        text = io.TextIOWrapper(stream, "utf-8", "backslashreplace", newline="")
        table = csv.writer(text)
        table.writerow(COLUMNS)
        table.writerows(_cells(row) for row in task_rows(recording))
        text.detach()  # which writes what is left, and leaves the file to its owner


def _cells(row: TaskRow) -> list[object]:
    # Without exponents: some spreadsheets take 1e-05 for a word.
    return [f"{value:.9f}" if isinstance(value, float) else value for value in row[: len(COLUMNS)]]


EXPORT = Export("csv", ".csv", {"en": "Table of the tasks (CSV)", "ja": "タスクの表（CSV）"}, write)
