"""What the watcher makes of what it reads of one thread, from files that a test writes."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.watcher.thread import GONE, READY, RUNNING, WAITING, Thread

MS = 1_000_000


class Planted:
    """A thread whose waits for a processor are what the test says."""

    def __init__(self, folder: Path) -> None:
        self._sched = folder / "schedstat"
        self.delayed(0)
        self.thread = Thread(os.getpid(), os.getpid())
        os.close(self.thread._sched)
        self.thread._sched = os.open(self._sched, os.O_RDONLY)

    def delayed(self, total_ns: int) -> None:
        """Let the system have added up so much."""
        self._sched.write_text(f"123 {total_ns:020} 4\n")

    def seen(self, at_ms: int, state: int, line: bytes = b"1 (python3) R") -> None:
        """Let the watcher look."""
        self.thread.seen(at_ms * MS, state, line)

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
    for at_ms, state in enumerate([WAITING, WAITING, RUNNING, RUNNING, WAITING, GONE]):
        planted.seen(at_ms, state)
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


def test_a_thread_that_waited_and_is_done_ran_for_no_time_that_was_seen(planted: Planted) -> None:
    planted.seen(1, RUNNING)
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


def test_the_name_tells_the_threads_of_the_lab(planted: Planted) -> None:
    assert not planted.thread.is_observer()
    planted.seen(1, RUNNING, b"77 (futures-lab) R 1")
    planted.seen(2, GONE, b"")
    assert planted.thread.is_observer()
    planted.thread.read_name()
    assert not planted.thread.is_observer()  # it is the thread of this test after all
