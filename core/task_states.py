"""Where each task of a recording stands at a moment: pending, running, or how its future ended.

Pure functions, as in `core.metrics`: they change nothing and may be called while a run goes on.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np

from core.columns import Tasks
from core.events import CANCELLED, DONE, FAILED
from core.recording import Recording
from core.run_facts import CancelAnswer, Stall, Wait

State: TypeAlias = Literal["pending", "running", "finished", "failed", "cancelled"]

STATES: Final[tuple[State, ...]] = ("pending", "running", "finished", "failed", "cancelled")
"""In the order in which a future goes through them; the last three are its possible ends."""

_ENDS: Final[dict[int, State]] = {DONE: "finished", FAILED: "failed", CANCELLED: "cancelled"}

_RECENT: Final = 500
"""Answers to ``cancel()`` that are looked at: a script may ask again and again."""


@dataclass(frozen=True, slots=True)
class TaskState:
    """One task at a moment.

    Attributes
    ----------
    since_s : float
        When it came into its state.
    lasted_s : float
        How long it has waited or run by now; of one that ended, how long it ran or, if it never
        did, waited.
    refused_s : float
        When it last answered False to ``cancel()``; NaN if it never did.
    refused_as : State or None
        The state in which it answered so.
    wait : Wait or None
        What it waits for in a stall.
    """

    task: int
    state: State
    since_s: float
    lasted_s: float
    refused_s: float
    refused_as: State | None
    wait: Wait | None


def moment_of(recording: Recording, cursor_s: float) -> float:
    """Return the moment that a cursor means: not later than the end, or than what is known."""
    if recording.ending is not None:
        return min(cursor_s, recording.ending.at_s)
    if math.isfinite(cursor_s):
        return cursor_s
    tasks = recording.tasks
    known = np.concatenate([tasks.submitted_s, tasks.started_s, tasks.finished_s])
    return float(np.nanmax(known, initial=0.0))


def task_states(recording: Recording, cursor_s: float = math.inf) -> list[TaskState]:
    """Return the tasks that had been submitted by a moment, by when they came into their state.

    It costs some microseconds a task: for some dozens of them, not for thousands.
    """
    now_s, tasks = moment_of(recording, cursor_s), recording.tasks
    refusals = _refusals(recording.cancels, now_s)
    waits = _waits(recording.stalls, now_s)
    states = []
    for task in np.flatnonzero(tasks.submitted_s <= now_s).tolist():
        state, since_s = _state(tasks, task, now_s)
        refusal = refusals.get(task)
        states.append(
            TaskState(
                task=task,
                state=state,
                since_s=since_s,
                lasted_s=_lasted_s(tasks, task, state, now_s),
                refused_s=refusal.at_s if refusal else math.nan,
                refused_as=_state(tasks, task, refusal.at_s)[0] if refusal else None,
                wait=waits.get(task),
            )
        )
    return sorted(states, key=lambda one: (one.since_s, one.task))


def _state(tasks: Tasks, task: int, now_s: float) -> tuple[State, float]:
    """Return the state of a task at a moment, and when it came into it."""
    started_s, finished_s = float(tasks.started_s[task]), float(tasks.finished_s[task])
    if finished_s <= now_s and int(tasks.outcome[task]) in _ENDS:
        return _ENDS[int(tasks.outcome[task])], finished_s
    if started_s <= now_s:
        return "running", started_s
    return "pending", float(tasks.submitted_s[task])


def _lasted_s(tasks: Tasks, task: int, state: State, now_s: float) -> float:
    started_s = float(tasks.started_s[task])
    ran = started_s <= now_s
    end_s = float(tasks.finished_s[task]) if state in _ENDS.values() else now_s
    # An end that came first, over another connection, may lie before a start: no time is negative.
    return max(0.0, end_s - (started_s if ran else float(tasks.submitted_s[task])))


def _refusals(answers: Sequence[CancelAnswer], now_s: float) -> dict[int, CancelAnswer]:
    """Return the latest refusal of each task by a moment."""
    known = sorted(answers[-_RECENT:], key=lambda answer: answer.at_s)
    return {one.task: one for one in known if not one.cancelled and one.at_s <= now_s}


def _waits(stalls: Iterable[Stall], now_s: float) -> dict[int, Wait]:
    """Return what each task waits for at a moment, if nothing goes on."""
    known = [stall for stall in list(stalls) if stall.at_s <= now_s]
    latest = max(known, key=lambda stall: stall.at_s, default=None)
    return {wait.task: wait for wait in latest.waits} if latest else {}
