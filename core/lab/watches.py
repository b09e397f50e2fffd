"""Samples the script's own objects by name, 30 times a second: ``counter.count``."""

from __future__ import annotations

import _thread
import math
from collections.abc import Callable, Collection
from typing import Any

from . import observe
from .series import Series
from .shorten import shorten_error
from .tables import MOST_ROWS, rows_of

EVERY = 2  # ticks of the sender, which come 60 times a second
PATIENCE_S = 1.0  # for the other thread's reading of the tables

_NOT_THERE = object()


class Watches:
    """The watches of one run; one that fails is switched off and reported.

    Parameters
    ----------
    names : dict[str, str]
        What each watch reads.
    namespace : dict[str, Any]
        Where it is looked up.
    tables : Collection[str]
        Names of the watches that are tables.
    series : Collection[str]
        Names of the watches that are series.
    """

    def __init__(
        self,
        names: dict[str, str],
        namespace: dict[str, Any],
        tables: Collection[str] = (),
        series: Collection[str] = (),
    ) -> None:
        self._paths = {name: path.split(".") for name, path in names.items()}
        self._namespace = namespace
        self._tables = frozenset(tables)
        self._series = {name: Series(name) for name in series}
        self._sent: dict[str, list[list[Any]]] = {}
        self._cut: set[str] = set()
        self._reading = _thread.allocate_lock()
        self._ticks = 0

    def tick(self) -> None:
        """Sample at half the sender's rate."""
        self._ticks += 1
        if self._ticks % EVERY == 0:
            self.sample()

    def sample(self) -> None:
        """Take one sample of each watch; a name that does not exist yet is waited for."""
        if not observe.state.speaking:
            return  # in a forked child, where another thread's lock would be waited for
        names = list(self._paths)
        in_turn = self._tables.union(self._series)
        self._sample_all([n for n in names if n not in in_turn], self._sample_number)
        if not in_turn or not self._reading.acquire(timeout=PATIENCE_S):
            return
        # One thread at a time, or an older reading could be sent after a newer one.
        try:
            self._sample_all([n for n in names if n in self._tables], self._sample_table)
            self._sample_all([n for n in names if n in self._series], self._sample_series)
        finally:
            self._reading.release()

    def _sample_all(self, names: list[str], take: Callable[[str, str, Any], None]) -> None:
        for name in names:
            path = self._paths.get(name)
            if path is None:
                continue  # the other thread has just switched it off
            try:
                value = self._read(path)
                if value is not _NOT_THERE:
                    take(name, ".".join(path), value)
            except Exception as error:  # noqa: BLE001 - an attribute of the script may raise anything
                if self._paths.pop(name, None) is not None:  # two threads sample; one of them tells
                    reason = shorten_error(error)
                    observe.trouble("Watch %s was switched off: %s." % (name, reason))

    def _read(self, path: list[str]) -> Any:
        if path[0] not in self._namespace:
            return _NOT_THERE
        value = self._namespace[path[0]]
        for part in path[1:]:
            value = getattr(value, part)
        return value

    @staticmethod
    def _sample_number(name: str, path: str, value: Any) -> None:
        if type(value) not in (int, float) or not math.isfinite(value):
            raise TypeError("%s is no plain number" % path)
        plain = value if type(value) is float or abs(value) < 2**63 else float(value)
        observe.sample(name, plain)

    def _sample_series(self, name: str, path: str, value: Any) -> None:
        self._series[name].sample(value, path)

    def _sample_table(self, name: str, path: str, value: Any) -> None:
        at = observe.now()
        rows = rows_of(value, path)
        if rows is None or _are_same(rows, self._sent.get(name)):
            return
        self._sent[name] = rows
        observe.state.single.append(["table", name, at, rows])
        if len(value) > MOST_ROWS and name not in self._cut:
            self._cut.add(name)
            observe.trouble("Watch %s shows the first %d rows of its table." % (name, MOST_ROWS))


def _are_same(rows: list[list[Any]], sent: list[list[Any]] | None) -> bool:
    """Tell whether nothing changed; True is not 1 here, for they are drawn differently."""
    return rows == sent and repr(rows) == repr(sent)
