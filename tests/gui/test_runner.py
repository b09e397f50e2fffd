"""What a command runs, with a bridge that runs nothing."""

from __future__ import annotations

from typing import cast

from core.demos import Demo, demo_named
from core.local_sites import LocalSites
from gui.bridge import Bridge
from gui.session import Session
from tests.gui.idle_bridge import IdleBridge


def test_a_text_that_python_cannot_read_is_not_run(session: Session, bridge: IdleBridge) -> None:
    session.script.edit("def main(:\n")
    assert session.script.problem is not None
    assert session.script.problem.line == 1
    session.runner.run()
    session.runner.compare()
    assert not session.runner.busy
    assert bridge.batches == []


def test_run_gives_the_text_as_it_stands(session: Session, bridge: IdleBridge) -> None:
    session.script.set_knob("NUMBERS", 8)
    session.runner.run()
    assert session.runner.busy
    assert not session.runner.comparing
    (job,) = bridge.run_all()
    assert job.text == session.script.text
    assert job.knobs["NUMBERS"] == 8
    assert not session.runner.busy
    assert session.recording is not None
    assert len(session.results.comparison) == 1


def test_compare_ends_with_the_mode_on_screen(session: Session, bridge: IdleBridge) -> None:
    before = session.script.text
    session.runner.compare()
    assert session.runner.comparing
    jobs = bridge.run_all()
    assert [job.mode for job in jobs] == ["sequential", "threads"]
    assert session.script.text == before
    assert session.runner.compared


def test_a_comparison_that_was_stopped_is_none(session: Session, bridge: IdleBridge) -> None:
    session.runner.compare()
    session.runner.stop()
    assert bridge.stops == 1
    bridge.batch_ended.emit()
    assert not session.runner.compared
    assert not session.runner.busy


def test_runs_that_did_not_end_well_are_not_compared(session: Session, bridge: IdleBridge) -> None:
    session.runner.run()
    bridge.run_all("failed")
    assert len(session.results.comparison) == 0
    assert session.recording is not None


def test_while_something_runs_nothing_changes(session: Session, bridge: IdleBridge) -> None:
    before, demo = session.script.text, session.script.demo
    session.runner.run()
    session.runner.run()
    session.script.set_knob("WORKERS", 5)
    session.script.set_mode("sequential")
    session.open(session.shelf.demos["forever"])
    session.runner.set_python("/other/python")
    assert (session.script.text, session.script.demo, len(bridge.batches)) == (before, demo, 1)
    assert bridge.prepared == []


def test_another_python_is_prepared_and_used(session: Session, bridge: IdleBridge) -> None:
    session.runner.set_python("/other/python")
    session.runner.run()
    assert bridge.prepared == ["/other/python"]
    assert bridge.batches[0][1] == "/other/python"


def test_the_local_sites_are_started_ahead_of_the_run(
    bridge: IdleBridge, small_demos: tuple[Demo, ...]
) -> None:

    with LocalSites() as sites:
        session = Session(small_demos, cast("Bridge", bridge), sites)
        assert bridge.chores == []
        session.open(demo_named("downloads"))
        assert bridge.chores == [sites.address]


def test_only_a_run_that_goes_on_is_asked_to_cancel(session: Session, bridge: IdleBridge) -> None:
    session.runner.cancel(1)
    assert bridge.cancels == []
    session.runner.run()
    session.runner.cancel(1)
    assert bridge.cancels == [1]
    bridge.run_all()
    session.runner.cancel(2)
    assert bridge.cancels == [1]
