"""The watcher finds the threads and processes of the session that it follows."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from core.watcher.finder import Finder

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it reads /proc")

_LED = """
import sys, threading
print("begun", flush=True)
ends = threading.Event()
threads = [threading.Thread(target=ends.wait)]
sys.stdin.readline()
threads[0].start()
print("there", flush=True)
sys.stdin.readline()
ends.set()
"""


class Led:
    """A process that leads a session and starts a thread when it is told to."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", _LED],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self._says("begun")

    def start_thread(self) -> None:
        self._go_on()
        self._says("there")

    def close(self) -> None:
        self.process.communicate("\n")

    def _go_on(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def _says(self, what: str) -> None:
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == what + "\n"


@pytest.fixture
def finder() -> Iterator[Finder]:
    """Hand out a finder, and close its files."""
    finder = Finder()
    yield finder
    finder.close()


def test_a_new_thread_is_found_between_two_full_looks(finder: Finder) -> None:
    led = Led()
    try:
        finder.lead(led.process.pid)
        assert [thread.number for thread in finder.threads] == [led.process.pid]
        led.start_thread()
        assert finder.find()
        assert len(finder.threads) == 2
        assert {thread.pid for thread in finder.threads} == {led.process.pid}
    finally:
        led.close()


def test_asking_between_two_looks_makes_nobody_surer(finder: Finder) -> None:
    """A thread of the lab needs its time to name itself, however often is asked."""
    led = Led()
    try:
        finder.lead(led.process.pid)
        led.start_thread()
        finder.find()
        (new,) = (thread for thread in finder.threads if thread.number != led.process.pid)
        for _ in range(20):
            finder.find()
        assert not finder.is_sure_of(new)
        finder.look()
        finder.look()
        assert finder.is_sure_of(new)
    finally:
        led.close()
