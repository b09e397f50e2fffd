"""The facts of a run that are not columns: what ran, where, what it printed, how it ended."""

from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Worker:
    """One thread that ran tasks: a lane of the timeline."""

    pid: int
    thread: int
    name: str
    joined_s: float


@dataclass(frozen=True, slots=True)
class ThreadName:
    """What Python calls a thread of the run."""

    name: str
    is_own: bool
    """Whether it is the script's: not one that Python started to serve a pool or a queue."""


@dataclass(frozen=True, slots=True)
class ExecutorInfo:
    """One executor that the script made."""

    mode: str
    max_workers: int | None
    start_method: str
    made_s: float


@dataclass(frozen=True, slots=True)
class Process:
    """One process of the run: the lab process itself (role ``main``) or a worker."""

    pid: int
    role: str
    joined_s: float


@dataclass(frozen=True, slots=True)
class Output:
    """One line that the script printed. ``stream`` is ``stdout`` or ``stderr``."""

    at_s: float
    stream: str
    text: str


@dataclass(frozen=True, slots=True)
class Raised:
    """The exception that ended the script."""

    kind: str
    message: str
    line: int | None


CUT_OFF: Final = "cut off"
"""The outcome of a run of which nobody knows how it ended: its recording ends early."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How the run ended: ``outcome`` is done, failed, stopped, timed out or `CUT_OFF`."""

    outcome: str
    exit_code: int | None
    message: str
    """One sentence for people: what happened and what to do; empty when all went well."""
    at_s: float


@dataclass(frozen=True, slots=True)
class Header:
    """What was run: everything that a reader of a saved recording needs to know."""

    demo: str
    mode: str
    script: str
    knobs: dict[str, Any]
    python: str
    free_threaded: bool
    machine: dict[str, Any]
    made_at: str
    """ISO 8601 date and time, with the offset from UTC."""


@dataclass(frozen=True, slots=True)
class TableVersion:
    """A watched table as it was from a moment on: rows of plain values."""

    at_s: float
    rows: tuple[tuple[bool | int | float | str | None, ...], ...]


@dataclass(frozen=True, slots=True)
class CancelAnswer:
    """Somebody asked to cancel a task, and what the answer was."""

    task: int
    at_s: float
    cancelled: bool


@dataclass(frozen=True, slots=True)
class Initialized:
    """A worker ran the script's initializer; ``done`` is False when it raised."""

    pid: int
    thread: int
    begun_s: float
    ended_s: float
    done: bool


@dataclass(frozen=True, slots=True)
class Wait:
    """A task that waits for another task, or (``awaited`` is -1) for something else."""

    task: int
    awaited: int
    what: str
    """What it waits for, as the script calls it."""
    line: int | None
    """Where in the script it stands."""


@dataclass(frozen=True, slots=True)
class Stall:
    """From ``at_s`` on each running task waits for another; with no waits, it goes on again."""

    at_s: float
    waits: tuple[Wait, ...]
