"""The controls built from a card, and their fields."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from core.card import Alternative, CardKnob, CardKnobKind, Localized, Preset
from gui.panels.knob_fields import (
    Choice,
    ChoiceField,
    LinesField,
    NumberField,
    TextField,
    TruthField,
)
from gui.panels.knobs import KnobsPanel
from gui.texts import Texts
from gui.theme import LIGHT


def text(english: str, japanese: str = "") -> Localized:
    return Localized(english, {"ja": japanese or english})


def knob(name: str, kind: CardKnobKind, **more: Any) -> CardKnob:
    return CardKnob(name, kind, text(f"{name} label", f"{name}の名前"), text("help"), **more)


KNOBS = (
    knob("COUNT", "int", minimum=0, maximum=100, presets=(Preset(5, text("five")),)),
    knob("PAUSE", "float", minimum=0, maximum=2, unit=text("s", "秒")),
    knob("LOUD", "bool"),
    knob("COLOUR", "choice", presets=(Preset("r", text("red")), Preset("g", text("green")))),
    knob("line", "line", alternatives=(Alternative("one", "a = 1", text("one")),)),
    knob("NAME", "text"),
    knob("URLS", "urls", presets=(Preset(["http://a"], text("a")),)),
    knob("FOLDER", "folder"),
)
VALUES: dict[str, Any] = {
    "COUNT": 3,
    "PAUSE": 0.5,
    "LOUD": True,
    "COLOUR": "g",
    "line": "a = 2",
    "NAME": "me",
    "URLS": ["http://b", "http://c"],
    "FOLDER": "",
}


@pytest.fixture
def panel(qtbot: QtBot, texts: Texts) -> KnobsPanel:
    panel = KnobsPanel(LIGHT, texts)
    qtbot.addWidget(panel)
    panel.show_knobs(KNOBS)
    panel.show_values(VALUES, {})
    panel.resize(600, 400)
    panel.show()
    return panel


def find(panel: QWidget, name: str) -> Any:
    widget = panel.findChild(QWidget, name)
    assert widget is not None, name
    return widget


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        *(("COUNT", NumberField), ("PAUSE", NumberField), ("LOUD", TruthField)),
        *(("COLOUR", ChoiceField), ("line", ChoiceField), ("NAME", TextField)),
        *(("URLS", LinesField), ("FOLDER", TextField)),
    ],
)
def test_each_kind_has_its_field(panel: KnobsPanel, name: str, kind: type[QWidget]) -> None:
    assert type(find(panel, f"knob_{name}")) is kind


def test_values_are_shown_without_being_told_as_changes(qtbot: QtBot, panel: KnobsPanel) -> None:
    other = dict(VALUES, COUNT=4, LOUD=False, COLOUR="r", NAME="you", URLS=["http://d"])
    with qtbot.assertNotEmitted(panel.changed):
        panel.show_values(other, {})
    assert find(panel, "knob_COUNT").value == 4
    assert not find(panel, "knob_LOUD").isChecked()
    assert find(panel, "knob_COLOUR").currentText() == "red"
    assert find(panel, "knob_NAME").text() == "you"
    assert find(panel, "knob_URLS").toPlainText() == "http://d"


def test_what_stands_in_the_script_beside_the_alternatives_is_shown(panel: KnobsPanel) -> None:
    field = find(panel, "knob_line")
    assert field.currentText() == "a = 2"
    assert field.count() == 2


def test_a_ready_made_value_is_one_click_away(qtbot: QtBot, panel: KnobsPanel) -> None:
    with qtbot.waitSignal(panel.changed) as told:
        QTest.mouseClick(find(panel, "preset_COUNT_0"), Qt.MouseButton.LeftButton)
    assert told.args == ["COUNT", 5]


def test_ready_made_lists_stand_in_a_menu(qtbot: QtBot, panel: KnobsPanel) -> None:
    button = panel.findChild(QToolButton, "presets_URLS")
    assert button is not None
    assert button.isVisible()
    with qtbot.waitSignal(panel.changed) as told:
        button.menu().actions()[0].trigger()
    assert told.args == ["URLS", ["http://a"]]
    hidden = panel.findChild(QToolButton, "presets_NAME")
    assert hidden is not None
    assert not hidden.isVisible()


def test_a_folder_is_chosen_in_a_dialog(
    qtbot: QtBot, panel: KnobsPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "/chosen")
    with qtbot.waitSignal(panel.changed) as told:
        find(panel, "choose_FOLDER").click()
    assert told.args == ["FOLDER", "/chosen"]
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
    with qtbot.assertNotEmitted(panel.changed):
        find(panel, "choose_FOLDER").click()
    chooser = panel.findChild(QPushButton, "choose_NAME")
    assert chooser is not None
    assert not chooser.isVisible()


def test_a_problem_makes_room_for_its_sentence(panel: KnobsPanel) -> None:
    QApplication.sendPostedEvents()
    before = panel.heightForWidth(600)
    panel.show_problem("COUNT", "COUNT must be something else, and this is a long sentence.")
    problem = panel.findChild(QLabel, "problem_COUNT")
    assert problem is not None
    assert problem.isVisible()
    QApplication.sendPostedEvents()
    assert panel.heightForWidth(600) > before
    panel.show_values(VALUES, {})
    QApplication.sendPostedEvents()
    assert panel.heightForWidth(600) == before


def test_a_knob_that_the_script_lost_is_not_enabled(panel: KnobsPanel) -> None:
    panel.show_values({"COUNT": 3}, {})
    assert find(panel, "knob_COUNT").isEnabled()
    assert not find(panel, "knob_NAME").isEnabled()


def test_labels_are_translated(panel: KnobsPanel) -> None:
    panel.set_texts(Texts("ja"))
    shown = {label.text() for label in panel.findChildren(QLabel)}
    assert {"COUNTの名前", "NAMEの名前", "秒"} <= shown
    assert find(panel, "knob_LOUD").text() == "LOUDの名前"


def number(qtbot: QtBot, *, whole: bool, low: float | None, high: float | None) -> NumberField:
    field = NumberField(whole, low, high)
    qtbot.addWidget(field)
    return field


@pytest.mark.parametrize(
    ("typed", "value"), [("1,000", 1000), ("1_000", 1000), ("0x10", 16), ("-3", -3), (" 7 ", 7)]
)
def test_whole_numbers_are_read_as_people_write_them(qtbot: QtBot, typed: str, value: int) -> None:
    field = number(qtbot, whole=True, low=None, high=None)
    with qtbot.waitSignal(field.changed, check_params_cb=lambda told: told == value):
        QTest.keyClicks(field.lineEdit(), typed)


@pytest.mark.parametrize("typed", ["abc", "1.5", "", "--", "1e5"])
def test_what_is_no_whole_number_is_not_told(qtbot: QtBot, typed: str) -> None:
    field = number(qtbot, whole=True, low=0, high=10)
    field.show_value(1)
    field.lineEdit().selectAll()
    told: list[object] = []
    field.changed.connect(told.append)
    QTest.keyClicks(field.lineEdit(), typed)
    assert [value for value in told if value != 1] == []


def test_leaving_a_number_field_writes_its_value_again(qtbot: QtBot) -> None:
    field = number(qtbot, whole=True, low=0, high=10_000)
    field.show_value(1234)
    field.lineEdit().setText("12x")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.text() == "1,234"


def test_steps_grow_with_the_number_and_stay_within_the_bounds(qtbot: QtBot) -> None:
    field = number(qtbot, whole=True, low=1, high=1_000_000)
    steps = {5: 6, 200_000: 210_000, 1_000_000: 1_000_000}
    for before, after in steps.items():
        field.show_value(before)
        field.stepUp()
        assert field.value == after
    downs = {5: 4, 100: 99, 210_000: 200_000, 1: 1}
    for before, after in downs.items():
        field.show_value(before)
        field.stepDown()
        assert field.value == after


def test_numbers_have_no_largest_one(qtbot: QtBot) -> None:
    field = number(qtbot, whole=True, low=None, high=None)
    field.show_value(10**40)
    assert field.text() == f"{10**40:,}"
    field.show_value(1 << 20_000)  # longer than what Python writes in decimal
    assert field.text() == hex(1 << 20_000)


def test_fractions_keep_their_digits(qtbot: QtBot) -> None:
    field = number(qtbot, whole=False, low=0, high=1)
    field.show_value(0.000_012_5)
    assert float(field.text()) == 0.000_012_5
    field.show_value(0.3)
    field.stepUp()
    assert field.value == 0.31


def test_lines_are_told_without_blanks(qtbot: QtBot) -> None:
    field = LinesField()
    qtbot.addWidget(field)
    told: list[object] = []
    field.changed.connect(told.append)
    field.setPlainText(" a \n\n b")
    assert told == [["a", "b"]]
    field.show_value(["a", "b"])
    assert field.toPlainText() == " a \n\n b"


def test_the_tab_key_leaves_a_list(qtbot: QtBot, panel: KnobsPanel) -> None:
    panel.activateWindow()
    field = find(panel, "knob_URLS")
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Tab)
    assert "\t" not in field.toPlainText()
    assert panel.focusWidget() is not field


def test_a_choice_tells_its_value(qtbot: QtBot) -> None:
    field = ChoiceField()
    qtbot.addWidget(field)
    field.set_choices([Choice(1, "one"), Choice(2, "two")])
    field.show_value(1)
    with qtbot.waitSignal(field.changed) as told:
        QTest.keyClick(field, Qt.Key.Key_Down)
    assert told.args == [2]
