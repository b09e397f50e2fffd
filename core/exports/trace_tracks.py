"""Where the slices of a trace stand: tracks, and their numbers.

The trace format lets slices of one track follow each other or nest, and never overlap; a
track is a thread, known by a number that no other thread of the trace may have.
"""

import heapq
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from core.columns import FloatArray, IntArray

NO_PLACE: Final = -1

_MAX_ID: Final = 2**31
"""Readers keep the numbers of processes and threads in 32 bits."""


def nanoseconds(times_s: FloatArray) -> Any:
    """Return times as whole numbers, int64 of the same shape; none lies before the run."""
    return np.rint(np.maximum(times_s, 0.0) * 1e9).astype(np.int64)


def microseconds(time_ns: int) -> float:
    """Return a time as the format wants it."""
    return time_ns / 1000


def places(
    lanes: Sequence[int], begin_ns: Any, end_ns: Any, at_most: int | None = None
) -> IntArray:
    """Spread slices so that those of one lane and one place never overlap.

    Parameters
    ----------
    lanes, begin_ns, end_ns : shape (n,)
        Of each slice; it does not end before it begins.
    at_most
        Places of a lane; a slice for which none is free gets `NO_PLACE`.

    Returns
    -------
    Shape (n,). All are 0 where slices follow each other, as the tasks of one thread do.
    """
    found = np.full(len(lanes), NO_PLACE, dtype=np.int32)
    ends: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    begins, stops = begin_ns.tolist(), end_ns.tolist()
    for one in np.lexsort((end_ns, begin_ns)).tolist():
        taken = ends[lanes[one]]
        if taken and taken[0][0] <= begins[one]:
            place = heapq.heappop(taken)[1]
        elif at_most is None or len(taken) < at_most:
            place = len(taken)
        else:
            continue
        heapq.heappush(taken, (stops[one], place))
        found[one] = place
    return found


class Numbers:
    """Hands out numbers that differ; the real ones of this machine where that can be."""

    def __init__(self) -> None:
        self._taken: set[int] = set()
        self._next = 1

    def take(self, wanted: int) -> int:
        """Return the number that is wanted, or another one if it is taken or too large."""
        number = wanted
        while not 0 < number < _MAX_ID or number in self._taken:
            number, self._next = self._next, self._next + 1
        self._taken.add(number)
        return number
