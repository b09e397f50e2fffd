"""What is opened, kept and told behind the window, with a bridge that runs nothing."""

from __future__ import annotations

from core.demos import Demo
from gui.scripts import script_from_text
from gui.session import Session
from tests.gui.idle_bridge import IdleBridge


def test_the_first_demo_is_open(session: Session, small_demos: tuple[Demo, ...]) -> None:
    assert session.script.demo is small_demos[0]
    assert session.script.text == small_demos[0].text
    assert session.script.mode == "threads"
    assert session.script.values["WORKERS"] == 2
    assert session.script.modes == ("sequential", "threads")


def test_a_mode_that_the_demo_lacks_is_refused(session: Session) -> None:
    session.script.set_mode("processes")
    assert session.script.mode == "threads"
    assert "processes" in str(session.refusal)


def test_a_refusal_is_told_until_something_else_happens(
    session: Session, bridge: IdleBridge
) -> None:
    session.runner.run()
    bridge.run_refused.emit(ValueError("There is no such thing."))
    bridge.batch_ended.emit()
    assert str(session.refusal) == "There is no such thing."
    session.script.set_knob("WORKERS", 4)
    assert session.refusal == ""


def test_each_demo_keeps_its_text_and_its_recording(session: Session, bridge: IdleBridge) -> None:
    session.script.set_knob("WORKERS", 5)
    session.runner.run()
    bridge.run_all()
    recording = session.recording
    session.open(session.shelf.demos["forever"])
    assert session.recording is None
    session.open(session.shelf.demos["count"])
    assert session.script.values["WORKERS"] == 5
    assert session.recording is recording
    session.script.revert()
    assert session.script.values["WORKERS"] == 2


def test_another_script_of_the_same_name_begins_anew(session: Session, bridge: IdleBridge) -> None:
    session.open(script_from_text("A = 1\ndef main(): pass\n"))
    session.runner.run()
    bridge.run_all()
    session.open(script_from_text("A = 2\n"))
    assert session.script.text == "A = 2\n"
    assert session.recording is None


def test_an_own_script_keeps_its_text_while_a_demo_is_open(session: Session) -> None:
    session.open(script_from_text("A = 1\n"))
    session.script.edit("A = 3\n")
    own = session.shelf.own
    assert own is not None
    session.open(session.shelf.demos["count"])
    session.open(own)
    assert session.script.text == "A = 3\n"
