"""What an export is."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from core.exports.problems import MOST_BYTES
from core.exports.target import whole_file
from core.recording import Recording


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
    pieces : Callable
        Yields what a file of a finished recording holds, piece by piece.
    """

    name: str
    suffix: str
    label: Mapping[str, str] = field(hash=False)
    pieces: Callable[[Recording], Iterator[bytes]]

    def size_bytes(
        self, recording: Recording, at_most: int, is_wanted: Callable[[], bool] = lambda: True
    ) -> int:
        """Return how many bytes a file would take; it is not counted far beyond ``at_most``.

        Nor is it when ``is_wanted``, asked now and then, returns False.
        """
        counted = 0
        for piece in self.pieces(recording):
            counted += len(piece)
            if counted > at_most or not is_wanted():
                break
        return counted

    def write(self, recording: Recording, path: Path, most_bytes: int = MOST_BYTES) -> None:
        """Write a finished recording to a file, which changes as a whole or not at all.

        Raises
        ------
        ExportProblem
            It cannot be written there.
        TooLarge
            It would take more than ``most_bytes``.
        """
        with whole_file(path, most_bytes) as stream:
            stream.writelines(self.pieces(recording))
