"""The lines of a saved recording after its first: what each kind holds, written and taken in.

Whatever a line says is checked before it is taken; `core.recording_rows` does so for tasks.
"""

from collections.abc import Iterator
from typing import Annotated, Any, Final, Literal

import msgspec

from core import events
from core.recording import MAX_OUTPUT_LINES, Recording
from core.recording_events import events_of
from core.recording_header import first_line
from core.recording_limits import Limits
from core.recording_rows import LONGEST_S, LogBlock, TaskBlock, blocks_of, put
from core.run_facts import Ending, Output

_OUTPUT_LINES: Final = 1_000
_MOST_TROUBLES: Final = 1_000
_Pid = events.Time
_Moment = Annotated[float, msgspec.Meta(ge=-LONGEST_S, le=LONGEST_S)]
_LONGEST_SENTENCE: Final = 10_000
_Sentence = Annotated[str, msgspec.Meta(max_length=_LONGEST_SENTENCE)]


class _Event(msgspec.Struct, frozen=True, tag="event", forbid_unknown_fields=True):
    pid: _Pid
    event: msgspec.Raw


class _Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A `core.run_facts.Output` that is not believed yet."""

    at_s: _Moment
    stream: Literal["stdout", "stderr"]
    text: events.Text


class _Printed(msgspec.Struct, frozen=True, tag="output", forbid_unknown_fields=True):
    lines: Annotated[list[_Line], msgspec.Meta(max_length=MAX_OUTPUT_LINES)]


class _End(msgspec.Struct, frozen=True, tag="end", forbid_unknown_fields=True):
    ending: Ending
    output_dropped: events.Time
    troubles: Annotated[list[_Sentence], msgspec.Meta(max_length=_MOST_TROUBLES)]


_line_decoder = msgspec.json.Decoder(_Event | TaskBlock | LogBlock | _Printed | _End)
UNREADABLE: Final = (msgspec.DecodeError, events.MalformedEvent, ValueError, RecursionError)
"""What reading a damaged line raises."""

_ROWS_OF_TASKS: Final = (
    events.Submitted,
    events.Started,
    events.Finished,
    events.Settled,
    events.Delivered,
)
_MOMENTS: Final = ("at", "begun", "since", "until")
"""Fields of events that hold moments."""

_OUTCOMES: Final = ("done", "failed", "stopped", "timed out")


def lines_of(recording: Recording, ending: Ending) -> Iterator[bytes]:
    """Yield the lines of a finished recording, the first one included."""
    encode = msgspec.json.encode
    yield first_line(recording)
    limits = Limits()
    for pid, event in events_of(recording):
        limits.count(event)
        yield encode(_Event(pid, msgspec.Raw(encode(event)))) + b"\n"
    for block in blocks_of(recording):
        yield encode(block) + b"\n"
    for start in range(0, len(recording.output), _OUTPUT_LINES):
        lines: Any = recording.output[start : start + _OUTPUT_LINES]  # written as lines are read
        yield encode(_Printed(lines)) + b"\n"
    troubles = [trouble[:_LONGEST_SENTENCE] for trouble in recording.troubles[:_MOST_TROUBLES]]
    yield encode(_End(ending, recording.output_dropped, troubles)) + b"\n"


def is_last(line: bytes) -> bool:
    """Return whether a line tells how the run ended."""
    try:
        return isinstance(_line_decoder.decode(line), _End)
    except UNREADABLE:
        return False


def take(line: bytes, recording: Recording, limits: Limits) -> None:
    """Append what a line says to a recording that is being opened.

    Raises
    ------
    One of `UNREADABLE`
        It says nothing, or what cannot be.
    """
    if recording.ending is not None:
        raise ValueError("something follows the end")
    match _line_decoder.decode(line):
        case _Event(pid, event):
            for one in events.decode(b"[" + bytes(event) + b"]"):
                limits.count(one)
                _check_event(one, recording.origin_ns)
                recording.apply(pid, one)
        case _Printed(lines):
            recording.output.extend(Output(one.at_s, one.stream, one.text) for one in lines)
            if len(recording.output) > MAX_OUTPUT_LINES:
                raise ValueError("more output than is kept")
        case _End(ending, output_dropped, troubles):
            if ending.outcome not in _OUTCOMES or abs(ending.at_s) > LONGEST_S:
                raise ValueError("the end is none")
            if len(ending.message) > _LONGEST_SENTENCE:
                raise ValueError("the end is told at too great length")
            recording.output_dropped = output_dropped
            recording.troubles.extend(troubles)
            recording.ending = ending
        case block:
            put(block, recording)


def _check_event(event: events.Event, origin_ns: int) -> None:
    """Refuse what only blocks of tasks may bring, and times that are in no run."""
    if type(event) in _ROWS_OF_TASKS:
        # One number of a task could ask for the memory of millions.
        raise ValueError("a task outside the blocks of tasks")
    for name in _MOMENTS:
        at = getattr(event, name, origin_ns)
        if isinstance(at, int):
            _check_moment(at, origin_ns)
        else:  # the first and the last of a column speak for all
            for moment in (at.min(initial=origin_ns), at.max(initial=origin_ns)):
                _check_moment(int(moment), origin_ns)


def _check_moment(at: int, origin_ns: int) -> None:
    if abs(at - origin_ns) > LONGEST_S * 1e9:
        raise ValueError("a moment that is in no run")
