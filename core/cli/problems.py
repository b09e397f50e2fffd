"""What ends a command early."""

from typing import Final

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
