"""What a query asks of a site: text in, a checked `Behaviour` out."""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

LIMITS: Final = {
    "delay_ms": (0, 60_000),
    "status": (200, 599),
    "bytes": (0, 1_000_000_000),
    "rate": (1, 1_000_000_000),
    "redirect": (1, 100),
}
FLAGS: Final = ("cut", "hang")
FOREIGN: Final = {
    "file": "file:///alpha",
    "ftp": "ftp://127.0.0.1/alpha",
    "data": "data:text/plain,alpha",
}
"""Where a redirect to another scheme leads. Fixed, so that nobody can be sent elsewhere."""
WITHOUT_BODY: Final = (204, 205, 304)

# A longer number is out of range anyway, and int() would be asked to read all of it.
_NUMBER: Final = re.compile(r"[0-9]{1,12}")
_MAX_PARAMETERS: Final = 20


class Refused(Exception):
    """A request that gets an error status and one sentence instead of a site."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How a site answers one request; the package's docstring tells each field."""

    delay_ms: int = 0
    status: int = 200
    body_bytes: int | None = None
    rate_bytes_per_s: int | None = None
    cut: bool = False
    hang: bool = False
    hops: int = 0
    foreign: str = ""


def parse_query(query: str) -> Behaviour:
    """Read a query; whatever is not in the package's docstring raises `Refused`."""
    asked = _parameters(query)
    numbers = {name: _number(name, asked[name]) for name in LIMITS if _is_number(name, asked)}
    behaviour = Behaviour(
        delay_ms=numbers.get("delay_ms", 0),
        status=numbers.get("status", 200),
        body_bytes=numbers.get("bytes"),
        rate_bytes_per_s=numbers.get("rate"),
        cut=_flag("cut", asked),
        hang=_flag("hang", asked),
        hops=numbers.get("redirect", 0),
        foreign=FOREIGN.get(asked.get("redirect", ""), ""),
    )
    bodiless = behaviour.body_bytes == 0 or behaviour.status in WITHOUT_BODY
    if behaviour.cut and bodiless:
        raise Refused(400, "An answer without a body cannot be cut; leave out cut.")
    return behaviour


def _parameters(query: str) -> dict[str, str]:
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=_MAX_PARAMETERS)
    except ValueError:
        raise Refused(
            400, f"A query has at most {_MAX_PARAMETERS} parameters; leave some out."
        ) from None
    asked = dict(pairs)
    known = (*LIMITS, *FLAGS)
    if not asked.keys() <= set(known):
        raise Refused(400, f"A site knows only the parameters {', '.join(known)}; use those.")
    if len(asked) < len(pairs):
        raise Refused(400, "A parameter stands in the query twice; leave one out.")
    return asked


def _is_number(name: str, asked: dict[str, str]) -> bool:
    return name in asked and not (name == "redirect" and asked[name] in FOREIGN)


def _number(name: str, text: str) -> int:
    low, high = LIMITS[name]
    number = int(text) if _NUMBER.fullmatch(text) else -1
    if low <= number <= high:
        return number
    instead = f" or one of {', '.join(FOREIGN)}" if name == "redirect" else ""
    raise Refused(400, f"Give {name} a whole number from {low:,} to {high:,}{instead}.")


def _flag(name: str, asked: dict[str, str]) -> bool:
    if asked.get(name, "") not in ("", "1"):
        raise Refused(400, f"Write {name} alone, without a value, or leave it out.")
    return name in asked
