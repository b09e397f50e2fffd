"""The keyboard goes through the window as one reads it, and gets out of everything."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from gui.app import Application
from gui.panels.code_view import CodeView
from tests.gui.test_layout import settle
from tests.gui.test_main_window import find

Wait = Callable[[Application], None]


def walk(parts: Application, first: str, *, back: bool = False) -> list[str]:
    """Press Tab until the keyboard is where it began; return where it was, in that order."""
    window = parts.window
    window.activateWindow()
    settle()
    find(parts, QWidget, first).setFocus()
    names: list[str] = []
    while True:
        widget = window.focusWidget()
        assert widget is not None
        name = widget.objectName()
        assert name, f"{widget} has no name"  # as who listens hears nothing there
        if name in names:
            assert name == first, f"caught in {name}"
            return names
        names.append(name)
        inside = isinstance(widget, CodeView) and not back  # Tab is a part of the script there
        modifier = Qt.KeyboardModifier.ControlModifier if inside else Qt.KeyboardModifier.NoModifier
        QTest.keyClick(widget, Qt.Key.Key_Backtab if back else Qt.Key.Key_Tab, modifier)
        QApplication.processEvents()


@pytest.mark.parametrize("language", ["en", "ja"])
def test_tab_goes_through_the_window_as_one_reads_it(
    parts: Application, run_out: Wait, language: str
) -> None:
    parts.appearance.set_language(language)
    parts.session.runner.run()
    run_out(parts)
    names = walk(parts, "run_button")
    wanted = [
        *("run_button", "runtime_box", "demo_list", "knob_WORKERS", "knob_NUMBERS"),
        *("code_view", "timeline_chart", "replay_back", "replay_play", "replay_forward"),
        *("replay_slider", "replay_speed_1", "replay_pin", "output_log"),
        "mode_threads",  # of the modes the chosen one; arrow keys go to the others
    ]
    assert [name for name in names if name in wanted] == wanted
    assert "mode_sequential" not in names
    text = parts.session.script.text
    assert sorted(walk(parts, "run_button", back=True)) == sorted(names)
    assert parts.session.script.text == text


def test_the_order_is_the_same_after_another_demo(parts: Application, run_out: Wait) -> None:
    parts.session.runner.run()
    run_out(parts)
    before = walk(parts, "demo_list")
    first = parts.session.script.demo
    for demo in (*parts.session.shelf.demos.values(), first):
        parts.session.open(demo)
    assert walk(parts, "demo_list") == before
