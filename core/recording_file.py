"""Saves a recording as JSON lines, and opens one again. Opening validates and never runs anything.

The first line is the header: what ran, where, when. Then come the events of the run,
each with the process that sent it, then what the script printed. The last line says
how the run ended, so that a file that was cut off is noticed.
"""

import dataclasses
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from core import events
from core.recording import Recording
from core.recording_events import events_of
from core.run_facts import Ending, Header, Output

FORMAT: Final = "futures-lab recording"
VERSION: Final = 1

_OUTPUT_LINES: Final = 1_000
_Pid = events.Time


class RecordingFileProblem(ValueError):
    """A recording that cannot be saved or opened; its text is one sentence."""


class _First(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    format: str
    version: int
    origin_ns: events.Time
    header: Header


class _Event(msgspec.Struct, frozen=True, tag="event", forbid_unknown_fields=True):
    pid: _Pid
    event: msgspec.Raw


class _Printed(msgspec.Struct, frozen=True, tag="output", forbid_unknown_fields=True):
    lines: list[Output]


class _End(msgspec.Struct, frozen=True, tag="end", forbid_unknown_fields=True):
    ending: Ending
    output_dropped: int
    troubles: list[str]


_line_decoder = msgspec.json.Decoder(_Event | _Printed | _End)
_UNREADABLE: Final = (msgspec.DecodeError, events.MalformedEvent, ValueError, RecursionError)


def check_target(path: Path) -> None:
    """Check, before the run, that a recording can be saved there after it.

    Raises
    ------
    RecordingFileProblem
        If the folder is missing or refuses a new file, or ``path`` is a folder.
    """
    if path.is_dir():
        raise RecordingFileProblem(f"{path} is a folder; name a file in it for the recording.")
    if not path.parent.is_dir():
        raise RecordingFileProblem(
            f"There is no folder {path.parent} for the recording; make it or name another."
        )
    try:
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise _unwritable(path, error) from error


def save(recording: Recording, path: Path) -> None:
    """Write a finished recording to a file, which changes as a whole or not at all.

    Raises
    ------
    RecordingFileProblem
        If the file cannot be written.
    ValueError
        If the run still goes on.
    """
    if recording.ending is None:
        raise ValueError("Only a finished recording can be saved.")
    temporary = path.with_name(f".{path.name}.part")
    try:
        with temporary.open("wb") as stream:
            stream.writelines(_lines(recording, recording.ending))
        temporary.replace(path)
    except OSError as error:
        raise _unwritable(path, error) from error
    finally:
        temporary.unlink(missing_ok=True)  # still there only when it was not renamed


def open_recording(path: Path) -> Recording:
    """Read a saved recording.

    Raises
    ------
    RecordingFileProblem
        If the file cannot be read, is no recording, is damaged, or is of a newer version.
    """
    try:
        with path.open("rb") as stream:
            recording = _begun(path, stream.readline(events.MAX_MESSAGE_BYTES))
            lines = iter(lambda: stream.readline(events.MAX_MESSAGE_BYTES), b"")
            for number, line in enumerate(lines, start=2):
                _append(path, number, line, recording)
    except OSError as error:
        raise RecordingFileProblem(
            f"The recording {path} could not be read ({error.strerror}); choose another file."
        ) from error
    if recording.ending is None:
        raise RecordingFileProblem(f"The recording {path} is cut off: its end is missing.")
    return recording


def _unwritable(path: Path, error: OSError) -> RecordingFileProblem:
    return RecordingFileProblem(
        f"The recording cannot be saved in {path.parent} ({error.strerror}); name another folder."
    )


def _lines(recording: Recording, ending: Ending) -> Iterator[bytes]:
    encode = msgspec.json.encode
    first = {"format": FORMAT, "version": VERSION, "origin_ns": recording.origin_ns}
    header = dataclasses.asdict(recording.header)
    # The standard library's JSON: knobs may hold integers of any size, and sets.
    yield json.dumps(first | {"header": header}, default=repr).encode() + b"\n"
    for pid, event in events_of(recording):
        yield encode(_Event(pid, msgspec.Raw(encode(event)))) + b"\n"
    for start in range(0, len(recording.output), _OUTPUT_LINES):
        yield encode(_Printed(recording.output[start : start + _OUTPUT_LINES])) + b"\n"
    yield encode(_End(ending, recording.output_dropped, recording.troubles)) + b"\n"


def _begun(path: Path, line: bytes) -> Recording:
    """Return the recording with nothing but its header."""
    try:
        told = json.loads(line)
        is_ours = told["format"] == FORMAT
    except (ValueError, TypeError, KeyError, RecursionError):
        is_ours = False
    if not is_ours:
        raise RecordingFileProblem(f"{path} is not a recording of this program.")
    if told.get("version") != VERSION:
        raise RecordingFileProblem(
            f"The recording {path} was made by another version of this program; use that one."
        )
    try:
        first = msgspec.convert(told, _First)
    except _UNREADABLE as error:
        raise _damaged(path, 1, error) from error
    return Recording(first.header, first.origin_ns)


def _append(path: Path, number: int, line: bytes, recording: Recording) -> None:
    try:
        if recording.ending is not None:
            raise ValueError("something follows the end")
        match _line_decoder.decode(line):
            case _Event(pid, event):
                for one in events.decode(b"[" + bytes(event) + b"]"):
                    recording.apply(pid, one)
            case _Printed(lines):
                recording.output.extend(lines)
            case _End(ending, output_dropped, troubles):
                recording.output_dropped = output_dropped
                recording.troubles.extend(troubles)
                recording.ending = ending
    except _UNREADABLE as error:
        raise _damaged(path, number, error) from error


def _damaged(path: Path, number: int, error: Exception) -> RecordingFileProblem:
    reason = str(error).rstrip(".")
    return RecordingFileProblem(f"The recording {path} is damaged in line {number}: {reason}.")
