"""A trace for the Perfetto UI (ui.perfetto.dev), in the JSON format of Chrome's tracing.

A worker is a thread, a task a slice on it. What waits in a queue is an asynchronous slice from
submission to start; watches, tasks and the activity of threads are counters. Times are
microseconds since the run was asked for, with three decimals: the nanoseconds measured.
"""

from collections.abc import Iterator
from typing import Any, Final

from core.exports._export import Export
from core.exports.json_text import of_any, of_plain
from core.exports.rows import TaskRow, task_rows
from core.exports.trace_counters import counter_events, counters
from core.exports.trace_layout import Layout, Placed
from core.exports.trace_tracks import microseconds
from core.recording import Recording

_Event = dict[str, Any]

_ARGS: Final = (
    *("task", "arguments", "outcome", "result"),
    *("submitted_s", "delivered_s", "cpu_s", "executor"),
)
"""What is told of a task where it is clicked; the rest is how its slice stands."""


def pieces(recording: Recording) -> Iterator[bytes]:
    """Yield a finished recording as a trace."""
    layout = Layout(recording)
    yield f'{{"displayTimeUnit": "ms", "otherData": {_about(recording, layout)},'.encode()
    between = b'\n"traceEvents": [\n'
    for event in _events(recording, layout):
        yield between + of_plain(event).encode()
        between = b",\n"
    yield b"\n]}\n"


def _about(recording: Recording, layout: Layout) -> str:
    """Return what ran, where and how it ended, as JSON."""
    header, ending = recording.header, recording.ending
    return of_any(
        {
            "demo": header.demo,
            "mode": header.mode,
            "python": header.python,
            "free_threaded": header.free_threaded,
            "made_at": header.made_at,
            "outcome": ending.outcome if ending else None,
            "elapsed_s": recording.elapsed_s,
            "tasks": len(recording),
            "waiting_not_drawn": layout.undrawn,
        }
    )


def _events(recording: Recording, layout: Layout) -> Iterator[_Event]:
    """Yield names first, then slices, then counters."""
    header = recording.header
    yield from _names(layout, f"{header.demo} ({header.mode})")
    for number, extra in enumerate(layout.extras, len(recording)):
        yield from _slice(layout.placed(number), extra.name, "run", extra.args)
    for row in task_rows(recording):
        yield from _task(row, layout)
    for counter in counters(recording, layout.until_s):
        pid = layout.main if counter.pid is None else layout.pid_of[counter.pid]
        yield from counter_events(counter, pid, pid)


def _names(layout: Layout, main: str) -> Iterator[_Event]:
    for order, pid in enumerate(layout.pid_of.values()):
        yield _named("process_name", pid, name=main if pid == layout.main else "worker process")
        yield _named("process_sort_index", pid, sort_index=order)
    for pid in layout.bare_processes():
        # Counters and waiting are told of it, so some readers show it.
        yield {**_named("thread_name", pid, name="MainThread"), "tid": pid}
    for order, (pid, tid, name) in enumerate(layout.tracks()):
        yield {**_named("thread_name", pid, name=name), "tid": tid}
        yield {**_named("thread_sort_index", pid, sort_index=order), "tid": tid}


def _named(kind: str, pid: int, **args: Any) -> _Event:
    return {"ph": "M", "name": kind, "pid": pid, "args": args}


def _task(row: TaskRow, layout: Layout) -> Iterator[_Event]:
    name = row.function or f"task {row.task}"
    if row.task in layout.waits:
        # Any thread would do: asynchronous slices have lines of their own below their process,
        # if their number is one of that process; otherwise the whole trace has them.
        common = {"cat": "waiting", "name": f"waiting: {name}", "tid": layout.main}
        common["id2"] = {"local": hex(row.task + 1)}
        for phase, at_ns in zip("be", layout.waits[row.task], strict=True):
            told = {"ts": microseconds(at_ns), "pid": layout.main, "args": {"task": row.task}}
            yield {"ph": phase, **common, **told}
    args = {key: getattr(row, key) for key in _ARGS if getattr(row, key) not in (None, "")}
    category = "task,failed" if row.outcome == "failed" else "task"
    yield from _slice(layout.placed(row.task), name, category, args)


def _slice(placed: Placed | None, name: str, category: str, args: _Event) -> Iterator[_Event]:
    if placed is not None:
        yield {
            "ph": "X",
            "name": name,
            "cat": category,
            "pid": placed.pid,
            "tid": placed.tid,
            "ts": microseconds(placed.begin_ns),
            "dur": microseconds(placed.end_ns - placed.begin_ns),
            "args": args,
        }


EXPORT = Export(
    "perfetto",
    ".trace.json",
    {"en": "Trace for the Perfetto UI (JSON)", "ja": "Perfetto UI 用のトレース（JSON）"},
    pieces,
)
