"""Facts about what happens now and then in a run: cancelled tasks, broken pools, stalls, orders."""

import math
import time
from bisect import bisect_left
from weakref import WeakKeyDictionary

import numpy as np

from core import metrics
from core.events import FAILED
from core.recording import Recording
from core.run_facts import Stall

_BROKEN = "Broken"
"""With this begin the names of what a pool raises that lost a worker."""

_known: WeakKeyDictionary[Recording, dict[str, object]] = WeakKeyDictionary()
"""What looking at all tasks showed: of 900,000 it takes a tenth of a second and more."""


def incident_facts(recording: Recording) -> dict[str, object]:
    """Return the facts by the names that the rules of the cards know; see `core.explain`."""
    return {
        "started": len(metrics.lanes(recording).task),
        "cancelled": metrics.outcomes(recording).cancelled,
        "refused": sum(not answer.cancelled for answer in recording.cancels),
        "troubles": len(recording.troubles),
        "raised": recording.raised.kind if recording.raised else "",
        "processes": sum(process.role == "worker" for process in recording.processes),
        "initialized": sum(one.done for one in recording.initialized),
        "initializing_s": sum(one.ended_s - one.begun_s for one in recording.initialized),
        **_executor_facts(recording),
        **_task_facts(recording),
        **_stall_facts(recording),
    }


def _task_facts(recording: Recording) -> dict[str, object]:
    """Return the facts for which all tasks are looked at; of a run that is over, once."""
    known = _known.get(recording)
    if known is None:
        known = {"broken": broken_tasks(recording), **_delivery_facts(recording)}
        if recording.ending is not None:
            _known[recording] = known
    return known


def broken_tasks(recording: Recording) -> int:
    """Return how many tasks failed because their pool had lost a worker or an initializer."""
    failed = np.flatnonzero(recording.tasks.outcome == FAILED)
    return sum(recording.result(task).startswith(_BROKEN) for task in failed.tolist())


def overtaken(recording: Recording) -> int:
    """Return how many tasks were delivered after one that had been submitted later."""
    submitted = metrics.submission_order(recording)
    delivered = metrics.delivery_order(recording)
    places = np.full(1 + max(submitted.max(initial=0), delivered.max(initial=0)), -1)
    places[submitted] = np.arange(len(submitted))
    order = places[delivered]
    order = order[order >= 0]  # its submission may be on its way still
    return int(np.count_nonzero(order < np.maximum.accumulate(order)))


def stalls_of(recording: Recording) -> list[tuple[Stall, float]]:
    """Return each stall with its end in seconds: when it went on, or when the run ended."""
    starts = [stall.at_s for stall in recording.stalls]
    end_s = recording.ending.at_s if recording.ending else math.inf
    found = []
    for place, stall in enumerate(recording.stalls):
        if stall.waits:
            after = bisect_left(starts, math.nextafter(stall.at_s, math.inf), lo=place)
            found.append((stall, starts[after] if after < len(starts) else end_s))
    return found


def stalled_for_s(recording: Recording) -> float:
    """Return for how long a run that goes on has been standing still now; 0 if it has not."""
    stalls = recording.stalls
    if recording.ending is not None or not stalls or not stalls[-1].waits:
        return 0.0
    resumed = [place for place, stall in enumerate(stalls) if not stall.waits]
    since_s = stalls[resumed[-1] + 1 if resumed else 0].at_s
    return (time.perf_counter_ns() - recording.origin_ns) * 1e-9 - since_s


def stall_now(recording: Recording) -> Stall | None:
    """Return the stall that a run is in right now, as far as is known."""
    stalls = recording.stalls
    return stalls[-1] if recording.running and stalls and stalls[-1].waits else None


def _executor_facts(recording: Recording) -> dict[str, object]:
    made = sorted(recording.executors.values(), key=lambda executor: executor.made_s)
    methods = [executor.start_method for executor in made if executor.start_method]
    facts: dict[str, object] = {"start_method": methods[-1] if methods else ""}
    if made and made[-1].max_workers is not None:
        facts["max_workers"] = made[-1].max_workers
    return facts


def _delivery_facts(recording: Recording) -> dict[str, object]:
    tasks = recording.tasks
    delivered_s = tasks.delivered_s[~np.isnan(tasks.delivered_s)]
    facts: dict[str, object] = {"overtaken": overtaken(recording)}
    if len(delivered_s):
        held_s = tasks.delivered_s - tasks.finished_s
        facts["first_delivered_s"] = float(delivered_s.min()) - recording.main_started_s
        facts["held_s"] = float(np.nanmax(held_s, initial=0.0))
    return facts


def _stall_facts(recording: Recording) -> dict[str, object]:
    stalls = stalls_of(recording)
    longest = max((stall.waits for stall, _ in stalls), key=len, default=())
    total_s = sum(end_s - stall.at_s for stall, end_s in stalls)
    return {"stalled_s": total_s if math.isfinite(total_s) else 0.0, "stalled_tasks": len(longest)}
