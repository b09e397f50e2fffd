"""The event types, their wire form, decoding and validation.

A message on the channel is one JSON array of events; an event is an array that
begins with its tag. Events that happen by the ten thousand (a task submitted,
started, finished, delivered) are *columnar*: one event carries a column for each
field, with one entry for each occurrence. That is why a window that receives
100,000 tasks does a few array assignments and not 400,000 function calls.

Times (``at``) are ``time.perf_counter_ns()``: one clock for all processes of a
machine. Task numbers count up from 0 in a run. Whatever does not fit these types
is refused by `decode`; nothing on this channel is ever unpickled.
"""

from typing import Annotated, Final, Literal, get_args

import msgspec

MAX_TASKS: Final = 5_000_000
"""Task numbers stay below this: it bounds what a malformed event can allocate."""

MAX_MESSAGE_BYTES: Final = 64 * 1024 * 1024
"""No honest batch comes near this size."""

DONE, FAILED, CANCELLED = 0, 1, 2
"""Outcomes of a task, as they stand in outcome columns."""

Time = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
Task = Annotated[int, msgspec.Meta(ge=0, lt=MAX_TASKS)]
Small = Annotated[int, msgspec.Meta(ge=0, lt=1_000_000)]
Outcome = Annotated[int, msgspec.Meta(ge=DONE, le=CANCELLED)]
Text = Annotated[str, msgspec.Meta(max_length=2_000)]


class MalformedEvent(ValueError):
    """A message that does not follow this module; its text is one clear sentence."""


class _Event(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """Base of all events: immutable, an array on the wire."""


class Process(_Event, frozen=True, tag="process"):
    """First event of every connection: which process speaks."""

    pid: Time
    parent_pid: Time
    role: Literal["main", "worker"]
    at: Time
    python: Text
    free_threaded: bool


class Executor(_Event, frozen=True, tag="executor"):
    """An executor was made. ``mode`` is threads, processes, interpreters ..."""

    executor: Small
    mode: Text
    max_workers: Small | None
    start_method: Text
    at: Time


class Worker(_Event, frozen=True, tag="worker"):
    """A thread of the sending process runs its first task; numbers count up from 0 in a process."""

    worker: Small
    thread: Time
    name: Text
    at: Time


class Function(_Event, frozen=True, tag="function"):
    """Gives a number to the name of a submitted callable, so that names cross once."""

    function: Small
    name: Text


class Submitted(_Event, frozen=True, tag="submitted"):
    """Tasks entered an executor (or, in sequential mode, were called)."""

    task: list[Task]
    at: list[Time]
    executor: list[Small]
    function: list[Small]
    arguments: list[Text]


class Started(_Event, frozen=True, tag="started"):
    """Tasks began to run on a worker of the sending process."""

    task: list[Task]
    at: list[Time]
    worker: list[Small]


class Finished(_Event, frozen=True, tag="finished"):
    """Tasks ended on their worker; ``cpu`` is CPU time of that thread in nanoseconds."""

    task: list[Task]
    at: list[Time]
    cpu: list[Time]
    outcome: list[Outcome]
    text: list[Text]


class Settled(_Event, frozen=True, tag="settled"):
    """Futures ended, as their owner sees it: cancelled ones, and those of killed workers too."""

    task: list[Task]
    at: list[Time]
    outcome: list[Outcome]
    text: list[Text]


class Delivered(_Event, frozen=True, tag="delivered"):
    """The script received results: by as_completed, wait, map or result()."""

    task: list[Task]
    at: list[Time]


class Watch(_Event, frozen=True, tag="watch"):
    """Samples of one watched value of the script."""

    name: Text
    at: list[Time]
    value: list[int | float]


class MainStarted(_Event, frozen=True, tag="main_started"):
    """The script's ``main()`` was called: the elapsed time begins."""

    at: Time


class MainEnded(_Event, frozen=True, tag="main_ended"):
    """``main()`` returned or raised: the elapsed time ends."""

    at: Time


class Raised(_Event, frozen=True, tag="raised"):
    """The script ended by an exception: type, short message, line of the script or None."""

    at: Time
    kind: Text
    message: Text
    line: Small | None


class Trouble(_Event, frozen=True, tag="trouble"):
    """A part of the observation was switched off; the script went on."""

    message: Text


class Dropped(_Event, frozen=True, tag="dropped"):
    """Progress samples that a full buffer dropped (task events never are)."""

    count: Time


class Goodbye(_Event, frozen=True, tag="goodbye"):
    """Last event of a connection that ends in order."""

    at: Time


Event = (
    Process
    | Executor
    | Worker
    | Function
    | Submitted
    | Started
    | Finished
    | Settled
    | Delivered
    | Watch
    | MainStarted
    | MainEnded
    | Raised
    | Trouble
    | Dropped
    | Goodbye
)
EVENT_TYPES: Final[tuple[type[_Event], ...]] = get_args(Event)

_decoder = msgspec.json.Decoder(list[Event])
_encoder = msgspec.json.Encoder()


def decode(message: bytes) -> list[Event]:
    """Decode and validate one message.

    Raises
    ------
    MalformedEvent
        If it is not JSON, not events of this module, or its columns differ in length.
    """
    try:
        events = _decoder.decode(message)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedEvent(f"A message of the lab process could not be read: {error}.") from error
    for event in events:
        _check_columns(event)
    return events


def encode(events: list[Event]) -> bytes:
    """Encode events as one message; the inverse of `decode`."""
    return _encoder.encode(events)


def _check_columns(event: Event) -> None:
    """Columns of one event have one length: entry i of each belongs to occurrence i."""
    fields = (getattr(event, name) for name in event.__struct_fields__)
    lengths = {len(field) for field in fields if isinstance(field, list)}
    if len(lengths) > 1:
        name = type(event).__name__
        raise MalformedEvent(f"A message of the lab process has columns of unequal length: {name}.")
