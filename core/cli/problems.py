"""What ends a command early."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from core.no_room import no_room

DONE: Final = 0
SCRIPT_FAILED: Final = 1
WRONG_USAGE: Final = 2
STOPPED: Final = 3

STATUS: Final = {"done": DONE, "failed": SCRIPT_FAILED, "stopped": STOPPED, "timed out": STOPPED}
"""The exit status for each outcome of a run."""


class Problem(Exception):
    """What the user has to know: one sentence of what happened and what to do.

    Attributes
    ----------
    status : int
        The exit status.
    """

    def __init__(self, text: str, status: int = WRONG_USAGE) -> None:
        super().__init__(text)
        self.status = status


class ReaderGone(Exception):
    """Nobody reads our output any more (``| head``): to be ended without a word."""


@contextmanager
def refusals_told() -> Iterator[None]:
    """Let what the system refuses in the block, for want of room or otherwise, be a `Problem`."""
    try:
        yield
    except (OSError, RuntimeError, MemoryError, ImportError, SyntaxError) as error:
        sentence = _refusal(error)
        if not sentence:
            raise
        raise Problem(sentence, SCRIPT_FAILED) from error


def _refusal(error: Exception) -> str:
    lacking = no_room(error)
    if lacking is not None:
        return str(lacking)
    if isinstance(error, OSError) and error.strerror:
        what = f"{error.filename}: {error.strerror}" if error.filename else error.strerror
        return f"The system refused what this needs ({what}); see to that, and try again."
    return ""
