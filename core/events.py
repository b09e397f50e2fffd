"""The event types, their wire form, decoding and validation.

A message on the channel is one JSON array of events; an event is an array that
begins with its tag. Events that happen by the ten thousand (a task submitted,
started, finished, delivered) are *columnar*: one event carries a column for each
field, with one entry for each occurrence. That is why a window that receives
100,000 tasks does a few array assignments and not 400,000 function calls.
A column of integers is a string: base64 of 64-bit integers in the machine's byte
order (both ends are on one machine), which costs the observed script a fifth of
what decimal digits do; a plain JSON list of integers is understood as well.

Times (``at``) are ``time.perf_counter_ns()``: one clock for all processes of a
machine. Task numbers count up from 0 in a run. Whatever does not fit these types
is refused by `decode`; nothing on this channel is ever unpickled.
"""

import binascii
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, get_args

import msgspec
import numpy as np
import numpy.typing as npt

from core.bounded_json import Reader
from core.quoting import squeezed

MAX_TASKS: Final = 5_000_000
"""Task numbers stay below this: it bounds what a malformed event can allocate."""

MAX_MESSAGE_BYTES: Final = 64 * 1024 * 1024
"""No honest batch comes near this size."""

MAX_ROWS: Final = 500
"""Rows of a watched table, or waits of a stall, in one event."""

MAX_CORES: Final = 4_096
"""Processor cores of a machine."""

DONE, FAILED, CANCELLED = 0, 1, 2
"""Outcomes of a task, as they stand in outcome columns."""

UNKNOWN_CPU: Final = -1
"""CPU time of a task so short that reading the clock would cost more than the task."""

Time = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
Small = Annotated[int, msgspec.Meta(ge=0, lt=1_000_000)]
Text = Annotated[str, msgspec.Meta(max_length=2_000)]
Task = Annotated[int, msgspec.Meta(ge=0, lt=MAX_TASKS)]
WhyUnwatched = Literal["off", "system", "failed"]
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Whole = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]
Cell = bool | Whole | float | Text | None
Row = Annotated[list[Cell], msgspec.Meta(max_length=20)]

if TYPE_CHECKING:
    Column = Sequence[int] | npt.NDArray[np.int64]
else:
    Column = np.ndarray
"""A column of integers; `decode` makes arrays of int64, shape (n,), and checks their bounds."""

_BOUNDS: Final = {
    "task": (0, MAX_TASKS - 1),
    "at": (0, 2**63 - 1),
    "cpu": (UNKNOWN_CPU, 2**63 - 1),
    "outcome": (DONE, CANCELLED),
    "worker": (0, 999_999),
    "executor": (0, 999_999),
    "function": (0, 999_999),
    "pid": (1, 2**31 - 1),
    "thread": (1, 2**31 - 1),
    "state": (0, 3),
}
"""Least and greatest value in a column of that name."""


class MalformedEvent(ValueError):
    """A message that does not follow this module; its text is one clear sentence."""


class _Event(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """Base of all events: immutable, an array on the wire."""


class Process(_Event, frozen=True, tag="process"):
    """First event of every connection: which process speaks."""

    pid: Time
    parent_pid: Time
    role: Literal["main", "worker", "watcher"]
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


class Thread(_Event, frozen=True, tag="thread"):
    """What Python calls a thread of the sending process; told again when that changes.

    ``is_own`` is false of a thread that Python started by itself, to serve a pool or a queue.
    """

    thread: Time
    name: Text
    is_own: bool


class Function(_Event, frozen=True, tag="function"):
    """Gives a number to the name of a submitted callable, so that names cross once."""

    function: Small
    name: Text


class Submitted(_Event, frozen=True, tag="submitted"):
    """Tasks entered an executor (or, in sequential mode, were called)."""

    task: Column
    at: Column
    executor: Column
    function: Column
    arguments: list[Text | int]


class Started(_Event, frozen=True, tag="started"):
    """Tasks began to run on a worker of the sending process."""

    task: Column
    at: Column
    worker: Column


class Finished(_Event, frozen=True, tag="finished"):
    """Tasks ended on their worker; ``cpu`` is CPU time of that thread in ns, or `UNKNOWN_CPU`."""

    task: Column
    at: Column
    cpu: Column
    outcome: Column
    text: list[Text | int]


class Settled(_Event, frozen=True, tag="settled"):
    """Futures ended, as their owner sees it: cancelled ones, and those of killed workers too."""

    task: Column
    at: Column
    outcome: Column
    text: list[Text | int]


class Delivered(_Event, frozen=True, tag="delivered"):
    """The script received results: by as_completed, wait, map or result()."""

    task: Column
    at: Column


class Watch(_Event, frozen=True, tag="watch"):
    """Samples of one watched value of the script."""

    name: Text
    at: Column
    value: list[Whole | float]


class Table(_Event, frozen=True, tag="table"):
    """A watched table of the script, as it is from ``at`` on."""

    name: Text
    at: Time
    rows: Annotated[list[Row], msgspec.Meta(max_length=MAX_ROWS)]


class Cancel(_Event, frozen=True, tag="cancel"):
    """Somebody asked to cancel a task: the script by ``Future.cancel()``, or the window."""

    task: Task
    at: Time
    cancelled: bool


class Initialized(_Event, frozen=True, tag="initialized"):
    """A worker of the sending process ran the script's initializer, from ``begun`` to ``at``."""

    thread: Time
    begun: Time
    at: Time
    done: bool


class Wait(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A task that waits in a stall: for another task, or (``awaited`` is -1) for something else.

    ``what`` is what it waits for as the script calls it, ``line`` where in the script it stands.
    """

    task: Task
    awaited: Annotated[int, msgspec.Meta(ge=-1, lt=MAX_TASKS)]
    what: Text
    line: Small | None


class Stalled(_Event, frozen=True, tag="stalled"):
    """Nothing runs and nothing can: each running task waits for another. None: it goes on."""

    at: Time
    waits: Annotated[list[Wait], msgspec.Meta(max_length=MAX_ROWS)]


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


class Activity(_Event, frozen=True, tag="activity"):
    """From ``at`` on a thread of process ``pid`` is in ``state`` (see core/activity.py).

    Rows of one thread stand together, and its times never go back.
    """

    pid: Column
    thread: Column
    at: Column
    state: Column


class Sampled(_Event, frozen=True, tag="sampled"):
    """The watcher looked ``sweeps`` times at every thread between two moments."""

    since: Time
    until: Time
    sweeps: Time


class Cores(_Event, frozen=True, tag="cores"):
    """Load of each core since the sample before; ``lab``: cores that the run's processes used."""

    at: Time
    load: Annotated[list[Share], msgspec.Meta(max_length=MAX_CORES)]
    lab: Annotated[float, msgspec.Meta(ge=0, le=MAX_CORES)]


class Unwatched(_Event, frozen=True, tag="unwatched"):
    """Nobody watches the threads of this run, and why."""

    reason: WhyUnwatched


class Goodbye(_Event, frozen=True, tag="goodbye"):
    """Last event of a connection that ends in order."""

    at: Time


Event = (
    Process
    | Executor
    | Worker
    | Thread
    | Function
    | Submitted
    | Started
    | Finished
    | Settled
    | Delivered
    | Watch
    | Table
    | Cancel
    | Initialized
    | Stalled
    | MainStarted
    | MainEnded
    | Raised
    | Trouble
    | Dropped
    | Activity
    | Sampled
    | Cores
    | Unwatched
    | Goodbye
)
EVENT_TYPES: Final[tuple[type[_Event], ...]] = get_args(Event)


def _column(kind: type, value: Any) -> npt.NDArray[np.int64]:
    """Make a column of what JSON had in its place."""
    if kind is not np.ndarray:
        raise TypeError(f"no field has type {kind}")
    if isinstance(value, str):
        return np.frombuffer(binascii.a2b_base64(value, strict_mode=True), dtype=np.int64)
    if isinstance(value, list) and all(type(item) is int for item in value):
        return np.array(value, dtype=np.int64)
    raise ValueError("expected a column of integers")


def _plain(value: Any) -> list[int]:
    """Make JSON of a column: the readable form."""
    if isinstance(value, np.ndarray):
        return [int(item) for item in value]
    raise TypeError(f"no event has a {type(value)}")


_reader: Reader[list[Event]] = Reader(list[Event], _column)
_encoder = msgspec.json.Encoder(enc_hook=_plain)


def decode(message: bytes) -> list[Event]:
    """Decode and validate one message.

    Raises
    ------
    MalformedEvent
        If it is not JSON, not events of this module, its columns differ in length, or a
        number is out of bounds.
    """
    try:
        events = _reader.decode(message)
    except (ValueError, OverflowError, RecursionError) as error:
        reason = squeezed(error).rstrip(".")  # it quotes what it could not read at any length
        raise MalformedEvent(f"A message of the lab process could not be read: {reason}.") from None
    for event in events:
        _check_columns(event)
    return events


def encode(events: list[Event]) -> bytes:
    """Encode events as one message; the inverse of `decode`."""
    return _encoder.encode(events)


def _check_columns(event: Event) -> None:
    """Columns of one event have one length (entry i of each is occurrence i), and bounds."""
    fields = {name: getattr(event, name) for name in event.__struct_fields__}
    columns = {k: v for k, v in fields.items() if isinstance(v, (list, np.ndarray))}
    kind = type(event).__name__
    if len({len(column) for column in columns.values()}) > 1:
        raise MalformedEvent(f"A message of the lab process has columns of unequal length: {kind}.")
    for name, column in columns.items():
        if isinstance(column, np.ndarray) and not _within(column, *_BOUNDS[name]):
            raise MalformedEvent(
                f"A message of the lab process has a number out of bounds: {kind}.{name}."
            )


def _within(column: npt.NDArray[np.int64], least: int, greatest: int) -> bool:
    return not len(column) or (int(column.min()) >= least and int(column.max()) <= greatest)
