"""What an export is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from core.recording import Recording


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


@dataclass(frozen=True, slots=True)
class Export:
    """A format in which a finished recording can be taken away.

    Attributes
    ----------
    name : str
        What the command line calls it (``"csv"``).
    suffix : str
        What its files are called, with the dot (``".csv"``).
    label : Mapping[str, str]
        What people read, by language (``"en"``, ``"ja"``).
    write : Callable
        Writes a finished recording to a file, which changes as a whole or not at all;
        raises `ExportProblem` where that cannot be.
    """

    name: str
    suffix: str
    label: Mapping[str, str] = field(hash=False)
    write: Callable[[Recording, Path], None]
