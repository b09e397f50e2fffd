"""Why a file of another format could not be made."""

from pathlib import Path
from typing import Final

from core.number_format import size

MOST_BYTES: Final = 100_000_000
"""What a file may take unless more is asked for: a trace takes 80 times what its recording does."""


class ExportProblem(ValueError):
    """A file that could not be made; its text is one sentence.

    Attributes
    ----------
    path : Path
        The file that was asked for.
    reason : str
        Why, in the words of the system.
    """

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path} cannot be written ({reason}); name another file.")
        self.path, self.reason = path, reason


class TooLarge(ExportProblem):
    """A file that would be larger than was allowed; nothing of it is written.

    Attributes
    ----------
    size_bytes : int
        What it would take; if that is not known, what it takes at least.
    most_bytes : int
        What was allowed.
    """

    def __init__(self, path: Path, size_bytes: int, most_bytes: int) -> None:
        super().__init__(path, f"it takes {size(size_bytes)}, and the limit is {size(most_bytes)}")
        self.size_bytes, self.most_bytes = size_bytes, most_bytes


class NothingToShow(ValueError):
    """A chart has nothing to show of a run; its text is one sentence.

    Attributes
    ----------
    chart : str
        The chart that was asked for.
    others : tuple of str
        The charts that show something of that run.
    """

    def __init__(self, chart: str, others: tuple[str, ...]) -> None:
        advice = f"choose one of: {', '.join(others)}" if others else "and no other chart has"
        super().__init__(f"The chart {chart!r} has nothing to show of this run; {advice}.")
        self.chart, self.others = chart, others
