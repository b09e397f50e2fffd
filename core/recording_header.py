"""The first line of a saved recording: what ran, where, when, and how it went in short.

A header is read with suspicion: what it says is shown, compared and made file names of.
"""

import json
import math
import unicodedata
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any, Final, NoReturn

import msgspec

from core import events
from core.card import SCRIPT_MODE
from core.demos import LARGEST_BYTES
from core.modes import MODES
from core.recording import Recording
from core.run_facts import Header

FORMAT: Final = "futures-lab recording"
VERSION: Final = 2

MOST_BYTES: Final = 8 * LARGEST_BYTES
"""The longest first line: a script whose every character is escaped, and its knobs."""

_MODES: Final = frozenset({SCRIPT_MODE, *(mode.name for mode in MODES)})
_LONGEST_NAME: Final = 255
_NO_SIGNS: Final = ("Cc", "Cs", "Zl", "Zp")  # control characters, half characters, line ends
_TURNING: Final = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
"""Directions of the invisible signs that would turn around what stands beside a name."""

_DEEPEST: Final = 8
_MOST_BITS: Final = 13_000
"""Python refuses to read or write integers of many more digits."""


class First(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The first line; outcome and elapsed time are there for lists, and repeat what follows."""

    format: str
    version: int
    origin_ns: events.Time
    outcome: str
    elapsed_s: float | None
    header: Header


class OtherVersion(ValueError):
    """A recording that another version of the program made."""


class Foreign(ValueError):
    """No recording at all."""


def first_line(recording: Recording) -> bytes:
    """Return the first line of a finished recording."""
    assert recording.ending is not None  # noqa: S101 - the caller looked
    elapsed_s = recording.elapsed_s
    header = replace(recording.header, demo=_name(recording.header.demo))
    first = {
        "format": FORMAT,
        "version": VERSION,
        "origin_ns": recording.origin_ns,
        "outcome": recording.ending.outcome,
        "elapsed_s": None if math.isnan(elapsed_s) else elapsed_s,
        "header": plain(asdict(header)),
    }
    # The standard library's JSON: knobs may hold integers of more than 64 bits.
    return json.dumps(first, allow_nan=False).encode() + b"\n"


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


def _check(header: Header) -> None:
    """Refuse what no run of this program says of itself."""
    for name, text in (("demo", header.demo), ("python", header.python)):
        if text != _name(text):
            raise ValueError(f"'{name}' is no name")
    if header.mode not in _MODES:
        raise ValueError("there is no such mode")
    if "\0" in header.script or len(header.script.encode()) > LARGEST_BYTES:
        raise ValueError("the script is none")
    for name, values in (("knobs", header.knobs), ("machine", header.machine)):
        if plain(values) != values:
            raise ValueError(f"'{name}' holds what no run has")
    if datetime.fromisoformat(header.made_at).tzinfo is None:
        raise ValueError("'made_at' has no offset from UTC")


def _name(text: str) -> str:
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
