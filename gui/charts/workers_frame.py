"""What the chart of the workers shows at a moment, and its scale. Pure, no Qt."""

import math
from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from core import workforce
from core.columns import FloatArray, IntArray
from core.recording import Recording
from core.task_log import FINISHED, STARTED, SUBMITTED
from core.workforce import Presence
from gui.charts.growing import Ascending
from gui.charts.time_axis import Window, live_span_s

HEADROOM: Final = 1.5
"""How much higher than the bound the scale goes, so that some more tasks have their line too."""

HIGHEST_BOUND: Final = 16
"""A bound above this has no line of its own until workers come near: steps must be seen."""

MAX_LOG_PER_FRAME: Final = 10_000
"""Log entries taken in one frame."""

_STEPS: Final = (1, 2, 5)


class Signs:
    """What the chart keeps of a run between frames, so that a frame looks only at what is new."""

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self.submitted_s = Ascending()
        self.of_tasks_s = Ascending()
        """When tasks that a worker ran began and ended."""
        self._cursor = 0

    def follow(self) -> bool:
        """Take in what is new, a bounded part of it; return whether more is waiting."""
        log, self._cursor = self.recording.since(self._cursor, MAX_LOG_PER_FRAME)
        tasks = self.recording.tasks
        self.submitted_s.append(tasks.submitted_s[log.task[log.kind == SUBMITTED]])
        started = log.task[log.kind == STARTED]
        finished = log.task[log.kind == FINISHED]
        self.of_tasks_s.append(tasks.started_s[started])
        # The end may have come first, over another connection: then it is taken with the start.
        self.of_tasks_s.append(tasks.finished_s[started])
        self.of_tasks_s.append(tasks.finished_s[finished[tasks.worker[finished] >= 0]])
        return len(log.task) == MAX_LOG_PER_FRAME


@dataclass(frozen=True, slots=True)
class WorkersFrame:
    """The workers of a recording up to a moment; all times in seconds of the recording."""

    mode: str
    workers: list[Presence]
    levels: IntArray
    """How many there were when each came, shape (workers,)."""
    at_s: FloatArray
    """When their number changed."""
    count: IntArray
    """Their number from then on."""
    known_s: float
    """The last moment at which one of them is known to have been there."""
    zero_s: float
    """The beginning of ``main()``."""
    now_s: float
    """Up to where there is something to draw."""
    window: Window
    most: int | None
    """``max_workers``; None if there is no bound."""
    tasks: int
    """Submitted until then."""
    running: bool
    """Whether workers may come after this moment."""

    @classmethod
    def of(cls, signs: Signs, cursor_s: float) -> Self:
        """Return what there is to see of a recording."""
        recording = signs.recording
        workers = workforce.presences(recording, cursor_s)
        at_s, count = workforce.alive(workers)
        known_s = workforce.last_sign_s(workers, signs.of_tasks_s.view, cursor_s)
        main_s = recording.main_started_s
        zero_s = main_s if not math.isnan(main_s) else (float(at_s[0]) if len(at_s) else 0.0)
        end_s = _end_s(recording, known_s)
        now_s = min(cursor_s, end_s) if not math.isnan(end_s) else _now_s(cursor_s, known_s, zero_s)
        span_s = (end_s if not math.isnan(end_s) else zero_s + live_span_s(now_s - zero_s)) - zero_s
        begin_s = min(zero_s, float(at_s[0])) if len(at_s) else zero_s
        window = Window(begin_s, zero_s + max(span_s, 1e-6))
        mode = _mode(recording)
        return cls(
            mode,
            workers,
            workforce.levels(workers),
            at_s,
            count,
            known_s,
            zero_s,
            now_s,
            window,
            workforce.bound(recording, cursor_s),
            int(np.searchsorted(signs.submitted_s.view, cursor_s, side="right")),
            math.isnan(end_s) or cursor_s < end_s,
        )

    @property
    def peak(self) -> int:
        """Return the most workers that there were at a time."""
        return int(self.count.max(initial=0))

    @property
    def own_levels(self) -> bool:
        """Return whether each worker has a level of its own: none came after one had gone."""
        return bool((self.levels == np.arange(1, len(self.workers) + 1)).all())

    @property
    def top(self) -> int:
        """Return the number at the top of the scale; it stays while workers come as expected."""
        bound = self.most or 0
        expected = bound if bound <= HIGHEST_BOUND else min(bound, 2 * self.peak)
        most = max(expected, self.peak)
        return max(most + 2, math.ceil(most * HEADROOM))


def ticks(top: int, at_most: int) -> list[int]:
    """Return whole numbers for a scale from 0, so many at most."""
    step, power = 1, 1
    for place in range(30):
        step = _STEPS[place % 3] * power
        if top // step + 1 <= max(2, at_most):
            break
        power *= 10 if place % 3 == 2 else 1
    return list(range(0, top + 1, step))


def _end_s(recording: Recording, known_s: float) -> float:
    """Return when the run was over; NaN while it goes on."""
    if recording.ending is None:
        return math.nan
    main_s = recording.main_ended_s
    return max(main_s if not math.isnan(main_s) else recording.ending.at_s, known_s)


def _now_s(cursor_s: float, known_s: float, zero_s: float) -> float:
    return cursor_s if math.isfinite(cursor_s) else max(known_s, zero_s)


def _mode(recording: Recording) -> str:
    """Return the mode whose colour the workers wear: that of the newest executor."""
    made = list(recording.executors.values())
    newest = max(made, key=lambda one: one.made_s, default=None)
    return newest.mode if newest else recording.header.mode
