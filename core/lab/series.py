"""Reads a series of the script: a list that only grows, of times and values.

Each entry is sent once, with its own time: nothing depends on how often anybody looks.
"""

from __future__ import annotations

import math
from typing import Any

from . import observe

NS = 1_000_000_000


class Series:
    """What has been read of one series.

    Parameters
    ----------
    name : str
        Of the watch.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._read = 0

    def sample(self, entries: Any, path: str) -> None:
        """Note what is new; of more than the queue can hold the newest, the rest is counted.

        Raises
        ------
        TypeError
            It is no series; the text calls it ``path``.
        """
        if not isinstance(entries, list):
            raise TypeError("%s is no list of times and values" % path)
        length = len(entries)  # it may grow meanwhile: the rest is for the next time
        if length < self._read:
            raise TypeError("%s became shorter; a series only grows" % path)
        first = max(self._read, length - observe.WATCH_ROOM)
        new = [_checked(entry, path) for entry in entries[first:length]]
        observe.drop(first - self._read)
        self._read = length
        for at, value in new:
            observe.sample(self._name, value, at)


def _checked(entry: Any, path: str) -> tuple[int, float]:
    if not isinstance(entry, (list, tuple)) or len(entry) != 2:
        raise TypeError("%s has an entry that is no pair of a time and a value" % path)
    at_s, value = entry
    if type(at_s) is not float or not 0 <= at_s * NS <= observe.now():
        raise TypeError("%s has a time that is not of time.perf_counter()" % path)
    if type(value) not in (int, float) or not math.isfinite(value):
        raise TypeError("%s has a value that is no plain number" % path)
    return round(at_s * NS), value if abs(value) < 2**63 else float(value)
