"""The first line of a saved recording, and those of the script: what ran, where and when.

A header is read with suspicion: what it says is shown, compared and made file names of.
"""

import json
import math
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Annotated, Any, Final, NoReturn

import msgspec

from core import events
from core.card import SCRIPT_MODE
from core.demos import LARGEST_BYTES
from core.modes import MODES
from core.recording import Recording
from core.run_facts import Header

FORMAT: Final = "futures-lab recording"
VERSION: Final = 3

_SCRIPT_PIECE: Final = 100_000
"""Characters of a line of the script: even if each is escaped it fits."""

_KNOB_BYTES: Final = 20_000
_KNOBS_BYTES: Final = 200_000
"""What one knob, and all of them, may take in the first line; the script has them all."""

_MODES: Final = frozenset({SCRIPT_MODE, *(mode.name for mode in MODES)})
_LONGEST_NAME: Final = 255
_NO_SIGNS: Final = ("Cc", "Cs", "Zl", "Zp")  # control characters, half characters, line ends
_TURNING: Final = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
"""Directions of the invisible signs that would turn around what stands beside a name."""

_DEEPEST: Final = 8
_MOST_BITS: Final = 13_000
"""Python refuses to read or write integers of many more digits."""


class Told(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A `Header` without its script, which has lines of its own; not believed yet."""

    demo: str
    mode: str
    knobs: dict[str, Any]
    python: str
    free_threaded: bool
    machine: dict[str, Any]
    made_at: str


class First(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The first line."""

    format: str
    version: int
    origin_ns: events.Time
    script_characters: Annotated[int, msgspec.Meta(ge=0, le=LARGEST_BYTES)]
    header: Told
    spooled: bool = False
    """Whether it was written while the run went on, so that its end may be missing."""


class ScriptLine(msgspec.Struct, frozen=True, tag="script", forbid_unknown_fields=True):
    """The next piece of the script."""

    text: Annotated[str, msgspec.Meta(min_length=1)]


class OtherVersion(ValueError):
    """A recording that another version of the program made."""


class Foreign(ValueError):
    """No recording at all."""


def first_line(recording: Recording, *, is_spooled: bool = False) -> bytes:
    """Return the first line of a recording, which may still go on."""
    told = asdict(recording.header)
    told |= {"demo": as_name(told["demo"]), "python": as_name(told["python"])}
    told["knobs"] = _knobs_that_fit(told["knobs"])
    del told["script"]
    first = {
        "format": FORMAT,
        "version": VERSION,
        "origin_ns": recording.origin_ns,
        "script_characters": len(recording.header.script),
        "header": plain(told),
        **({"spooled": True} if is_spooled else {}),
    }
    # The standard library's JSON: knobs may hold integers of more than 64 bits.
    return json.dumps(first, allow_nan=False).encode() + b"\n"


def script_lines(recording: Recording) -> Iterator[bytes]:
    """Yield the lines that hold the script, which follow the first one."""
    # What UTF-8 cannot hold never ran.
    script = recording.header.script.encode("utf-8", "replace").decode()
    for start in range(0, len(script), _SCRIPT_PIECE):
        piece = script[start : start + _SCRIPT_PIECE]
        yield msgspec.json.encode(ScriptLine(piece)) + b"\n"


def with_more_script(header: Header, line: ScriptLine) -> Header:
    """Return a header that has one more piece of its script.

    Raises
    ------
    ValueError
        It is longer than any script, or no text.
    """
    if "\0" in line.text or (header.script and len(header.script) % _SCRIPT_PIECE):
        raise ValueError("the script is none")
    script = header.script + line.text
    if len(script.encode()) > LARGEST_BYTES:
        raise ValueError("the script is longer than any")
    return replace(header, script=script)


def read_first(line: bytes) -> First:
    """Read and check a first line.

    Raises
    ------
    Foreign, OtherVersion
        It begins no recording, or one of another version.
    ValueError, RecursionError
        It is damaged.
    """
    try:
        told = json.loads(line, parse_constant=_no_number)
        is_ours = told["format"] == FORMAT
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        if FORMAT.encode() in line[:100]:
            raise ValueError("it is no whole line of JSON") from error
        raise Foreign from error
    if not is_ours:
        raise Foreign
    if told.get("version") != VERSION:
        raise OtherVersion
    first = msgspec.convert(told, First)
    _check(first.header)
    return first


def header_of(first: First) -> Header:
    """Return the header that a first line tells, still without its script."""
    return Header(script="", **msgspec.structs.asdict(first.header))


def check_script(first: First, header: Header) -> None:
    """Check that the whole script came.

    Raises
    ------
    ValueError
        It did not.
    """
    if len(header.script) != first.script_characters:
        raise ValueError("a part of the script is missing")
    if header.python != as_name(header.python):  # events tell it, too
        raise ValueError("the version of Python is none")


def plain(value: Any, depth: int = 0) -> Any:
    """Return a value as JSON can hold it; what it cannot hold becomes its text."""
    match value:
        case None | bool() | str():
            return value
        case int():
            return value if value.bit_length() < _MOST_BITS else hex(value)
        case float():
            return value if math.isfinite(value) else repr(value)
        case list() | tuple() if depth < _DEEPEST:
            return [plain(item, depth + 1) for item in value]
        case dict() if depth < _DEEPEST and all(isinstance(key, str) for key in value):
            return {key: plain(item, depth + 1) for key, item in value.items()}
    return repr(value)


def _knobs_that_fit(knobs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the knobs that are no whole texts of their own: all that one can turn."""
    left, fitting = _KNOBS_BYTES, {}
    for name, value in knobs.items():
        size = len(json.dumps([name, plain(value)]))
        if size <= min(left, _KNOB_BYTES):
            fitting[name] = value
            left -= size
    return fitting


def _check(header: Told) -> None:
    """Refuse what no run of this program says of itself."""
    for name, text in (("demo", header.demo), ("python", header.python)):
        if text != as_name(text):
            raise ValueError(f"'{name}' is no name")
    if header.mode not in _MODES:
        raise ValueError("there is no such mode")
    for name, values in (("knobs", header.knobs), ("machine", header.machine)):
        if plain(values) != values:
            raise ValueError(f"'{name}' holds what no run has")
    if datetime.fromisoformat(header.made_at).tzinfo is None:
        raise ValueError("'made_at' has no offset from UTC")


def as_name(text: str) -> str:
    """Return a name without what no name needs: it is shown in one line, and is no path."""
    kept = (
        "\N{REPLACEMENT CHARACTER}"
        if sign in "/\\"
        or unicodedata.category(sign) in _NO_SIGNS
        or unicodedata.bidirectional(sign) in _TURNING
        else sign
        for sign in text[:_LONGEST_NAME]
    )
    return "".join(kept)


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")
