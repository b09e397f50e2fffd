"""How much of each thing a saved recording may hold, so that no file costs more than its size.

A short line may ask for much: of memory, because all rows are as wide as the widest, or of the
time of charts that draw each worker. The limits are far above what any demo makes.
"""

from collections import Counter
from typing import Final

import numpy as np

from core import events
from core.activity_log import MAX_CORE_SAMPLES, MAX_TRACKS
from core.events import MAX_TASKS
from core.run_log import MAX_CANCELS

MOST_LINE_BYTES: Final = 1_000_000
"""A line is decoded in one go, and nothing else goes on meanwhile."""

_MANY: Final = 20_000
_STALLS: Final = 2_000
_LANES: Final = 4_000
"""Each is a row of the timeline, which every frame counts."""

_MOST: Final[dict[type, int]] = {
    events.Process: 2_000,
    events.Worker: _LANES,
    events.Executor: _MANY,
    events.Function: _MANY,
    events.Initialized: _LANES,
    events.Goodbye: _MANY,
    events.Stalled: _STALLS,
    events.Thread: 2 * MAX_TRACKS,
    events.Cancel: MAX_CANCELS,
    events.Cores: MAX_CORE_SAMPLES,
    events.Trouble: 1_000,
}
"""Events of a kind; of the others there may be as many as `_MOST_EVENTS`."""

EVENTS_OF_TASKS: Final = (
    events.Submitted,
    events.Started,
    events.Finished,
    events.Settled,
    events.Delivered,
)

_MOST_EVENTS: Final = 300_000
_MOST_OF_TASKS: Final = 1_500_000
"""Events of one kind about tasks, in a file that was written while the run went on."""

_BYTES_PER_TASK: Final = 16
_FEW_TASKS: Final = 10_000
"""An event may come before the one that submitted its task, but no task takes fewer bytes."""

_MOST_WATCHES: Final = 1_000
_MOST_CELLS: Final = 5_000_000
_MOST_LOADS: Final = 10_000_000
_MOST_WAITS: Final = 100_000
_MOST_PIECES: Final = 300_000
_MOST_SAMPLES: Final = 2_000_000


class TooMuch(ValueError):
    """There is more of something than any run has."""


class Limits:
    """Counts the events that are written to one file, or read from it.

    Parameters
    ----------
    spooled_bytes : int, optional
        The size of a file that was written while the run went on: only there are events about
        tasks, and they name no more tasks than such a file can hold.
    """

    def __init__(self, spooled_bytes: int | None = None) -> None:
        self.is_spooled = spooled_bytes is not None
        self.latest_ns = 0
        """The latest moment that was read so far, of the run's clock."""
        self._most_tasks = min(_FEW_TASKS + (spooled_bytes or 0) // _BYTES_PER_TASK, MAX_TASKS)
        self._events: Counter[type] = Counter()
        self._watches: set[str] = set()
        self._cells = self._waits = self._pieces = self._most_cores = self._samples = 0

    def count(self, event: events.Event) -> None:
        """Count one more event.

        Raises
        ------
        TooMuch
            It is one too many.
        """
        kind = type(event)
        self._events[kind] += 1
        if isinstance(event, EVENTS_OF_TASKS):
            self._count_of_tasks(kind, event.task)
            return
        demand(self._events[kind] <= _MOST.get(kind, _MOST_EVENTS), kind.__name__)
        match event:
            case events.Watch(name=name, at=at):
                self._name(name)
                self._samples += len(at)
                demand(self._samples <= _MOST_SAMPLES, "Watch")
            case events.Table(name=name, rows=rows):
                self._name(name)
                self.count_cells(rows)
            case events.Stalled(waits=waits):
                self._waits += len(waits)
                demand(self._waits <= _MOST_WAITS, "Stalled")
            case events.Cores(load=load):
                self._most_cores = max(self._most_cores, len(load))
                demand(self._events[kind] * self._most_cores <= _MOST_LOADS, "Cores")
            case events.Activity():
                self._pieces += _pieces(event)
                demand(self._pieces <= _MOST_PIECES, "Activity")

    def count_cells(self, rows: list[events.Row]) -> None:
        """Count more rows of a table.

        Raises
        ------
        TooMuch
            They are too many.
        """
        self._cells += sum(map(len, rows))
        demand(self._cells <= _MOST_CELLS, "Table")

    def _count_of_tasks(self, kind: type, task: events.Column) -> None:
        if not self.is_spooled:
            # One number of a task could ask for the memory of millions.
            raise ValueError("a task outside the blocks of tasks")
        demand(self._events[kind] <= _MOST_OF_TASKS, kind.__name__)
        if int(np.max(task, initial=-1)) >= self._most_tasks:
            raise ValueError("a task that there is not")

    def _name(self, name: str) -> None:
        self._watches.add(name)
        demand(len(self._watches) <= _MOST_WATCHES, "Watch")


def demand(holds: bool, what: str) -> None:
    """Raise `TooMuch` if there is more of something than any run has."""
    if not holds:
        raise TooMuch(f"there is more than any run has of {what}")


def _pieces(event: events.Activity) -> int:
    """Return in how many pieces the rows of an event go to their threads."""
    pid, thread = np.asarray(event.pid), np.asarray(event.thread)
    return 1 + int(np.count_nonzero((np.diff(pid) != 0) | (np.diff(thread) != 0)))
