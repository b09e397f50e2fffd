"""Each worker's run of the script's initializer is told, and runs as it does alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.recording import Recording
from tests.lab.running import (
    done_in_lab,
    in_lab,
    lines,
    plainly,
    said,
    start_methods,
    write_script,
)
from tests.pythons import Python

GATHER = """
    import multiprocessing
    import sys
    import threading
    from concurrent import futures

    def set_up(barrier):
        barrier.wait()  # so that every worker is there before any has a task

    def work(number):
        return number

    def pool():
        if sys.argv[1] == "threads":
            return futures.ThreadPoolExecutor(3, "crew", set_up, (threading.Barrier(3),))
        context = multiprocessing.get_context(sys.argv[1])
        initargs = (context.Barrier(3),)
        return futures.ProcessPoolExecutor(3, context, initializer=set_up, initargs=initargs)

    def main():
        with pool() as executor:
            print(sum(executor.map(work, range(9))))

    if __name__ == "__main__":
        main()
    """

FAILING = """
    import logging
    import multiprocessing
    import sys
    from concurrent import futures

    def set_up(reason):
        raise KeyError(reason)

    def main():
        if sys.argv[1] == "threads":
            executor = futures.ThreadPoolExecutor(1, initializer=set_up, initargs=("no",))
        else:
            context = multiprocessing.get_context(sys.argv[1])
            executor = futures.ProcessPoolExecutor(1, context, set_up, ("no",))
        with executor:
            print(repr(executor.submit(abs, 1).exception()))

    if __name__ == "__main__":
        main()
    """

REFUSED = """
    import traceback
    from concurrent import futures

    def try_to_make(*args, **kwargs):
        try:
            print(futures.ThreadPoolExecutor(*args, **kwargs))
        except Exception:
            traceback.print_exc()

    def main():
        try_to_make(1, "", 5)
        try_to_make(1, initializer="no callable")
        try_to_make(1, "", print, initializer=print)
        try_to_make(1, nothing=print)
        try_to_make(0, initializer=print)
        with futures.ThreadPoolExecutor(1, "", initializer=None) as executor:
            print(executor.submit(abs, -1).result())

    if __name__ == "__main__":
        main()
    """

INSIDE_A_WORKER = """
    import multiprocessing
    import sys
    from concurrent import futures

    def set_up():
        pass

    def nest():
        with futures.ThreadPoolExecutor(1, initializer=set_up) as executor:
            return executor.submit(abs, -7).result()

    def main():
        context = multiprocessing.get_context(sys.argv[1])
        with futures.ProcessPoolExecutor(1, mp_context=context) as executor:
            print(executor.submit(nest).result())

    if __name__ == "__main__":
        main()
    """


def kinds(python: Python) -> list[str]:
    return ["threads", *start_methods(python)]


def test_each_worker_tells_its_initializer_once_and_before_its_first_task(
    each_python: Python, tmp_path: Path
) -> None:
    path = write_script(tmp_path, GATHER)
    for kind in kinds(each_python):
        recording = done_in_lab(each_python, path, arguments=(kind,))
        assert lines(recording) == ["36"]
        told = {(one.pid, one.thread): one for one in recording.initialized}
        assert len(told) == len(recording.initialized) == 3
        assert len({one.pid for one in told.values()}) == (1 if kind == "threads" else 3)
        assert all(one.done and one.begun_s <= one.ended_s for one in told.values())
        assert_before_their_tasks(recording)


def assert_before_their_tasks(recording: Recording) -> None:
    rows = recording.tasks
    ended = {(one.pid, one.thread): one.ended_s for one in recording.initialized}
    for task in range(len(recording)):
        worker = recording.workers[rows.worker[task]]
        assert ended[worker.pid, worker.thread] <= rows.started_s[task]


def test_one_that_fails_is_told_as_failed(outer_python: Python, tmp_path: Path) -> None:
    path = write_script(tmp_path, FAILING)
    for kind in kinds(outer_python):
        recording = in_lab(outer_python, path, arguments=(kind,))
        assert [one.done for one in recording.initialized] == [False]
        assert "Exception in initializer:" in lines(recording, "stderr")
        (told,) = lines(recording)
        assert told.startswith("BrokenThreadPool" if kind == "threads" else "BrokenProcessPool")


def test_what_is_no_initializer_is_refused_as_it_is_alone(
    each_python: Python, tmp_path: Path
) -> None:
    path = write_script(tmp_path, REFUSED)
    alone, got = plainly(each_python, path), said(in_lab(each_python, path))
    assert got.stdout == alone.stdout == ["1"]
    assert errors(got.stderr) == errors(alone.stderr)
    assert len(errors(alone.stderr)) == 5


def errors(text: list[str]) -> list[str]:
    """Return the last lines of tracebacks: which frames they show is tested elsewhere."""
    return [line for line in text if line.startswith(("TypeError", "ValueError"))]


def test_a_pool_inside_a_worker_process_says_nothing(newest_python: Python, tmp_path: Path) -> None:
    path = write_script(tmp_path, INSIDE_A_WORKER)
    for method in start_methods(newest_python):
        recording = done_in_lab(newest_python, path, arguments=(method,))
        assert lines(recording) == ["7"]
        assert recording.initialized == []


@pytest.mark.parametrize("kind", ["threads", "spawn"])
def test_no_initializer_tells_nothing(newest_python: Python, tmp_path: Path, kind: str) -> None:
    text = GATHER.replace(", set_up, (threading.Barrier(3),)", "")
    text = text.replace(", initializer=set_up, initargs=initargs", "")
    recording = done_in_lab(newest_python, write_script(tmp_path, text), arguments=(kind,))
    assert (lines(recording), recording.initialized) == (["36"], [])
