"""What the watcher makes of what it reads of one thread, from files that a test writes."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.watcher import thread
from core.watcher.thread import GONE, READY, RUNNING, WAITING, Thread

MS = 1_000_000


class Planted:
    """A thread of which the test says what the system tells."""

    def __init__(self, folder: Path) -> None:
        self._stat = folder / "stat"
        self.told(b"1 (python3) S 1")
        self.thread = Thread(os.getpid(), os.getpid())
        os.close(self.thread._stat)
        self.thread._stat = os.open(self._stat, os.O_RDONLY)
        self._delay_ns = self._ran_ns = 0

    def told(self, line: bytes) -> None:
        """Let the system tell name and state so."""
        self._stat.write_bytes(line.ljust(80))

    def delayed(self, total_ns: int) -> None:
        """Let the system have added up so much waiting for a processor."""
        self._delay_ns = total_ns

    def ran(self, total_ns: int) -> None:
        """Let the system have added up so much time on a processor."""
        self._ran_ns = total_ns

    def seen(self, at_ms: int, state: int, before_ms: int | None = None) -> None:
        """Let the watcher look; the time of the look before is told if it is not a millisecond."""
        before_ms = max(0, at_ms - 1) if before_ms is None else before_ms
        if state == GONE:
            self.thread.gone(at_ms * MS)
            return
        self.told(b"1 (python3) " + (b"R" if state == RUNNING else b"S"))
        counts = b"%d %d 4\n" % (self._ran_ns, self._delay_ns)
        self.thread.changed(at_ms * MS, before_ms * MS, counts)

    @property
    def rows(self) -> list[tuple[float, int]]:
        """Return what would be sent, times in milliseconds."""
        return [(at / MS, state) for at, state in self.thread.rows]


pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")


@pytest.fixture
def planted(tmp_path: Path) -> Iterator[Planted]:
    """Return a thread that really exists, with planted waits."""
    made = Planted(tmp_path)
    yield made
    made.thread.close()


def test_only_changes_are_kept(planted: Planted) -> None:
    planted.seen(0, WAITING)
    for at_ms, state in enumerate([WAITING, RUNNING, RUNNING, WAITING, GONE], 1):
        planted.seen(at_ms, state)
        planted.ran((at_ms - 1) * MS)
    assert planted.rows == [(0, WAITING), (2, RUNNING), (4, WAITING), (5, GONE)]


def test_a_wait_for_a_processor_is_told_when_it_is_over(planted: Planted) -> None:
    for at_ms in range(10):
        planted.seen(at_ms, RUNNING)
    assert planted.rows == [(0, RUNNING)]
    planted.delayed(4 * MS)
    planted.seen(10, RUNNING)
    assert planted.rows == [(0, RUNNING), (6, READY), (10, RUNNING)]


def test_a_thread_that_waited_from_the_start_never_ran(planted: Planted) -> None:
    planted.seen(0, WAITING)
    planted.seen(1, RUNNING)
    planted.delayed(3 * MS)
    planted.seen(3, RUNNING)
    assert planted.rows == [(0, WAITING), (1, READY), (3, RUNNING)]


def test_what_has_been_sent_stays_so(planted: Planted) -> None:
    planted.seen(1, RUNNING)
    planted.thread.rows = []
    planted.delayed(3 * MS)
    planted.seen(3, RUNNING)
    assert planted.rows == [(1 + 1 / MS, READY), (3, RUNNING)]


def test_a_thread_that_waited_and_is_done_ran_before_as_long_as_it_had(planted: Planted) -> None:
    planted.seen(1, RUNNING)
    planted.ran(2 * MS)
    planted.delayed(2 * MS)
    planted.seen(5, WAITING)
    assert planted.rows == [(1, RUNNING), (3, READY), (5, WAITING)]


def test_waits_that_nobody_could_see_and_those_of_before_do_not_count(planted: Planted) -> None:
    planted.delayed(7 * MS)
    planted.seen(1, WAITING)
    planted.seen(2, RUNNING)
    planted.delayed(7 * MS + 100_000)
    planted.seen(3, RUNNING)
    assert planted.rows == [(1, WAITING), (2, RUNNING)]


def test_a_wait_for_a_processor_ends_what_was_done_before(planted: Planted) -> None:
    planted.seen(0, WAITING)
    planted.delayed(3 * MS)
    planted.seen(9, RUNNING)
    assert planted.rows == [(0, WAITING), (6, READY), (9, RUNNING)]


def test_a_wait_between_two_looks_is_told_though_nothing_else_was_seen(planted: Planted) -> None:
    planted.seen(0, WAITING)
    planted.delayed(3 * MS)
    planted.seen(9, WAITING)
    assert planted.rows == [(0, WAITING), (6, READY), (9, WAITING)]


def test_a_burst_between_two_looks_is_told_for_as_long_as_it_took(planted: Planted) -> None:
    planted.seen(0, WAITING)
    planted.ran(MS // 4)
    planted.seen(9, WAITING, before_ms=8)
    assert planted.rows == [(0, WAITING), (8.75, RUNNING), (9, WAITING)]
    planted.ran(MS // 4 + 10_000)  # has looked whether the GIL is free
    planted.seen(20, WAITING)
    assert planted.rows == [(0, WAITING), (8.75, RUNNING), (9, WAITING)]


def test_a_burst_may_have_waited_for_its_processor(planted: Planted) -> None:
    planted.seen(0, WAITING)
    planted.ran(2 * MS)
    planted.delayed(3 * MS)
    planted.seen(9, WAITING, before_ms=1)
    assert planted.rows == [(0, WAITING), (4, READY), (7, RUNNING), (9, WAITING)]


def test_a_thread_ran_no_longer_than_it_had_a_processor(planted: Planted) -> None:
    planted.seen(0, WAITING)
    planted.seen(4, RUNNING)
    planted.ran(MS // 2)
    planted.seen(5, WAITING, before_ms=4)
    assert planted.rows == [(0, WAITING), (4, RUNNING), (4.5, WAITING)]


def test_it_is_told_to_have_ceased_after_the_look_that_saw_it_run(planted: Planted) -> None:
    planted.seen(0, WAITING)
    planted.seen(4, RUNNING)
    planted.ran(MS)  # it may have slept in between, nobody knows when
    planted.seen(20, WAITING, before_ms=16)
    assert planted.rows == [(0, WAITING), (4, RUNNING), (16, WAITING)]


def test_a_wait_for_a_processor_is_no_running(planted: Planted) -> None:
    planted.seen(0, WAITING)
    planted.seen(1, RUNNING)
    planted.ran(4 * MS)
    planted.delayed(2 * MS)
    planted.seen(8, WAITING, before_ms=4)
    assert planted.rows == [(0, WAITING), (1, RUNNING), (5, READY), (7, WAITING)]


def test_the_name_tells_the_threads_of_the_lab(planted: Planted) -> None:
    planted.seen(0, RUNNING)
    assert not planted.thread.is_observer()
    planted.told(b"77 (futures-lab) R 1")
    planted.thread.read_name()
    assert planted.thread.is_observer()
    planted.thread.gone(3 * MS)
    assert planted.thread.is_observer()


@pytest.mark.parametrize("name", [b"a) R (b", b") S 1", b"(((((", b"\n) R\n"])
def test_a_name_may_look_like_the_end_of_a_name(planted: Planted, name: bytes) -> None:
    planted.told(b"77 (" + name + b") R 1 1 1 0 -1 4194368 4")
    planted.thread.changed(0, 0, b"1 0 1\n")
    assert planted.thread.state == RUNNING


def test_the_state_is_read_again_where_the_system_keeps_no_counts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(thread, "_are_counts_kept", lambda: False)
    made = Thread(os.getpid(), threading.get_native_id())
    try:
        line = os.pread(made.counts_file, 80, 0)
        assert b") R " in line
        made.changed(0, 0, line)
        assert made.rows == [(0, RUNNING)]
    finally:
        made.close()
