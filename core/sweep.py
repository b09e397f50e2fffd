"""A sweep: the same work with 1, 2, 4 ... workers, and what the times say about it."""

import math
import statistics
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal, NamedTuple, Self, TypeAlias

import numpy as np

from core.amdahl import fitted_serial
from core.card import SCRIPT_MODE, SWEEP_PAGE, Card
from core.demos import Demo, usable_cores
from core.jobs import in_mode
from core.knob_values import check_value
from core.refusals import JobProblem
from core.script import KnobValue, find_knobs, set_knob

SEQUENTIAL: Final = "sequential"

Steps: TypeAlias = Literal["doubling", "all"]
"""Which numbers of workers: powers of two and the last one, or each."""

MOST_WORKERS: Final = 61
"""What a pool of processes may have on Windows; enough for every curve."""

MOST_REPEATS: Final = 20


class SweepProblem(JobProblem):
    """A sweep cannot be made as asked; the text says why and what to do."""


class NothingToSweep(SweepProblem):
    """A script cannot be swept at all.

    Attributes
    ----------
    reason : Localized or None
        The one on its card.
    lacks : {"modes", "knob"}
        What there would have to be: a mode with workers, or a number that is theirs alone.
    """

    def __init__(self, demo: Demo, lacks: Literal["modes", "knob"]) -> None:
        self.reason = demo.card.why_no_sweep
        self.lacks = lacks
        if self.reason is not None:
            super().__init__(f"{demo.name} cannot be swept over workers: {self.reason.en}")
        elif lacks == "modes":
            super().__init__(
                f"{demo.name} has no mode with workers, so there is nothing to sweep; give its "
                "tasks to an executor."
            )
        else:
            super().__init__(
                f"{demo.name} has no constant that can be its number of workers, so there is "
                "nothing to sweep; write one, like MAX_WORKERS = 4, and give it to the executor."
            )


@dataclass(frozen=True, slots=True)
class SweepPlan:
    """What to run.

    Attributes
    ----------
    knob : str
        The knob that is the number of workers.
    mode : str
        Of all runs; never sequential, which has no workers.
    workers : tuple[int, ...]
        Ascending, beginning with 1: that is what the others are compared with.
    repeats : int
        Runs with each number of workers.
    """

    knob: str
    mode: str
    workers: tuple[int, ...]
    repeats: int = 1

    @property
    def runs(self) -> tuple[int, ...]:
        """Return the number of workers of each run, in order.

        All numbers come in turn, so that a machine that slows down slows all of them down.
        """
        return self.workers * self.repeats


class Measured(NamedTuple):
    """One run of a sweep."""

    workers: int
    elapsed_s: float
    tasks: int
    """How many tasks it gave to executors, and how many of them failed."""
    failed: int


class Point(NamedTuple):
    """What was measured with one number of workers: speed-up over the median of one worker."""

    workers: int
    runs: int
    median_s: float
    low: float
    median: float
    high: float


@dataclass(frozen=True, slots=True)
class Sweep:
    """A sweep, as far as it has come.

    Attributes
    ----------
    plan : SweepPlan
        What was asked for.
    measured : tuple[Measured, ...]
        The runs that ended well, in order.
    why_ended : str or Exception
        Why it ended early: how the last run ended, or why it was refused; empty if it did not.
    ended_at : int
        With how many workers that was.
    is_over : bool
        Whether no more runs come.
    """

    plan: SweepPlan
    measured: tuple[Measured, ...] = ()
    why_ended: str | Exception = ""
    ended_at: int = 0
    is_over: bool = False

    @property
    def done(self) -> int:
        """Return the number of runs that were measured."""
        return len(self.measured)

    def with_run(self, workers: int, elapsed_s: float, tasks: int = 1, failed: int = 0) -> Self:
        """Return the sweep with one more run."""
        run = Measured(workers, elapsed_s, tasks, failed)
        return replace(self, measured=(*self.measured, run))

    def ended_by(self, why: str | Exception, workers: int) -> Self:
        """Return the sweep ended early by a run with so many workers; the times are kept."""
        return replace(self, why_ended=why, ended_at=workers, is_over=True)

    def over(self) -> Self:
        """Return the sweep when no more runs come."""
        return replace(self, is_over=True)

    @property
    def points(self) -> tuple[Point, ...]:
        """Return what was measured by the number of workers; none before one worker was."""
        times_s: dict[int, tuple[float, ...]] = {}
        for run in self.measured:
            times_s[run.workers] = (*times_s.get(run.workers, ()), run.elapsed_s)
        if 1 not in times_s:
            return ()
        base_s = statistics.median(times_s[1])
        return tuple(_point(workers, times_s[workers], base_s) for workers in sorted(times_s))

    @property
    def serial(self) -> float:
        """Return the serial share of Amdahl's law, fitted to the medians; NaN if nothing tells."""
        points = self.points
        workers = np.array([point.workers for point in points], dtype=np.float64)
        medians = np.array([point.median for point in points], dtype=np.float64)
        return fitted_serial(workers, medians)


def _point(workers: int, runs_s: tuple[float, ...], base_s: float) -> Point:
    median_s = statistics.median(runs_s)
    low, median, high = (_over(base_s, each) for each in (max(runs_s), median_s, min(runs_s)))
    return Point(workers, len(runs_s), median_s, low, median, high)


def _over(base_s: float, run_s: float) -> float:
    return base_s / run_s if run_s > 0 else math.nan


def worker_counts(most: int, steps: Steps = "doubling") -> tuple[int, ...]:
    """Return the numbers of workers of a sweep from 1 to ``most``."""
    if steps == "all":
        return tuple(range(1, most + 1))
    powers = [1 << power for power in range(most.bit_length()) if 1 << power < most]
    return (*powers, most)


def sweep_modes(card: Card) -> tuple[str, ...]:
    """Return the modes that can be swept: all but sequential."""
    return tuple(mode for mode in card.modes if mode != SEQUENTIAL)


def candidates(demo: Demo, values: Mapping[str, KnobValue]) -> tuple[str, ...]:
    """Return the knobs that may be the number of workers, the likeliest first.

    A card that names it leaves no choice. Where it only has the page for a sweep, as those of own
    scripts have that do not show which it is, any whole number may be it.
    """
    named = demo.card.workers
    if named is not None or SWEEP_PAGE not in demo.card.pages:
        return (named,) if named is not None and named in values else ()
    return tuple(
        name
        for name, value in values.items()
        if isinstance(value, int) and not isinstance(value, bool)
    )


def why_nothing(demo: Demo, values: Mapping[str, KnobValue]) -> NothingToSweep | None:
    """Return why a script with these knobs cannot be swept; None if it can."""
    if not sweep_modes(demo.card):
        return NothingToSweep(demo, "modes")
    return None if candidates(demo, values) else NothingToSweep(demo, "knob")


def most_workers(card: Card, knob: str) -> int:
    """Return how many workers a sweep may have at most."""
    known = card.knob(knob)
    most = known.maximum if known is not None and known.maximum is not None else MOST_WORKERS
    return min(int(most), MOST_WORKERS)


def usual_most(card: Card, knob: str) -> int:
    """Return how many workers a sweep goes to unless asked: twice what can compute at a time."""
    return max(1, min(most_workers(card, knob), max(4, usable_cores())))


def plan_for(
    demo: Demo, text: str, mode: str, workers: tuple[int, ...], repeats: int = 1, knob: str = ""
) -> SweepPlan:
    """Return a plan that can be run, with 1 worker in it.

    Raises
    ------
    SweepProblem
        The script cannot be swept, has no such knob, or has no workers in that mode; or there
        are too many.
    core.script.ScriptError
        The card does not allow such a number of workers.
    """
    values = {each.name: each.value for each in find_knobs(text)}
    problem, found = why_nothing(demo, values), candidates(demo, values)
    if problem is not None:
        raise problem
    if mode not in sweep_modes(demo.card):
        raise SweepProblem(
            f"{demo.name} has no workers in {mode} mode, so there is nothing to sweep; "
            "choose another mode."
        )
    name = knob or next(iter(found), "")
    if name not in found:
        raise SweepProblem(
            f"{knob} cannot be the number of workers of {demo.name}; choose {' or '.join(found)}."
        )
    plan = SweepPlan(name, mode, tuple(sorted({1, *workers})), repeats)
    known = demo.card.knob(name)
    if known is not None:
        for count in plan.workers:
            check_value(known, count)
    if plan.workers[-1] > MOST_WORKERS:
        raise SweepProblem(
            f"A sweep goes up to {MOST_WORKERS} workers; {plan.workers[-1]:,} is too many."
        )
    return plan


def text_with(demo: Demo, text: str, plan: SweepPlan, workers: int) -> str:
    """Return the script of one run of a sweep."""
    if plan.mode != SCRIPT_MODE:
        text = in_mode(demo, text, plan.mode)
    return set_knob(text, plan.knob, workers)
