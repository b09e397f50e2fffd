"""The output up to the cursor: lines come and go with it."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from core.recording import MAX_OUTPUT_LINES, Recording
from gui.panels.output_log import LINES_A_FRAME, OutputPanel
from gui.texts import Texts
from gui.theme import LIGHT
from tests.core.recordings import at, recording


@pytest.fixture
def panel(qtbot: QtBot) -> OutputPanel:
    """Return a panel."""
    panel = OutputPanel(LIGHT, Texts("en"))
    qtbot.addWidget(panel)
    return panel


def printed(*texts: str) -> Recording:
    """Return a run that printed a line each second, beginning at 0."""
    record = recording()
    for second, text in enumerate(texts):
        record.add_output(at(float(second)), "stdout", [text])
    return record


def shown(panel: OutputPanel) -> str:
    log = panel.findChild(QPlainTextEdit, "output_log")
    assert log is not None
    return log.toPlainText()


@settings(
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
    ],
    max_examples=40,
)
@given(st.lists(st.integers(-1, 5), min_size=1, max_size=12))
def test_it_shows_what_had_been_printed_wherever_the_cursor_comes_from(
    panel: OutputPanel, cursors_s: list[int]
) -> None:
    lines = ["one", "", "two\rlines", "three \U0001f680", "five"]
    panel.follow(printed(*lines))
    for cursor_s in cursors_s:
        while panel.tick(cursor_s + 0.5):
            pass
        expected = [line.replace("\r", "\n") for line in lines[: cursor_s + 1]]
        assert shown(panel) == "\n".join(expected)


def test_lines_that_come_late_follow_a_frame_at_a_time(panel: OutputPanel) -> None:
    record = recording()
    record.add_output(at(1.0), "stdout", [str(number) for number in range(MAX_OUTPUT_LINES)])
    panel.follow(record)
    assert not panel.tick(0.5)
    assert shown(panel) == ""
    frames = 1
    while panel.tick(1.5):
        frames += 1
    assert frames == -(-MAX_OUTPUT_LINES // LINES_A_FRAME)
    assert shown(panel).count("\n") == MAX_OUTPUT_LINES - 1
    assert not panel.tick(0.5)
    assert shown(panel) == ""
