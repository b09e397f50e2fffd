"""What is to be borne in mind about a sweep: said where it holds, and nowhere else."""

from typing import get_args

import pytest

from core import sweep_remarks
from core.cli.sweep_verb import REMARKS
from core.sweep import Sweep, SweepPlan
from core.sweep_remarks import Kind, Remark, remarks


def sweep(*speedups: float, tasks: tuple[int, ...] = (), failed: int = 0) -> Sweep:
    """Return a sweep over 1, 2, 3 ... workers with these speed-ups; 12 tasks divide well."""
    workers = tuple(range(1, len(speedups) + 1))
    made = Sweep(SweepPlan("WORKERS", "threads", workers))
    for count, speedup in zip(workers, speedups, strict=True):
        number = tasks[count - 1] if tasks else 12
        made = made.with_run(count, 1.0 / speedup, number, failed if count == 1 else 0)
    return made


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (Sweep(SweepPlan("WORKERS", "threads", (1, 2))), []),
        (sweep(1.0), []),
        (sweep(1.0, 1.9, 2.7, 3.4), []),
        (sweep(1.0, 0.97, 1.0), []),  # as fast as one, but for the noise
        (sweep(1.0, 2.05, 3.0), []),
        (sweep(1.0, 0.6, 0.99), [Remark("slower", workers=(2,))]),
        (sweep(1.0, 2.0, 3.6), [Remark("beyond", workers=(3,))]),
        (sweep(1.0, 1.9, failed=2), [Remark("failed", 1)]),
        (sweep(1.0, 1.0, tasks=(0, 0)), [Remark("idle")]),
        (sweep(1.0, 1.5, tasks=(1, 2)), [Remark("unequal", 1, 2)]),
        (sweep(1.0, 1.9, 2.6, 3.0, tasks=(8,) * 4), [Remark("uneven", 8, workers=(3,))]),
        (sweep(1.0, 1.9, 1.9, 1.9, tasks=(2,) * 4), [Remark("uneven", 2, workers=(3, 4))]),
        (sweep(1.0, 1.9, 2.8, tasks=(100,) * 3), []),  # 34 rounds of 3: nobody would see it
    ],
)
def test_what_is_said_of_a_sweep(shown: Sweep, expected: list[Remark]) -> None:
    assert list(remarks(shown, cores=8)) == expected


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (sweep(1.0, 1.8, 1.75, 1.8), [Remark("cores", 2, workers=(3, 4))]),
        (sweep(1.0, 1.8, 1.85, 1.8), [Remark("cores", 2, workers=(3, 4))]),  # but for the noise
        (sweep(1.0, 1.8), []),
        (sweep(1.0, 1.9, 2.7, 3.4), []),  # who only waits needs no core
        (sweep(1.0, 1.05, 1.0, 1.0), []),  # the GIL leaves a core idle, and more would be idle too
    ],
)
def test_what_the_cores_hold_up_is_not_taken_for_serial_work(
    shown: Sweep, expected: list[Remark]
) -> None:
    assert list(remarks(shown, cores=2)) == expected


def test_the_cores_are_those_of_this_machine_unless_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep_remarks, "usable_cores", lambda: 2)
    assert remarks(sweep(1.0, 1.8, 1.8)) == (Remark("cores", 2, workers=(3,)),)


def test_the_weightiest_comes_first() -> None:
    assert [one.kind for one in remarks(sweep(1.0, 0.5, 0.4, tasks=(2,) * 3, failed=1), 8)] == [
        *("failed", "slower", "uneven")
    ]


def test_the_command_line_has_words_for_each() -> None:
    assert set(REMARKS) == set(get_args(Kind))
