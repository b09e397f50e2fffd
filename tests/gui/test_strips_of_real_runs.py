"""The strips of real runs: each thread of the script has one, those that serve Python have none."""

import sys
from pathlib import Path

import pytest

from core.laboratory import Laboratory
from core.recording import Recording
from gui.charts.activity_frame import rows_of
from tests.lab.running import ended, job, write_script

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows threads")

BEATING = """
    import threading
    from concurrent import futures

    over = threading.Event()

    def tick():
        while not over.wait(0.01):
            pass

    def work(number):
        return sum(range(3_000_000)) + number

    def main():
        ticker = threading.Thread(target=tick)
        ticker.start()
        with futures.{executor}(2) as executor:
            list(executor.map(work, range(6)))
        over.set()
        ticker.join()

    if __name__ == "__main__":
        main()
    """


def watched(path: Path) -> Recording:
    """Return the recording of a watched run."""
    with Laboratory(is_watching=True) as laboratory:
        run = laboratory.start(job(path))
        try:
            assert ended(run).outcome == "done"
            return run.recording
        finally:
            run.stop()
            run.wait()


@pytest.mark.parametrize(
    ("executor", "workers"), [("ThreadPoolExecutor", "thread"), ("ProcessPoolExecutor", "process")]
)
def test_a_thread_of_the_script_has_a_strip_by_its_name(
    tmp_path: Path, executor: str, workers: str
) -> None:
    recording = watched(write_script(tmp_path, BEATING.format(executor=executor)))
    labels = [row.label for row in rows_of(recording, recording.activity(), "en")]
    # On a busy machine one worker may do everything; the other has the name of its thread then.
    labels = [label for label in labels if not label.startswith("ThreadPoolExecutor")]
    assert labels[-2:] == ["main thread", "Thread-1 (tick)"]
    assert labels[:-2]
    assert all(label.startswith(f"{workers} ") for label in labels[:-2])
    others = {key for key, one in recording.threads.items() if not one.is_own}
    assert bool(others) == (executor == "ProcessPoolExecutor")  # watched, but not shown
