"""What can be wrong with the file of a recording, each in one sentence."""

from pathlib import Path
from typing import Literal

from core.quoting import shown_path, squeezed
from core.storage.atomic_write import Refused

ProblemKind = Literal[
    "unwritable",
    "unkept",
    "too_long",
    "unreadable",
    "huge",
    "foreign",
    "version",
    "damaged",
    "cut_off",
]

_LONGEST_REASON = 160
"""Words of our own around what was quoted, which is shortened where it was read."""


class RecordingFileProblem(ValueError):
    """A recording that cannot be saved or opened; its text is one sentence.

    Attributes
    ----------
    kind : str
        What is wrong, for those who say it in another language.
    path : Path
        The file.
    detail : str
        The system's reason, or the line that is damaged; may be empty.
    """

    def __init__(self, text: str, kind: ProblemKind, path: Path, detail: str = "") -> None:
        super().__init__(text)
        self.kind = kind
        self.path = path
        self.detail = detail


def unwritable(path: Path, error: OSError) -> RecordingFileProblem:
    """Return what to raise when the file cannot be written there."""
    if isinstance(error, Refused):
        return unsuitable(path, error)
    reason = error.strerror or type(error).__name__
    folder = shown_path(path.parent)
    text = f"The recording cannot be saved in {folder} ({reason}); name another folder."
    return RecordingFileProblem(text, "unwritable", path, reason)


def unsuitable(path: Path, error: OSError) -> RecordingFileProblem:
    """Return what to raise when it is not the folder that is wrong."""
    reason = error.strerror or type(error).__name__
    text = f"The recording cannot be saved as {shown_path(path)} ({reason}); name another file."
    return RecordingFileProblem(text, "unwritable", path, reason)


def unkept(folder: Path, reason: str) -> RecordingFileProblem:
    """Return what to raise when the user's data folder takes no file."""
    text = (
        f"The run cannot be kept in {shown_path(folder)} ({reason}); "
        "make room there, or let the folder take files."
    )
    return RecordingFileProblem(text, "unkept", folder, reason)


def too_long(path: Path, largest_bytes: int) -> RecordingFileProblem:
    """Return what to raise when it would be larger than what is opened."""
    text = (
        f"The run is too long for a recording of {largest_bytes >> 20} megabytes; "
        "record one with fewer tasks."
    )
    return RecordingFileProblem(text, "too_long", path)


def kept_elsewhere(problem: RecordingFileProblem, path: Path) -> RecordingFileProblem:
    """Return what to raise when only what was written during the run is there."""
    if problem.kind == "too_long":
        why = "The run is too long for a recording"
    else:
        why = f"The recording cannot be saved as {shown_path(problem.path)} ({problem.detail})"
    text = f"{why}; what was written while it ran is in {shown_path(path)}, which can be opened."
    return RecordingFileProblem(text, problem.kind, problem.path, problem.detail)


def unreadable(path: Path, error: OSError) -> RecordingFileProblem:
    """Return what to raise when the system does not hand it over."""
    reason = error.strerror or type(error).__name__
    text = f"The recording {shown_path(path)} could not be read ({reason}); choose another file."
    return RecordingFileProblem(text, "unreadable", path, reason)


def cut_off(path: Path) -> RecordingFileProblem:
    """Return what to raise when its last line is missing."""
    text = f"The recording {shown_path(path)} is cut off: its end is missing."
    return RecordingFileProblem(text, "cut_off", path)


def damaged(path: Path, number: int, error: Exception) -> RecordingFileProblem:
    """Return what to raise when a line is not as it should be."""
    reason = squeezed(error, _LONGEST_REASON).rstrip(".")
    text = f"The recording {shown_path(path)} is damaged in line {number}: {reason}."
    return RecordingFileProblem(text, "damaged", path, str(number))


def huge(path: Path, largest_bytes: int) -> RecordingFileProblem:
    """Return what to raise when a file is larger than what is opened."""
    text = (
        f"{shown_path(path)} is larger than any recording of this program "
        f"({largest_bytes >> 20} megabytes); choose another file."
    )
    return RecordingFileProblem(text, "huge", path)
