"""Where an export goes: into a file, or through a temporary one into what is no file."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from typing import Final

from core.cli.interrupts import interruptible
from core.cli.problems import ReaderGone
from core.exports import ExportProblem
from core.storage.direct import opened_directly, write_all

_CHUNK_BYTES: Final = 65_536


@contextmanager
def destination(path: Path) -> Iterator[Path]:
    """Yield the path to write a file to, so that it comes where it was asked for.

    A pipe, a terminal or an open file gets it when it is whole. Signals end the block in order.

    Raises
    ------
    ExportProblem
        It cannot be written there.
    ReaderGone
        Who read the pipe has read enough.
    """
    with interruptible():
        try:
            stream = opened_directly(path)
            if stream is None:
                yield path
                return
            with stream, tempfile.TemporaryDirectory(prefix="futures-lab-") as folder:
                whole = Path(folder, "export")
                yield whole
                _pass_on(whole, stream)
        except BrokenPipeError as error:
            raise ReaderGone from error
        except OSError as error:
            raise ExportProblem(path, error.strerror or str(error)) from error


def _pass_on(whole: Path, stream: FileIO) -> None:
    with whole.open("rb") as source:
        while chunk := source.read(_CHUNK_BYTES):
            write_all(stream, chunk)
