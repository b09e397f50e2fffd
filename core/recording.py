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
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from core import events
from core.activity import CoreLoads, Track
from core.activity_log import MAX_TRACKS, ActivityLog
from core.columns import (
    PENDING,
    FloatArray,
    IntArray,
    Log,
    LogColumns,
    Samples,
    Tasks,
    TaskTable,
    TextColumn,
)
from core.run_facts import (
    CancelAnswer,
    Ending,
    ExecutorInfo,
    Header,
    Initialized,
    Output,
    Process,
    Raised,
    Stall,
    TableVersion,
    ThreadName,
    Wait,
    Worker,
)

SUBMITTED, STARTED, FINISHED, DELIVERED = 0, 1, 2, 3
"""Kinds of log entries."""

MAX_OUTPUT_LINES: Final = 10_000
"""Lines of output kept from the start; of what follows, `output_dropped` counts the lines."""

MAX_TABLE_VERSIONS: Final = 2_000
"""Versions of a watched table that are kept; of later ones the newest."""

MAX_CANCELS: Final = 100_000
"""Answers to ``cancel()`` that are kept, for a script that asks in a loop; then the newest."""


class Recording:
    """The record of one run. Writers call `apply`, `add_output`, `trouble` and `finish`."""

    def __init__(self, header: Header, origin_ns: int) -> None:
        self.header = header
        self.origin_ns = origin_ns
        self.workers: list[Worker] = []
        self.executors: dict[int, ExecutorInfo] = {}
        self.processes: list[Process] = []
        self.threads: dict[tuple[int, int], ThreadName] = {}
        self.functions: dict[int, str] = {}
        self.output: list[Output] = []
        self.output_dropped = 0
        self.troubles: list[str] = []
        self.dropped = 0
        self.goodbyes: dict[int, float] = {}
        self.cancels: list[CancelAnswer] = []
        self.initialized: list[Initialized] = []
        self.stalls: list[Stall] = []
        self.tables: dict[str, list[TableVersion]] = {}
        self.raised: Raised | None = None
        self.ending: Ending | None = None
        self.main_started_s = math.nan
        self.main_ended_s = math.nan
        self._lock = threading.Lock()
        self._rows = TaskTable()
        self._log = LogColumns()
        self._lanes: dict[tuple[int, int], int] = {}
        self._watches: dict[str, Samples] = {}
        self._watcher = ActivityLog()
        self._arguments = TextColumn()
        self._results = TextColumn()

    # -- reading ---------------------------------------------------------------

    def __len__(self) -> int:
        """Return the number of tasks known so far."""
        return self._rows.used

    @property
    def tasks(self) -> Tasks:
        """Return the rows so far, see `Tasks`."""
        with self._lock:
            return self._rows.view()

    def since(self, cursor: int, at_most: int | None = None) -> tuple[Log, int]:
        """Return the log after ``cursor`` (begin with 0) and the cursor for the next call."""
        with self._lock:
            return self._log.since(cursor, at_most)

    @property
    def elapsed_s(self) -> float:
        """Return the seconds that ``main()`` took; NaN before it ended."""
        return self.main_ended_s - self.main_started_s

    @property
    def running(self) -> bool:
        """Return whether events may still come."""
        return self.ending is None

    @property
    def nbytes(self) -> int:
        """Return the memory that the task columns take, in bytes (growing room included)."""
        with self._lock:
            texts = self._arguments.nbytes + self._results.nbytes
            return self._rows.nbytes + self._log.nbytes + texts

    def watch(self, name: str) -> tuple[FloatArray, FloatArray]:
        """Return the samples of a watch: times in seconds and values, shape (n,) each."""
        with self._lock:
            return self._watches.get(name, _NO_SAMPLES).view()

    def watched(self) -> dict[str, float]:
        """Return the newest value of each watch by name; whole numbers as int."""
        with self._lock:
            newest = {name: samples.view()[1] for name, samples in self._watches.items()}
        return {name: _plain(values[-1]) for name, values in newest.items() if len(values)}

    def table(self, name: str, cursor_s: float = math.inf) -> TableVersion | None:
        """Return a watched table as it was at a moment; None when there was none yet."""
        with self._lock:
            versions = self.tables.get(name, ())
            known = bisect_right(versions, cursor_s, key=lambda version: version.at_s)
            return versions[known - 1] if known else None

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
            return self._arguments.get(task)

    def result(self, task: int) -> str:
        """Return the shortened result of a task, or its error as ``ValueError: …``."""
        with self._lock:
            return self._results.get(task)

    def function_name(self, task: int) -> str:
        """Return the name of the callable that a task runs."""
        with self._lock:
            known = task < self._rows.used
            number = int(self._rows.view().function[task]) if known else -1
            return self.functions.get(number, "")

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
            at_s = self._seconds(at_ns)
            self.output.extend(Output(at_s, stream, line) for line in kept)
            self.output_dropped += len(lines) - len(kept)

    def drop_output(self, lines: int) -> None:
        """Count lines of output that were read but not kept."""
        with self._lock:
            self.output_dropped += lines

    def trouble(self, message: str) -> None:
        """Note that a part of the observation failed; the run goes on."""
        with self._lock:
            self.troubles.append(message)

    def finish(self, outcome: str, exit_code: int | None, message: str, at_ns: int) -> None:
        """Close the recording: nothing is appended after this."""
        with self._lock:
            self.ending = Ending(outcome, exit_code, message, self._seconds(at_ns))

    def restore_tasks(self, rows: Tasks, arguments: list[str], results: list[str]) -> None:
        """Append rows as a recording had them that was saved: no events, and nothing logged."""
        with self._lock:
            first = self._rows.used
            numbers = np.arange(first, first + len(rows.worker), dtype=np.int32)
            for name, column in self._rows.reach(first + len(numbers))._asdict().items():
                column[numbers] = getattr(rows, name)
            self._arguments.put(numbers, arguments)
            self._results.put(numbers, results)

    def restore_log(self, log: Log) -> None:
        """Append entries of the log of a recording that was saved."""
        with self._lock:
            self._log.extend(log)

    def _seconds(self, at_ns: int) -> float:
        return (at_ns - self.origin_ns) * 1e-9

    def _times(self, at: events.Column) -> FloatArray:
        return np.multiply(np.array(at, dtype=np.int64) - self.origin_ns, 1e-9, dtype=np.float64)

    def _reach(self, task: events.Column) -> tuple[IntArray, Tasks]:
        rows = np.array(task, dtype=np.int32)
        return rows, self._rows.reach(int(rows.max(initial=-1)) + 1)

    def _process(self, pid: int, event: events.Process) -> None:
        if event.role == "watcher":
            return  # it looks on, and is no part of the run
        self.processes.append(Process(pid, event.role, self._seconds(event.at)))
        if event.role == "main":
            self.header = replace(
                self.header, python=event.python, free_threaded=event.free_threaded
            )

    def _executor(self, _pid: int, event: events.Executor) -> None:
        made_s = self._seconds(event.at)
        info = ExecutorInfo(event.mode, event.max_workers, event.start_method, made_s)
        self.executors[event.executor] = info

    def _worker(self, pid: int, event: events.Worker) -> None:
        self._lanes[pid, event.worker] = len(self.workers)
        self.workers.append(Worker(pid, event.thread, event.name, self._seconds(event.at)))

    def _thread(self, pid: int, event: events.Thread) -> None:
        key = pid, event.thread
        if key in self.threads or len(self.threads) < MAX_TRACKS:
            self.threads[key] = ThreadName(event.name, event.is_own)

    def _function(self, _pid: int, event: events.Function) -> None:
        self.functions[event.function] = event.name

    def _submitted(self, _pid: int, event: events.Submitted) -> None:
        rows, tasks = self._reach(event.task)
        tasks.submitted_s[rows] = self._times(event.at)
        tasks.executor[rows] = event.executor
        tasks.function[rows] = event.function
        self._arguments.put(rows, event.arguments)
        self._log.append(SUBMITTED, rows)

    def _started(self, pid: int, event: events.Started) -> None:
        try:
            lanes = [self._lanes[pid, worker] for worker in np.asarray(event.worker).tolist()]
        except KeyError as error:
            raise events.MalformedEvent(
                f"Process {pid} sent a task of worker {error.args[0][1]}, which it never announced."
            ) from error
        rows, tasks = self._reach(event.task)
        tasks.started_s[rows] = self._times(event.at)
        tasks.worker[rows] = lanes
        self._log.append(STARTED, rows)

    def _finished(self, _pid: int, event: events.Finished) -> None:
        rows, tasks = self._reach(event.task)
        new = np.isnan(tasks.finished_s[rows])
        tasks.finished_s[rows] = self._times(event.at)
        cpu = np.array(event.cpu, dtype=np.int64)
        tasks.cpu_s[rows] = np.where(cpu == events.UNKNOWN_CPU, np.nan, cpu * 1e-9)
        # A result that could not be sent back has failed for its owner, whatever the worker saw.
        free = (tasks.outcome[rows] == PENDING) | (tasks.outcome[rows] == events.DONE)
        tasks.outcome[rows[free]] = np.array(event.outcome, dtype=np.uint8)[free]
        self._results.put(rows[free], [event.text[index] for index in np.flatnonzero(free)])
        self._log.append(FINISHED, rows[new])

    def _settled(self, _pid: int, event: events.Settled) -> None:
        """Keep the worker's time of the end where it is known, and the owner's word on failure."""
        rows, tasks = self._reach(event.task)
        outcomes = np.array(event.outcome, dtype=np.uint8)
        bad = outcomes != events.DONE
        tasks.outcome[rows[bad]] = outcomes[bad]
        self._results.put(rows[bad], [event.text[index] for index in np.flatnonzero(bad)])
        new = np.isnan(tasks.finished_s[rows]) & _first_of_each(rows)
        tasks.outcome[rows[new]] = outcomes[new]
        tasks.finished_s[rows[new]] = self._times(event.at)[new]
        self._log.append(FINISHED, rows[new])

    def _delivered(self, _pid: int, event: events.Delivered) -> None:
        rows, tasks = self._reach(event.task)
        tasks.delivered_s[rows] = self._times(event.at)
        self._log.append(DELIVERED, rows)

    def _watch(self, _pid: int, event: events.Watch) -> None:
        samples = self._watches.setdefault(event.name, Samples())
        samples.append(self._times(event.at), event.value)

    def _table(self, _pid: int, event: events.Table) -> None:
        versions = self.tables.setdefault(event.name, [])
        if len(versions) >= MAX_TABLE_VERSIONS:
            versions.pop()  # the newest is what counts; the way there is told up to then
        rows = tuple(map(tuple, event.rows))
        versions.append(TableVersion(self._seconds(event.at), rows))

    def _cancel(self, _pid: int, event: events.Cancel) -> None:
        if len(self.cancels) >= MAX_CANCELS:
            self.cancels.pop()  # the newest answer is what counts
        self.cancels.append(CancelAnswer(event.task, self._seconds(event.at), event.cancelled))

    def _initialized(self, pid: int, event: events.Initialized) -> None:
        begun_s, ended_s = self._seconds(event.begun), self._seconds(event.at)
        self.initialized.append(Initialized(pid, event.thread, begun_s, ended_s, event.done))

    def _stalled(self, _pid: int, event: events.Stalled) -> None:
        waits = tuple(Wait(w.task, w.awaited, w.what, w.line) for w in event.waits)
        self.stalls.append(Stall(self._seconds(event.at), waits))

    def _main_started(self, _pid: int, event: events.MainStarted) -> None:
        self.main_started_s = self._seconds(event.at)

    def _main_ended(self, _pid: int, event: events.MainEnded) -> None:
        self.main_ended_s = self._seconds(event.at)

    def _raised(self, _pid: int, event: events.Raised) -> None:
        self.raised = Raised(event.kind, event.message, event.line)

    def _trouble(self, _pid: int, event: events.Trouble) -> None:
        self.troubles.append(event.message)

    def _dropped(self, _pid: int, event: events.Dropped) -> None:
        self.dropped += event.count

    def _activity(self, _pid: int, event: events.Activity) -> None:
        self._watcher.append(event, self._times(event.at))

    def _sampled(self, _pid: int, event: events.Sampled) -> None:
        since_s, until_s = self._seconds(event.since), self._seconds(event.until)
        self._watcher.sampled(since_s, until_s, event.sweeps)

    def _cores(self, _pid: int, event: events.Cores) -> None:
        self._watcher.add_cores(self._seconds(event.at), event.load, event.lab)

    def _unwatched(self, _pid: int, event: events.Unwatched) -> None:
        self._watcher.note = event.reason

    def _goodbye(self, pid: int, event: events.Goodbye) -> None:
        self.goodbyes[pid] = self._seconds(event.at)


def _first_of_each(rows: IntArray) -> npt.NDArray[np.bool_]:
    """Mark where each number stands first: a future may end more than once for its owner."""
    first = np.zeros(len(rows), dtype=np.bool_)
    first[np.unique(rows, return_index=True)[1]] = True
    return first


_NO_SAMPLES: Final = Samples()


def _plain(value: float) -> float:
    """Return a number as the script would print it: counts have no decimal point."""
    return int(value) if float(value).is_integer() else float(value)


_APPLY: Final[dict[type, Callable[[Recording, int, Any], None]]] = {
    kind: getattr(Recording, f"_{kind.__struct_config__.tag}") for kind in events.EVENT_TYPES
}
"""One method an event type, found by the event's own tag: a new event needs only its method."""
