"""The bridge to the laboratory, with real runs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from core.laboratory import Job, LabError
from core.no_room import NoRoom
from core.recording import Recording
from gui import bridge as bridge_module
from gui.bridge import Bridge
from tests.gui.conftest import RUN_MS

QUICK = "def main():\n    print('done')\n\nif __name__ == '__main__':\n    main()\n"
ENDLESS = QUICK.replace("'done'", "'begun', flush=True); import threading; threading.Event().wait(")


@pytest.fixture
def bridge(qtbot: QtBot) -> Iterator[Bridge]:
    bridge = Bridge()
    yield bridge
    bridge.close()


@pytest.fixture
def job(tmp_path: Path) -> Callable[[str], Callable[[], Job]]:
    def maker(text: str) -> Callable[[], Job]:
        return partial(Job, "a demo", text, tmp_path / "script.py", "script")

    return maker


class Story:
    """What a bridge told, in order."""

    def __init__(self, bridge: Bridge) -> None:
        self.told: list[Any] = []
        self.recordings: list[Recording] = []
        bridge.run_started.connect(self._started)
        bridge.run_ended.connect(lambda recording: self.told.append(recording.ending.outcome))
        bridge.run_refused.connect(lambda error: self.told.append(str(error)))
        bridge.batch_ended.connect(lambda: self.told.append("over"))

    def _started(self, recording: Recording) -> None:
        self.told.append("started")
        self.recordings.append(recording)

    def over(self, times: int = 1) -> bool:
        return self.told.count("over") == times


Jobs = Callable[[str], Callable[[], Job]]


def test_jobs_run_one_after_the_other(qtbot: QtBot, bridge: Bridge, job: Jobs) -> None:
    story = Story(bridge)
    bridge.start([job(QUICK), job(QUICK)], sys.executable)
    qtbot.waitUntil(story.over, timeout=RUN_MS)
    assert story.told == ["started", "done", "started", "done", "over"]
    assert [line.text for line in story.recordings[0].output] == ["done"]


def test_a_prepared_laboratory_runs_too(qtbot: QtBot, bridge: Bridge, job: Jobs) -> None:
    story = Story(bridge)
    bridge.prepare(sys.executable)
    bridge.start([job(QUICK)], sys.executable)
    qtbot.waitUntil(story.over, timeout=RUN_MS)
    assert story.told == ["started", "done", "over"]


def test_stop_ends_the_run_and_the_batch(qtbot: QtBot, bridge: Bridge, job: Jobs) -> None:
    story = Story(bridge)
    bridge.start([job(ENDLESS), job(QUICK)], sys.executable)
    qtbot.waitUntil(lambda: bool(story.recordings), timeout=RUN_MS)
    qtbot.waitUntil(lambda: bool(story.recordings[0].output), timeout=RUN_MS)
    bridge.stop()
    bridge.stop()
    qtbot.waitUntil(story.over, timeout=RUN_MS)
    assert story.told == ["started", "stopped", "over"]


def test_stop_before_the_run_begins(qtbot: QtBot, bridge: Bridge, job: Jobs) -> None:
    story = Story(bridge)
    bridge.start([job(ENDLESS)], sys.executable)
    bridge.stop()
    qtbot.waitUntil(story.over, timeout=RUN_MS)
    assert story.told in (["over"], ["started", "stopped", "over"])
    bridge.start([job(QUICK)], sys.executable)
    qtbot.waitUntil(lambda: story.over(2), timeout=RUN_MS)
    assert story.told[-3:] == ["started", "done", "over"]


def test_stop_while_the_job_is_made(qtbot: QtBot, bridge: Bridge, job: Jobs) -> None:
    story = Story(bridge)

    def made_while_stopped() -> Job:
        bridge.stop()  # what the window's thread may do at this very moment
        return job(ENDLESS)()

    bridge.start([made_while_stopped], sys.executable)
    qtbot.waitUntil(story.over, timeout=RUN_MS)
    assert story.told == ["started", "stopped", "over"]


def test_cancel_when_nothing_runs_does_nothing(qtbot: QtBot, bridge: Bridge, job: Jobs) -> None:
    story = Story(bridge)
    bridge.cancel(0)
    bridge.start([job(QUICK)], sys.executable)
    qtbot.waitUntil(story.over, timeout=RUN_MS)
    bridge.cancel(0)
    assert story.told == ["started", "done", "over"]
    assert story.recordings[0].cancels == []


def test_stop_when_nothing_runs_does_nothing(qtbot: QtBot, bridge: Bridge, job: Jobs) -> None:
    story = Story(bridge)
    bridge.stop()
    bridge.start([job(QUICK)], sys.executable)
    qtbot.waitUntil(story.over, timeout=RUN_MS)
    assert story.told == ["started", "done", "over"]


@pytest.mark.parametrize("error", [ValueError, LabError, OSError])
def test_a_job_that_cannot_be_made_is_refused(
    qtbot: QtBot, bridge: Bridge, job: Jobs, error: type[Exception]
) -> None:
    story = Story(bridge)

    def impossible() -> Job:
        raise error("Why it cannot be.")

    bridge.start([impossible, job(QUICK)], sys.executable)
    qtbot.waitUntil(story.over, timeout=RUN_MS)
    assert story.told == ["Why it cannot be.", "over"]


def test_a_python_that_is_not_there_is_refused_and_the_next_works(
    qtbot: QtBot, bridge: Bridge, job: Jobs, tmp_path: Path
) -> None:
    story = Story(bridge)
    bridge.prepare(str(tmp_path / "no-python"))
    bridge.start([job(QUICK)], str(tmp_path / "no-python"))
    qtbot.waitUntil(story.over, timeout=RUN_MS)
    assert "could not be started" in story.told[0]
    bridge.start([job(QUICK)], sys.executable)
    qtbot.waitUntil(lambda: story.over(2), timeout=RUN_MS)
    assert story.told[-3:] == ["started", "done", "over"]


def test_a_fault_in_a_request_is_reported_and_the_next_works(
    qtbot: QtBot, bridge: Bridge, job: Jobs, capture_faults: list[str]
) -> None:
    story = Story(bridge)

    def faulty() -> Job:
        raise ZeroDivisionError("a fault of ours")

    bridge.start([faulty], sys.executable)
    qtbot.waitUntil(story.over, timeout=RUN_MS)
    bridge.start([job(QUICK)], sys.executable)
    qtbot.waitUntil(lambda: story.over(2), timeout=RUN_MS)
    assert story.told == ["over", "started", "done", "over"]
    assert capture_faults == ["a fault of ours"]


@pytest.fixture
def capture_faults(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    faults: list[str] = []
    monkeypatch.setattr(sys, "excepthook", lambda _kind, error, _trace: faults.append(str(error)))
    return faults


def test_close_ends_what_runs(qtbot: QtBot, job: Jobs) -> None:
    bridge = Bridge()
    story = Story(bridge)
    bridge.start([job(ENDLESS), job(QUICK)], sys.executable)
    qtbot.waitUntil(lambda: bool(story.recordings), timeout=RUN_MS)
    bridge.close()
    ending = story.recordings[0].ending
    assert ending is not None
    assert ending.outcome == "stopped"


def test_close_right_after_start_and_twice(job: Jobs, qtbot: QtBot) -> None:
    bridge = Bridge()
    bridge.start([job(ENDLESS)], sys.executable)
    bridge.close()
    bridge.close()
    story = Story(bridge)
    assert story.told == []


def test_pythons_are_found(qtbot: QtBot, bridge: Bridge) -> None:
    with qtbot.waitSignal(bridge.runtimes_found, timeout=RUN_MS) as found:
        bridge.find_runtimes()
    assert found.args is not None
    assert any(runtime.path == sys.executable for runtime in found.args[0])


def test_a_chore_that_fails_is_left_to_the_run_that_needs_it(qtbot: QtBot, bridge: Bridge) -> None:
    done: list[str] = []

    def fail() -> None:
        done.append("failed")
        raise ValueError("not now")

    bridge.do_ahead(fail)
    bridge.do_ahead(lambda: done.append("done"))
    qtbot.waitUntil(lambda: done == ["failed", "done"])


def test_a_bridge_without_room_for_its_threads_leaves_none(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, begun = bridge_module._Worker.start, list[object]()

    def start(worker: bridge_module._Worker) -> None:
        begun.append(worker)
        if len(begun) < 3:
            real(worker)

    monkeypatch.setattr(bridge_module._Worker, "start", start)
    with pytest.raises(NoRoom, match="one more thread"):
        Bridge()
    assert len(begun) == 3


def test_a_run_without_room_is_refused_and_the_next_one_runs(
    qtbot: QtBot, bridge: Bridge, job: Jobs
) -> None:
    def made_without_room() -> Job:
        raise RuntimeError("can't start new thread")

    story = Story(bridge)
    bridge.start([made_without_room], sys.executable)
    qtbot.waitUntil(story.over, timeout=RUN_MS)
    assert story.told == [str(NoRoom("threads")), "over"]
    bridge.start([job(QUICK)], sys.executable)
    qtbot.waitUntil(lambda: story.over(2), timeout=RUN_MS)
    assert story.told[2:] == ["started", "done", "over"]
