"""Messages as lines of a file that is written while the run goes on; none is too long."""

import sys
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec
import numpy as np

from core import events
from core.recording_events import Sent
from core.recording_limits import EVENTS_OF_TASKS, Limits
from core.recording_lines import event_lines, received_line

_TOGETHER_BYTES: Final = 50_000
"""Messages stand together in a line up to this size: on a full disk a line fits or is missing."""

_LINE_BYTES: Final = 500_000
"""A longer message is cut into several lines."""

_OF_COLUMNS: Final = (*EVENTS_OF_TASKS, events.Watch, events.Activity)
_WITHOUT_LIMITS: Final = 2**62


def lines_of_messages(messages: Sequence[tuple[int, bytes]]) -> Iterator[bytes]:
    """Yield the lines of messages that were understood, each with the process that sent it."""
    together: list[tuple[int, bytes]] = []
    size = 0
    for pid, message in messages:
        if together and size + len(message) > _TOGETHER_BYTES:
            yield received_line(together)
            together, size = [], 0
        if len(message) > _LINE_BYTES:
            yield from _lines_of_long_message(pid, message)
        else:
            together.append((pid, _in_one_line(message)))
            size += len(message)
    if together:
        yield received_line(together)


def _in_one_line(message: bytes) -> bytes:
    """Return a message as it can stand in a line, in the byte order of files."""
    if sys.byteorder == "big":
        return events.encode(events.decode(message))
    # Texts have these signs as escapes only, so they stand between things.
    return message.replace(b"\n", b" ").replace(b"\r", b" ")


def _lines_of_long_message(pid: int, message: bytes) -> Iterator[bytes]:
    pieces: list[Sent] = []
    for event in events.decode(message):
        pieces += ((pid, piece) for piece in _pieces(event))
    yield from event_lines(pieces, Limits(_WITHOUT_LIMITS))


def _pieces(event: events.Event) -> Iterator[events.Event]:
    """Yield an event of columns as several, until each is short enough."""
    if not isinstance(event, _OF_COLUMNS) or len(events.encode([event])) <= _LINE_BYTES:
        yield event
        return
    middle = len(event.at) // 2
    for part in (slice(None, middle), slice(middle, None)):
        cut = {
            name: value[part]
            for name, value in msgspec.structs.asdict(event).items()
            if isinstance(value, list | np.ndarray)
        }
        yield from _pieces(msgspec.structs.replace(event, **cut))
