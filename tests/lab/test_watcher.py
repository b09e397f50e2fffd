"""The watcher: what it sees of real runs, and that nothing of it stays."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from core import events
from core import laboratory as laboratory_module
from core.activity import (
    FAILED,
    GONE,
    OFF,
    READY,
    RUNNING,
    SYSTEM,
    WAITING,
    Track,
    busy_share,
    strip,
)
from core.laboratory import Laboratory
from core.recording import Recording
from core.run import Run
from core.watcher_process import WatcherProcess
from tests.lab.running import alive, ended, job, started, write_script
from tests.waiting import wait_until

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows states of threads")

ATTEMPTS = 6
"""The machine may be busy with something else for a while."""

BUSY = """
    import os, time
    from concurrent import futures

    def work(_):
        end = time.perf_counter() + 0.3
        while time.perf_counter() < end:
            pass

    def main():
        {first}
        with futures.{executor}(2) as executor:
            list(executor.map(work, range(2)))

    if __name__ == "__main__":
        main()
    """

WAITS = """
    import time
    from concurrent import futures

    def main():
        with futures.ThreadPoolExecutor(1) as executor:
            executor.submit(time.sleep, 0.3).result()

    main()
    """

BURSTS = """
    import time
    from concurrent import futures

    def work():
        for _ in range(60):
            time.sleep(0.005)
            end = time.thread_time() + 0.0003
            while time.thread_time() < end:
                pass

    def main():
        with futures.ThreadPoolExecutor(1) as executor:
            executor.submit(work).result()

    main()
    """
"""Each burst is a third as long as the time between two looks at the best."""

SHORT = WAITS.replace("0.3", "0.02")

ENDLESS = """
    from concurrent import futures

    def work(_):
        while True:
            pass

    def main():
        with futures.ProcessPoolExecutor(2) as executor:
            jobs = [executor.submit(work, number) for number in range(2)]
            print("ready")

    if __name__ == "__main__":
        main()
    """


@contextmanager
def watched(path: Path) -> Iterator[Run]:
    """Start a watched run, and see to it that it ends with the block."""
    with Laboratory(is_watching=True) as laboratory:
        run = laboratory.start(job(path))
        try:
            yield run
        finally:
            run.stop()
            run.wait()


def record(folder: Path, text: str) -> Recording:
    """Return the recording of a watched run that went well."""
    with watched(write_script(folder, text)) as run:
        assert ended(run).outcome == "done"
        assert run.recording.troubles == []
        assert run.recording.activity_note == ""
        return run.recording


def at_work(recording: Recording) -> tuple[Track, ...]:
    """Return the tracks of the threads that run tasks."""
    threads = {(worker.pid, worker.thread) for worker in recording.workers}
    return tuple(one for one in recording.activity() if (one.pid, one.thread) in threads)


def both_at_once(recording: Recording, *, able: bool = False) -> float:
    """Return in which share of the time that any worker ran (or was able to), two did."""
    stretch = recording.main_started_s, recording.main_ended_s
    tracks = at_work(recording)
    if able:
        tracks = tuple(
            one._replace(state=np.where(one.state == READY, RUNNING, one.state)) for one in tracks
        )
    any_ran = busy_share(tracks, *stretch, at_least=1)
    # The watcher itself may not have had a processor in time to see any of it.
    return busy_share(tracks, *stretch, at_least=2) / any_ran if any_ran else float("nan")


def parts(recording: Recording, track: Track) -> Any:
    """Return the share of each state in the time of ``main()``."""
    edges_s = np.array([recording.main_started_s, recording.main_ended_s])
    return strip(track, edges_s, recording.activity_until_s)[0]


def busy(executor: str, first: str = "pass") -> str:
    return BUSY.format(executor=executor, first=first)


@linux
def test_with_the_gil_two_threads_take_turns(tmp_path: Path) -> None:
    # Turns of 40 ms: on a machine that is busy with other things too, those of 5 ms are too
    # short for the rate that the watcher keeps there.
    turns = "__import__('sys').setswitchinterval(0.04)"
    seen = []
    for _ in range(ATTEMPTS):
        recording = record(tmp_path, busy("ThreadPoolExecutor", turns))
        tracks = at_work(recording)
        seen.append((both_at_once(recording), [_turns(track) for track in tracks]))
        if len(tracks) == 2 and seen[-1][0] < 0.3 and min(seen[-1][1]) >= 3:
            return
    pytest.fail(f"share of two at once, and turns of each: {seen}")


@linux
@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="needs two cores")
def test_two_processes_run_at_once(tmp_path: Path) -> None:
    seen = []
    for _ in range(ATTEMPTS):
        recording = record(tmp_path, busy("ProcessPoolExecutor"))
        seen.append((both_at_once(recording), both_at_once(recording, able=True)))
        if seen[-1][0] > 0.02 and seen[-1][1] > 0.6:
            return
    pytest.fail(f"two at once, and two that would: {seen}")


def _turns(track: Track) -> int:
    """Return how often a thread began to run."""
    return int(np.count_nonzero(np.diff((track.state == RUNNING).astype(int)) == 1))


@linux
def test_a_thread_that_sleeps_waits_and_its_end_is_seen(tmp_path: Path) -> None:
    recording = record(tmp_path, WAITS)
    (worker,) = at_work(recording)
    assert parts(recording, worker)[WAITING] > 0.6
    assert worker.state[-1] == GONE


@linux
@pytest.mark.parametrize("text", [WAITS, SHORT], ids=["long", "short"])
def test_only_threads_of_the_script_are_shown(tmp_path: Path, text: str) -> None:
    with watched(write_script(tmp_path, text)) as run:
        ended(run)
        main = {(run.pid, run.pid)}
    workers = {(worker.pid, worker.thread) for worker in run.recording.workers}
    shown = {(one.pid, one.thread) for one in run.recording.activity()}
    assert main <= shown <= main | workers
    if text == WAITS:  # not over before anybody looked for it
        assert shown == main | workers


@linux
def test_servers_of_multiprocessing_are_not_shown(tmp_path: Path) -> None:
    spawned = "import multiprocessing; multiprocessing.set_start_method('forkserver')"
    recording = record(tmp_path, busy("ProcessPoolExecutor", spawned))
    pids = {one.pid for one in recording.processes}  # each has said that it belongs to the run
    assert len(pids) == 3
    assert {one.pid for one in recording.activity()} == pids


@linux
def test_two_processes_on_one_core_wait_for_it_in_turn(tmp_path: Path) -> None:
    one_core = "os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])"
    seen = []
    for _ in range(ATTEMPTS):
        recording = record(tmp_path, busy("ProcessPoolExecutor", one_core))
        shares = [parts(recording, track) for track in at_work(recording)]
        ready = [float(share[READY]) for share in shares] or [0.0]
        seen.append((ready, float(sum(share[RUNNING] for share in shares))))
        if min(ready) > 0.2 and seen[-1][1] < 1.3:  # both are always ready to run
            return
    pytest.fail(f"waiting for the core each, and running in sum: {seen}")


@linux
def test_the_load_of_the_cores_and_the_share_of_the_run(tmp_path: Path) -> None:
    recording = record(tmp_path, busy("ThreadPoolExecutor"))
    cores = recording.cores()
    assert cores.load.shape == (len(cores.at_s), os.cpu_count())
    assert len(cores.at_s) >= 2
    assert np.isnan(cores.load[0]).all()  # only says since when the next one counts
    assert cores.at_s[0] <= recording.main_started_s
    assert ((cores.load[1:] >= 0) & (cores.load[1:] <= 1)).all()
    assert cores.lab.max() > 0.1
    # The GIL lets one run at a time. A single sample may end long after its clock was read.
    ran_s = float(np.sum(cores.lab[1:] * np.diff(cores.at_s)))
    assert ran_s < 1.3 * float(cores.at_s[-1] - cores.at_s[0])


@linux
def test_a_strip_adds_up_to_the_time_on_a_processor_though_its_bursts_are_short(
    tmp_path: Path,
) -> None:
    seen = []
    for _ in range(ATTEMPTS):
        recording = record(tmp_path, BURSTS)
        (worker,) = at_work(recording)
        elapsed_s = recording.main_ended_s - recording.main_started_s
        (cpu_s,) = recording.tasks.cpu_s
        seen.append(float(parts(recording, worker)[RUNNING] * elapsed_s / cpu_s))
        if 0.8 < seen[-1] < 1.25:
            assert _turns(worker) > 30
            return
    pytest.fail(f"running by the strip, in parts of the task's processor time: {seen}")


@linux
def test_the_rate_that_was_kept_is_recorded(tmp_path: Path) -> None:
    recording = record(tmp_path, WAITS)
    assert 0 < recording.activity_rate_hz <= 1_100
    assert recording.activity_until_s <= recording.ending.at_s  # type: ignore[union-attr]  # it has ended


@linux
def test_the_watcher_of_a_killed_run_ends_by_itself(tmp_path: Path) -> None:
    with watched(write_script(tmp_path, ENDLESS)) as run:
        wait_until(lambda: len(at_work(run.recording)) == 2)
        watcher = psutil.Process(watcher_of(run).pid)
        os.killpg(run.pid, signal.SIGKILL)
        wait_until(lambda: not alive([watcher]))  # nobody has told it
        run.wait()
    # Of the lab process and its workers, not of the watcher.
    assert all("ended without saying goodbye" in told for told in run.recording.troubles)
    for track in at_work(run.recording):
        assert track.state[-1] == GONE


@linux
def test_a_run_goes_on_without_its_watcher(tmp_path: Path) -> None:
    with watched(write_script(tmp_path, WAITS)) as run:
        wait_until(lambda: run.recording.activity() or not run.recording.running)
        os.kill(watcher_of(run).pid, signal.SIGKILL)
        assert ended(run).outcome == "done"
    assert run.recording.activity()


@linux
def test_a_watcher_that_is_stuck_holds_up_nobody_for_long(tmp_path: Path) -> None:
    with watched(write_script(tmp_path, SHORT)) as run:
        os.kill(watcher_of(run).pid, signal.SIGSTOP)
        assert ended(run).outcome == "done"


@linux
def test_a_watcher_that_could_not_be_started_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> WatcherProcess:
        raise OSError("no more processes")

    monkeypatch.setattr(WatcherProcess, "start", refuse)
    with watched(write_script(tmp_path, SHORT)) as run:
        assert ended(run).outcome == "done"
    assert run.recording.activity_note == FAILED


@linux
@pytest.mark.parametrize("has_begun", [False, True])
def test_a_watcher_that_saw_nothing_is_told(tmp_path: Path, has_begun: bool) -> None:
    with Laboratory(is_watching=True) as laboratory:
        laboratory.prepare()
        assert laboratory._spare is not None
        watcher = laboratory._spare.watcher
        assert watcher is not None
        os.kill(watcher.pid, signal.SIGKILL)
        run = laboratory.start(job(write_script(tmp_path, SHORT)))
        if has_begun:  # it told that it looked, and was killed before it told what it saw
            now = time.perf_counter_ns()
            run.recording.apply(watcher.pid, events.Sampled(now, now, 1))
        assert ended(run).outcome == "done"
    assert run.recording.activity_note == FAILED


def test_elsewhere_the_recording_says_that_it_cannot_be_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(laboratory_module, "IS_POSSIBLE", False)
    with watched(write_script(tmp_path, SHORT)) as run:
        assert ended(run).outcome == "done"
    assert run.recording.activity_note == SYSTEM


def test_nobody_watches_unasked(tmp_path: Path) -> None:
    with started(sys.executable, job(write_script(tmp_path, SHORT))) as run:
        assert ended(run).outcome == "done"
    assert run.recording.activity_note == OFF
    assert run.recording.activity() == ()


def watcher_of(run: Run) -> WatcherProcess:
    """Return the watcher of a run, which is nobody else's business."""
    assert run._watcher is not None
    return run._watcher
