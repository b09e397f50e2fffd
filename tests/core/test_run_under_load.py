"""On a busy machine nothing gets lost either: the end of a run races with what it said last."""

import contextlib
import math
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from core.laboratory import Laboratory
from core.recording import Recording
from tests.lab.running import assert_complete, ended, job, lines, write_script

SHORT = """
    from concurrent import futures

    def main():
        with futures.ThreadPoolExecutor(1) as executor:
            print(executor.submit(abs, -3).result())

    main()
    """

BUSY = "while True: pass"


@contextmanager
def load(programs: int) -> Iterator[None]:
    """Keep the processors busy."""
    with contextlib.ExitStack() as stack:
        for _ in range(programs):
            busy = stack.enter_context(subprocess.Popen([sys.executable, "-c", BUSY]))
            stack.callback(busy.kill)
        yield


def assert_all_arrived(recording: Recording) -> None:
    assert recording.ending is not None
    assert recording.ending.outcome == "done"
    assert lines(recording) == ["3"]
    assert len(recording) == 1
    assert_complete(recording)
    assert recording.goodbyes.keys() == {recording.processes[0].pid}
    assert not math.isnan(recording.elapsed_s)
    assert recording.troubles == []


@pytest.mark.timeout(600)
@pytest.mark.parametrize("times", [10, pytest.param(100, marks=pytest.mark.slow)])
def test_short_scripts_one_after_another(times: int, tmp_path: Path) -> None:
    path = write_script(tmp_path, SHORT)
    with load(2), Laboratory() as laboratory:
        for number in range(times):
            if number % 2:
                laboratory.prepare()
            run = laboratory.start(job(path))
            ended(run)
            assert_all_arrived(run.recording)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_short_scripts_side_by_side(tmp_path: Path) -> None:
    path = write_script(tmp_path, SHORT)
    with load(2), Laboratory() as laboratory:
        for _ in range(10):
            runs = [laboratory.start(job(path)) for _ in range(8)]
            for run in runs:
                ended(run)
                assert_all_arrived(run.recording)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_stopped_at_any_moment(tmp_path: Path) -> None:
    """A run that is stopped at its end has ended either way, and all that it said is kept."""
    path = write_script(tmp_path, SHORT)
    with load(2), Laboratory() as laboratory:
        for number in range(60):
            laboratory.prepare()
            run = laboratory.start(job(path))
            for _ in range(number * 20_000):  # a moment later each time, into and past the run
                pass
            run.stop()
            assert run.wait().outcome in ("stopped", "done")
            assert run.recording.troubles == []
