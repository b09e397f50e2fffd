"""Turns a recording back into the events it was made of, all but its tasks.

`events_of` yields what `Recording.apply` needs to make the same recording again; the batches
may be cut elsewhere than they were. Tasks and log are whole columns, see `core.recording_rows`.
"""

import math
from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from core import events
from core.recording import Recording
from core.recording_header import as_name

_MOST_ROWS: Final = 5_000
_NO_PID: Final = 0

Sent = tuple[int, events.Event]
"""A process id and what that process sent (0 where the recording does not keep it)."""


def events_of(recording: Recording) -> Iterator[Sent]:
    """Yield the events of a finished recording; tasks, output and ending are told otherwise."""
    yield from _makers(recording)
    yield from _samples(recording)
    yield from _incidents(recording)
    yield from _watcher_events(recording)
    yield from _closing(recording)


def _wire(recording: Recording, seconds: float) -> int:
    """Return the nanoseconds that the seconds came from: a double holds weeks of them exactly."""
    return recording.origin_ns + round(seconds * 1e9)


def _wires(recording: Recording, seconds: Any) -> list[int]:
    return [_wire(recording, second) for second in seconds.tolist()]


def _makers(recording: Recording) -> Iterator[Sent]:
    header = recording.header
    for one in recording.processes:
        role: Any = one.role  # it came from such an event
        at = _wire(recording, one.joined_s)
        yield (
            one.pid,
            events.Process(
                one.pid, _NO_PID, role, at, as_name(header.python), header.free_threaded
            ),
        )
    for number, made in recording.executors.items():
        at = _wire(recording, made.made_s)
        yield (
            _NO_PID,
            events.Executor(number, made.mode, made.max_workers, made.start_method, at),
        )
    for lane, worker in enumerate(recording.workers):
        # Numbered by lane: any numbers will do that differ within a process.
        at = _wire(recording, worker.joined_s)
        yield worker.pid, events.Worker(lane, worker.thread, worker.name, at)
    for (pid, thread), known in recording.threads.items():
        yield pid, events.Thread(thread, known.name, known.is_own)
    for number, name in recording.functions.items():
        yield _NO_PID, events.Function(number, name)


def _samples(recording: Recording) -> Iterator[Sent]:
    for name in recording.watched():
        times_s, values = recording.watch(name)
        for first in range(0, len(times_s), _MOST_ROWS):
            part = slice(first, first + _MOST_ROWS)
            at = _wires(recording, times_s[part])
            yield _NO_PID, events.Watch(name, at, values[part].tolist())


def _incidents(recording: Recording) -> Iterator[Sent]:
    """Yield what happens now and then, in any order: each event holds its own time."""
    for name, versions in recording.tables.items():
        for version in versions:
            at = _wire(recording, version.at_s)
            yield _NO_PID, events.Table(name, at, [list(row) for row in version.rows])
    for answer in recording.cancels:
        at = _wire(recording, answer.at_s)
        yield _NO_PID, events.Cancel(answer.task, at, answer.cancelled)
    for one in recording.initialized:
        begun, at = _wire(recording, one.begun_s), _wire(recording, one.ended_s)
        yield one.pid, events.Initialized(one.thread, begun, at, one.done)
    for stall in recording.stalls:
        waits = [events.Wait(w.task, w.awaited, w.what, w.line) for w in stall.waits]
        yield _NO_PID, events.Stalled(_wire(recording, stall.at_s), waits)


def _watcher_events(recording: Recording) -> Iterator[Sent]:
    for track in recording.activity():
        for first in range(0, len(track.at_s), _MOST_ROWS):
            part = slice(first, first + _MOST_ROWS)
            at, state = _wires(recording, track.at_s[part]), track.state[part].tolist()
            pids, threads = [track.pid] * len(at), [track.thread] * len(at)
            yield _NO_PID, events.Activity(pids, threads, at, state)
    sampled = recording.activity_sampled()
    if sampled is not None:
        since, until = (_wire(recording, moment_s) for moment_s in sampled[:2])
        yield _NO_PID, events.Sampled(since, until, sampled[2])
    for at_s, load, lab in zip(*recording.cores(), strict=True):
        there = load[~np.isnan(load)].tolist()
        yield _NO_PID, events.Cores(_wire(recording, at_s), there, float(lab))
    reason: Any = recording.activity_note  # it came from such an event
    if reason:
        yield _NO_PID, events.Unwatched(reason)


def _closing(recording: Recording) -> Iterator[Sent]:
    if not math.isnan(recording.main_started_s):
        yield _NO_PID, events.MainStarted(_wire(recording, recording.main_started_s))
    if not math.isnan(recording.main_ended_s):
        yield _NO_PID, events.MainEnded(_wire(recording, recording.main_ended_s))
    raised = recording.raised
    if raised is not None:
        yield (
            _NO_PID,
            events.Raised(recording.origin_ns, raised.kind, raised.message, raised.line),
        )
    if recording.dropped:
        yield _NO_PID, events.Dropped(recording.dropped)
    for pid, at_s in recording.goodbyes.items():
        yield pid, events.Goodbye(_wire(recording, at_s))
