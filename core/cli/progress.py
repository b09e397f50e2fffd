"""A line on the terminal that says how far the work is. Nowhere but on a terminal."""

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from core.cli.terminal import console_on

if TYPE_CHECKING:
    from rich.progress import Progress

_PATIENCE_S: Final = 1.0
"""Shorter work shows nothing: a line that flashes up helps nobody."""


class ProgressLine:
    """A spinner, a text and the time so far; a bar where the amount of work is known.

    On stderr, and only if that is a terminal. Gone when the context is left.

    Parameters
    ----------
    total
        The amount of work, None if it is not known.
    """

    def __init__(self, total: int | None = None) -> None:
        self._total = total
        self._wanted = sys.stderr.isatty()
        self._began_s = time.monotonic()
        self._progress: Progress | None = None

    def update(self, text: str, done: int = 0) -> None:
        """Say what goes on now, and how much of the work is done."""
        if not self._wanted or time.monotonic() - self._began_s < _PATIENCE_S:
            return
        if self._progress is None:
            self._progress = self._started()
        self._progress.update(self._progress.task_ids[0], description=text, completed=done)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Take the line away."""
        if self._progress is not None:
            self._progress.stop()

    def _started(self) -> "Progress":
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        columns = [SpinnerColumn(), TextColumn("{task.description}", markup=False)]
        bar = [] if self._total is None else [BarColumn()]
        progress = Progress(
            *columns,
            *bar,
            TimeElapsedColumn(),
            console=console_on(sys.stderr, is_terminal=True),
            transient=True,
            # Lines on the same terminal go above the progress; those into a file stay there.
            redirect_stdout=sys.stdout.isatty(),
        )
        progress.add_task("", total=self._total)
        progress.start()
        return progress
