"""The script on screen."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QPaintEvent, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.panels.code_view import CodeView
from gui.texts import Texts
from gui.theme import DARK, LIGHT
from tests.gui.conftest import RUN_MS

SCRIPT = '''"""A text
of two lines."""
NUMBER = 3  # a number

def main():
    print("日本語", NUMBER)
'''


@pytest.fixture
def code(qtbot: QtBot, texts: Texts) -> CodeView:
    code = CodeView(LIGHT, texts)
    qtbot.addWidget(code)
    code.show_text(SCRIPT)
    return code


def colour_at(code: CodeView, line: int, column: int) -> str:
    """Return the colour in which a character (line from 1, column from 0) is painted."""
    ranges = code.document().findBlockByNumber(line - 1).layout().formats()
    here = [r.format for r in ranges if r.start <= column < r.start + r.length]
    return here[-1].foreground().color().name().upper() if here else ""


def test_the_text_comes_back_as_it_went_in(code: CodeView) -> None:
    text = 'a = "no-break\u00a0space, 😀, \u2028 and 日本語"\n\n\tb = 1'
    code.show_text(text)
    assert code.text == text


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_other_line_ends_are_shown_as_lines(code: CodeView, end: str) -> None:
    code.show_text(f"a = 1{end}b = 2{end}")
    assert code.text == "a = 1\nb = 2\n"
    assert code.blockCount() == 3


def test_what_is_shown_is_not_told_as_an_edit(qtbot: QtBot, code: CodeView) -> None:
    with qtbot.assertNotEmitted(code.text_edited):
        code.show_text(SCRIPT.replace("3", "4"), mark=True)
        code.set_theme(DARK)


def test_what_a_person_types_is_told(qtbot: QtBot, code: CodeView) -> None:
    code.moveCursor(QTextCursor.MoveOperation.End)
    with qtbot.waitSignal(code.text_edited) as told:
        QTest.keyClicks(code, "x")
    assert told.args == [SCRIPT + "x"]


@pytest.mark.slow
def test_changed_lines_are_marked_and_then_not(qtbot: QtBot, code: CodeView) -> None:
    code.show()
    code.show_text(SCRIPT.replace("NUMBER = 3", "NUMBER = 4"), mark=True)
    assert code.changed_lines == range(3, 4)
    assert [mark.cursor.blockNumber() + 1 for mark in code.extraSelections()] == [3]
    qtbot.waitUntil(lambda: not code.changed_lines, timeout=RUN_MS)
    assert code.extraSelections() == []


def test_several_changed_lines_are_all_marked(code: CodeView) -> None:
    code.show_text("A = [1,\n     2]\nB = 1\n")
    code.show_text("A = [1,\n     2,\n     3]\nB = 1\n", mark=True)
    assert set(code.changed_lines) >= {2, 3}
    assert 4 not in code.changed_lines


def test_what_runs_comes_into_sight_in_a_replay_and_only_then(qtbot: QtBot, code: CodeView) -> None:
    code.resize(400, 150)
    code.show()
    code.show_text("\n".join(f"def f{n}(): pass" for n in range(100)))
    bar = code.verticalScrollBar()
    code.show_running({60: 1})
    assert bar.value() == 0
    code.show_running({70: 1, 90: 2}, reveal=True)
    shown = code.viewport().height() // code.fontMetrics().lineSpacing()
    assert 70 - shown < bar.value() < 70
    bar.setValue(10)  # somebody looks elsewhere while the same functions run
    code.show_running({70: 2, 90: 1}, reveal=True)
    assert bar.value() == 10
    code.show_running({12: 1}, reveal=True)  # in sight already
    assert bar.value() == 10
    code.show_top()
    assert bar.value() == 0


def test_typing_ends_the_mark(code: CodeView) -> None:
    code.show_text(SCRIPT.replace("3", "4"), mark=True)
    QTest.keyClicks(code, "#")
    assert not code.changed_lines


def test_a_knob_leaves_the_undo_history_of_the_typist(code: CodeView) -> None:
    code.moveCursor(QTextCursor.MoveOperation.End)
    QTest.keyClicks(code, "x")
    code.show_text(code.text.replace("NUMBER = 3", "NUMBER = 4"))
    code.undo()
    assert code.text == SCRIPT + "x"


def test_words_have_the_colours_of_the_theme(code: CodeView) -> None:
    assert colour_at(code, 3, 9) == LIGHT.code_number.upper()
    assert colour_at(code, 3, 13) == LIGHT.code_comment.upper()
    assert colour_at(code, 5, 0) == LIGHT.code_keyword.upper()
    assert colour_at(code, 6, 4) == LIGHT.code_builtin.upper()
    assert colour_at(code, 6, 11) == LIGHT.code_string.upper()
    code.set_theme(DARK)
    assert colour_at(code, 5, 0) == DARK.code_keyword.upper()


def test_a_string_of_several_lines_is_coloured_to_its_end(code: CodeView) -> None:
    assert colour_at(code, 2, 3) == LIGHT.code_string.upper()
    code.show_text(SCRIPT.replace('"""A text', '"A text'))
    assert colour_at(code, 2, 3) != LIGHT.code_string.upper()


def test_colours_stand_right_behind_characters_of_two_units(code: CodeView) -> None:
    code.show_text('print("😀😀", 12)')
    assert colour_at(code, 1, 13) == ""
    assert colour_at(code, 1, 14) == LIGHT.code_number.upper()


def test_a_line_that_python_cannot_read_is_marked(code: CodeView) -> None:
    code.show_problem(5)
    assert [mark.cursor.blockNumber() + 1 for mark in code.extraSelections()] == [5]
    code.show_problem(None)
    assert code.extraSelections() == []


def test_tab_indents_and_a_new_line_goes_on_where_the_last_began(code: CodeView) -> None:
    code.show_text("")
    QTest.keyClicks(code, "if True:")
    QTest.keyClick(code, Qt.Key.Key_Return)
    QTest.keyClicks(code, "a")
    QTest.keyClick(code, Qt.Key.Key_Return)
    QTest.keyClick(code, Qt.Key.Key_Tab)
    QTest.keyClicks(code, "b")
    assert code.text == "if True:\n    a\n        b"


def test_files_are_left_to_the_window(code: CodeView) -> None:
    files, words = QMimeData(), QMimeData()
    files.setUrls([QUrl.fromLocalFile("/a.py")])
    files.setText("/a.py")
    words.setText("words")
    assert not code.canInsertFromMimeData(files)
    assert code.canInsertFromMimeData(words)


def test_line_numbers_follow_the_text(code: CodeView) -> None:
    code.resize(400, 200)
    code.show_text("\n" * 500)
    code.show()
    whole = QPaintEvent(code.rect())
    assert [number for number, _ in code.lines_in(whole)][:3] == [1, 2, 3]
    code.verticalScrollBar().setValue(100)
    numbers = [number for number, _ in code.lines_in(whole)]
    assert numbers[:2] == [101, 102]
    assert len(numbers) < 30
    tops = [top for _, top in code.lines_in(whole)]
    assert tops == sorted(set(tops))


@settings(deadline=None)
@given(st.lists(st.text(alphabet="ab\n😀é", max_size=12), min_size=1, max_size=6))
def test_any_text_can_follow_any_other(shown: list[str]) -> None:
    assert QApplication.instance() is not None
    code = CodeView(LIGHT, Texts("en"))
    for text in shown:
        code.show_text(text, mark=True)
        assert code.text == text
    code.deleteLater()


@pytest.mark.parametrize(
    "text", ["x = 1\n" * 20_000, "\n" * 9_000, "y" * 70_000, "語" * 61_000 + "\nend"], ids=len
)
def test_a_long_text_comes_piece_by_piece(qtbot: QtBot, code: CodeView, text: str) -> None:
    edited: list[str] = []
    code.text_edited.connect(edited.append)
    code.show_text("first = 1\n")
    code.show_text(text)
    assert code.text == text  # what it will be, whatever can be seen of it
    assert code.isReadOnly()
    qtbot.waitUntil(lambda: code.document().toPlainText() == text, timeout=60_000)
    qtbot.waitUntil(lambda: not code.isReadOnly(), timeout=60_000)
    code.show_text("last = 1\n")
    assert code.text == "last = 1\n"
    qtbot.waitUntil(lambda: code.document().toPlainText() == "last = 1\n", timeout=60_000)
    assert edited == []


def test_a_long_text_gives_way_to_another_one_on_its_way(qtbot: QtBot, code: CodeView) -> None:
    code.show_text("a = 1\n" * 30_000)
    code.setReadOnly(True)
    code.show_text("b = 1\n")
    qtbot.waitUntil(lambda: code.document().toPlainText() == "b = 1\n", timeout=60_000)
    assert code.isReadOnly()  # as was asked for meanwhile
