"""After any fault all that had arrived is kept, and the same laboratory runs the next job."""

import math
import tempfile
from pathlib import Path

import psutil
import pytest

from core.events import DONE, MAX_MESSAGE_BYTES
from core.laboratory import PREFIX, Laboratory
from core.recording import Recording
from core.run import Run
from tests.lab.running import alive, assert_complete, ended, job, lines, results, write_script
from tests.waiting import wait_until

BEFORE = """
    import ctypes
    import os
    import signal
    import sys
    import time
    from concurrent import futures

    def work(number):
        return number * 2

    value = 7

    def main():
        with futures.{pool}(2) as executor:
            print(*[future.result() for future in [executor.submit(work, n) for n in range(5)]])
            while not os.path.exists(sys.argv[1]):
                time.sleep(0.005)
            {fault}

    if __name__ == "__main__":
        main()
    """

FAULTS = {
    "raises": "raise ValueError('now')",
    "leaves": "sys.exit(3)",
    "leaves at once": "os._exit(3)",
    "is killed": "os.kill(os.getpid(), signal.SIGKILL)",
    "crashes": "ctypes.string_at(0)",
    "is terminated": "os.kill(os.getpid(), signal.SIGTERM)",
    "kills its group": "os.killpg(0, signal.SIGKILL)",
    "becomes another program": "os.execv('/bin/sh', ['sh', '-c', 'exit 3'])",
    "closes its output": "os.close(1); os.close(2); os._exit(3)",
    "closes everything": "os.closerange(0, 1000); os._exit(3)",
    "uses up memory": "raise MemoryError",
    "recurses": "main.__globals__.update(f=lambda: f()); f()",
}

IN_ORDER = ("raises", "leaves", "uses up memory", "recurses")
"""After these the lab still says goodbye."""

HOSTILE = """
    import os
    import struct
    import time
    from concurrent import futures
    from multiprocessing.connection import Client

    address, key = futures.ProcessPoolExecutor._lab_channel
    strangers = []
    for nonsense in b"", b"nonsense", b'[["started",[0],[0],[0]]]', None:
        stranger = Client(address, authkey=key)
        if nonsense is None:
            os.write(stranger.fileno(), struct.pack("!iQ", -1, {too_large}))
        else:
            stranger.send_bytes(nonsense)
        strangers.append(stranger)
    try:
        Client(address, authkey=b"guessed")
    except Exception as error:
        print(type(error).__name__)

    def main():
        with futures.ThreadPoolExecutor(2) as executor:
            print(*executor.map(abs, [-1, -2]))

    main()
    """


def finish_well(laboratory: Laboratory, folder: Path) -> None:
    run = laboratory.start(job(write_script(folder, "print('next')\n", "next.py")))
    assert ended(run).outcome == "done"
    assert lines(run.recording) == ["next"]


def assert_kept(recording: Recording) -> None:
    """Assert that what arrived before the fault is there."""
    assert lines(recording)[0] == "0 2 4 6 8"
    assert results(recording) == ["0", "2", "4", "6", "8"]
    assert_complete(recording)
    assert set(recording.tasks.outcome.tolist()) == {DONE}
    assert recording.watched() == {"value": 7}
    assert not math.isnan(recording.main_started_s)


def everything_has_arrived(run: Run) -> bool:
    rows = run.recording.tasks
    arrived = len(rows.worker) == 5 and not any(
        math.isnan(value) for row in (rows.delivered_s, rows.started_s) for value in row
    )
    return arrived and bool(results(run.recording)[4])


@pytest.mark.parametrize("pool", ["ThreadPoolExecutor", "ProcessPoolExecutor"])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_script_that_ends_badly(fault: str, pool: str, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    path = write_script(tmp_path, BEFORE.format(fault=FAULTS[fault], pool=pool))
    with Laboratory() as laboratory:
        run = laboratory.start(job(path, arguments=(str(gate),), watches={"value": "value"}))
        wait_until(lambda: everything_has_arrived(run))
        gate.touch()
        ending = ended(run)
        assert ending.outcome == "failed"
        assert ending.message.endswith(".")
        assert "\n" not in ending.message
        assert_kept(run.recording)
        troubles = [trouble for trouble in run.recording.troubles if "worker" not in trouble]
        assert len(troubles) == (0 if fault in IN_ORDER else 1)
        assert list(Path(tempfile.gettempdir()).glob(PREFIX + "*")) == []
        finish_well(laboratory, tmp_path)


def test_a_lab_process_that_is_killed_from_outside(tmp_path: Path) -> None:
    path = write_script(tmp_path, BEFORE.format(fault="pass", pool="ProcessPoolExecutor"))
    with Laboratory() as laboratory:
        run = laboratory.start(
            job(path, arguments=(str(tmp_path / "never"),), watches={"value": "value"})
        )
        wait_until(lambda: everything_has_arrived(run))
        lab = psutil.Process(run.pid)
        workers = lab.children()
        assert workers
        lab.kill()
        ending = ended(run)
        assert ending.message.startswith("The lab process was killed by signal 9 (SIGKILL).")
        assert alive(workers) == []
        assert_kept(run.recording)
        finish_well(laboratory, tmp_path)


def test_nonsense_on_the_channel_disturbs_nobody(tmp_path: Path) -> None:
    path = write_script(tmp_path, HOSTILE.replace("{too_large}", str(MAX_MESSAGE_BYTES + 1)))
    with Laboratory() as laboratory:
        run = laboratory.start(job(path))
        assert ended(run).outcome == "done"
        assert lines(run.recording) == ["AuthenticationError", "1 2"]
        assert_complete(run.recording)
        assert len(run.recording) == 2
        assert len(run.recording.troubles) == 5
        assert all(trouble.endswith(".") for trouble in run.recording.troubles)
        finish_well(laboratory, tmp_path)


def test_a_script_that_breaks_the_observers_runs_on(tmp_path: Path) -> None:
    text = """
        import os, sys
        from concurrent import futures
        for descriptor in range(3, 50):  # the channel is one of them
            try:
                os.close(descriptor)
            except OSError:
                pass
        with futures.ThreadPoolExecutor(1) as executor:
            print(executor.submit(abs, -1).result())
        """
    with Laboratory() as laboratory:
        run = laboratory.start(job(write_script(tmp_path, text)))
        assert ended(run).outcome == "done"
        assert lines(run.recording) == ["1"]
        finish_well(laboratory, tmp_path)
