"""The window may cancel a task that waits; the script sees a cancelled future."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.events import CANCELLED, DONE
from core.run import Run
from tests.lab.running import in_lab, lines, logged, outcomes, write_script
from tests.pythons import Python
from tests.waiting import wait_until

WAITING = """
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
            waiting = [executor.submit(hold, gate) for _ in range(8)]
            for future in waiting:
                try:
                    future.result()
                except futures.CancelledError:
                    pass
            print(*[number for number, future in enumerate(waiting) if future.cancelled()])

    if __name__ == "__main__":
        main()
    """


@pytest.mark.parametrize("kind", ["ThreadPoolExecutor", "ProcessPoolExecutor"])
def test_a_waiting_task_is_cancelled(kind: str, each_python: Python, tmp_path: Path) -> None:
    gate = tmp_path / "gate"

    def cancel_some(run: Run) -> None:
        wait_until(lambda: len(run.recording) == 8 and 0 in logged(run.recording)["started"])
        for task in (7, 5, 0, 7, 99):  # one twice, one that runs, one that does not exist
            run.cancel(task)
        wait_until(lambda: outcomes(run.recording).count(CANCELLED) == 2)
        gate.touch()

    recording = in_lab(
        each_python,
        write_script(tmp_path, WAITING),
        during=cancel_some,
        arguments=(kind, str(gate)),
    )
    assert lines(recording) == ["5 7"]
    assert lines(recording, "stderr") == []
    assert [task for task, end in enumerate(outcomes(recording)) if end == CANCELLED] == [5, 7]
    assert outcomes(recording).count(DONE) == 6
    assert sorted(logged(recording)["finished"]) == list(range(8))
    assert sorted(logged(recording)["delivered"]) == list(range(8))
