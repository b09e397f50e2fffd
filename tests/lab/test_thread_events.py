"""What is seen of a pool of threads: every task, every stage, and how each ended."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from core.events import CANCELLED, DONE, FAILED
from tests.lab.running import (
    assert_complete,
    done_in_lab,
    functions,
    in_lab,
    lines,
    logged,
    outcomes,
    results,
    write_script,
)
from tests.pythons import Python

ENDS = """
    import threading
    from concurrent import futures

    gate = threading.Event()

    def work(number, *, power=1):
        if number < 0:
            raise ValueError(f"{number} is negative")
        return number ** power

    def hold():
        gate.wait()

    def main():
        executor = futures.ThreadPoolExecutor(1, thread_name_prefix="pool")
        good = executor.submit(work, 3, power=2)
        bad = executor.submit(work, -1)
        print(good.result(), repr(bad.exception()))
        running, first, second = [executor.submit(hold) for _ in range(3)]
        while not running.running():
            pass
        print(running.cancel(), first.cancel(), first.cancel())
        executor.shutdown(wait=False, cancel_futures=True)
        gate.set()
        print(running.result(), second.cancelled())
        try:
            executor.submit(work, 1)
        except RuntimeError as error:
            print(error)
        with futures.ThreadPoolExecutor(1) as executor:
            print(executor.submit(work, 5).result())

    if __name__ == "__main__":
        main()
    """

MANY = """
    from concurrent import futures

    def work(number):
        return number

    def main():
        with futures.ThreadPoolExecutor(4) as executor:
            waiting = [executor.submit(work, number) for number in range(20_000)]
            print(sum(future.result() for future in futures.as_completed(waiting)))

    if __name__ == "__main__":
        main()
    """

WORKERS = """
    import threading
    from concurrent import futures

    barrier = threading.Barrier(3)

    def meet(number):
        barrier.wait()
        return threading.get_native_id(), threading.current_thread().name

    with futures.ThreadPoolExecutor(3, thread_name_prefix="lane") as executor:
        for native, name in executor.map(meet, range(6)):
            print(native, name)
    """

KINDS = """
    import asyncio
    import functools
    from concurrent import futures
    from concurrent.futures.thread import ThreadPoolExecutor as FromModule

    class Own(futures.ThreadPoolExecutor):
        def submit(self, function, *args):
            return super().submit(function, *args)

    class Callable:
        def __call__(self, number):
            return number

    class Hostile(Callable):
        def __getattr__(self, name):
            raise RuntimeError("nobody may look")

    def work(number):
        return number

    class Holder:
        def method(self, number):
            return number

    async def inside():
        return await asyncio.get_running_loop().run_in_executor(None, work, 4)

    def main():
        with Own(1) as executor:
            executor.submit(work, 0).result()
        with FromModule(max_workers=1) as executor:
            list(executor.map(Callable(), [1]))
            executor.submit(functools.partial(work, number=2)).result()
            executor.submit(Holder().method, 3).result()
        asyncio.run(inside())
        with futures.ThreadPoolExecutor() as executor:
            executor.submit(Hostile(), 5).result()
            executor.submit(lambda number: number, 6).result()
            executor.submit(int, "7").result()

    if __name__ == "__main__":
        main()
    """

ODD_POOLS = """
    from concurrent import futures

    for most, prefix in (2.5, "half"), (10 ** 7, "many"), (2, "odd \\ud800 name"), (2, "x" * 5000):
        with futures.ThreadPoolExecutor(most, prefix) as executor:
            print(*executor.map(abs, [-1, -2]))
    """


def test_every_end_is_told(each_python: Python, tmp_path: Path) -> None:
    recording = done_in_lab(each_python, write_script(tmp_path, ENDS))
    assert lines(recording) == [
        "9 ValueError('-1 is negative')",
        "False True True",
        "None True",
        "cannot schedule new futures after shutdown",
        "5",
    ]
    # A submit that was refused leaves no gap: the task of the next executor comes next.
    assert outcomes(recording) == [DONE, FAILED, DONE, CANCELLED, CANCELLED, DONE]
    assert functions(recording) == ["work", "work", "hold", "hold", "hold", "work"]
    assert results(recording) == ["9", "ValueError: -1 is negative", "None", "", "", "5"]
    assert [recording.arguments(task) for task in range(6)] == ["3, power=2", "-1", "", "", "", "5"]
    assert [made.mode for made in recording.executors.values()] == ["threads", "threads"]
    rows = recording.tasks
    assert rows.executor.tolist() == [1, 1, 1, 1, 1, 2]
    cancelled = rows.outcome == CANCELLED
    assert np.isnan(rows.started_s[cancelled]).all()
    assert np.isnan(rows.cpu_s[cancelled]).all()
    assert (rows.finished_s[cancelled] >= rows.submitted_s[cancelled]).all()
    log = logged(recording)
    assert sorted(log["finished"]) == list(range(6))  # once each, though one was cancelled twice
    assert log["started"] == [0, 1, 2, 5]


def test_twenty_thousand_tasks_arrive(each_python: Python, tmp_path: Path) -> None:
    recording = done_in_lab(each_python, write_script(tmp_path, MANY))
    assert len(recording) == 20_000
    assert lines(recording) == [str(sum(range(20_000)))]
    assert_complete(recording)
    assert set(outcomes(recording)) == {DONE}
    assert results(recording) == [str(number) for number in range(20_000)]
    assert all(len(tasks) == len(set(tasks)) == 20_000 for tasks in logged(recording).values())
    assert recording.dropped == 0


def test_a_lane_is_a_thread(each_python: Python, tmp_path: Path) -> None:
    recording = done_in_lab(each_python, write_script(tmp_path, WORKERS))
    told = [tuple(line.split()) for line in lines(recording)]
    lanes = [recording.workers[lane] for lane in recording.tasks.worker]
    assert [(str(lane.thread), lane.name) for lane in lanes] == told
    assert len(recording.workers) == 3
    assert {lane.pid for lane in lanes} == {recording.processes[0].pid}


def test_whatever_is_submitted_however(each_python: Python, tmp_path: Path) -> None:
    recording = done_in_lab(each_python, write_script(tmp_path, KINDS))
    names = [
        "work",
        "Callable",
        "work",
        "Holder.method",
        "work",
        "Hostile",
        "main.<locals>.<lambda>",
        "int",
    ]
    assert functions(recording) == names
    assert results(recording) == [str(number) for number in range(8)]
    assert_complete(recording)


def test_odd_sizes_and_names_of_pools(outer_python: Python, tmp_path: Path) -> None:
    recording = done_in_lab(outer_python, write_script(tmp_path, ODD_POOLS))
    assert lines(recording) == ["1 2"] * 4
    assert [made.max_workers for made in recording.executors.values()] == [None, None, 2, 2]
    assert_complete(recording)
    assert recording.workers[2].name.startswith("odd ? name")


def test_a_run_without_executors_is_a_run(newest_python: Python, tmp_path: Path) -> None:
    recording = in_lab(newest_python, write_script(tmp_path, "print('nothing to see')"))
    assert (len(recording), recording.executors, recording.workers) == (0, {}, [])
    assert [process.role for process in recording.processes] == ["main"]
    assert recording.header.python.startswith(newest_python.version.removesuffix("t"))
    assert recording.header.free_threaded is newest_python.version.endswith("t")
    assert recording.goodbyes.keys() == {recording.processes[0].pid}
