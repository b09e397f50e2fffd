"""Where a recording keeps what the script's own objects were: samples of watches, and tables.

Nothing here is thread-safe; `core.recording.Recording` holds the lock.
"""

from bisect import bisect_right
from typing import Final

from core import events
from core.columns import FloatArray, Samples
from core.run_clock import RunClock
from core.run_facts import TableVersion

MAX_TABLE_VERSIONS: Final = 2_000
"""Versions of a watched table that are kept; of later ones the newest."""

_NO_SAMPLES: Final = Samples()


class WatchLog:
    """Samples by the name of their watch, and versions by the name of their table."""

    def __init__(self, clock: RunClock) -> None:
        self.tables: dict[str, list[TableVersion]] = {}
        self._clock = clock
        self._watches: dict[str, Samples] = {}

    def samples(self, name: str) -> tuple[FloatArray, FloatArray]:
        """Return times and values of a watch."""
        return self._watches.get(name, _NO_SAMPLES).view()

    def newest(self) -> dict[str, float]:
        """Return the newest value of each watch by name; whole numbers as int."""
        newest = {name: samples.view()[1] for name, samples in self._watches.items()}
        return {name: _plain(values[-1]) for name, values in newest.items() if len(values)}

    def table(self, name: str, cursor_s: float) -> TableVersion | None:
        """Return a table as it was at a moment; None when there was none yet."""
        versions = self.tables.get(name, ())
        known = bisect_right(versions, cursor_s, key=lambda version: version.at_s)
        return versions[known - 1] if known else None

    def add_samples(self, event: events.Watch) -> None:
        """Append samples of a watch."""
        samples = self._watches.setdefault(event.name, Samples())
        samples.append(self._clock.times(event.at), event.value)

    def add_table(self, event: events.Table) -> None:
        """Append a version of a table."""
        versions = self.tables.setdefault(event.name, [])
        if len(versions) >= MAX_TABLE_VERSIONS:
            versions.pop()  # the newest is what counts; the way there is told up to then
        rows = tuple(map(tuple, event.rows))
        versions.append(TableVersion(self._clock.seconds(event.at), rows))

    def extend_table(self, name: str, rows: list[events.Row], most: int) -> None:
        """Append rows to the newest version of a table.

        Raises
        ------
        core.events.MalformedEvent
            There is no such table, or it has more than ``most`` rows then.
        """
        newest = self.tables[name].pop() if self.tables.get(name) else None
        if newest is None or len(newest.rows) + len(rows) > most:
            raise events.MalformedEvent("A table has rows that belong to none of its versions.")
        more = (*newest.rows, *map(tuple, rows))
        self.tables[name].append(TableVersion(newest.at_s, more))


def _plain(value: float) -> float:
    """Return a number as the script would print it: counts have no decimal point."""
    return int(value) if float(value).is_integer() else float(value)
