"""Where the things of the comparison stand: pure functions of its rows. No Qt."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from gui.charts.time_axis import live_span_s

FIGURE_REACH: Final = 2.5
"""A tutorial's figure more than so many times the longest run is shown at the edge instead."""

MOST_DOTS: Final = 60
"""Of more runs than these, the latest are shown."""

_SPREAD: Final = 0.618  # the golden section scatters dots evenly, and always in the same way


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """One mode of the comparison."""

    mode: str
    label: str
    """What people call it."""
    median_s: float | None = None
    """None: it was not run yet."""
    runs_s: tuple[float, ...] = ()
    """Each run, in the order of the runs."""
    speedup: float | None = None
    """Over sequential; None when that was not run."""
    figure_s: float | None = None
    """The tutorial's figure."""
    current: bool = False
    """Whether this is the mode that is chosen now."""
    pinned_s: float | None = None
    """The time of the pinned run, if it was in this mode and another one is shown."""


def axis_end_s(rows: Sequence[ComparisonRow], running_s: float | None) -> float:
    """Return the time at the right end of the axis; 0 when there is nothing to show.

    It holds every run; the tutorial's figures only as far as they do not flatten the bars;
    and a run that goes on, for which it grows in steps.
    """
    measured_s = [run_s for row in rows for run_s in (*row.runs_s, row.median_s or 0.0)]
    pinned_s = [row.pinned_s for row in rows if row.pinned_s is not None]
    end_s = max([*measured_s, *pinned_s], default=0.0)
    figures_s = [row.figure_s for row in rows if row.figure_s is not None]
    near_s = [figure_s for figure_s in figures_s if figure_s <= end_s * FIGURE_REACH]
    end_s = max([end_s, *near_s])
    if running_s is not None and running_s > end_s:
        end_s = max(end_s, live_span_s(running_s))
    return end_s


def scatter(runs_s: Sequence[float]) -> list[tuple[float, float]]:
    """Return a dot for each run: its time, and how far off the middle it is (-0.5 to 0.5).

    A few dots lie in the middle of the bar; more are scattered, so that equal ones can be told.
    """
    latest = list(runs_s)[-MOST_DOTS:]
    if len(latest) <= 2:
        return [(run_s, 0.0) for run_s in latest]
    return [(run_s, (place * _SPREAD) % 1 - 0.5) for place, run_s in enumerate(latest)]
