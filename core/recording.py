"""The append-only record of one run: columns of numbers that writers fill and readers follow.

One `Recording` is written by the threads that receive events (`apply`) and read by
whoever draws or sums up (`tasks`, `since`). Guarantees:

* A task, once a row, stays that row; a log position, once passed, never changes.
* `tasks` hands out arrays that hold every event applied before the call. They are
  views, not copies: rows may still gain times while you look, none is lost.
* Nothing here calls back: a slow reader costs the writers nothing.

Times are float64 seconds since `origin_ns` (the moment the run was asked for);
NaN is "not known (yet)". About 100 bytes a task, see `Recording.nbytes`.
"""

import math
import threading
from collections.abc import Callable
from typing import Any, Final

from core import events
from core.activity import CoreLoads, Track
from core.activity_log import ActivityLog
from core.columns import FloatArray, Log, Tasks
from core.run_clock import RunClock
from core.run_facts import Ending, Header, Output, TableVersion
from core.run_log import RunLog
from core.task_log import TaskLog
from core.watch_log import WatchLog

MAX_OUTPUT_LINES: Final = 10_000
"""Lines of output kept from the start; of what follows, `output_dropped` counts the lines."""


class Recording(RunLog):
    """The record of one run. Writers call `apply`, `add_output`, `trouble` and `finish`.

    What a `RunLog` holds are small lists to be read as they are; what is large is kept in
    columns and handed out by methods.
    """

    def __init__(self, header: Header, origin_ns: int) -> None:
        super().__init__(header, RunClock(origin_ns))
        self.output: list[Output] = []
        self.output_dropped = 0
        self.ending: Ending | None = None
        self._lock = threading.Lock()
        self._tasks = TaskLog(self._clock)
        self._watches = WatchLog(self._clock)
        self._watcher = ActivityLog()

    # -- reading ---------------------------------------------------------------

    def __len__(self) -> int:
        """Return the number of tasks known so far."""
        return len(self._tasks)

    @property
    def tasks(self) -> Tasks:
        """Return the rows so far, see `Tasks`."""
        with self._lock:
            return self._tasks.view()

    def since(self, cursor: int, at_most: int | None = None) -> tuple[Log, int]:
        """Return the log after ``cursor`` (begin with 0) and the cursor for the next call."""
        with self._lock:
            return self._tasks.since(cursor, at_most)

    @property
    def origin_ns(self) -> int:
        """Return when the run was asked for; its seconds begin there."""
        return self._clock.origin_ns

    @property
    def running(self) -> bool:
        """Return whether events may still come."""
        return self.ending is None

    @property
    def nbytes(self) -> int:
        """Return the memory that the task columns take, in bytes (growing room included)."""
        with self._lock:
            return self._tasks.nbytes

    def watch(self, name: str) -> tuple[FloatArray, FloatArray]:
        """Return the samples of a watch: times in seconds and values, shape (n,) each."""
        with self._lock:
            return self._watches.samples(name)

    def watched(self) -> dict[str, float]:
        """Return the newest value of each watch by name; whole numbers as int."""
        with self._lock:
            return self._watches.newest()

    @property
    def tables(self) -> dict[str, list[TableVersion]]:
        """Return what the watched tables were, by their names."""
        return self._watches.tables

    def table(self, name: str, cursor_s: float = math.inf) -> TableVersion | None:
        """Return a watched table as it was at a moment; None when there was none yet."""
        with self._lock:
            return self._watches.table(name, cursor_s)

    def activity(self) -> tuple[Track, ...]:
        """Return what the threads of the run did, in the order of their first sight."""
        with self._lock:
            return self._watcher.tracks()

    def cores(self) -> CoreLoads:
        """Return the load of the machine's cores."""
        with self._lock:
            return self._watcher.cores()

    @property
    def activity_until_s(self) -> float:
        """Return the time of the watcher's last look; NaN without one."""
        return self._watcher.until_s

    @property
    def activity_rate_hz(self) -> float:
        """Return how often a second the watcher really looked at each thread; NaN without one."""
        with self._lock:
            return self._watcher.rate_hz

    @property
    def activity_note(self) -> str:
        """Return why there is no activity, a key of core/activity.py; empty if there is some."""
        return self._watcher.note

    def activity_sampled(self) -> tuple[float, float, int] | None:
        """Return from when to when the watcher looked, and how often; None without one."""
        with self._lock:
            log = self._watcher
            return (log.since_s, log.until_s, log.sweeps) if log.sweeps else None

    def arguments(self, task: int) -> str:
        """Return the shortened arguments of a task, as in ``'https://…', 3``."""
        with self._lock:
            return self._tasks.arguments(task)

    def result(self, task: int) -> str:
        """Return the shortened result of a task, or its error as ``ValueError: …``."""
        with self._lock:
            return self._tasks.result(task)

    def function_name(self, task: int) -> str:
        """Return the name of the callable that a task runs."""
        with self._lock:
            return self.functions.get(self._tasks.function(task), "")

    # -- writing ---------------------------------------------------------------

    def apply(self, pid: int, event: events.Event) -> None:
        """Append one event that process ``pid`` sent.

        Raises
        ------
        core.events.MalformedEvent
            If it speaks of a worker that its process never announced.
        """
        with self._lock:
            _APPLY[type(event)](self, pid, event)

    def add_output(self, at_ns: int, stream: str, lines: list[str]) -> None:
        """Append lines that the script printed; beyond `MAX_OUTPUT_LINES` only count them."""
        with self._lock:
            kept = lines[: max(0, MAX_OUTPUT_LINES - len(self.output))]
            at_s = self._clock.seconds(at_ns)
            self.output.extend(Output(at_s, stream, line) for line in kept)
            self.output_dropped += len(lines) - len(kept)

    def drop_output(self, lines: int) -> None:
        """Count lines of output that were read but not kept."""
        with self._lock:
            self.output_dropped += lines

    def trouble(self, message: str) -> None:
        """Note that a part of the observation failed; the run goes on."""
        with self._lock:
            self.trouble_kinds.add(message)

    def finish(self, outcome: str, exit_code: int | None, message: str, at_ns: int) -> None:
        """Close the recording: nothing is appended after this."""
        with self._lock:
            self.ending = Ending(outcome, exit_code, message, self._clock.seconds(at_ns))

    def restore_tasks(self, rows: Tasks, arguments: list[str], results: list[str]) -> None:
        """Append rows as a recording had them that was saved: no events, and nothing logged."""
        with self._lock:
            self._tasks.restore(rows, arguments, results)

    def restore_log(self, log: Log) -> None:
        """Append entries of the log of a recording that was saved."""
        with self._lock:
            self._tasks.restore_log(log)

    def extend_table(self, name: str, rows: list[events.Row], most: int) -> None:
        """Append rows to the newest version of a table of a recording that was saved."""
        with self._lock:
            self._watches.extend_table(name, rows, most)

    # What events add, beside what a `RunLog` takes; a method an event type, named by its tag.

    def _worker(self, pid: int, event: events.Worker) -> None:
        self._tasks.add_lane(pid, event.worker, len(self.workers))
        super()._worker(pid, event)

    def _submitted(self, _pid: int, event: events.Submitted) -> None:
        self._tasks.submitted(event)

    def _started(self, pid: int, event: events.Started) -> None:
        self._tasks.started(pid, event)

    def _finished(self, _pid: int, event: events.Finished) -> None:
        self._tasks.finished(event)

    def _settled(self, _pid: int, event: events.Settled) -> None:
        self._tasks.settled(event)

    def _delivered(self, _pid: int, event: events.Delivered) -> None:
        self._tasks.delivered(event)

    def _watch(self, _pid: int, event: events.Watch) -> None:
        self._watches.add_samples(event)

    def _table(self, _pid: int, event: events.Table) -> None:
        self._watches.add_table(event)

    def _activity(self, _pid: int, event: events.Activity) -> None:
        self._watcher.append(event, self._clock.times(event.at))

    def _sampled(self, _pid: int, event: events.Sampled) -> None:
        since_s, until_s = self._clock.seconds(event.since), self._clock.seconds(event.until)
        self._watcher.sampled(since_s, until_s, event.sweeps)

    def _cores(self, _pid: int, event: events.Cores) -> None:
        self._watcher.add_cores(self._clock.seconds(event.at), event.load, event.lab)

    def _unwatched(self, _pid: int, event: events.Unwatched) -> None:
        self._watcher.note = event.reason


_APPLY: Final[dict[type, Callable[[Recording, int, Any], None]]] = {
    kind: getattr(Recording, f"_{kind.__struct_config__.tag}") for kind in events.EVENT_TYPES
}
"""One method an event type, found by the event's own tag: a new event needs only its method."""
