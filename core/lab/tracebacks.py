"""Takes the frames of the lab out of tracebacks: the script shall see its own, as run alone."""

from __future__ import annotations

import os
from types import CodeType, TracebackType

_FOLDER = os.path.dirname(os.path.abspath(__file__)) + os.sep


def is_ours(code: CodeType) -> bool:
    """Return whether a code object belongs to the lab."""
    return code.co_filename.startswith(_FOLDER)


def prune(error: BaseException | None) -> None:
    """Unlink the frames of the lab from an exception's traceback, and from its causes'."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        error.__traceback__ = _without_ours(error.__traceback__)
        error = error.__cause__ or error.__context__


def drop_first(error: BaseException) -> None:
    """Forget the newest frame (the caller's own) just before a bare ``raise``.

    From 3.11 on a bare ``raise`` takes the traceback from the exception; 3.9 and 3.10
    keep a copy of their own, and there the frame stays until `prune` is called.
    """
    if error.__traceback__ is not None:
        error.__traceback__ = error.__traceback__.tb_next


def _without_ours(first: TracebackType | None) -> TracebackType | None:
    while first is not None and is_ours(first.tb_frame.f_code):
        first = first.tb_next
    entry = first
    while entry is not None:
        following = entry.tb_next
        while following is not None and is_ours(following.tb_frame.f_code):
            following = following.tb_next
        if following is not entry.tb_next:
            entry.tb_next = following
        entry = following
    return first
