"""Watched series: what they told up to a moment, in arrays and few numbers. Pure, no Qt."""

import math
from typing import NamedTuple

import numpy as np

from core.columns import FloatArray
from core.recording import Recording


class Spread(NamedTuple):
    """The values of a series in three numbers."""

    entries: int
    median: float
    worst: float
    """The largest."""


class Entries(NamedTuple):
    """A series by time: arrays of shape (n,)."""

    at_s: FloatArray
    """Seconds of the recording, ascending."""
    values: FloatArray


def entries(recording: Recording, watch: str, cursor_s: float = math.inf) -> Entries:
    """Return the entries of a series up to a moment, in the order in which they happened."""
    at_s, values = recording.watch(watch)
    order = np.argsort(at_s, kind="stable")  # threads may enter what they saw a little later
    order = order[at_s[order] <= cursor_s]
    return Entries(at_s[order], values[order])


def spread(values: FloatArray) -> Spread | None:
    """Return a series in three numbers; None when it is empty."""
    if not len(values):
        return None
    return Spread(len(values), float(np.median(values)), float(values.max()))


def spreads_of(recording: Recording) -> dict[str, Spread]:
    """Return the spread of what each watch told in the whole run, by name."""
    told = {name: spread(recording.watch(name)[1]) for name in recording.watched()}
    return {name: one for name, one in told.items() if one is not None}


def largest_by_column(told: Entries, begin_s: float, end_s: float, columns: int) -> Entries:
    """Return at most one entry a column of equal width: the largest, at its own time."""
    within = (told.at_s >= begin_s) & (told.at_s <= end_s)
    at_s, values = told.at_s[within], told.values[within]
    if len(at_s) <= columns:
        return Entries(at_s, values)
    share = (at_s - begin_s) / (end_s - begin_s)
    column = np.minimum((share * columns).astype(np.int64), columns - 1)
    # Sorted by column, then by value: the last of each column is its largest.
    order = np.lexsort((values, column))
    last = np.append(np.flatnonzero(np.diff(column[order])), len(order) - 1)
    chosen = np.sort(order[last])
    return Entries(at_s[chosen], values[chosen])
