"""The lines of a saved recording after its first: what each kind holds, written and taken in.

Whatever a line says is checked before it is taken; `core.recording_rows` does so for tasks.
No line is longer than `MOST_LINE_BYTES`: what would be is told in several.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Annotated, Final, Literal

import msgspec

from core import events
from core.bounded_json import Reader
from core.quoting import squeezed
from core.recording import MAX_OUTPUT_LINES, Recording
from core.recording_events import Sent, events_of
from core.recording_header import ScriptLine, first_line, script_lines, with_more_script
from core.recording_limits import MOST_LINE_BYTES, Limits
from core.recording_rows import LONGEST_S, LogBlock, TaskBlock, blocks_of, halves, put
from core.run_facts import CUT_OFF, Ending, Output
from core.troubles import LONGEST, MOST_KINDS, Troubles

_OUTPUT_LINES: Final = 1_000
_EVENTS_BYTES: Final = 100_000
"""Events stand together in a line up to this size."""

_LONGEST_EVENT: Final = MOST_LINE_BYTES - 1_000
_Pid = events.Time
_Moment = Annotated[float, msgspec.Meta(ge=-LONGEST_S, le=LONGEST_S)]
_LONGEST_SENTENCE: Final = 10_000
_LONGEST_WHAT: Final = 200
"""Characters of what a task waits for, in a stall that is too long for a line."""


class _Events(msgspec.Struct, frozen=True, tag="events", forbid_unknown_fields=True):
    pid: _Pid
    events: msgspec.Raw


class _TableRows(msgspec.Struct, frozen=True, tag="rows", forbid_unknown_fields=True):
    """More rows of the newest version of a table."""

    table: events.Text
    rows: msgspec.Raw


class _Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A `core.run_facts.Output` that is not believed yet."""

    at_s: _Moment
    stream: Literal["stdout", "stderr"]
    text: events.Text


class _Printed(msgspec.Struct, frozen=True, tag="output", forbid_unknown_fields=True):
    lines: msgspec.Raw


class _Trouble(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A `core.troubles.Trouble` that is not believed yet."""

    sentence: Annotated[str, msgspec.Meta(max_length=LONGEST)]
    times: Annotated[int, msgspec.Meta(ge=1, le=2**53)]
    is_always_so: bool


class _Received(msgspec.Struct, frozen=True, tag="received", forbid_unknown_fields=True):
    """Messages of processes as they came while the run went on, each with its process id."""

    messages: list[tuple[_Pid, msgspec.Raw]]


class _SoFar(msgspec.Struct, frozen=True, tag="so far", forbid_unknown_fields=True):
    """What the end would say if it were now; a later one takes its place."""

    output_dropped: events.Time
    troubles: Annotated[list[_Trouble], msgspec.Meta(max_length=MOST_KINDS + 1)]


class _End(msgspec.Struct, frozen=True, tag="end", forbid_unknown_fields=True):
    ending: Ending
    elapsed_s: float | None
    output_dropped: events.Time
    troubles: Annotated[list[_Trouble], msgspec.Meta(max_length=MOST_KINDS + 1)]


_Told = (
    ScriptLine | _Events | _TableRows | TaskBlock | LogBlock | _Printed | _Received | _SoFar | _End
)
_ELSEWHERE: Final = {False: (_Received, _SoFar), True: (TaskBlock, LogBlock)}
"""What is in no file that was written in one go, and in none that was spooled."""
_rows_reader: Reader[list[events.Row]] = Reader(
    Annotated[list[events.Row], msgspec.Meta(max_length=events.MAX_ROWS)]
)
_output_reader: Reader[list[_Line]] = Reader(
    Annotated[list[_Line], msgspec.Meta(max_length=MAX_OUTPUT_LINES)]
)
_line_decoder = msgspec.json.Decoder(_Told)
UNREADABLE: Final = (msgspec.DecodeError, events.MalformedEvent, ValueError, RecursionError)
"""What reading a damaged line raises."""

_MOMENTS: Final = ("at", "begun", "since", "until")
"""Fields of events that hold moments."""

_OUTCOMES: Final = ("done", "failed", "stopped", "timed out", CUT_OFF)


def lines_of(recording: Recording, ending: Ending) -> Iterator[bytes]:
    """Yield the lines of a finished recording, the first one included."""
    yield first_line(recording)
    yield from script_lines(recording)
    yield from event_lines(events_of(recording), Limits())
    for block in blocks_of(recording):
        yield from _short_lines(block)
    yield from output_lines(recording.output)
    yield last_line(recording, ending)


def output_lines(output: Sequence[Output]) -> Iterator[bytes]:
    """Yield the lines of what was printed."""
    for start in range(0, len(output), _OUTPUT_LINES):
        yield from _of_output(output[start : start + _OUTPUT_LINES])


def received_line(messages: Sequence[tuple[int, bytes]]) -> bytes:
    """Return the line of messages as they came; each is one line of JSON that was understood."""
    return _encoded(_Received([(pid, msgspec.Raw(message)) for pid, message in messages]))


def line_so_far(recording: Recording) -> bytes:
    """Return the line that tells what else the end would tell if it were now."""
    return _encoded(_SoFar(recording.output_dropped, _troubles_of(recording)))


def event_lines(sent: Iterable[Sent], limits: Limits) -> Iterator[bytes]:
    """Yield the lines of events, those of one process together; ``limits`` count them.

    Raises
    ------
    core.recording_limits.TooMuch
        There are more of something than any run has.
    """
    for pid, group in groupby(sent, itemgetter(0)):
        waiting: list[bytes] = []
        size = 0
        for _, event in group:
            limits.count(event)
            told = events.encode([event])[1:-1]
            if size + len(told) > _EVENTS_BYTES and waiting:
                yield _line_of_events(pid, waiting)
                waiting, size = [], 0
            if len(told) > _LONGEST_EVENT:
                yield from _of_long_event(pid, event)
            else:
                waiting.append(told)
                size += len(told) + 1
        if waiting:
            yield _line_of_events(pid, waiting)


def last_line(recording: Recording, ending: Ending) -> bytes:
    """Return the line that tells how a run ended."""
    elapsed_s = None if math.isnan(recording.elapsed_s) else recording.elapsed_s
    message = ending.message[:_LONGEST_SENTENCE]
    ending = Ending(ending.outcome, ending.exit_code, message, ending.at_s)
    troubles = _troubles_of(recording)
    return _encoded(_End(ending, elapsed_s, recording.output_dropped, troubles))


def end_of(line: bytes) -> tuple[str, float | None] | None:
    """Return the outcome and the elapsed time that a last line tells; None if it is none."""
    try:
        told = _line_decoder.decode(line)
    except UNREADABLE:
        return None
    return (told.ending.outcome, told.elapsed_s) if isinstance(told, _End) else None


def take(line: bytes, recording: Recording, limits: Limits) -> None:
    """Append what a line says to a recording that is being opened.

    Raises
    ------
    One of `UNREADABLE`
        It says nothing, or what cannot be; its text is short.
    """
    if recording.ending is not None:
        raise ValueError("something follows the end")
    try:
        _take(line, recording, limits)
    except msgspec.DecodeError as error:  # its text quotes the file at whatever length
        raise ValueError(squeezed(error)) from None


def _take(line: bytes, recording: Recording, limits: Limits) -> None:
    told = _line_decoder.decode(line)
    if type(told) in _ELSEWHERE[limits.is_spooled]:
        raise ValueError("a line of another kind of recording")
    match told:
        case ScriptLine() as more:
            recording.header = with_more_script(recording.header, more)
        case _Events(pid, sent):
            _take_events(pid, sent, recording, limits)
        case _Received(messages):
            for pid, message in messages:
                if not _take_events(pid, message, recording, limits):
                    raise ValueError("a message that says nothing")
        case _SoFar(dropped, troubles):
            _take_so_far(dropped, troubles, recording)
        case _TableRows(table, more_rows):
            rows = _rows_reader.decode(more_rows)
            limits.count_cells(rows)
            recording.extend_table(table, rows, events.MAX_ROWS)
        case _Printed(printed):
            lines = _output_reader.decode(printed)
            recording.output.extend(Output(one.at_s, one.stream, one.text) for one in lines)
            if len(recording.output) > MAX_OUTPUT_LINES:
                raise ValueError("more output than is kept")
            latest_s = max((one.at_s for one in lines), default=0.0)
            limits.latest_ns = max(limits.latest_ns, recording.origin_ns + round(latest_s * 1e9))
        case _End() as end:
            _take_end(end, recording)
        case block:
            put(block, recording)


def _take_end(end: _End, recording: Recording) -> None:
    ending = end.ending
    if ending.outcome not in _OUTCOMES or not abs(ending.at_s) <= LONGEST_S:
        raise ValueError("the end is none")
    if len(ending.message) > _LONGEST_SENTENCE:
        raise ValueError("the end is told at too great length")
    elapsed_s = None if math.isnan(recording.elapsed_s) else recording.elapsed_s
    if end.elapsed_s != elapsed_s:
        raise ValueError("it took another time than its end says")
    _take_so_far(end.output_dropped, end.troubles, recording)
    recording.ending = ending


def _take_events(pid: int, told: msgspec.Raw, recording: Recording, limits: Limits) -> int:
    """Take the events of one process; return how many they are."""
    decoded = events.decode(bytes(told))
    for one in decoded:
        limits.count(one)
        latest_ns = _check_event(one, recording.origin_ns)
        limits.latest_ns = max(limits.latest_ns, latest_ns)
        recording.apply(pid, one)
    return len(decoded)


def _take_so_far(output_dropped: int, troubles: list[_Trouble], recording: Recording) -> None:
    """Take what is told of the whole run; whatever was told before is part of it."""
    recording.output_dropped = output_dropped
    recording.trouble_kinds = Troubles()
    for one in troubles:
        recording.trouble_kinds.add(one.sentence, one.times, is_always_so=one.is_always_so)


def _troubles_of(recording: Recording) -> list[_Trouble]:
    return [_Trouble(*trouble) for trouble in recording.trouble_kinds]


def _encoded(value: msgspec.Struct) -> bytes:
    return msgspec.json.encode(value) + b"\n"


def _short_lines(block: TaskBlock | LogBlock) -> Iterator[bytes]:
    """Yield a block as one line or, if that were too long, as several."""
    line = _encoded(block)
    if len(line) <= MOST_LINE_BYTES:
        yield line
    else:
        for half in halves(block):
            yield from _short_lines(half)


def _line_of_events(pid: int, told: Sequence[bytes]) -> bytes:
    return _encoded(_Events(pid, msgspec.Raw(b"[" + b",".join(told) + b"]")))


def _of_long_event(pid: int, event: events.Event) -> Iterator[bytes]:
    """Yield an event that is too long for a line: a table with much text, or such a stall."""
    match event:
        case events.Table(name, at, rows):
            yield _line_of_events(pid, [events.encode([events.Table(name, at, [])])[1:-1]])
            yield from _of_rows(name, rows)
        case events.Stalled(at, waits):
            short = [
                events.Wait(one.task, one.awaited, one.what[:_LONGEST_WHAT], one.line)
                for one in waits
            ]
            yield _line_of_events(pid, [events.encode([events.Stalled(at, short)])[1:-1]])
        case _:
            raise AssertionError(f"nothing else is as long as {type(event).__name__}")


def _of_rows(table: str, rows: list[events.Row]) -> Iterator[bytes]:
    line = _encoded(_TableRows(table, msgspec.Raw(msgspec.json.encode(rows))))
    if len(line) <= MOST_LINE_BYTES:
        yield line
    else:
        middle = len(rows) // 2
        yield from _of_rows(table, rows[:middle])
        yield from _of_rows(table, rows[middle:])


def _of_output(lines: Sequence[Output]) -> Iterator[bytes]:
    line = _encoded(_Printed(msgspec.Raw(msgspec.json.encode(lines))))
    if len(line) <= MOST_LINE_BYTES:
        yield line
    else:
        middle = len(lines) // 2
        yield from _of_output(lines[:middle])
        yield from _of_output(lines[middle:])


def _check_event(event: events.Event, origin_ns: int) -> int:
    """Refuse times that are in no run; return the latest."""
    latest_ns = origin_ns
    for name in _MOMENTS:
        at = getattr(event, name, origin_ns)
        if isinstance(at, int):
            moments = [at]
        else:  # the first and the last of a column speak for all
            moments = [int(at.min(initial=origin_ns)), int(at.max(initial=origin_ns))]
        for moment in moments:
            _check_moment(moment, origin_ns)
        latest_ns = max(latest_ns, *moments)
    return latest_ns


def _check_moment(at: int, origin_ns: int) -> None:
    if abs(at - origin_ns) > LONGEST_S * 1e9:
        raise ValueError("a moment that is in no run")
