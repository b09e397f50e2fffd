"""Without an executor the task functions themselves are watched, one lane, one after another."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from core.events import DONE, FAILED
from core.recording import Recording
from tests.lab.running import (
    assert_complete,
    done_in_lab,
    functions,
    in_lab,
    lines,
    logged,
    outcomes,
    plainly,
    results,
    said,
    write_script,
)
from tests.pythons import Python

CALLS = """
    import functools
    import inspect
    import threading

    def twice(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            function(*args, **kwargs)
            return function(*args, **kwargs)
        return wrapper

    def work(number, *, power=1):
        '''Does the work.'''
        if number < 0:
            raise ValueError(f"{number} is negative")
        return helper(number) ** power

    def helper(number):
        return number

    @twice
    def decorated(number):
        return number * 100

    def untold(number):
        return work(number)

    def main():
        print(work(3, power=2), helper(4), decorated(5), untold(6))
        try:
            work(-1)
        except ValueError as error:
            print(error)
        print(work.__name__, work.__doc__, inspect.signature(work), work.__module__)
        thread = threading.Thread(target=work, args=(7,), name="other")
        thread.start()
        thread.join()

    if __name__ == "__main__":
        main()
    """

FAILS = """
    def work(number):
        return 10 // number

    def main():
        for number in 2, 1, 0:
            work(number)

    if __name__ == "__main__":
        main()
    """

TASKS = ("work", "helper", "decorated", "of no such name")


def sequential(python: Python, path: Path) -> Recording:
    return in_lab(python, path, "sequential", tasks=TASKS)


def test_task_functions_are_watched(each_python: Python, tmp_path: Path) -> None:
    path = write_script(tmp_path, CALLS)
    recording = sequential(each_python, path)
    assert said(recording) == plainly(each_python, path)
    # What a task calls is part of that task; a call from anywhere else is one of its own.
    assert functions(recording) == [
        *("work", "helper", "decorated", "decorated", "work", "work", "work")
    ]
    assert results(recording) == [*("9", "4", "500", "500", "6", "ValueError: -1 is negative", "7")]
    assert recording.arguments(0) == "3, power=2"
    assert outcomes(recording) == [DONE, DONE, DONE, DONE, DONE, FAILED, DONE]
    assert_complete(recording)
    rows = recording.tasks
    assert not np.isnan(rows.cpu_s).any()
    assert (rows.started_s[1:] >= rows.finished_s[:-1]).all()  # one after another
    assert [worker.name for worker in recording.workers] == ["MainThread", "other"]
    assert rows.worker.tolist() == [0] * 6 + [1]
    assert [made.mode for made in recording.executors.values()] == ["sequential"]
    assert all(tasks == list(range(7)) for tasks in logged(recording).values())


def test_a_task_that_ends_the_script(each_python: Python, tmp_path: Path) -> None:
    path = write_script(tmp_path, FAILS)
    recording = sequential(each_python, path)
    assert said(recording) == plainly(each_python, path)
    assert outcomes(recording) == [DONE, DONE, FAILED]
    assert recording.raised is not None
    assert (recording.raised.kind, recording.raised.line) == ("ZeroDivisionError", 2)


def test_in_other_modes_the_functions_are_left_alone(newest_python: Python, tmp_path: Path) -> None:
    path = write_script(tmp_path, CALLS)
    recording = done_in_lab(newest_python, path, "threads", tasks=TASKS)
    assert len(recording) == 0
    assert lines(recording)[0] == "9 4 500 6"
