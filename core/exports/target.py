"""The file that an export is written to."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from core.exports._export import ExportProblem
from core.storage import atomic_write


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Open a file for writing, see `core.storage.atomic_write.whole_file`.

    Raises
    ------
    ExportProblem
        If it cannot be written, then or on the way; the file is as it was before.
    """
    try:
        with atomic_write.whole_file(path) as stream:
            yield stream
    except OSError as error:
        raise ExportProblem(path, error.strerror or str(error)) from error
