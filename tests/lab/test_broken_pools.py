"""A pool that breaks ends its tasks: not one is left that seems to run for ever."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from core.events import DONE, FAILED
from tests.lab.running import (
    assert_complete,
    done_in_lab,
    in_lab,
    lines,
    logged,
    outcomes,
    results,
    start_methods,
    write_script,
)
from tests.pythons import Python

INITIALIZERS = """
    import multiprocessing
    import os
    import sys
    from concurrent import futures

    VALUE = "unset"

    def good(value):
        global VALUE
        VALUE = value

    def bad(value):
        raise KeyError(value)

    def show():
        return VALUE

    def main():
        context = multiprocessing.get_context(sys.argv[1])
        for start in good, bad:
            for executor in (
                futures.ThreadPoolExecutor(1, initializer=start, initargs=("a",)),
                futures.ProcessPoolExecutor(1, context, start, ("b",)),
            ):
                with executor:
                    waiting = [executor.submit(show)]
                    try:
                        waiting.append(executor.submit(show))
                    except futures.BrokenExecutor:
                        pass  # it broke before the second one came
                    for future in waiting:
                        error = future.exception()
                        print(future.result() if error is None else type(error).__name__)

    if __name__ == "__main__":
        main()
    """

KILLED_WORKER = """
    import multiprocessing
    import os
    import signal
    import sys
    import time
    from concurrent import futures

    def die():
        os.kill(os.getpid(), signal.SIGKILL)

    def work(number):
        return number

    def main():
        context = multiprocessing.get_context(sys.argv[1])
        with futures.ProcessPoolExecutor(2, mp_context=context) as executor:
            print(executor.submit(work, 1).result())
            dying = [executor.submit(die)]
            try:
                dying += [executor.submit(time.sleep, 60) for _ in range(5)]
            except futures.BrokenExecutor:
                pass  # it died quickly
            print({type(future.exception()).__name__ for future in dying})
            try:
                executor.submit(work, 2)
            except futures.process.BrokenProcessPool:
                print("refused")
        with futures.ProcessPoolExecutor(1, mp_context=context) as executor:
            print(executor.submit(work, 3).result())

    if __name__ == "__main__":
        main()
    """


def test_initializers_run_and_fail_as_they_do_alone(outer_python: Python, tmp_path: Path) -> None:
    method = start_methods(outer_python)[0]
    path = write_script(tmp_path, INITIALIZERS)
    recording = in_lab(outer_python, path, arguments=(method,))
    told = lines(recording)
    assert told[:4] == ["a", "a", "b", "b"]
    assert set(told[4:]) == {"BrokenThreadPool", "BrokenProcessPool"}
    ends = outcomes(recording)
    assert ends == [DONE] * 4 + [FAILED] * (len(told) - 4)
    texts = [text.partition(":")[0] for text in results(recording)[4:]]
    assert texts == told[4:]
    assert recording.troubles == []
    rows = recording.tasks
    assert (rows.finished_s >= rows.submitted_s).all()
    assert np.isnan(rows.started_s[4:]).all()
    assert sorted(logged(recording)["finished"]) == list(range(len(told)))


def test_a_killed_worker_ends_the_tasks_of_its_pool(each_python: Python, tmp_path: Path) -> None:
    method = start_methods(each_python)[0]
    path = write_script(tmp_path, KILLED_WORKER)
    recording = done_in_lab(each_python, path, arguments=(method,))
    assert lines(recording) == ["1", "{'BrokenProcessPool'}", "refused", "3"]
    ends = outcomes(recording)
    assert (ends[0], ends[-1]) == (DONE, DONE)
    assert set(ends[1:-1]) == {FAILED}
    assert all(text.startswith("BrokenProcessPool: ") for text in results(recording)[1:-1])
    assert sorted(logged(recording)["finished"]) == list(range(len(ends)))
    assert not np.isnan(recording.tasks.finished_s).any()


def test_a_pool_that_is_never_shut_down(newest_python: Python, tmp_path: Path) -> None:
    text = """
        from concurrent import futures

        def work(number):
            return number

        def main():
            for kind in futures.ThreadPoolExecutor, futures.ProcessPoolExecutor:
                executor = kind(2)
                print(*executor.map(work, range(3)))

        if __name__ == "__main__":
            main()
        """
    # Not on the oldest: its pools race with the end of the interpreter, without the lab as well.
    recording = done_in_lab(newest_python, write_script(tmp_path, text))
    assert lines(recording) == ["0 1 2", "0 1 2"]
    assert len(recording) == 6
    assert_complete(recording)
