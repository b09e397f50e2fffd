"""The lab's own threads are over, or have at least begun, before an interpreter is taken apart.

The script leaves something that Python takes apart after everything else has been told of the end:
the threads that the system counts then are those that could still touch what is freed.
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest

from core.lab.own_thread import OwnThread
from tests.lab.running import done_in_lab, lines, start_methods, write_script
from tests.pythons import Python

LEAVES_A_WITNESS = """
    import multiprocessing
    import os
    import sys
    from concurrent import futures

    class Witness:
        def __del__(self, count=os.listdir, write=os.write):
            write(1, b"%d\\n" % len(count("/proc/self/task")))

    def leave():
        sys.witness = Witness()

    def main():
        if sys.argv[1] == "here":
            return leave()
        context = multiprocessing.get_context(sys.argv[1])
        with futures.ProcessPoolExecutor(1, context) as executor:
            executor.submit(leave).result()

    if __name__ == "__main__":
        main()
    """

AWAITED = 2
"""The interpreter's own, and the one that waits for the end of the window (of the parent)."""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="threads are counted in /proc")


def test_the_sender_is_over_before_the_interpreter_is_taken_apart(
    each_python: Python, tmp_path: Path
) -> None:
    path = write_script(tmp_path, LEAVES_A_WITNESS)
    # A forked worker leaves without taking anything apart.
    places = ["here", *(method for method in start_methods(each_python) if method == "spawn")]
    for place in places:
        recording = done_in_lab(each_python, path, arguments=(place,))
        assert lines(recording) == [str(AWAITED)], place


def test_who_awaits_the_beginning_of_a_thread_sees_it_begun() -> None:
    begun, goes_on = threading.Event(), threading.Event()

    def run() -> None:
        begun.set()
        goes_on.wait()

    thread = OwnThread(run)
    thread.await_beginning()
    assert begun.wait(60)
    goes_on.set()
    thread.await_end()


def test_who_awaits_the_end_of_a_thread_sees_what_it_did_last() -> None:
    goes_on = threading.Event()
    done: list[str] = []
    seen: list[str] = []

    def run() -> None:
        goes_on.wait()
        done.append("last")

    def wait() -> None:
        thread.await_end()
        seen.extend(done)

    thread = OwnThread(run)
    waiting = threading.Thread(target=wait)
    waiting.start()
    goes_on.set()
    waiting.join()
    assert seen == ["last"]
