"""Every attempt to cancel is told with its answer, whoever asked and whatever came of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.recording import Recording
from core.run import Run
from tests.lab.running import done_in_lab, in_lab, lines, logged, write_script
from tests.pythons import Python
from tests.waiting import wait_until

ANSWERS = """
    import multiprocessing
    import sys
    import threading
    import time
    from concurrent import futures

    def hold(gate):
        while not gate.is_set():
            time.sleep(0.005)

    def main():
        threads = sys.argv[1] == "threads"
        gate = threading.Event() if threads else multiprocessing.Manager().Event()
        kind = futures.ThreadPoolExecutor if threads else futures.ProcessPoolExecutor
        with kind(1) as executor:
            waiting = [executor.submit(hold, gate) for _ in range(6)]
            while not waiting[0].running():
                time.sleep(0.005)
            print(waiting[0].cancel(), waiting[5].cancel(), waiting[5].cancel())
            gate.set()
            waiting[0].result()
            print(waiting[0].cancel())
            for _ in executor.map(time.sleep, [0, 0]):
                pass

    if __name__ == "__main__":
        main()
    """

HELD = """
    import os
    import sys
    import time
    from concurrent import futures

    def hold(path):
        while not os.path.exists(path):
            time.sleep(0.005)

    def main():
        kind, gate = getattr(futures, sys.argv[1]), sys.argv[2]
        with kind(1) as executor:
            waiting = [executor.submit(hold, gate) for _ in range(6)]
            futures.wait(waiting[:1])
            print("one is through", flush=True)
            while not os.path.exists(gate + "2"):
                time.sleep(0.005)

    if __name__ == "__main__":
        main()
    """

SHUT_DOWN = """
    import os
    import sys
    import time
    from concurrent import futures

    def main():
        executor = getattr(futures, sys.argv[1])(1)
        waiting = [executor.submit(time.sleep, 0.2) for _ in range(8)]
        while not waiting[0].running():
            time.sleep(0.005)
        executor.shutdown(cancel_futures=True)
        print(sum(future.cancelled() for future in waiting))

    if __name__ == "__main__":
        main()
    """

KINDS = ["ThreadPoolExecutor", "ProcessPoolExecutor"]


def answers(recording: Recording) -> list[tuple[int, bool]]:
    return [(answer.task, answer.cancelled) for answer in recording.cancels]


@pytest.mark.parametrize("kind", ["threads", "processes"])
def test_the_script_asks(kind: str, each_python: Python, tmp_path: Path) -> None:
    path = write_script(tmp_path, ANSWERS)
    recording = done_in_lab(each_python, path, arguments=(kind,))
    assert lines(recording) == ["False True True", "False"]
    # And nothing of what Executor.map does with futures that it has delivered.
    assert answers(recording) == [(0, False), (5, True), (5, True), (0, False)]
    assert 5 not in logged(recording)["started"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_window_asks(kind: str, each_python: Python, tmp_path: Path) -> None:
    gate = tmp_path / "gate"

    def ask(run: Run) -> None:
        wait_until(lambda: 0 in logged(run.recording)["started"])
        for number, task in enumerate((0, 5), start=1):
            run.cancel(task)
            wait_until(lambda number=number: len(run.recording.cancels) == number)  # type: ignore[misc] # a default stands for the number of now
        gate.touch()
        wait_until(lambda: lines(run.recording))
        run.cancel(0)
        wait_until(lambda: len(run.recording.cancels) == 3)
        (tmp_path / "gate2").touch()

    path = write_script(tmp_path, HELD)
    recording = in_lab(each_python, path, during=ask, arguments=(kind, str(gate)))
    assert answers(recording) == [(0, False), (5, True), (0, False)]
    assert 5 not in logged(recording)["started"]
    moments = [answer.at_s for answer in recording.cancels]
    assert moments == sorted(moments)


@pytest.mark.parametrize("kind", KINDS)
def test_the_pool_asks_when_it_is_shut_down(kind: str, each_python: Python, tmp_path: Path) -> None:
    recording = done_in_lab(each_python, write_script(tmp_path, SHUT_DOWN), arguments=(kind,))
    cancelled = {task for task, done in answers(recording) if done}
    assert len(cancelled) == int(lines(recording)[0]) > 0
    assert cancelled.isdisjoint(logged(recording)["started"])
    assert cancelled | set(logged(recording)["started"]) == set(range(8))
