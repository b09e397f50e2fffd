"""A trace for the Perfetto UI (ui.perfetto.dev), in the JSON format of Chrome's tracing.

A worker is a thread, a task a slice on it. What waits in a queue is an asynchronous slice from
submission to start; watches, tasks and the activity of threads are counters. Times are
microseconds since the run was asked for, with three decimals: the nanoseconds measured.
"""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from core.exports._export import Export
from core.exports.json_text import of_any, of_plain
from core.exports.rows import TaskRow, task_rows
from core.exports.target import whole_file
from core.exports.trace_counters import counter_events, counters
from core.exports.trace_tracks import NO_PLACE, Numbers, microseconds, nanoseconds, places
from core.recording import Recording
from core.workforce import NO_LANE, presences

MOST_WAITING: Final = 200
"""Tasks whose waiting is drawn at one time: each takes a line, and a queue may hold 100,000."""

_ARGS: Final = (
    "task", "arguments", "outcome", "result", "submitted_s", "delivered_s", "cpu_s", "executor",
)  # fmt: skip
"""What is told of a task where it is clicked; the rest is how its slice stands."""


class _Extra(NamedTuple):
    """A slice that is no task."""

    lane: int
    name: str
    begin_s: float
    end_s: float
    args: dict[str, Any]


class _Lane(NamedTuple):
    pid: int
    thread: int
    name: str


def write(recording: Recording, path: Path) -> None:
    """Write a finished recording as a trace."""
    trace = _Trace(recording)
    with whole_file(path) as stream:
        stream.write(f'{{"displayTimeUnit": "ms", "otherData": {trace.about},'.encode())
        between = b'\n"traceEvents": [\n'
        for event in trace.events():
            stream.write(between + of_plain(event).encode())
            between = b",\n"
        stream.write(b"\n]}\n")


class _Trace:
    """The events of one recording."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._pids = Numbers()
        self._threads = Numbers()
        self._until_s = _until_s(recording)
        main = [one.pid for one in recording.processes if one.role == "main"]
        known = [*main, *(one.pid for one in recording.processes)]
        known += [worker.pid for worker in recording.workers]
        known += [track.pid for track in recording.activity()]
        self._pid_of = {pid: self._pids.take(pid) for pid in dict.fromkeys(known or [1])}
        self._without_main_thread = set(self._pid_of)
        for number in self._pid_of.values():
            self._threads.take(number)  # readers take it for the main thread
        self._main = next(iter(self._pid_of))
        self._lanes = [_Lane(one.pid, one.thread, one.name) for one in recording.workers]
        self._extras = list(self._find_extras())
        self._place_slices()
        self._place_waits()

    @property
    def about(self) -> str:
        """Return what ran, where and how it ended, as JSON."""
        header, ending = self._recording.header, self._recording.ending
        return of_any(
            {
                "demo": header.demo,
                "mode": header.mode,
                "python": header.python,
                "free_threaded": header.free_threaded,
                "made_at": header.made_at,
                "outcome": ending.outcome if ending else None,
                "elapsed_s": self._recording.elapsed_s,
                "tasks": len(self._recording),
                "waiting_not_drawn": self._undrawn,
            }
        )

    def events(self) -> Iterator[dict[str, Any]]:
        """Yield names first, then slices, then counters."""
        yield from self._processes()
        yield from self._thread_names()
        for number, extra in enumerate(self._extras, len(self._recording)):
            args = {key: value for key, value in extra.args.items() if value is not None}
            yield self._slice(number, extra.name, "run", args)
        for row in task_rows(self._recording):
            yield from self._task(row)
        for counter in counters(self._recording, self._until_s):
            pid = self._main if counter.pid is None else counter.pid
            yield from counter_events(counter, self._pid_of[pid], self._pid_of[pid])

    def _find_extras(self) -> Iterator[_Extra]:
        """Yield the run of ``main()``, and initializers on the threads in which they ran."""
        recording = self._recording
        if not math.isnan(recording.main_started_s):
            began_s, ended_s = recording.main_started_s, recording.main_ended_s
            self._lanes.append(_Lane(self._main, 0, "main()"))
            end_s = self._until_s if math.isnan(ended_s) else ended_s
            args = {"demo": recording.header.demo, "mode": recording.header.mode}
            yield _Extra(len(self._lanes) - 1, "main()", began_s, end_s, args)
        for one in presences(recording):
            run = one.initialized
            if run is None:
                continue
            lane = one.lane
            if lane == NO_LANE:
                lane = len(self._lanes)
                self._lanes.append(_Lane(run.pid, run.thread, "worker without a task"))
            args = {"outcome": "done" if run.done else "failed"}
            yield _Extra(lane, "initializer", run.begun_s, run.ended_s, args)

    def _place_slices(self) -> None:
        """Give each slice its track: the tasks in their order, then the extras."""
        tasks, extras = self._recording.tasks, self._extras
        begin_s = np.concatenate([tasks.started_s, [one.begin_s for one in extras]])
        end_s = np.concatenate([tasks.finished_s, [one.end_s for one in extras]])
        end_s = np.where(np.isnan(end_s), self._until_s, end_s)
        self._is_there = ~np.isnan(begin_s)
        self._begin_ns = nanoseconds(np.nan_to_num(begin_s))
        self._end_ns = np.maximum(nanoseconds(end_s), self._begin_ns)
        self._lane_of = np.concatenate(
            [tasks.worker, np.array([one.lane for one in extras], dtype=np.int32)]
        )
        there = np.flatnonzero(self._is_there)
        place = np.full(len(begin_s), NO_PLACE, dtype=np.int32)
        lanes = self._lane_of[there].tolist()
        place[there] = places(lanes, self._begin_ns[there], self._end_ns[there])
        # A lane is there even without a slice: a worker may have died in its first moment.
        pairs = zip(lanes, place[there].tolist(), strict=True)
        keys = sorted({*((lane, 0) for lane in range(len(self._lanes))), *pairs})
        self._tid_of = {key: self._tid(self._lanes[key[0]]) for key in keys}
        self._place = place

    def _tid(self, lane: _Lane) -> int:
        """Return a number of its own; that of the process only for its main thread."""
        if lane.thread == lane.pid and lane.pid in self._without_main_thread:
            self._without_main_thread.remove(lane.pid)
            return self._pid_of[lane.pid]
        return self._threads.take(lane.thread)

    def _place_waits(self) -> None:
        tasks = self._recording.tasks
        ended_s = np.where(np.isnan(tasks.finished_s), self._until_s, tasks.finished_s)
        left_s = np.where(np.isnan(tasks.started_s), ended_s, tasks.started_s)
        waiting = np.flatnonzero(~np.isnan(tasks.submitted_s))
        begin_ns = nanoseconds(tasks.submitted_s[waiting])
        end_ns = np.maximum(nanoseconds(left_s[waiting]), begin_ns)
        drawn = places([0] * len(waiting), begin_ns, end_ns, MOST_WAITING) != NO_PLACE
        spans = zip(begin_ns[drawn].tolist(), end_ns[drawn].tolist(), strict=True)
        self._waits = dict(zip(waiting[drawn].tolist(), spans, strict=True))
        self._undrawn = len(waiting) - len(self._waits)

    def _processes(self) -> Iterator[dict[str, Any]]:
        header = self._recording.header
        for order, (pid, number) in enumerate(self._pid_of.items()):
            name = f"{header.demo} ({header.mode})" if pid == self._main else "worker process"
            yield _named("process_name", number, None, name=name)
            yield _named("process_sort_index", number, None, sort_index=order)

    def _thread_names(self) -> Iterator[dict[str, Any]]:
        for order, ((lane, place), tid) in enumerate(self._tid_of.items()):
            one = self._lanes[lane]
            pid = self._pid_of.get(one.pid, self._pid_of[self._main])
            name = one.name if place == 0 else f"{one.name} ({place + 1})"
            yield _named("thread_name", pid, tid, name=name)
            yield _named("thread_sort_index", pid, tid, sort_index=order)

    def _task(self, row: TaskRow) -> Iterator[dict[str, Any]]:
        name = row.function or f"task {row.task}"
        args = {name: getattr(row, name) for name in _ARGS if getattr(row, name) not in (None, "")}
        span = self._waits.get(row.task)
        if span is not None:
            main = self._pid_of[self._main]
            common = {"cat": "waiting", "name": name, "id": hex(row.task + 1), "tid": main}
            for phase, at_ns in zip("be", span, strict=True):
                told = {"task": row.task}
                yield {"ph": phase, "ts": microseconds(at_ns), "pid": main, **common, "args": told}
        if self._is_there[row.task]:
            category = "task,failed" if row.outcome == "failed" else "task"
            yield self._slice(row.task, name, category, args)

    def _slice(self, number: int, name: str, category: str, args: Any) -> dict[str, Any]:
        begin_ns, end_ns = int(self._begin_ns[number]), int(self._end_ns[number])
        lane = int(self._lane_of[number])
        pid = self._lanes[lane].pid
        return {
            "ph": "X",
            "name": name,
            "cat": category,
            "pid": self._pid_of.get(pid, self._pid_of[self._main]),
            "tid": self._tid_of[lane, int(self._place[number])],
            "ts": microseconds(begin_ns),
            "dur": microseconds(end_ns - begin_ns),
            "args": args,
        }


def _named(kind: str, pid: int, tid: int | None, **args: Any) -> dict[str, Any]:
    event = {"ph": "M", "name": kind, "pid": pid, "args": args}
    return event if tid is None else event | {"tid": tid}


def _until_s(recording: Recording) -> float:
    """Return when the run was over, for what had no end of its own."""
    return recording.ending.at_s if recording.ending else 0.0


EXPORT = Export(
    "perfetto",
    ".trace.json",
    {"en": "Trace for the Perfetto UI (JSON)", "ja": "Perfetto UI 用のトレース（JSON）"},
    write,
)
