"""Whether a knob of a card may have a value; if not, one sentence says why."""

import math
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from core.card import CardKnob
from core.quoting import shortened
from core.script.errors import BadKnobValue

_LONGEST_NUMBER: Final = 30
_LONGEST_PATH: Final = 300


def check_value(knob: CardKnob, value: Any) -> None:
    """Check kind and range of a value for a knob.

    Raises
    ------
    core.script.BadKnobValue
        It cannot be; the text is one sentence, such as ``THREADS must be between 1 and 64;
        0 is too small.``
    """
    _CHECKS[knob.kind](knob, value)


def _check_whole(knob: CardKnob, value: Any) -> None:
    if type(value) is not int:
        raise _must_be(knob, "a whole number", value)
    _check_range(knob, value)


def _check_number(knob: CardKnob, value: Any) -> None:
    if type(value) is not int and (type(value) is not float or not math.isfinite(value)):
        raise _must_be(knob, "a number", value)
    _check_range(knob, value)


def _check_range(knob: CardKnob, value: float) -> None:
    small = knob.minimum is not None and value < knob.minimum
    large = knob.maximum is not None and value > knob.maximum
    if small or large:
        size = "small" if small else "large"
        raise BadKnobValue(
            f"{shortened(knob.name)} must be {_range(knob)}; {_shown(value)} is too {size}."
        )


def _range(knob: CardKnob) -> str:
    low, high = knob.minimum, knob.maximum
    if low is not None and high is not None:
        return f"between {low:,} and {high:,}"
    return f"at least {low:,}" if low is not None else f"at most {high:,}"


def _check_truth(knob: CardKnob, value: Any) -> None:
    if type(value) is not bool:
        raise _must_be(knob, "true or false", value)


def _check_choice(knob: CardKnob, value: Any) -> None:
    values = [preset.value for preset in knob.presets]
    if not any(type(value) is type(choice) and value == choice for choice in values):
        raise _must_be(knob, f"one of {', '.join(map(_shown, values))}", value)


def _check_text(knob: CardKnob, value: Any) -> None:
    if not isinstance(value, str):
        raise _must_be(knob, "a text", value)


def _check_line(knob: CardKnob, value: Any) -> None:
    if not isinstance(value, str) or not value.strip() or len(value.splitlines()) > 1:
        raise _must_be(knob, "one line of code", value)


def _check_lines(knob: CardKnob, value: Any) -> None:
    is_list = isinstance(value, list | tuple)
    if not is_list or not all(isinstance(line, str) for line in value):
        raise _must_be(knob, "a list of texts, one a line", value)
    if not value:
        raise BadKnobValue(f"{shortened(knob.name)} needs at least one line.")


def _check_urls(knob: CardKnob, value: Any) -> None:
    _check_lines(knob, value)
    for number, url in enumerate(value, start=1):
        problem = _problem_of(url)
        if problem:
            where = f"Line {number} of {shortened(knob.name)}, '{shortened(url)}',"
            raise BadKnobValue(f"{where} is no web address: {problem}.")


def _problem_of(url: str) -> str:
    """Return what is wrong with a web address, as a clause; empty when nothing is."""
    if not url or url != url.strip() or any(not sign.isprintable() for sign in url) or " " in url:
        return "it must be one address without spaces"
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port  # the port is checked when it is asked for
    except ValueError:
        return "its host or port cannot be read"
    if parts.scheme not in ("http", "https"):
        return "it must begin with http:// or https://"
    if not host:
        return "it must name a host after http:// or https://"
    if not f"{parts.path}{parts.query}".isascii():
        return "signs other than ASCII must be percent-encoded (%E6%97%A5) after the host"
    return ""


def _check_folder(knob: CardKnob, value: Any) -> None:
    _check_text(knob, value)
    if not value:
        return  # the script takes a temporary one
    shown = value if len(value) <= _LONGEST_PATH else shortened(value)
    where = f"{shortened(knob.name)}: the folder {shown}"
    advice = "choose another one, or leave it empty for a temporary one"
    try:
        folder = Path(value)
        if not folder.exists():
            raise BadKnobValue(f"{where} does not exist; {advice}.")
        if not folder.is_dir():
            raise BadKnobValue(f"{where} is a file; {advice}.")
        if not os.access(folder, os.W_OK | os.X_OK):
            raise BadKnobValue(f"{where} cannot be written to; {advice}.")
    except (OSError, UnicodeEncodeError) as problem:
        raise BadKnobValue(f"{where} cannot be used; {advice}.") from problem


_CHECKS: Final[Mapping[str, Callable[[CardKnob, Any], None]]] = {
    "int": _check_whole,
    "float": _check_number,
    "bool": _check_truth,
    "choice": _check_choice,
    "text": _check_text,
    "line": _check_line,
    "lines": _check_lines,
    "urls": _check_urls,
    "folder": _check_folder,
}
CHECKED_KINDS: Final = frozenset(_CHECKS)


def _must_be(knob: CardKnob, what: str, value: Any) -> BadKnobValue:
    return BadKnobValue(f"{shortened(knob.name)} must be {what}; {_shown(value)} is not.")


def _shown(value: Any) -> str:
    """Return a value as it can stand in a sentence, however large it is."""
    if isinstance(value, int) and not isinstance(value, bool):
        # Python itself refuses to write more than 4,300 digits.
        return f"{value:,}" if value.bit_length() < _LONGEST_NUMBER * 3 else "this number"
    if isinstance(value, bool | float | str) or value is None:
        return shortened(repr(value))
    return f"a {type(value).__name__}"
