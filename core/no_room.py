"""What the system refuses when it has nothing left: one sentence for each, wherever it happens.

A thread, a process, a file or memory can be missing at any call. So nobody guesses what the
call was for: what was raised says what is missing, and that is what a person can do something
about. Full disks are not among it: whoever writes knows which file it was, and says that.
"""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Literal

Lacking = Literal["threads", "processes", "files", "files_of_all", "memory"]

_SENTENCES: Final[dict[Lacking, str]] = {
    "threads": "The system has no room for one more thread; close other programs, or raise the "
    "limits (ulimit -u, ulimit -v) and start again.",
    "processes": "The system has no room for one more process; close other programs, or raise the "
    "limit (ulimit -u) and start again.",
    "files": "Futures Lab may not open one more file; raise the limit (ulimit -n) and start again.",
    "files_of_all": "The system has no room for one more open file; close other programs, and try "
    "again.",
    "memory": "The system has no memory left for this; close other programs, or raise the limit "
    "(ulimit -v) and start again.",
}

_NUMBERS: Final[dict[int, Lacking]] = {
    errno.EAGAIN: "processes",  # of a fork; who reads without blocking expects it and catches it
    errno.EMFILE: "files",
    errno.ENFILE: "files_of_all",
    errno.ENOMEM: "memory",
    errno.ENOBUFS: "memory",
}

_NO_THREAD: Final = "can't start new thread"
"""In the text, which is all that tells it from other errors: a ``RuntimeError`` of CPython."""

_IN_TEXTS: Final[tuple[tuple[str, Lacking], ...]] = (
    ("Too many open files in system", "files_of_all"),
    ("Too many open files", "files"),
    ("Cannot allocate memory", "memory"),
    ("cannot allocate memory", "memory"),
    ("failed to map segment", "memory"),
    ("can't load unicodedata", "memory"),
)
"""In the text of an `ImportError` when the loader of libraries found no room."""

_LAST_WORDS: Final = (_NO_THREAD, "MemoryError", "no memory", os.strerror(errno.EAGAIN))
"""Of a Python that ends for want of room."""


class NoRoom(RuntimeError):
    """The system has no room for what is needed; the text says what to do.

    Attributes
    ----------
    lacking : str
        What there is no room for; see `Lacking`.
    """

    def __init__(self, lacking: Lacking) -> None:
        super().__init__(_SENTENCES[lacking])
        self.lacking = lacking


def no_room(error: BaseException) -> NoRoom | None:
    """Return what was raised as a `NoRoom`; None if it says something else."""
    if isinstance(error, NoRoom):
        return error
    if isinstance(error, MemoryError):
        return NoRoom("memory")
    if isinstance(error, ImportError | SyntaxError):
        return _of_import(error)
    if isinstance(error, RuntimeError):
        return NoRoom("threads") if _NO_THREAD in str(error) else None
    if isinstance(error, OSError) and error.errno in _NUMBERS:
        return NoRoom(_NUMBERS[error.errno])
    return None


def reason_of(error: BaseException) -> str:
    """Return why something failed, as it can stand in a sentence."""
    if isinstance(error, MemoryError):
        return "no memory is left"
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def speaks_of_no_room(line: str) -> bool:
    """Return whether a line that some process left says that the system had no room for it."""
    return any(text in line for text, _ in _IN_TEXTS) or any(text in line for text in _LAST_WORDS)


def _of_import(error: BaseException) -> NoRoom | None:
    """Return what was missing while something was imported: texts are all that tells it."""
    for text, lacking in _IN_TEXTS:
        if text in str(error):
            return NoRoom(lacking)
    before = error.__cause__ or error.__context__
    return None if before is None else no_room(before)


@contextmanager
def room_needed() -> Iterator[None]:
    """Let what is raised in the block for want of room be a `NoRoom`."""
    try:
        yield
    except (OSError, RuntimeError, MemoryError, ImportError, SyntaxError) as error:
        lacking = no_room(error)
        if lacking is None or lacking is error:
            raise
        raise lacking from error
