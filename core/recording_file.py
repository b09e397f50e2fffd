"""Saves a recording as JSON lines, and opens one again. Opening validates and never runs anything.

The format is told in docs/RECORDING.md. The first line is the header, the last says how the
run ended, so that a file that was cut off is noticed. A file takes memory in proportion to its
size, which is limited, and a recording that opens is whole: no view needs to doubt it.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from core import recording_problems as problems
from core.quoting import shown_path
from core.recording import Recording
from core.recording_header import (
    FORMAT,
    First,
    Foreign,
    OtherVersion,
    check_script,
    header_of,
    read_first,
)
from core.recording_limits import MOST_LINE_BYTES, Limits, TooMuch
from core.recording_lines import UNREADABLE, end_of, lines_of, take
from core.recording_problems import RecordingFileProblem
from core.recording_rows import check_whole
from core.run_facts import CUT_OFF
from core.storage.atomic_write import check_place, whole_file
from core.storage.early_end import end_early, forget_missing_tasks

__all__ = [
    "LARGEST_BYTES",
    "ReadingGivenUp",
    "RecordingFileProblem",
    "Summary",
    "check_target",
    "looks_like_recording",
    "open_recording",
    "save",
    "summary_of",
]

LARGEST_BYTES: Final = 128 * 1024 * 1024
"""Room for a million tasks. No larger file is opened, nor written."""

MOST_LINES: Final = 300_000
"""A line becomes objects that may take ten times its place: this bounds them."""


class ReadingGivenUp(Exception):
    """Nobody wants the recording any more that is being read."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a list tells of a saved recording."""

    path: Path
    demo: str
    mode: str
    python: str
    made_at: str
    outcome: str
    elapsed_s: float | None


def check_target(path: Path) -> None:
    """Check, before the run, that a recording can be saved there after it.

    Raises
    ------
    RecordingFileProblem
        If the folder is missing, refuses a new file or is full, or ``path`` is no regular file.
    """
    try:
        if not path.parent.is_dir():
            folder = shown_path(path.parent)
            text = f"There is no folder {folder} for the recording; make it or name another."
            raise RecordingFileProblem(text, "unwritable", path)
        check_place(path)
    except OSError as error:
        raise problems.unwritable(path, error) from error


def save(recording: Recording, path: Path) -> None:
    """Write a finished recording to a file, which changes as a whole or not at all.

    Raises
    ------
    RecordingFileProblem
        If the file cannot be written, or would be too large to be opened.
    ValueError
        If the run still goes on.
    """
    if recording.ending is None:
        raise ValueError("Only a finished recording can be saved.")
    try:
        with whole_file(path) as stream:
            for line in lines_of(recording, recording.ending):
                stream.write(line)
                if stream.tell() > LARGEST_BYTES or len(line) > MOST_LINE_BYTES:
                    raise problems.too_long(path, LARGEST_BYTES)
    except TooMuch as error:
        raise problems.too_long(path, LARGEST_BYTES) from error
    except OSError as error:
        raise problems.unwritable(path, error) from error


def looks_like_recording(path: Path) -> bool:
    """Return whether a file is a recording, or meant to be one, by how it begins.

    Raises
    ------
    OSError
        It cannot be read.
    """
    if not path.is_file():
        return False  # opening a pipe would wait for who writes into it
    with path.open("rb") as stream:
        head = stream.read(200)
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") or FORMAT.encode() in head


def _always() -> bool:
    return True


def open_recording(path: Path, is_wanted: Callable[[], bool] = _always) -> Recording:
    """Read a saved recording.

    Parameters
    ----------
    path : Path
        The file.
    is_wanted : callable, optional
        Asked before each line; as soon as it returns False nothing more is read.

    Raises
    ------
    ReadingGivenUp
        It was not wanted any more.
    RecordingFileProblem
        If the file cannot be read, is too large, is no recording, is damaged, or is of another
        version.
    """
    try:
        with _opened(path) as stream:
            first = _first(path, stream)
            limits = Limits(os.fstat(stream.fileno()).st_size if first.spooled else None)
            recording = Recording(header_of(first), first.origin_ns)
            for number, line in _lines(path, stream):
                if not is_wanted():
                    raise ReadingGivenUp
                if first.spooled and not line.endswith(b"\n"):
                    break  # who wrote it was killed in the middle
                _take(path, number, line, recording, limits)
            if first.spooled and recording.ending is None:
                end_early(recording, max(limits.latest_ns, first.origin_ns), stream)
    except OSError as error:
        raise problems.unreadable(path, error) from error
    if recording.ending is None:
        raise problems.cut_off(path)
    try:
        check_script(first, recording.header)
        if first.spooled:
            forget_missing_tasks(recording)
        check_whole(recording)
    except ValueError as error:
        raise problems.damaged(path, 1, error) from error
    return recording


def summary_of(path: Path) -> Summary:
    """Return what the first line of a saved recording says, if the last one is there too.

    Raises
    ------
    RecordingFileProblem
        As `open_recording`, as far as these two lines tell.
    """
    try:
        with _opened(path) as stream:
            first = _first(path, stream)
            stream.seek(max(stream.tell(), path.stat().st_size - MOST_LINE_BYTES))
            tail = stream.read(MOST_LINE_BYTES)
    except OSError as error:
        raise problems.unreadable(path, error) from error
    if first.spooled:
        tail = tail[: tail.rfind(b"\n") + 1]
    last = tail.splitlines()[-1:]
    end = end_of(last[0]) if last else None
    if end is None and first.spooled:
        end = CUT_OFF, None
    if end is None:
        raise problems.cut_off(path)
    header, (outcome, elapsed_s) = first.header, end
    return Summary(
        path=path,
        demo=header.demo,
        mode=header.mode,
        python=header.python,
        made_at=header.made_at,
        outcome=outcome,
        elapsed_s=elapsed_s,
    )


def _opened(path: Path) -> BinaryIO:
    """Open a file that is one, and not too large a one."""
    if path.exists() and not path.is_file():
        shown = shown_path(path)
        text = f"The recording {shown} could not be read (it is no file); choose another file."
        raise RecordingFileProblem(text, "unreadable", path)
    if path.stat().st_size > LARGEST_BYTES:
        raise problems.huge(path, LARGEST_BYTES)
    return path.open("rb")


def _first(path: Path, stream: BinaryIO) -> First:
    try:
        return read_first(stream.readline(MOST_LINE_BYTES))
    except Foreign as error:
        text = f"{shown_path(path)} is not a recording of this program."
        raise RecordingFileProblem(text, "foreign", path) from error
    except OtherVersion as error:
        shown = shown_path(path)
        text = f"The recording {shown} was made by another version of this program; use that one."
        raise RecordingFileProblem(text, "version", path) from error
    except UNREADABLE as error:
        raise problems.damaged(path, 1, error) from error


def _lines(path: Path, stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Yield the lines after the first, numbered, as long as there are not too many."""
    left = LARGEST_BYTES  # counted here as well: the file may grow while it is read
    number = 1
    while line := stream.readline(MOST_LINE_BYTES + 1):
        number += 1
        left -= len(line)
        if left < 0 or number > MOST_LINES or len(line) > MOST_LINE_BYTES:
            raise problems.damaged(path, number, TooMuch("there is more than any run has"))
        yield number, line


def _take(path: Path, number: int, line: bytes, recording: Recording, limits: Limits) -> None:
    try:
        take(line, recording, limits)
    except UNREADABLE as error:
        raise problems.damaged(path, number, error) from error
