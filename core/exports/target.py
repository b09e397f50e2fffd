"""A file that is written as a whole or not at all."""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from core.exports._export import ExportProblem


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Open a file for writing that takes its place only when the block ends well.

    A link keeps pointing where it does; what it points at is what changes.

    Raises
    ------
    ExportProblem
        If it cannot be written, then or on the way; the file is as it was before.
    """
    try:
        place = path.resolve()
        if place.exists() and not place.is_file():
            what = "it is a folder" if place.is_dir() else "it is no ordinary file"
            raise ExportProblem(path, what)
        # Beside its place: only within a file system is a file renamed at one blow.
        part = place.with_name(f".{secrets.token_hex(8)}.part")
        try:
            with part.open("xb") as stream:
                yield stream
            if place.exists():
                shutil.copymode(place, part)  # a script that may be started stays one
            part.replace(place)
        finally:
            part.unlink(missing_ok=True)  # still there only when it was not renamed
    except OSError as error:
        raise ExportProblem(path, error.strerror or str(error)) from error
