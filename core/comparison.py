"""Finished runs, side by side by mode.

Runs are compared only when they did the same work: the same script but for its
executor, the same knobs, the same Python. Runs that did not end well are no
measurement and never enter a comparison.
"""

import hashlib
import json
import math
import re
import statistics
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, Self

from core import metrics
from core.modes import MODES
from core.recording import Recording
from core.run_facts import Header
from core.script.rewriting import MODE_KNOB
from core.series import Spread, spreads_of

_EXECUTOR_LINE: Final = re.compile(rf"^{MODE_KNOB}\s*[:=].*$", re.MULTILINE)
_MODE_ORDER: Final = {mode.name: place for place, mode in enumerate(MODES)}


@dataclass(frozen=True, slots=True)
class Workload:
    """What must be equal for two runs to be compared: all but the mode."""

    demo: str
    knobs: str
    """The knobs without the mode, as JSON."""
    text: str
    """A digest of the script without the line of the mode."""
    python: str
    free_threaded: bool

    @classmethod
    def of(cls, header: Header) -> Self:
        """Return the workload of a run with this header."""
        knobs = {name: value for name, value in header.knobs.items() if name != MODE_KNOB}
        return cls(
            demo=header.demo,
            knobs=json.dumps(knobs, sort_keys=True, default=repr),
            text=_digest(header.script),
            python=header.python,
            free_threaded=header.free_threaded,
        )


@lru_cache(maxsize=32)  # each frame may ask, and a script may have a megabyte
def _digest(script: str) -> str:
    """Return a digest of a script without the line of its mode."""
    text = _EXECUTOR_LINE.sub("", script).encode("utf-8", "surrogatepass")
    return hashlib.sha256(text).hexdigest()


@dataclass(frozen=True, slots=True)
class RunSummary:
    """One run in a few numbers."""

    workload: Workload
    demo: str
    mode: str
    knobs: Mapping[str, Any] = field(hash=False)
    """The knobs of the script, without the mode."""
    python: str
    free_threaded: bool
    outcome: str
    """done, failed, stopped or timed out; empty while it runs."""
    elapsed_s: float
    """NaN when ``main()`` did not end."""
    tasks: int
    workers: int
    failed: int
    dropped: int
    watches: Mapping[str, float] = field(hash=False)
    """The last value of each watch."""
    expected: Mapping[str, float] = field(hash=False)
    """The value that each watch should have had; only what is known."""
    spreads: Mapping[str, Spread] = field(default_factory=dict, hash=False)
    """What each watch told in the run, from first to last."""

    def lost(self, watch: str) -> float:
        """Return the lost updates of a watch; NaN when its value or its aim is not known."""
        value = self.watches.get(watch, math.nan)
        return metrics.lost_updates(value, self.expected.get(watch, math.nan))


def summary_of(recording: Recording, expected: Mapping[str, float]) -> RunSummary:
    """Return a recording in a few numbers; ``expected`` is the aim of each watch."""
    header = recording.header
    counts = metrics.outcomes(recording)
    return RunSummary(
        workload=Workload.of(header),
        demo=header.demo,
        mode=header.mode,
        knobs={name: value for name, value in header.knobs.items() if name != MODE_KNOB},
        python=header.python,
        free_threaded=header.free_threaded,
        outcome=recording.ending.outcome if recording.ending else "",
        elapsed_s=recording.elapsed_s,
        tasks=len(recording),
        workers=metrics.worker_count(recording),
        failed=counts.failed,
        dropped=recording.dropped,
        watches=recording.watched(),
        expected=dict(expected),
        spreads=spreads_of(recording),
    )


@dataclass(frozen=True, slots=True)
class ModeResult:
    """The runs of one mode, of one workload."""

    mode: str
    runs: tuple[RunSummary, ...]
    """In the order in which they ended; at least one."""
    median_s: float
    min_s: float
    speedup: float | None
    """Median of the sequential runs over the median here; None without sequential runs."""


class Comparison:
    """Collects the finished runs of a session. For one thread only."""

    def __init__(self) -> None:
        self._runs: list[RunSummary] = []

    def __len__(self) -> int:
        """Return the number of runs that count."""
        return len(self._runs)

    def add(self, run: RunSummary) -> bool:
        """Add a run and return whether it counts: it was done, and its time is known."""
        counts = run.outcome == "done" and math.isfinite(run.elapsed_s)
        if counts:
            self._runs.append(run)
        return counts

    def runs_of(self, workload: Workload) -> tuple[RunSummary, ...]:
        """Return the runs of a workload in the order in which they ended."""
        return tuple(run for run in self._runs if run.workload == workload)

    def workloads(self) -> tuple[Workload, ...]:
        """Return the workloads that have runs, the first measured first."""
        return tuple(dict.fromkeys(run.workload for run in self._runs))

    def modes_of(self, workload: Workload) -> dict[str, ModeResult]:
        """Return the result of each mode that has runs, in the order of the mode buttons."""
        by_mode: dict[str, list[RunSummary]] = {}
        for run in self.runs_of(workload):
            by_mode.setdefault(run.mode, []).append(run)
        sequential_s = _median_s(by_mode.get("sequential", []))
        ordered = sorted(by_mode, key=lambda mode: _MODE_ORDER.get(mode, len(_MODE_ORDER)))
        return {mode: _result(mode, by_mode[mode], sequential_s) for mode in ordered}


def _median_s(runs: list[RunSummary]) -> float | None:
    return statistics.median(run.elapsed_s for run in runs) if runs else None


def _result(mode: str, runs: list[RunSummary], sequential_s: float | None) -> ModeResult:
    median_s = statistics.median(run.elapsed_s for run in runs)
    speedup = sequential_s / median_s if sequential_s is not None and median_s > 0 else None
    return ModeResult(mode, tuple(runs), median_s, min(run.elapsed_s for run in runs), speedup)
