"""The window with real runs of small scripts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QComboBox,
    QLabel,
    QListWidget,
    QPlainTextEdit,
    QProgressBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gui.app import Application
from gui.panels.code_view import CodeView
from gui.panels.knob_fields import ChoiceField, LinesField, NumberField
from tests.gui.conftest import RUN_MS

W = TypeVar("W", bound=QWidget)
Wait = Callable[[Application], None]


def find(parts: Application, kind: type[W], name: str) -> W:
    widget = parts.window.findChild(kind, name)
    assert isinstance(widget, kind), name
    return widget


def press(parts: Application, name: str) -> None:
    QTest.mouseClick(find(parts, QAbstractButton, name), Qt.MouseButton.LeftButton)


def explanation(parts: Application) -> str:
    return find(parts, QLabel, "explanation").text()


def heading(parts: Application) -> str:
    return find(parts, QLabel, "explanation_heading").text()


def output(parts: Application) -> list[str]:
    return find(parts, QPlainTextEdit, "output_log").toPlainText().splitlines()


def choose(parts: Application, title: str) -> None:
    demos = find(parts, QListWidget, "demo_list")
    demos.setCurrentItem(demos.findItems(title, Qt.MatchFlag.MatchExactly)[0])


def type_into(parts: Application, old: str, new: str) -> None:
    """Replace a piece of the script as a person would: through the editor's document."""
    code = find(parts, CodeView, "code_view")
    cursor = code.document().find(old)
    assert not cursor.isNull(), old
    cursor.insertText(new)


NAMES = (
    *("demo_list", "mode_sequential", "mode_threads", "mode_processes", "run_button"),
    *("stop_button", "compare_button", "knob_WORKERS", "knob_NUMBERS", "knob_LOUD", "knob_line"),
    *("elapsed_display", "code_view", "explanation", "output_log", "runtime_box"),
    *("comparison_chart", "timeline_chart"),
)


def test_the_controls_have_the_names_of_the_contract(parts: Application) -> None:
    for name in NAMES:
        assert parts.window.findChild(QWidget, name) is not None, name


def test_every_control_tells_screen_readers_what_it_is(parts: Application) -> None:
    for name in ("demo_list", "knob_WORKERS", "knob_line", "code_view", "output_log"):
        assert find(parts, QWidget, name).accessibleName(), name
    for name in ("elapsed_display", "runtime_box", "timeline_chart", "explanation"):
        assert find(parts, QWidget, name).accessibleName(), name


def test_a_run_shows_output_time_explanation_and_charts(parts: Application, run_out: Wait) -> None:
    press(parts, "run_button")
    run_out(parts)
    assert output(parts) == ["0", "2", "4"]
    assert explanation(parts) == "3 numbers were doubled by threads."
    recording = parts.session.recording
    assert recording is not None
    assert recording.header.script == find(parts, CodeView, "code_view").text
    assert find(parts, QLabel, "elapsed_display").text().endswith("s")
    chart = find(parts, QWidget, "comparison_chart")
    assert "Sequential: not run yet" in chart.accessibleDescription()


def test_run_and_stop_take_turns(qtbot: QtBot, parts: Application, run_out: Wait) -> None:
    run, stop = (find(parts, QAbstractButton, f"{name}_button") for name in ("run", "stop"))
    choose(parts, "Waiting for ever")
    assert (run.isEnabled(), stop.isEnabled()) == (True, False)
    press(parts, "run_button")
    assert (run.isEnabled(), stop.isEnabled()) == (False, True)
    assert not find(parts, QWidget, "knob_NAME").isEnabled()
    assert find(parts, CodeView, "code_view").isReadOnly()
    qtbot.waitUntil(lambda: output(parts) == ["begun"], timeout=RUN_MS)
    press(parts, "stop_button")
    press(parts, "stop_button")
    run_out(parts)
    assert (run.isEnabled(), stop.isEnabled()) == (True, False)
    assert find(parts, QWidget, "knob_NAME").isEnabled()
    assert heading(parts) == "The run was stopped"
    assert output(parts) == ["begun"]


def test_the_time_counts_while_it_runs(qtbot: QtBot, parts: Application, run_out: Wait) -> None:
    display = find(parts, QLabel, "elapsed_display")
    choose(parts, "Waiting for ever")
    press(parts, "run_button")
    qtbot.waitUntil(lambda: display.text() != "", timeout=RUN_MS)
    first = display.text()
    qtbot.waitUntil(lambda: display.text() != first, timeout=RUN_MS)
    assert display.text().endswith(" s")
    press(parts, "stop_button")
    run_out(parts)


def test_stop_while_starting_ends_the_run(parts: Application, run_out: Wait) -> None:
    choose(parts, "Waiting for ever")
    press(parts, "run_button")
    press(parts, "stop_button")
    run_out(parts)
    choose(parts, "Doubling numbers")
    press(parts, "run_button")
    run_out(parts)
    assert output(parts) == ["0", "2", "4"]


def test_a_mode_button_rewrites_the_script_and_marks_the_line(parts: Application) -> None:
    code = find(parts, CodeView, "code_view")
    press(parts, "mode_sequential")
    assert "EXECUTOR = None\n" in code.text
    assert code.changed_lines == range(7, 8)
    assert find(parts, QAbstractButton, "mode_sequential").isChecked()
    assert not find(parts, QAbstractButton, "mode_threads").isChecked()


def test_only_the_modes_of_the_card_are_offered(parts: Application) -> None:
    assert find(parts, QAbstractButton, "mode_sequential").isVisible()
    assert not find(parts, QAbstractButton, "mode_processes").isVisible()
    choose(parts, "Waiting for ever")
    assert not find(parts, QAbstractButton, "mode_sequential").isVisible()
    assert not find(parts, QAbstractButton, "compare_button").isEnabled()


def test_knobs_rewrite_the_script(parts: Application) -> None:
    code = find(parts, CodeView, "code_view")
    find(parts, NumberField, "knob_WORKERS").stepUp()
    assert "WORKERS = 3\n" in code.text
    assert code.changed_lines == range(4, 5)
    find(parts, QCheckBox, "knob_LOUD").click()
    assert "LOUD = True\n" in code.text
    press(parts, "preset_NUMBERS_0")
    assert "NUMBERS = 5\n" in code.text
    line = find(parts, ChoiceField, "knob_line")
    QTest.keyClick(line, Qt.Key.Key_Down)
    assert "    return number * 3  # knob: line\n" in code.text
    choose(parts, "Waiting for ever")
    find(parts, LinesField, "knob_ITEMS").setPlainText("a\n\n b \n")
    assert 'ITEMS = ["a", "b"]\n' in code.text
    QTest.keyClicks(find(parts, QWidget, "knob_NAME"), "!")
    assert 'NAME = "somebody!"\n' in code.text


def test_editing_the_script_turns_the_knobs(parts: Application) -> None:
    type_into(parts, "WORKERS = 2", "WORKERS = 7")
    type_into(parts, "LOUD = False", "LOUD = True")
    type_into(parts, "futures.ThreadPoolExecutor", "None")
    type_into(parts, "number * 2", "number * 20")
    assert find(parts, NumberField, "knob_WORKERS").value == 7
    assert find(parts, QCheckBox, "knob_LOUD").isChecked()
    assert find(parts, QAbstractButton, "mode_sequential").isChecked()
    assert find(parts, QComboBox, "knob_line").currentText() == "return number * 20"
    assert not find(parts, CodeView, "code_view").changed_lines


def test_a_script_that_python_cannot_read_is_not_run(parts: Application) -> None:
    type_into(parts, "def main():", "def main(:")
    assert heading(parts) == "Python cannot read this script"
    assert explanation(parts).startswith("Line 12: ")
    assert find(parts, QLabel, "attention_sign").isVisible()
    assert not find(parts, QAbstractButton, "run_button").isEnabled()
    assert find(parts, CodeView, "code_view").problem_line == 12
    parts.session.runner.run()
    assert not parts.session.runner.busy
    type_into(parts, "def main(:", "def main():")
    assert find(parts, QAbstractButton, "run_button").isEnabled()
    assert not find(parts, QLabel, "attention_sign").isVisible()


def test_a_value_out_of_range_gets_a_sentence_and_stays_out_of_the_script(
    parts: Application,
) -> None:
    field = find(parts, NumberField, "knob_WORKERS")
    field.lineEdit().selectAll()
    QTest.keyClicks(field.lineEdit(), "9")
    problem = find(parts, QLabel, "problem_WORKERS")
    assert problem.isVisible()
    assert problem.text() == "WORKERS must be between 1 and 8; 9 is too large."
    assert "WORKERS = 2\n" in find(parts, CodeView, "code_view").text
    field.lineEdit().selectAll()
    QTest.keyClicks(field.lineEdit(), "4")
    assert not problem.isVisible()
    assert "WORKERS = 4\n" in find(parts, CodeView, "code_view").text


def test_a_value_out_of_range_in_the_script_is_told_and_not_run(
    parts: Application, run_out: Wait
) -> None:
    type_into(parts, "WORKERS = 2", "WORKERS = 99")
    sentence = "WORKERS must be between 1 and 8; 99 is too large."
    assert find(parts, QLabel, "problem_WORKERS").text() == sentence
    press(parts, "run_button")
    run_out(parts)
    assert parts.session.recording is None
    assert (heading(parts), explanation(parts)) == ("It did not run", sentence)


def test_a_knob_that_the_script_lost_cannot_be_turned(parts: Application) -> None:
    type_into(parts, "WORKERS = 2", "WORKERS = 1 + 1")
    assert not find(parts, QWidget, "knob_WORKERS").isEnabled()
    assert find(parts, QWidget, "knob_NUMBERS").isEnabled()


def test_compare_all_runs_every_mode_and_says_the_result(parts: Application, run_out: Wait) -> None:
    before = find(parts, CodeView, "code_view").text
    steps: list[tuple[int, int]] = []
    bar = find(parts, QProgressBar, "compare_progress")
    parts.session.runner.run_began.connect(lambda _: steps.append((bar.value(), bar.maximum())))
    press(parts, "compare_button")
    run_out(parts)
    assert len(steps) == 2
    assert steps[-1] == (1, 2)
    assert not bar.isVisible()
    assert heading(parts) == "All modes, compared"
    assert explanation(parts).startswith("Sequential ")
    assert explanation(parts).endswith("3 numbers were doubled by threads.")
    assert find(parts, CodeView, "code_view").text == before
    told = find(parts, QWidget, "comparison_chart").accessibleDescription()
    assert "not run yet" not in told


def test_compare_all_can_be_stopped(qtbot: QtBot, parts: Application, run_out: Wait) -> None:
    type_into(parts, "return number * 2", "sleep(600)")
    press(parts, "compare_button")
    with qtbot.waitSignal(parts.session.runner.run_began, timeout=RUN_MS):
        pass
    press(parts, "stop_button")
    run_out(parts)
    assert heading(parts) == "The run was stopped"
    assert not parts.session.runner.compared


def test_the_next_run_works_after_one_that_failed(parts: Application, run_out: Wait) -> None:
    type_into(parts, "return number * 2", "raise ValueError(number)")
    press(parts, "run_button")
    run_out(parts)
    assert heading(parts) == "The run failed"
    assert "ValueError: 0" in explanation(parts)
    assert find(parts, QLabel, "attention_sign").isVisible()
    assert any(line.startswith("! ") for line in output(parts))
    type_into(parts, "raise ValueError(number)", "return number * 2")
    press(parts, "run_button")
    run_out(parts)
    assert output(parts) == ["0", "2", "4"]
    assert not find(parts, QLabel, "attention_sign").isVisible()


def test_a_demo_keeps_its_text_and_its_results_while_another_is_open(
    parts: Application, run_out: Wait
) -> None:
    find(parts, NumberField, "knob_NUMBERS").stepUp()
    press(parts, "run_button")
    run_out(parts)
    choose(parts, "Waiting for ever")
    assert output(parts) == []
    assert find(parts, QLabel, "elapsed_display").text() == ""
    choose(parts, "Doubling numbers")
    assert "NUMBERS = 4\n" in find(parts, CodeView, "code_view").text
    assert output(parts) == ["0", "2", "4", "6"]
    assert explanation(parts) == "4 numbers were doubled by threads."


def test_the_elapsed_time_speaks_the_language_of_the_window(
    parts: Application, run_out: Wait
) -> None:
    press(parts, "run_button")
    run_out(parts)
    display = find(parts, QLabel, "elapsed_display")
    assert display.text().endswith("s")
    parts.appearance.set_language("ja")
    assert display.text().endswith("秒")


def test_a_changed_script_is_no_longer_explained_by_the_old_run(
    parts: Application, run_out: Wait
) -> None:
    press(parts, "run_button")
    run_out(parts)
    find(parts, NumberField, "knob_NUMBERS").stepUp()
    assert explanation(parts) == "Numbers are doubled."


@pytest.mark.parametrize(("key", "name"), [(Qt.Key.Key_1, "sequential"), (Qt.Key.Key_2, "threads")])
def test_ctrl_and_a_figure_choose_a_mode(parts: Application, key: Qt.Key, name: str) -> None:
    parts.window.activateWindow()
    QTest.keyClick(parts.window, key, Qt.KeyboardModifier.ControlModifier)
    assert parts.session.script.mode == name


def test_keys_run_and_stop(qtbot: QtBot, parts: Application, run_out: Wait) -> None:
    choose(parts, "Waiting for ever")
    parts.window.activateWindow()
    QTest.keyClick(parts.window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    assert parts.session.runner.busy
    qtbot.waitUntil(lambda: output(parts) == ["begun"], timeout=RUN_MS)
    QTest.keyClick(parts.window, Qt.Key.Key_Escape)
    run_out(parts)
    assert heading(parts) == "The run was stopped"


def test_keys_zoom_everything(parts: Application) -> None:
    label, code = find(parts, QLabel, "explanation"), find(parts, CodeView, "code_view")
    sizes = [widget.font().pixelSize() for widget in (label, code)]
    control = Qt.KeyboardModifier.ControlModifier
    parts.window.activateWindow()
    for _ in range(4):
        QTest.keyClick(parts.window, Qt.Key.Key_Plus, control)
    assert [widget.font().pixelSize() for widget in (label, code)] == [2 * s for s in sizes]
    QTest.keyClick(parts.window, Qt.Key.Key_Minus, control)
    assert parts.appearance.theme.zoom == 1.75
    QTest.keyClick(parts.window, Qt.Key.Key_0, control)
    assert [widget.font().pixelSize() for widget in (label, code)] == sizes


def test_f11_toggles_full_screen(parts: Application) -> None:
    parts.window.activateWindow()
    QTest.keyClick(parts.window, Qt.Key.Key_F11)
    assert parts.window.isFullScreen()
    QTest.keyClick(parts.window, Qt.Key.Key_F11)
    assert not parts.window.isFullScreen()


def test_headings_keep_their_size_in_the_window(parts: Application) -> None:
    # Under a style sheet Qt forgets fonts that were set before a widget got its place.
    sizes = {name: find(parts, QLabel, name).font().pixelSize() for name in LABELS}
    theme = parts.appearance.theme
    assert sizes == {name: theme.font(kind).pixelSize() for name, kind in LABELS.items()}


LABELS: dict[str, Any] = {
    "explanation": "text",
    "explanation_heading": "heading",
    "elapsed_display": "elapsed",
}


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_language_changes_at_once_and_everywhere(parts: Application, language: str) -> None:
    parts.appearance.set_language(language)
    run = find(parts, QAbstractButton, "run_button")
    assert run.text() == {"en": "Run", "ja": "実行"}[language]
    titles = {"en": "Doubling numbers", "ja": "倍にする"}
    assert find(parts, QListWidget, "demo_list").item(0).text() == titles[language]
    assert titles[language] in parts.window.windowTitle()
    assert explanation(parts) == {"en": "Numbers are doubled.", "ja": "数を倍にします。"}[language]
    assert find(parts, QAbstractButton, "mode_threads").toolTip().count("Ctrl+2") == 1


def test_closing_in_the_middle_of_a_run_leaves_nothing(qtbot: QtBot, parts: Application) -> None:
    choose(parts, "Waiting for ever")
    press(parts, "run_button")
    qtbot.waitUntil(lambda: output(parts) == ["begun"], timeout=RUN_MS)
    parts.window.close()
    parts.close()
    recording = parts.session.recording
    assert recording is not None
    assert recording.ending is not None
    assert recording.ending.outcome == "stopped"


def test_closing_while_a_run_starts_leaves_nothing(parts: Application) -> None:
    choose(parts, "Waiting for ever")
    press(parts, "run_button")
    parts.close()
    assert parts.window.isHidden()


def test_the_keyboard_goes_to_stop_and_back(parts: Application, run_out: Wait) -> None:
    parts.window.activateWindow()
    run = find(parts, QAbstractButton, "run_button")
    run.setFocus()
    choose(parts, "Waiting for ever")
    QTest.keyClick(run, Qt.Key.Key_Space)
    assert parts.window.focusWidget() is find(parts, QWidget, "stop_button")
    QTest.keyClick(find(parts, QWidget, "stop_button"), Qt.Key.Key_Space)
    run_out(parts)
    assert parts.window.focusWidget() is run
