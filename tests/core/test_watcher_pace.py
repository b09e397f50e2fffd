"""How often the watcher looks follows from what looking costs."""

import time

import pytest

from core.watcher import pace
from core.watcher.pace import FASTEST_NS, SLOWEST_NS, Pace


@pytest.fixture
def used_ns(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return the processor time that the watcher has used, which a test may change."""
    used = [0]
    monkeypatch.setattr(time, "process_time_ns", lambda: used[0])
    monkeypatch.setattr(pace, "_CORES", 2)
    monkeypatch.setattr(pace, "SHARE_OF_ALL", pace.SHARE / 4)
    return used


def after(used_ns: list[int], cost_ns: int, *, are_cores_needed: bool = False) -> int:
    """Return the period when a sweep has cost so much for a while."""
    kept = Pace()
    for _ in range(50):
        used_ns[0] += 10 * cost_ns
        kept.adapt(10, are_cores_needed=are_cores_needed)
    return kept.period_ns


def test_cheap_looks_come_1000_times_a_second(used_ns: list[int]) -> None:
    assert after(used_ns, 30_000) == FASTEST_NS == 1_000_000


@pytest.mark.parametrize("cost_ns", [100_000, 330_000, 800_000])
def test_dear_looks_come_so_seldom_that_they_keep_the_share(
    used_ns: list[int], cost_ns: int
) -> None:
    assert cost_ns / after(used_ns, cost_ns) == pytest.approx(pace.SHARE, rel=0.01)
    full = after(used_ns, cost_ns, are_cores_needed=True)
    assert cost_ns / full == pytest.approx(2 * pace.SHARE_OF_ALL, rel=0.01)


def test_it_never_stops_to_look(used_ns: list[int]) -> None:
    assert after(used_ns, 10**12) == SLOWEST_NS


def test_a_costly_moment_passes(used_ns: list[int]) -> None:
    kept = Pace()
    used_ns[0] += 10**9
    kept.adapt(1, are_cores_needed=False)
    assert kept.period_ns == SLOWEST_NS
    for _ in range(60):
        used_ns[0] += 100_000
        kept.adapt(10, are_cores_needed=False)
    assert kept.period_ns == FASTEST_NS


def test_what_it_takes_to_begin_is_no_cost_of_a_look(used_ns: list[int]) -> None:
    kept = Pace()
    used_ns[0] += 10**9
    kept.begin()
    used_ns[0] += 30 * 30_000
    kept.adapt(30, are_cores_needed=False)
    assert kept.period_ns == FASTEST_NS


def test_the_first_looks_come_no_oftener_than_they_may(used_ns: list[int]) -> None:
    period_ns = Pace().period_ns
    assert FASTEST_NS < period_ns == after(used_ns, pace._FIRST_COST_NS, are_cores_needed=True)
