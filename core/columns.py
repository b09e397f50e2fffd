"""Growing numpy columns: the storage under a recording.

Growth is by a third, not by doubling: a long run then wastes at most a third of
its memory, and 100,000 rows cost about 30 copies, which take milliseconds.
Nothing here is thread-safe; `core.recording.Recording` holds the lock.
"""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int32]
ByteArray = npt.NDArray[np.uint8]

PENDING: Final = 255
"""Outcome of a task that has not ended; the others are DONE, FAILED, CANCELLED of core.events."""

_FIRST_CAPACITY: Final = 256


class Tasks(NamedTuple):
    """The rows of a recording: arrays of shape (n,), row i is task number i."""

    submitted_s: FloatArray
    started_s: FloatArray
    finished_s: FloatArray
    delivered_s: FloatArray
    cpu_s: FloatArray
    worker: IntArray
    """Index into `Recording.workers`; -1 before the task started."""
    executor: IntArray
    function: IntArray
    outcome: ByteArray
    """DONE, FAILED or CANCELLED of core.events; `PENDING` before the end."""


class Log(NamedTuple):
    """What happened, in the order received: arrays of shape (n,)."""

    kind: ByteArray
    task: IntArray


_BLANK: Final = Tasks(
    submitted_s=np.full(1, np.nan),
    started_s=np.full(1, np.nan),
    finished_s=np.full(1, np.nan),
    delivered_s=np.full(1, np.nan),
    cpu_s=np.full(1, np.nan),
    worker=np.full(1, -1, dtype=np.int32),
    executor=np.full(1, -1, dtype=np.int32),
    function=np.full(1, -1, dtype=np.int32),
    outcome=np.full(1, PENDING, dtype=np.uint8),
)


def grown(column: npt.NDArray[Any], capacity: int, blank: Any = 0) -> npt.NDArray[Any]:
    """Return a copy of ``column`` with room for ``capacity`` entries, new ones being ``blank``."""
    wider = np.full(capacity, blank, dtype=column.dtype)
    wider[: len(column)] = column
    return wider


def wider_capacity(capacity: int, needed: int) -> int:
    """Return a capacity of at least ``needed``, a third more than before."""
    return max(needed, _FIRST_CAPACITY, capacity + capacity // 3)


def _columns(tasks: Tasks) -> tuple[npt.NDArray[Any], ...]:
    """Return the columns as plain arrays: a named tuple forgets its types when iterated."""
    return tuple(tasks)


class TaskTable:
    """The task columns; rows appear when any event names them, in any order."""

    def __init__(self) -> None:
        self.used = 0
        self._columns = Tasks._make(blank[:0].copy() for blank in _columns(_BLANK))

    @property
    def nbytes(self) -> int:
        """Return the bytes allocated."""
        return sum(column.nbytes for column in _columns(self._columns))

    def reach(self, rows: int) -> Tasks:
        """Return the columns with at least ``rows`` rows in use (for writing)."""
        capacity = len(self._columns.worker)
        if rows > capacity:
            capacity = wider_capacity(capacity, rows)
            pairs = zip(_columns(self._columns), _columns(_BLANK), strict=True)
            self._columns = Tasks._make(
                grown(column, capacity, blank[0]) for column, blank in pairs
            )
        self.used = max(self.used, rows)
        return self._columns

    def view(self) -> Tasks:
        """Return the rows in use."""
        return Tasks._make(column[: self.used] for column in _columns(self._columns))


class LogColumns:
    """Kinds and tasks of what happened, in order; readers hold a cursor into it."""

    def __init__(self) -> None:
        self.used = 0
        self._kind: ByteArray = np.zeros(0, dtype=np.uint8)
        self._task: IntArray = np.zeros(0, dtype=np.int32)

    @property
    def nbytes(self) -> int:
        """Return the bytes allocated."""
        return self._kind.nbytes + self._task.nbytes

    def append(self, kind: int, tasks: IntArray) -> None:
        """Append one entry for each of ``tasks``."""
        self._put(kind, tasks)

    def extend(self, log: Log) -> None:
        """Append entries of any kinds."""
        self._put(log.kind, log.task)

    def _put(self, kind: int | ByteArray, tasks: IntArray) -> None:
        end = self.used + len(tasks)
        if end > len(self._kind):
            capacity = wider_capacity(len(self._kind), end)
            self._kind, self._task = grown(self._kind, capacity), grown(self._task, capacity)
        self._kind[self.used : end] = kind
        self._task[self.used : end] = tasks
        self.used = end

    def since(self, cursor: int, at_most: int | None = None) -> tuple[Log, int]:
        """Return the entries from ``cursor`` on and the cursor behind them."""
        end = self.used if at_most is None else min(self.used, cursor + at_most)
        return Log(self._kind[cursor:end], self._task[cursor:end]), end


class Samples:
    """Times and values of one watch, in the order received."""

    def __init__(self) -> None:
        self.used = 0
        self._at_s: FloatArray = np.zeros(0)
        self._value: FloatArray = np.zeros(0)

    def append(self, at_s: FloatArray, value: Sequence[float]) -> None:
        """Append samples."""
        end = self.used + len(at_s)
        if end > len(self._at_s):
            capacity = wider_capacity(len(self._at_s), end)
            self._at_s, self._value = grown(self._at_s, capacity), grown(self._value, capacity)
        self._at_s[self.used : end] = at_s
        self._value[self.used : end] = value
        self.used = end

    def view(self) -> tuple[FloatArray, FloatArray]:
        """Return times and values, shape (n,) each; not to be written to."""
        return self._at_s[: self.used], self._value[: self.used]


class TextColumn:
    """One short text a row, kept as one block of UTF-8: no Python object for each text."""

    def __init__(self) -> None:
        self._block = bytearray()
        self._start: npt.NDArray[np.uint32] = np.zeros(0, dtype=np.uint32)
        self._size: npt.NDArray[np.uint16] = np.zeros(0, dtype=np.uint16)

    @property
    def nbytes(self) -> int:
        """Return the bytes allocated (the block counts as what it holds)."""
        return len(self._block) + self._start.nbytes + self._size.nbytes

    def put(self, rows: IntArray, texts: Sequence[str | int]) -> None:
        """Set the texts of ``rows``; of a text only its first 65,535 bytes are kept."""
        pieces = [str(text).encode("utf-8", "replace")[:65_535] for text in texts]
        sizes = np.fromiter(map(len, pieces), dtype=np.int64, count=len(pieces))
        if not sizes.any():
            return
        self._reach(int(rows.max()) + 1)
        self._start[rows] = len(self._block) + np.cumsum(sizes) - sizes
        self._size[rows] = sizes
        self._block += b"".join(pieces)

    def get(self, row: int) -> str:
        """Return the text of a row; empty when it has none."""
        if row >= len(self._size):
            return ""
        start = int(self._start[row])
        return self._block[start : start + int(self._size[row])].decode("utf-8", "replace")

    def _reach(self, rows: int) -> None:
        if rows > len(self._size):
            capacity = wider_capacity(len(self._size), rows)
            self._start, self._size = grown(self._start, capacity), grown(self._size, capacity)
