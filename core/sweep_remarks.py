"""What to bear in mind about a sweep: what would lead astray whoever looks at its curve alone."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from core.demos import usable_cores
from core.sweep import Sweep

Kind: TypeAlias = Literal["failed", "idle", "unequal", "cores", "uneven", "slower", "beyond"]

WORTH_TELLING: Final = 0.9
"""Shared out so that the workers are busy for a smaller part of the time, tasks are uneven."""

NOISE: Final = 0.05
"""So far a measurement may be off the law before it is said to be."""

GROWTH: Final = 1.2
"""A speed-up that is worth the name; without one the cores are not what was lacking."""


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing about a sweep.

    Attributes
    ----------
    kind : Kind
        ``failed``: tasks ended with an exception, in ``number`` runs. ``idle``: no run had a
        task. ``unequal``: the runs had from ``number`` to ``most`` tasks. ``cores``: it grew faster
        up to the ``number`` of cores, and no more with ``workers``, which are more. ``uneven``:
        ``number`` tasks cannot be shared out evenly among ``workers``. ``slower``: less than one
        worker's speed with ``workers``, which no curve of the law has; ``beyond``: more than ideal.
    workers : tuple[int, ...]
        The numbers of workers that it is about.
    """

    kind: Kind
    number: int = 0
    most: int = 0
    workers: tuple[int, ...] = ()


def remarks(sweep: Sweep, cores: int | None = None) -> tuple[Remark, ...]:
    """Return what to bear in mind, the weightiest first.

    Parameters
    ----------
    cores : int, optional
        How many the sweep could use; those of this machine unless given.
    """
    return tuple(_remarks(sweep, cores or usable_cores())) if sweep.points else ()


def _remarks(sweep: Sweep, cores: int) -> Iterator[Remark]:
    failed = sum(run.failed > 0 for run in sweep.measured)
    if failed:
        yield Remark("failed", failed)
    tasks = [run.tasks for run in sweep.measured]
    fewest, most = min(tasks), max(tasks)
    if most == 0:
        yield Remark("idle")
    elif fewest != most:
        yield Remark("unequal", fewest, most)
    yield from _off_the_law(sweep)
    yield from _short_of_cores(sweep, cores)
    uneven = tuple(point.workers for point in sweep.points if _is_uneven(most, point.workers))
    if fewest == most and uneven:
        yield Remark("uneven", most, workers=uneven)


def _short_of_cores(sweep: Sweep, cores: int) -> Iterator[Remark]:
    """Yield that more workers than cores gained nothing, which the fit takes for serial work."""
    best = max(point.median for point in sweep.points if point.workers <= cores)
    more = [point for point in sweep.points if point.workers > cores]
    if more and best > GROWTH and all(point.median < best * (1 + NOISE) for point in more):
        yield Remark("cores", cores, workers=tuple(point.workers for point in more))


def _is_uneven(tasks: int, workers: int) -> bool:
    """Return whether equal tasks would leave the workers idle for a good part of the time."""
    rounds = math.ceil(tasks / workers)
    return 0 < tasks < WORTH_TELLING * workers * rounds


def _off_the_law(sweep: Sweep) -> Iterator[Remark]:
    """Yield where the fit ended at a bound, because no share between 0 and 1 comes near."""
    points = [point for point in sweep.points if point.workers > 1]
    slower = tuple(point.workers for point in points if point.median < 1 - NOISE)
    most = 1 + NOISE
    beyond = tuple(point.workers for point in points if point.median > most * point.workers)
    if sweep.serial == 1 and slower:
        yield Remark("slower", workers=slower)
    if sweep.serial == 0 and beyond:
        yield Remark("beyond", workers=beyond)
