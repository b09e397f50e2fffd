"""How tasks go from submission to the delivery of their results: pure functions on arrays.

Orders are given by places: 0 is what was submitted, or delivered, first. Times are float64
seconds of a recording, NaN is "not known (yet)".
"""

from enum import IntEnum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from core.columns import ByteArray, FloatArray, IntArray, Tasks
from core.events import CANCELLED

BoolArray = npt.NDArray[np.bool_]


class Stage(IntEnum):
    """How far a task has come on its way to the script."""

    NOT_YET = 0
    """Not submitted."""
    WAITING = 1
    """For a worker."""
    RUNNING = 2
    READY = 3
    """It has ended; the script has not taken its result."""
    DELIVERED = 4
    CANCELLED = 5
    UNTAKEN = 6
    """The run is over, and nobody asked for its result."""
    UNENDED = 7
    """The run was over before the task was."""


class Batches(NamedTuple):
    """Results that were delivered at one time: arrays of shape (n,) of places of delivery."""

    first: IntArray
    last: IntArray


def stages(tasks: Tasks, rows: IntArray, now_s: float, *, over: bool) -> ByteArray:
    """Return the `Stage` of some tasks at a moment, shape (n,).

    Parameters
    ----------
    over
        Whether the run has ended by then: what is under way will stay so.
    """
    found = np.full(len(rows), Stage.NOT_YET, dtype=np.uint8)
    # Later stages overwrite earlier ones; a comparison with NaN is never true.
    found[tasks.submitted_s[rows] <= now_s] = Stage.UNENDED if over else Stage.WAITING
    found[tasks.started_s[rows] <= now_s] = Stage.UNENDED if over else Stage.RUNNING
    ended = tasks.finished_s[rows] <= now_s
    found[ended] = Stage.UNTAKEN if over else Stage.READY
    found[ended & (tasks.outcome[rows] == CANCELLED)] = Stage.CANCELLED
    found[tasks.delivered_s[rows] <= now_s] = Stage.DELIVERED
    return found


def held_s(finished_s: FloatArray, delivered_s: FloatArray, now_s: float) -> FloatArray:
    """Return how long results were ready and not taken, up to a moment; NaN if not ready by then.

    Shape (n,), the same as both arguments.
    """
    until_s = np.fmin(delivered_s, now_s)
    return np.where(finished_s <= now_s, np.maximum(until_s - finished_s, 0.0), np.nan)


def overtaken(places: IntArray, highest: int = -1) -> tuple[BoolArray, IntArray]:
    """Tell which results came after one that had been submitted later.

    Parameters
    ----------
    places : shape (n,)
        The places of submission, in the order of delivery.
    highest
        The highest of those delivered before them.

    Returns
    -------
    is_overtaken : shape (n,)
    highest : shape (n,), the highest place up to and including each
    """
    reached = np.maximum.accumulate(np.concatenate([np.array([highest], dtype=np.int32), places]))
    return places < reached[:-1], reached[1:].astype(np.int32)


def spread(total: int, at_most: int) -> IntArray:
    """Return all places below ``total``, or ``at_most`` of them, evenly spread, both ends among."""
    if total <= at_most:
        return np.arange(total, dtype=np.int32)
    return np.rint(np.linspace(0, total - 1, max(2, at_most))).astype(np.int32)


def batches(delivered_s: FloatArray) -> Batches:
    """Return where two or more results came at the same time: ``wait`` hands over a set.

    Parameters
    ----------
    delivered_s : shape (n,), ascending
    """
    starts = np.flatnonzero(np.diff(delivered_s, prepend=-np.inf) > 0)
    ends = np.append(starts[1:], len(delivered_s)) - 1
    several = ends > starts
    return Batches(starts[several].astype(np.int32), ends[several].astype(np.int32))
