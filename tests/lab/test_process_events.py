"""What is seen of a pool of processes, however they were started."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.events import CANCELLED, DONE, FAILED
from core.recording import Recording
from tests.lab.running import (
    assert_complete,
    done_in_lab,
    functions,
    in_lab,
    lines,
    logged,
    outcomes,
    results,
    start_methods,
    write_script,
)
from tests.pythons import Python

WORK = """
    import multiprocessing
    import os
    import sys
    from concurrent import futures

    def work(number):
        if number < 0:
            raise ValueError(f"{number} is negative")
        return number * number

    def pid(barrier_ignored):
        print("in", os.getpid())
        return os.getpid()

    def unsendable():
        return lambda: None

    def main():
        for method in sys.argv[1:]:
            context = multiprocessing.get_context(method)
            with futures.ProcessPoolExecutor(2, mp_context=context) as executor:
                waiting = [executor.submit(work, number) for number in (2, 3)]
                print([future.result() for future in futures.as_completed(waiting)])
                print(repr(executor.submit(work, -1).exception()))
                print(list(executor.map(work, range(6), chunksize=3)))
                print(type(executor.submit(unsendable).exception()).__name__)
                print("told", executor.submit(pid, 0).result())

    if __name__ == "__main__":
        main()
    """

CANCELLED_IN_PROCESSES = """
    import multiprocessing
    from concurrent import futures

    def hold(event):
        event.wait()
        return "held"

    def main():
        context = multiprocessing.get_context("spawn")
        with context.Manager() as manager:
            event = manager.Event()
            executor = futures.ProcessPoolExecutor(1, mp_context=context)
            waiting = [executor.submit(hold, event) for _ in range(6)]
            while not waiting[0].running():
                pass
            print(waiting[5].cancel(), waiting[0].cancel())
            executor.shutdown(wait=False, cancel_futures=True)
            event.set()
            for future in waiting:
                try:
                    future.result()
                except futures.CancelledError:
                    pass
            print([future.cancelled() for future in waiting[-3:]])

    if __name__ == "__main__":
        main()
    """

INSIDE_WORKERS = """
    import multiprocessing
    import sys
    from concurrent import futures

    def inner(number):
        return number * 10

    def outer(number):
        with futures.ThreadPoolExecutor(2) as executor:
            in_threads = list(executor.map(inner, [number, number + 1]))
        with futures.ProcessPoolExecutor(1, multiprocessing.get_context("fork")) as executor:
            return in_threads + [executor.submit(inner, number).result()]

    def main():
        for method in sys.argv[1:]:
            context = multiprocessing.get_context(method)
            with futures.ProcessPoolExecutor(2, mp_context=context) as executor:
                print(*[executor.submit(outer, number).result() for number in (1, 2)])

    if __name__ == "__main__":
        main()
    """


def assert_one_pool(recording: Recording, first: int, executor: int) -> None:
    """Assert what `WORK` does with one start method, its tasks counted from ``first``."""
    tasks = slice(first, first + 7)
    assert outcomes(recording)[tasks] == [DONE, DONE, FAILED, DONE, DONE, FAILED, DONE]
    names = ["work", "work", "work", "work", "work", "unsendable", "pid"]
    assert functions(recording)[tasks] == names  # map shows the function, not its chunk helper
    texts = results(recording)[tasks]
    assert texts[:5] == ["4", "9", "ValueError: -1 is negative", "[0, 1, 4]", "[9, 16, 25]"]
    assert "<lambda>" in texts[5]  # the error's kind differs between versions
    assert set(recording.tasks.executor[tasks].tolist()) == {executor}
    lane = recording.workers[recording.tasks.worker[first + 6]]
    assert f"told {lane.pid}" in lines(recording)
    assert f"in {lane.pid}" in lines(recording)


def test_every_task_in_every_kind_of_process(each_python: Python, tmp_path: Path) -> None:
    methods = start_methods(each_python)
    path = write_script(tmp_path, WORK)
    recording = done_in_lab(each_python, path, arguments=tuple(methods))
    assert len(recording) == 7 * len(methods)
    for number, method in enumerate(methods):
        assert_one_pool(recording, 7 * number, number + 1)
        made = recording.executors[number + 1]
        assert (made.mode, made.max_workers, made.start_method) == ("processes", 2, method)
    assert_complete(recording)
    assert all(sorted(tasks) == list(range(len(recording))) for tasks in logged(recording).values())
    workers = [process.pid for process in recording.processes if process.role == "worker"]
    assert {lane.pid for lane in recording.workers} <= set(workers)
    assert recording.goodbyes.keys() == {process.pid for process in recording.processes}


def test_cancelled_in_a_pool_of_processes(outer_python: Python, tmp_path: Path) -> None:
    recording = done_in_lab(outer_python, write_script(tmp_path, CANCELLED_IN_PROCESSES))
    assert lines(recording) == ["True False", "[True, True, True]"]
    assert outcomes(recording)[0] == DONE
    assert outcomes(recording)[-3:] == [CANCELLED] * 3
    assert sorted(logged(recording)["finished"]) == list(range(6))


def test_executors_inside_workers_work_unobserved(outer_python: Python, tmp_path: Path) -> None:
    methods = start_methods(outer_python)
    path = write_script(tmp_path, INSIDE_WORKERS)
    recording = done_in_lab(outer_python, path, arguments=tuple(methods))
    assert lines(recording) == ["[10, 20, 10] [20, 30, 20]"] * len(methods)
    assert functions(recording) == ["outer"] * 2 * len(methods)
    assert len(recording.executors) == len(methods)
    assert_complete(recording)


@pytest.mark.parametrize("size", [2_000, pytest.param(20_000, marks=pytest.mark.slow)])
def test_many_tasks_in_processes_arrive(size: int, outer_python: Python, tmp_path: Path) -> None:
    text = f"""
        from concurrent import futures

        def main():
            with futures.ProcessPoolExecutor(2) as executor:
                waiting = [executor.submit(abs, -number) for number in range({size})]
                futures.wait(waiting)

        if __name__ == "__main__":
            main()
        """
    recording = in_lab(outer_python, write_script(tmp_path, text))
    assert_complete(recording)
    assert results(recording) == [str(number) for number in range(size)]
    assert all(sorted(tasks) == list(range(size)) for tasks in logged(recording).values())
