"""The state behind the window, with a bridge that runs nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from core.demos import Demo, demo_named
from core.jobs import LocalSites
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
        session.text_changed.connect(self.texts.append)
        session.knob_refused.connect(lambda name, why: self.refused.append((name, why)))
        session.demo_changed.connect(self._count_demo)

    def _count_demo(self) -> None:
        self.demos += 1


def test_the_first_demo_is_open(session: Session, small_demos: tuple[Demo, ...]) -> None:
    assert session.demo is small_demos[0]
    assert session.text == small_demos[0].text
    assert session.mode == "threads"
    assert session.values["WORKERS"] == 2
    assert session.modes == ("sequential", "threads")


def test_a_knob_changes_its_line_only(session: Session) -> None:
    told, before = Told(session), session.text
    session.set_knob("WORKERS", 5)
    assert session.text == before.replace("WORKERS = 2", "WORKERS = 5")
    assert session.values["WORKERS"] == 5
    assert told.texts == [True]


def test_the_same_value_again_tells_nothing(session: Session) -> None:
    told = Told(session)
    session.set_knob("WORKERS", 2)
    assert told.texts == []


@pytest.mark.parametrize("value", [0, 9, "many", 1.5, True])
def test_a_value_that_cannot_be_is_refused(session: Session, value: Any) -> None:
    told, before = Told(session), session.text
    session.set_knob("WORKERS", value)
    assert session.text == before
    assert [name for name, _ in told.refused] == ["WORKERS"]


def test_what_is_typed_into_a_text_field_is_read_as_a_value(session: Session) -> None:
    session.set_knob("WORKERS", "7")
    assert session.values["WORKERS"] == 7


def test_editing_by_hand_is_not_marked(session: Session) -> None:
    told = Told(session)
    session.edit(session.text.replace("WORKERS = 2", "WORKERS = 3"))
    assert session.values["WORKERS"] == 3
    assert told.texts == [False]


def test_a_text_that_python_cannot_read_is_not_run(session: Session, bridge: IdleBridge) -> None:
    session.edit("def main(:\n")
    assert session.problem is not None
    assert session.problem.line == 1
    session.run()
    session.compare()
    assert not session.busy
    assert bridge.batches == []


def test_a_mode_is_written_into_the_script(session: Session) -> None:
    session.set_mode("sequential")
    assert "EXECUTOR = None\n" in session.text
    assert session.mode == "sequential"


def test_a_mode_that_the_demo_lacks_is_refused(session: Session) -> None:
    session.set_mode("processes")
    assert session.mode == "threads"
    assert "processes" in str(session.refusal)


def test_run_gives_the_text_as_it_stands(session: Session, bridge: IdleBridge) -> None:
    session.set_knob("NUMBERS", 8)
    session.run()
    assert session.busy
    assert not session.comparing
    (job,) = bridge.run_all()
    assert job.text == session.text
    assert job.knobs["NUMBERS"] == 8
    assert not session.busy
    assert session.recording is not None
    assert len(session.results.comparison) == 1


def test_compare_ends_with_the_mode_on_screen(session: Session, bridge: IdleBridge) -> None:
    before = session.text
    session.compare()
    assert session.comparing
    jobs = bridge.run_all()
    assert [job.mode for job in jobs] == ["sequential", "threads"]
    assert session.text == before
    assert session.compared


def test_a_comparison_that_was_stopped_is_none(session: Session, bridge: IdleBridge) -> None:
    session.compare()
    session.stop()
    assert bridge.stops == 1
    bridge.batch_ended.emit()
    assert not session.compared
    assert not session.busy


def test_runs_that_did_not_end_well_are_not_compared(session: Session, bridge: IdleBridge) -> None:
    session.run()
    bridge.run_all("failed")
    assert len(session.results.comparison) == 0
    assert session.recording is not None


def test_while_something_runs_nothing_changes(session: Session, bridge: IdleBridge) -> None:
    before, demo = session.text, session.demo
    session.run()
    session.run()
    session.set_knob("WORKERS", 5)
    session.set_mode("sequential")
    session.open(session.demos["forever"])
    session.set_python("/other/python")
    assert (session.text, session.demo, len(bridge.batches)) == (before, demo, 1)
    assert bridge.prepared == []


def test_a_refusal_is_told_until_something_else_happens(
    session: Session, bridge: IdleBridge
) -> None:
    session.run()
    bridge.run_refused.emit(ValueError("There is no such thing."))
    bridge.batch_ended.emit()
    assert str(session.refusal) == "There is no such thing."
    session.set_knob("WORKERS", 4)
    assert session.refusal == ""


def test_another_python_is_prepared_and_used(session: Session, bridge: IdleBridge) -> None:
    session.set_python("/other/python")
    session.run()
    assert bridge.prepared == ["/other/python"]
    assert bridge.batches[0][1] == "/other/python"


def test_each_demo_keeps_its_text_and_its_recording(session: Session, bridge: IdleBridge) -> None:
    session.set_knob("WORKERS", 5)
    session.run()
    bridge.run_all()
    recording = session.recording
    session.open(session.demos["forever"])
    assert session.recording is None
    session.open(session.demos["count"])
    assert session.values["WORKERS"] == 5
    assert session.recording is recording
    session.revert()
    assert session.values["WORKERS"] == 2


def test_a_script_of_ones_own_gets_knobs_and_modes(session: Session, tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_bytes(session.text.encode())
    session.open(script_from_file(file))
    assert session.demo is session.own
    assert session.demo.path == file
    assert {"WORKERS", "NUMBERS"} <= {knob.name for knob in session.demo.card.knobs}
    assert session.mode == "threads"


def test_the_card_of_an_own_script_follows_its_text(session: Session) -> None:
    session.open(script_from_text("A = 1\n"))
    told = Told(session)
    session.edit("A = 1\nB = 'two'\n")
    assert [knob.name for knob in session.demo.card.knobs] == ["A", "B"]
    assert told.demos == 1
    session.edit("A = 1\nB = 'three'\n")
    assert told.demos == 1


def test_an_own_script_with_a_fault_can_be_corrected(session: Session) -> None:
    session.open(script_from_text("A = (\n"))
    assert session.problem is not None
    session.edit("A = (1)\n")
    assert session.problem is None
    assert [knob.name for knob in session.demo.card.knobs] == ["A"]


def test_another_script_of_the_same_name_begins_anew(session: Session, bridge: IdleBridge) -> None:
    session.open(script_from_text("A = 1\ndef main(): pass\n"))
    session.run()
    bridge.run_all()
    session.open(script_from_text("A = 2\n"))
    assert session.text == "A = 2\n"
    assert session.recording is None


def test_an_own_script_keeps_its_text_while_a_demo_is_open(session: Session) -> None:
    session.open(script_from_text("A = 1\n"))
    session.edit("A = 3\n")
    own = session.own
    assert own is not None
    session.open(session.demos["count"])
    session.open(own)
    assert session.text == "A = 3\n"


def test_line_ends_of_the_file_stay_when_somebody_types(session: Session, tmp_path: Path) -> None:
    file = tmp_path / "windows.py"
    file.write_bytes(b"A = 1\r\nB = 2\r\n")
    session.open(script_from_file(file))
    assert session.text == "A = 1\r\nB = 2\r\n"
    session.set_knob("A", 5)
    assert session.text == "A = 5\r\nB = 2\r\n"
    session.edit("A = 5\nB = 3\n")
    assert session.text == "A = 5\r\nB = 3\r\n"


def test_the_local_sites_are_started_ahead_of_the_run(
    bridge: IdleBridge, small_demos: tuple[Demo, ...]
) -> None:

    with LocalSites() as sites:
        session = Session(small_demos, cast("Bridge", bridge), sites)
        assert bridge.chores == []
        session.open(demo_named("downloads"))
        assert bridge.chores == [sites.address]


def test_only_a_run_that_goes_on_is_asked_to_cancel(session: Session, bridge: IdleBridge) -> None:
    session.cancel(1)
    assert bridge.cancels == []
    session.run()
    session.cancel(1)
    assert bridge.cancels == [1]
    bridge.run_all()
    session.cancel(2)
    assert bridge.cancels == [1]
