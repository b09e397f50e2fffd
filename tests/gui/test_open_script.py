"""The script that is open: knobs, modes and edits are all changes of its text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gui.scripts import script_from_file, script_from_text
from gui.session import Session


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


def test_a_mode_is_written_into_the_script(session: Session) -> None:
    session.script.set_mode("sequential")
    assert "EXECUTOR = None\n" in session.script.text
    assert session.script.mode == "sequential"


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


def test_line_ends_of_the_file_stay_when_somebody_types(session: Session, tmp_path: Path) -> None:
    file = tmp_path / "windows.py"
    file.write_bytes(b"A = 1\r\nB = 2\r\n")
    session.open(script_from_file(file))
    assert session.script.text == "A = 1\r\nB = 2\r\n"
    session.script.set_knob("A", 5)
    assert session.script.text == "A = 5\r\nB = 2\r\n"
    session.script.edit("A = 5\nB = 3\n")
    assert session.script.text == "A = 5\r\nB = 3\r\n"
