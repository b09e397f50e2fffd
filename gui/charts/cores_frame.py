"""What the chart of the cores shows: loads by pixel column, and averages. Pure, no Qt."""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from core.activity import CoreLoads
from core.columns import FloatArray
from gui.charts.activity_span import RunSpan


@dataclass(frozen=True, slots=True)
class CoresFrame:
    """The load of the cores up to a moment; times in seconds of the recording."""

    loads: CoreLoads
    span: RunSpan

    @property
    def cores(self) -> int:
        """Return how many cores there are."""
        return int(self.loads.load.shape[1])

    @property
    def known_s(self) -> float:
        """Return up to when the loads are known and shown."""
        return min(self.span.now_s, float(self.loads.at_s[-1]))


class Usage(NamedTuple):
    """How many cores were busy on average, and with what."""

    lab: float
    rest: float


def total(loads: CoreLoads) -> FloatArray:
    """Return how many cores were busy in each sample, shape (n,).

    Both numbers are measured by themselves: the run's may be a little above the sum of the cores.
    """
    busy: FloatArray = np.nansum(loads.load, axis=1)
    return np.maximum(busy, loads.lab)


def usage(frame: CoresFrame) -> Usage:
    """Return the averages over ``main()`` so far; NaN where nothing is known of it."""
    edges_s = np.array([frame.span.zero_s, frame.known_s])
    if not edges_s[1] > edges_s[0]:
        return Usage(math.nan, math.nan)
    lab = float(in_columns(frame.loads.at_s, frame.loads.lab, edges_s)[0])
    busy = float(in_columns(frame.loads.at_s, total(frame.loads), edges_s)[0])
    return Usage(lab, busy - lab)


def in_columns(at_s: FloatArray, values: FloatArray, edges_s: FloatArray) -> FloatArray:
    """Return the average of samples in each pixel column.

    A sample stands for the time since the one before; NaN is where there was none.

    Parameters
    ----------
    at_s, values : shape (n,)
    edges_s : shape (columns + 1,)

    Returns
    -------
    Shape (columns,); NaN before the first sample and after the last.
    """
    if len(at_s) < 2:
        return np.full(len(edges_s) - 1, np.nan)
    known = np.isfinite(values[1:])
    lengths_s = np.diff(at_s) * known
    sums = np.concatenate([[0.0], np.cumsum(np.where(known, values[1:], 0.0) * lengths_s)])
    times = np.concatenate([[0.0], np.cumsum(lengths_s)])
    inner_s = np.clip(edges_s, at_s[0], at_s[-1])
    spent_s = np.diff(np.interp(inner_s, at_s, times))
    averages = np.full(len(spent_s), np.nan)
    amounts = np.diff(np.interp(inner_s, at_s, sums))
    np.divide(amounts, spent_s, out=averages, where=spent_s > 0)
    return averages
