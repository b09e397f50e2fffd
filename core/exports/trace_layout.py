"""How a run becomes the tracks of a trace: which slices there are, and where each stands."""

import math
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import numpy as np

from core.exports.trace_tracks import NO_PLACE, Numbers, nanoseconds, places
from core.recording import Recording
from core.workforce import NO_LANE, presences

MOST_WAITING: Final = 200
"""Tasks whose waiting is drawn at one time: each takes a line, and a queue may hold 100,000."""


class Extra(NamedTuple):
    """A slice that is no task: ``main()``, an initializer."""

    lane: int
    name: str
    begin_s: float
    end_s: float
    args: dict[str, Any]


class Lane(NamedTuple):
    """A thread, by the numbers of the system; in the trace it has a track or more."""

    pid: int
    thread: int
    name: str


class Placed(NamedTuple):
    """Where a slice stands, by the numbers of the trace."""

    pid: int
    tid: int
    begin_ns: int
    end_ns: int


class Layout:
    """The tracks of one recording, and the places of its slices.

    Attributes
    ----------
    until_s : float
        When the run was over: the end of what has none of its own.
    pid_of : dict
        Numbers of the trace by those of the system; the process of the script is the first.
    main : int
        The process of the script, by its number in the trace.
    extras : list of Extra
        Slices that are no tasks; their numbers follow those of the tasks.
    waits : dict
        Begin and end, in ns, of the waiting of each task for which there is room.
    undrawn : int
        How many tasks waited and have no room for it.
    """

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self.until_s = recording.ending.at_s if recording.ending else 0.0
        numbers = Numbers()
        self.pid_of = {pid: numbers.take(pid) for pid in _pids(recording)}
        self.main = next(iter(self.pid_of.values()))
        self._threads = Numbers()
        for number in self.pid_of.values():
            self._threads.take(number)  # readers take it for the main thread
        self._without_main_thread = set(self.pid_of)
        self._lanes = [Lane(one.pid, one.thread, one.name or "worker") for one in recording.workers]
        self.extras = list(self._find_extras())
        self._place_slices()
        self._place_waits()

    def tracks(self) -> Iterator[tuple[int, int, str]]:
        """Yield process, thread and name of each track, in the order of their lanes."""
        for (lane, place), tid in self._tid_of.items():
            name = self._lanes[lane].name
            yield self._home(lane), tid, name if place == 0 else f"{name} ({place + 1})"

    def bare_processes(self) -> list[int]:
        """Return the processes whose main thread has no track."""
        return sorted(self._without_main_thread)

    def placed(self, number: int) -> Placed | None:
        """Return where a task stands, or an extra; None if it never began."""
        if not self._is_there[number]:
            return None
        lane = int(self._lane_of[number])
        tid = self._tid_of[lane, int(self._place[number])]
        return Placed(self._home(lane), tid, int(self._begin_ns[number]), int(self._end_ns[number]))

    def _home(self, lane: int) -> int:
        return self.pid_of.get(self._lanes[lane].pid, self.main)

    def _find_extras(self) -> Iterator[Extra]:
        """Yield the run of ``main()``, and initializers on the threads in which they ran."""
        recording = self._recording
        if not math.isnan(recording.main_started_s):
            began_s, ended_s = recording.main_started_s, recording.main_ended_s
            # A thread of its own: tasks of the sequential mode would stand on top of it.
            self._lanes.append(Lane(next(iter(self.pid_of)), 0, "main()"))
            end_s = self.until_s if math.isnan(ended_s) else ended_s
            args = {"demo": recording.header.demo, "mode": recording.header.mode}
            yield Extra(len(self._lanes) - 1, "main()", began_s, end_s, args)
        for one in presences(recording):
            run = one.initialized
            if run is None:
                continue
            lane = one.lane
            if lane == NO_LANE:
                lane = len(self._lanes)
                self._lanes.append(Lane(run.pid, run.thread, "worker without a task"))
            args = {"outcome": "done" if run.done else "failed"}
            yield Extra(lane, "initializer", run.begun_s, run.ended_s, args)

    def _place_slices(self) -> None:
        """Give each slice its track: the tasks in their order, then the extras."""
        tasks, extras = self._recording.tasks, self.extras
        begin_s = np.concatenate([tasks.started_s, [one.begin_s for one in extras]])
        end_s = np.concatenate([tasks.finished_s, [one.end_s for one in extras]])
        end_s = np.where(np.isnan(end_s), self.until_s, end_s)
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

    def _tid(self, lane: Lane) -> int:
        """Return a number of its own; that of the process only for its main thread."""
        if lane.thread == lane.pid and lane.pid in self._without_main_thread:
            self._without_main_thread.remove(lane.pid)
            return self.pid_of[lane.pid]
        return self._threads.take(lane.thread)

    def _place_waits(self) -> None:
        """Draw as much of the waiting as there is room for."""
        tasks = self._recording.tasks
        ended_s = np.where(np.isnan(tasks.finished_s), self.until_s, tasks.finished_s)
        left_s = np.where(np.isnan(tasks.started_s), ended_s, tasks.started_s)
        waiting = np.flatnonzero(~np.isnan(tasks.submitted_s))
        begin_ns = nanoseconds(tasks.submitted_s[waiting])
        end_ns = np.maximum(nanoseconds(left_s[waiting]), begin_ns)
        drawn = places([0] * len(waiting), begin_ns, end_ns, MOST_WAITING) != NO_PLACE
        spans = zip(begin_ns[drawn].tolist(), end_ns[drawn].tolist(), strict=True)
        self.waits = dict(zip(waiting[drawn].tolist(), spans, strict=True))
        self.undrawn = len(waiting) - len(self.waits)


def _pids(recording: Recording) -> dict[int, None]:
    """Return all processes that anything is known of, that of the script first."""
    pids = [one.pid for one in recording.processes if one.role == "main"]
    pids += [one.pid for one in recording.processes]
    pids += [worker.pid for worker in recording.workers]
    pids += [track.pid for track in recording.activity()]
    return dict.fromkeys(pids or [1])
