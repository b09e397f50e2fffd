"""A finished run as a JSON object, and as lines for people."""

import json
import math
from typing import Any, Final

from core import metrics
from core.card import Card
from core.comparison import Comparison, RunSummary
from core.explain import explain
from core.facts import facts_of
from core.incidents import stalls_of
from core.number_format import count, seconds
from core.recording import Recording
from core.run_facts import Stall

_MOST_NAMED: Final = 4


def run_object(recording: Recording, summary: RunSummary) -> dict[str, Any]:
    """Return what ``run --json`` prints; a value that is not known is None."""
    return {
        "demo": summary.demo,
        "mode": summary.mode,
        "python": summary.python or None,
        "free_threaded": summary.free_threaded,
        "outcome": summary.outcome,
        "elapsed_s": known(summary.elapsed_s),
        "tasks": summary.tasks,
        "workers": summary.workers,
        "failed": summary.failed,
        "dropped": summary.dropped,
        "submitted_order": metrics.submission_order(recording).tolist(),
        "completed_order": metrics.completion_order(recording).tolist(),
        "stalls": [_stall_object(recording, *stall) for stall in stalls_of(recording)],
        "output": [line.text for line in recording.output],
        "watches": {name: known(value) for name, value in summary.watches.items()},
        "expected": {name: known(value) for name, value in summary.expected.items()},
        "troubles": recording.troubles,
    }


def _stall_object(recording: Recording, stall: Stall, end_s: float) -> dict[str, Any]:
    waits = [{"task": one.task, "awaited": one.awaited, "what": one.what} for one in stall.waits]
    return {
        "since_s": known(stall.at_s - recording.main_started_s),
        "until_s": known(end_s - recording.main_started_s),
        "waits": waits,
    }


def stall_sentence(recording: Recording, stall: Stall) -> str:
    """Return since when nothing goes on, and who waits for whom; tasks are counted from 1."""
    named = [
        f"task {one.task + 1} waits for task {one.awaited + 1} ({one.what})"
        for one in stall.waits[:_MOST_NAMED]
    ]
    if len(stall.waits) > len(named):
        named.append(f"and {count(len(stall.waits) - len(named))} more wait")
    since = seconds(stall.at_s - recording.main_started_s)
    return f"Since {since} nothing has run or finished: {', '.join(named)}. Ctrl+C ends the run."


def known(value: float | None) -> float | None:
    """Return a number, or None for one that JSON does not know."""
    return value if value is not None and math.isfinite(value) else None


def as_json(value: Any) -> str:
    """Return JSON in plain ASCII: it survives every terminal and every pipe."""
    return json.dumps(value, allow_nan=False)


def headline(summary: RunSummary) -> str:
    """Return a run in one line: ``0.93 s · 3 tasks on 3 workers · threads · Python 3.11.7``."""
    work = f"{_counted(summary.tasks, 'task')} on {_counted(summary.workers, 'worker')}"
    if summary.failed:
        work += f", {count(summary.failed)} failed"
    return " · ".join([seconds(summary.elapsed_s), work, summary.mode, _python(summary)])


def _python(summary: RunSummary) -> str:
    if summary.python:
        return f"Python {summary.python}" + (" free-threaded" if summary.free_threaded else "")
    # A script that ran to its end had a Python, which had no room for a connection to say which.
    return "Python not seen" if summary.outcome == "done" else "Python did not start"


def told(
    card: Card, recording: Recording, summary: RunSummary, comparison: Comparison | None = None
) -> list[str]:
    """Return the sentences about a run."""
    return explain(card, facts_of(recording, summary, comparison), "en")


def _counted(number: int, noun: str) -> str:
    return f"{count(number)} {noun}" + ("" if number == 1 else "s")
