"""The model that is stepped by hand: buttons, keys, undo, the lock, all orders."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from gui.charts.by_hand import ByHandChart
from gui.charts.by_hand_orders import OrdersPainter, orders
from gui.charts.words import LANGUAGES, word
from gui.theme import DARK, LIGHT
from tests.gui.charts_demo import empty_run, end

KEYS = {
    "1": Qt.Key.Key_1,
    "2": Qt.Key.Key_2,
    "a": Qt.Key.Key_A,
    "l": Qt.Key.Key_L,
    "x": Qt.Key.Key_X,
    "z": Qt.Key.Key_Z,
}
LOSE = "112122"
KEEP = "111222"


@pytest.fixture
def chart(qtbot: QtBot) -> ByHandChart:
    chart = ByHandChart()
    qtbot.addWidget(chart)
    chart.resize(600, 600)
    chart.show()
    chart.setFocus()
    return chart


def press(chart: QWidget, keys: str) -> None:
    for key in keys:
        QTest.keyClick(chart, KEYS[key])


def button(chart: ByHandChart, name: str) -> QAbstractButton:
    kind = QCheckBox if name == "lock" else QPushButton
    found = chart.findChild(kind, f"by_hand_{name}")
    assert isinstance(found, QAbstractButton)
    return found


def test_at_first_the_class_is_challenged(chart: ByHandChart) -> None:
    assert chart.message().startswith("Make it lose one")
    assert button(chart, "step_1").text() == "[1] Thread 1: read"
    assert not button(chart, "undo").isEnabled()


def test_who_makes_it_lose_one_is_congratulated_and_told_how(chart: ByHandChart) -> None:
    press(chart, LOSE)
    assert chart.history.now.lost == 1
    assert chart.message().startswith("Well done")
    assert "both wrote 1" in chart.message()
    assert "shared count: 1" in chart.accessibleDescription()


def test_who_does_not_gets_a_hint(chart: ByHandChart) -> None:
    press(chart, KEEP)
    assert chart.message().startswith("Nothing is lost: thread 1 had written before thread 2 read")
    press(chart, "z" * 4 + "2")
    assert chart.message().startswith("Both read 0 before either wrote")


def test_buttons_and_keys_do_the_same(chart: ByHandChart) -> None:
    for move in LOSE:
        button(chart, f"step_{move}").click()
    stepped = chart.history
    button(chart, "reset").click()
    press(chart, LOSE)
    assert chart.history == stepped


def test_keys_reach_the_model_from_each_of_its_buttons(chart: ByHandChart) -> None:
    for name in ("step_2", "undo", "lock", "all"):
        chart.reset()
        chart.step(1)
        button(chart, name).setFocus()
        press(button(chart, name), "1")
        assert chart.history.moves == (1, 1)


def test_keys_with_ctrl_are_not_ours(chart: ByHandChart) -> None:
    QTest.keyClick(chart, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    press(chart, "x")
    assert not chart.history.moves
    QTest.keyClick(chart, Qt.Key.Key_1, Qt.KeyboardModifier.KeypadModifier)
    assert chart.history.moves == (1,)


@pytest.mark.parametrize("key", [Qt.Key.Key_Z, Qt.Key.Key_Backspace])
def test_every_step_can_be_taken_back(chart: ByHandChart, key: Qt.Key) -> None:
    for locked, moves in ((False, LOSE), (True, "11211122222")):
        button(chart, "lock").setChecked(locked)
        states = [chart.history]
        for move in moves:
            press(chart, move)
            states.append(chart.history)
        assert chart.history.now.over
        for state in reversed(states[:-1]):
            QTest.keyClick(chart, key)
            assert chart.history == state
        assert not button(chart, "undo").isEnabled()


def test_with_the_lock_the_second_is_blocked_and_told_why(chart: ByHandChart) -> None:
    press(chart, "l")
    assert chart.message().startswith("Now make it lose one with the lock")
    press(chart, "112")
    assert chart.message().startswith("Thread 2 is blocked: it wants the lock, and thread 1 holds")
    assert button(chart, "step_2").text() == "[2] Thread 2: blocked"
    assert not button(chart, "step_2").isEnabled()
    blocked = chart.history
    press(chart, "2")
    assert chart.history is blocked
    press(chart, "111")
    assert button(chart, "step_2").isEnabled()
    press(chart, "22222")
    assert (chart.history.now.count, chart.history.now.lost) == (2, 0)
    assert chart.message().startswith("Nothing is lost, and nothing can be")


def test_the_lock_begins_anew(chart: ByHandChart) -> None:
    press(chart, "12l")
    assert chart.history.moves == ()
    assert chart.history.now.locked


def test_a_button_that_has_nothing_more_to_do_hands_the_keyboard_on(chart: ByHandChart) -> None:
    button(chart, "step_1").setFocus()
    for _ in range(3):
        QTest.keyClick(button(chart, "step_1"), Qt.Key.Key_Space)
    assert not button(chart, "step_1").isEnabled()
    assert chart.hasFocus()
    press(chart, "2")
    assert chart.history.moves == (1, 1, 1, 2)


def test_all_orders_take_the_place_of_the_threads(chart: ByHandChart) -> None:
    press(chart, LOSE)
    before = chart.grab().toImage()
    press(chart, "a")
    assert button(chart, "all").isChecked()
    shown = chart.grab().toImage()
    assert shown != before
    assert not button(chart, "undo").isEnabled()
    press(chart, "1z")
    assert chart.history.now.over
    assert chart.grab().toImage() == shown
    press(chart, "a")
    assert chart.grab().toImage() != shown
    assert button(chart, "undo").isEnabled()


def test_the_order_that_was_stepped_is_framed(chart: ByHandChart) -> None:
    press(chart, "a")
    unmarked = chart.grab().toImage()
    press(chart, f"a{LOSE}a")
    marked = chart.grab().toImage()
    accent = LIGHT.accent.lower()
    count = [
        sum(
            image.pixelColor(x, y).name() == accent
            for x in range(image.width())
            for y in range(button(chart, "all").geometry().bottom() + 4, image.height())
        )
        for image in (unmarked, marked)
    ]
    assert count[1] > count[0]


@pytest.mark.parametrize("width", [240, 365, 600, 1_200])
def test_all_orders_have_the_room_that_they_ask_for(width: int) -> None:
    one = OrdersPainter.lowest(LIGHT, width)
    assert OrdersPainter.lowest(LIGHT, width * 2) <= one
    assert OrdersPainter.lowest(LIGHT.zoomed(2), width * 2) == pytest.approx(2 * one, rel=0.2)
    assert (len(orders(False)), len(orders(True))) == (20, 2)


def test_the_model_asks_for_more_room_when_it_shows_all_orders_in_a_narrow_place(
    chart: ByHandChart,
) -> None:
    chart.resize(QSize(260, 400))
    stepping = chart.minimumSizeHint().height()
    press(chart, "a")
    assert chart.minimumSizeHint().height() > stepping


def test_a_run_changes_nothing(chart: ByHandChart) -> None:
    press(chart, "12")
    stepped = chart.history
    chart.draw(end(empty_run(), 1.0))
    chart.clear()
    assert chart.history is stepped


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_says_that_it_is_a_model_and_speaks_each_language(
    chart: ByHandChart, language: str
) -> None:
    chart.set_language(language)
    chart.set_theme(DARK)
    press(chart, LOSE)
    assert chart.message() == word(language, "by_hand_lost", value=0, copy=1, count=1)
    assert word(language, "by_hand_through") in button(chart, "step_1").text()
    assert word(language, "by_hand_note")
    assert button(chart, "undo").toolTip() == word(language, "by_hand_undo_tip")
