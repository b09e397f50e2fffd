"""The file that an export is written to."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from core.exports.problems import MOST_BYTES, ExportProblem, TooLarge
from core.storage import atomic_write


class Bounded:
    """A file that takes so much and no more.

    Parameters
    ----------
    stream
        Where it goes.
    path
        What it is called when it takes too much.
    most_bytes
        What it may take.
    """

    def __init__(self, stream: BinaryIO, path: Path, most_bytes: int) -> None:
        self._stream, self._path, self._most_bytes = stream, path, most_bytes
        self._written = 0

    def write(self, piece: bytes) -> None:
        """Write a piece.

        Raises
        ------
        TooLarge
            There is no more room for it.
        """
        self._written += len(piece)
        if self._written > self._most_bytes:
            raise TooLarge(self._path, self._written, self._most_bytes)
        self._stream.write(piece)

    def writelines(self, pieces: Iterable[bytes]) -> None:
        """Write pieces, as `write` does."""
        for piece in pieces:
            self.write(piece)


@contextmanager
def whole_file(path: Path, most_bytes: int = MOST_BYTES) -> Iterator[Bounded]:
    """Open a file for writing, see `core.storage.atomic_write.whole_file`.

    Raises
    ------
    ExportProblem
        If it cannot be written, then or on the way; the file is as it was before.
    TooLarge
        If it is to take more than ``most_bytes``; likewise.
    """
    try:
        with atomic_write.whole_file(path) as stream:
            yield Bounded(stream, path, most_bytes)
    except OSError as error:
        raise ExportProblem(path, error.strerror or str(error)) from error
