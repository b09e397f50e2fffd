"""The state behind the window, with a bridge that runs nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from core.demos import Demo, demo_named
from core.local_sites import LocalSites
from gui.bridge import Bridge
from gui.scripts import script_from_file, script_from_text
from gui.session import Session
from tests.gui.idle_bridge import IdleBridge


class Told:
    """Counts what a session tells."""

    def __init__(self, session: Session) -> None:
        self.texts: list[bool] = []
        self.refused: list[tuple[str, str]] = []
        self.demos = self.states = 0
        session.script.text_changed.connect(self.texts.append)
        session.script.knob_refused.connect(lambda name, why: self.refused.append((name, why)))
        session.script.demo_changed.connect(self._count_demo)

    def _count_demo(self) -> None:
        self.demos += 1


def test_the_first_demo_is_open(session: Session, small_demos: tuple[Demo, ...]) -> None:
    assert session.script.demo is small_demos[0]
    assert session.script.text == small_demos[0].text
    assert session.script.mode == "threads"
    assert session.script.values["WORKERS"] == 2
    assert session.script.modes == ("sequential", "threads")


def test_a_knob_changes_its_line_only(session: Session) -> None:
    told, before = Told(session), session.script.text
    session.script.set_knob("WORKERS", 5)
    assert session.script.text == before.replace("WORKERS = 2", "WORKERS = 5")
    assert session.script.values["WORKERS"] == 5
    assert told.texts == [True]


def test_the_same_value_again_tells_nothing(session: Session) -> None:
    told = Told(session)
    session.script.set_knob("WORKERS", 2)
    assert told.texts == []


@pytest.mark.parametrize("value", [0, 9, "many", 1.5, True])
def test_a_value_that_cannot_be_is_refused(session: Session, value: Any) -> None:
    told, before = Told(session), session.script.text
    session.script.set_knob("WORKERS", value)
    assert session.script.text == before
    assert [name for name, _ in told.refused] == ["WORKERS"]


def test_what_is_typed_into_a_text_field_is_read_as_a_value(session: Session) -> None:
    session.script.set_knob("WORKERS", "7")
    assert session.script.values["WORKERS"] == 7


def test_editing_by_hand_is_not_marked(session: Session) -> None:
    told = Told(session)
    session.script.edit(session.script.text.replace("WORKERS = 2", "WORKERS = 3"))
    assert session.script.values["WORKERS"] == 3
    assert told.texts == [False]


def test_a_text_that_python_cannot_read_is_not_run(session: Session, bridge: IdleBridge) -> None:
    session.script.edit("def main(:\n")
    assert session.script.problem is not None
    assert session.script.problem.line == 1
    session.runner.run()
    session.runner.compare()
    assert not session.runner.busy
    assert bridge.batches == []


def test_a_mode_is_written_into_the_script(session: Session) -> None:
    session.script.set_mode("sequential")
    assert "EXECUTOR = None\n" in session.script.text
    assert session.script.mode == "sequential"


def test_a_mode_that_the_demo_lacks_is_refused(session: Session) -> None:
    session.script.set_mode("processes")
    assert session.script.mode == "threads"
    assert "processes" in str(session.refusal)


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


def test_a_refusal_is_told_until_something_else_happens(
    session: Session, bridge: IdleBridge
) -> None:
    session.runner.run()
    bridge.run_refused.emit(ValueError("There is no such thing."))
    bridge.batch_ended.emit()
    assert str(session.refusal) == "There is no such thing."
    session.script.set_knob("WORKERS", 4)
    assert session.refusal == ""


def test_another_python_is_prepared_and_used(session: Session, bridge: IdleBridge) -> None:
    session.runner.set_python("/other/python")
    session.runner.run()
    assert bridge.prepared == ["/other/python"]
    assert bridge.batches[0][1] == "/other/python"


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


def test_a_script_of_ones_own_gets_knobs_and_modes(session: Session, tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_bytes(session.script.text.encode())
    session.open(script_from_file(file))
    assert session.script.demo is session.shelf.own
    assert session.script.demo.path == file
    assert {"WORKERS", "NUMBERS"} <= {knob.name for knob in session.script.demo.card.knobs}
    assert session.script.mode == "threads"


def test_the_card_of_an_own_script_follows_its_text(session: Session) -> None:
    session.open(script_from_text("A = 1\n"))
    told = Told(session)
    session.script.edit("A = 1\nB = 'two'\n")
    assert [knob.name for knob in session.script.demo.card.knobs] == ["A", "B"]
    assert told.demos == 1
    session.script.edit("A = 1\nB = 'three'\n")
    assert told.demos == 1


def test_an_own_script_with_a_fault_can_be_corrected(session: Session) -> None:
    session.open(script_from_text("A = (\n"))
    assert session.script.problem is not None
    session.script.edit("A = (1)\n")
    assert session.script.problem is None
    assert [knob.name for knob in session.script.demo.card.knobs] == ["A"]


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


def test_line_ends_of_the_file_stay_when_somebody_types(session: Session, tmp_path: Path) -> None:
    file = tmp_path / "windows.py"
    file.write_bytes(b"A = 1\r\nB = 2\r\n")
    session.open(script_from_file(file))
    assert session.script.text == "A = 1\r\nB = 2\r\n"
    session.script.set_knob("A", 5)
    assert session.script.text == "A = 5\r\nB = 2\r\n"
    session.script.edit("A = 5\nB = 3\n")
    assert session.script.text == "A = 5\r\nB = 3\r\n"


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
