"""What the events of a run tell beside its tasks: who took part, what went wrong, when it ended.

Nothing here is thread-safe; `core.recording.Recording` holds the lock.
"""

import math
from dataclasses import replace
from typing import Final

from core import events
from core.activity_log import MAX_TRACKS
from core.run_clock import RunClock
from core.run_facts import (
    CancelAnswer,
    ExecutorInfo,
    Header,
    Initialized,
    Process,
    Raised,
    Stall,
    ThreadName,
    Wait,
    Worker,
)
from core.troubles import Troubles

MAX_CANCELS: Final = 100_000
"""Answers to ``cancel()`` that are kept, for a script that asks in a loop; then the newest."""


class RunLog:
    """The facts of a run, as far as events told them; a method an event type, named by its tag."""

    def __init__(self, header: Header, clock: RunClock) -> None:
        self.header = header
        self.workers: list[Worker] = []
        self.executors: dict[int, ExecutorInfo] = {}
        self.processes: list[Process] = []
        self.threads: dict[tuple[int, int], ThreadName] = {}
        self.functions: dict[int, str] = {}
        self.trouble_kinds = Troubles()
        self.dropped = 0
        self.goodbyes: dict[int, float] = {}
        self.cancels: list[CancelAnswer] = []
        self.initialized: list[Initialized] = []
        self.stalls: list[Stall] = []
        self.raised: Raised | None = None
        self.main_started_s = math.nan
        self.main_ended_s = math.nan
        self._clock = clock

    @property
    def troubles(self) -> list[str]:
        """Return what of the run was not seen: sentences, each once with its count."""
        return self.trouble_kinds.told()

    @property
    def elapsed_s(self) -> float:
        """Return the seconds that ``main()`` took; NaN before it ended."""
        return self.main_ended_s - self.main_started_s

    def _process(self, pid: int, event: events.Process) -> None:
        if event.role == "watcher":
            return  # it looks on, and is no part of the run
        self.processes.append(Process(pid, event.role, self._clock.seconds(event.at)))
        if event.role == "main":
            self.header = replace(
                self.header, python=event.python, free_threaded=event.free_threaded
            )

    def _executor(self, _pid: int, event: events.Executor) -> None:
        made_s = self._clock.seconds(event.at)
        info = ExecutorInfo(event.mode, event.max_workers, event.start_method, made_s)
        self.executors[event.executor] = info

    def _worker(self, pid: int, event: events.Worker) -> None:
        joined_s = self._clock.seconds(event.at)
        self.workers.append(Worker(pid, event.thread, event.name, joined_s))

    def _thread(self, pid: int, event: events.Thread) -> None:
        key = pid, event.thread
        if key in self.threads or len(self.threads) < MAX_TRACKS:
            self.threads[key] = ThreadName(event.name, event.is_own)

    def _function(self, _pid: int, event: events.Function) -> None:
        self.functions[event.function] = event.name

    def _cancel(self, _pid: int, event: events.Cancel) -> None:
        if len(self.cancels) >= MAX_CANCELS:
            self.cancels.pop()  # the newest answer is what counts
        at_s = self._clock.seconds(event.at)
        self.cancels.append(CancelAnswer(event.task, at_s, event.cancelled))

    def _initialized(self, pid: int, event: events.Initialized) -> None:
        begun_s, ended_s = self._clock.seconds(event.begun), self._clock.seconds(event.at)
        self.initialized.append(Initialized(pid, event.thread, begun_s, ended_s, event.done))

    def _stalled(self, _pid: int, event: events.Stalled) -> None:
        waits = tuple(Wait(w.task, w.awaited, w.what, w.line) for w in event.waits)
        self.stalls.append(Stall(self._clock.seconds(event.at), waits))

    def _main_started(self, _pid: int, event: events.MainStarted) -> None:
        self.main_started_s = self._clock.seconds(event.at)

    def _main_ended(self, _pid: int, event: events.MainEnded) -> None:
        self.main_ended_s = self._clock.seconds(event.at)

    def _raised(self, _pid: int, event: events.Raised) -> None:
        self.raised = Raised(event.kind, event.message, event.line)

    def _trouble(self, _pid: int, event: events.Trouble) -> None:
        self.trouble_kinds.add(event.message)

    def _dropped(self, _pid: int, event: events.Dropped) -> None:
        self.dropped += event.count

    def _goodbye(self, pid: int, event: events.Goodbye) -> None:
        self.goodbyes[pid] = self._clock.seconds(event.at)
