"""A click on a card in the real window: the queued one goes, the running one refuses."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from core.demos import Demo, demo_named
from core.events import CANCELLED, DONE
from gui.app import Application
from gui.charts import FuturesChart
from tests.gui.conftest import RUN_MS
from tests.gui.test_main_window import explanation, find, output, press

TASKS = 8
LAST = TASKS - 1


@pytest.fixture
def small_demos() -> tuple[Demo, ...]:
    """Stand for the small demos: here the window shows the one that has the cards."""
    return (demo_named("future_lifecycle"),)


def click(qtbot: QtBot, chart: FuturesChart, task: int) -> None:
    qtbot.waitUntil(lambda: not chart.moving, timeout=RUN_MS)
    place = chart.place_of(task)
    assert place is not None
    QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=place.toPoint())


def hold(parts: Application, gate: Path) -> None:
    """Let the tasks wait until there is a file, and main do nothing else meanwhile."""
    session = parts.session
    for name, value in {"TASKS": TASKS, "MAX_WORKERS": 1, "SECONDS": 0.1, "then": "pass"}.items():
        session.script.set_knob(name, value)
    waiting = f"while not __import__('os').path.exists({str(gate)!r}): sleep(0.01)"
    old = "    sleep(SECONDS)\n    if number == 2: raise"
    assert old in session.script.text
    session.script.edit(
        session.script.text.replace(old, f"    {waiting}\n    if number == 0: raise")
    )


@pytest.mark.parametrize("mode", ["threads", "processes"])
def test_a_click_cancels_the_queued_and_not_the_running(
    qtbot: QtBot,
    parts: Application,
    run_out: Callable[[Application], None],
    tmp_path: Path,
    mode: str,
) -> None:
    gate = tmp_path / "gate"
    parts.session.script.set_mode(mode)
    hold(parts, gate)
    chart = find(parts, FuturesChart, "futures_chart")
    press(parts, "run_button")
    qtbot.waitUntil(lambda: chart.state_of(0) == "running", timeout=RUN_MS)
    qtbot.waitUntil(lambda: chart.state_of(LAST) == "pending", timeout=RUN_MS)
    click(qtbot, chart, LAST)
    qtbot.waitUntil(lambda: chart.state_of(LAST) == "cancelled", timeout=RUN_MS)
    click(qtbot, chart, 0)
    refusal = "cancel() → False: it runs"
    qtbot.waitUntil(lambda: chart.lines_of(0)[-1] == refusal, timeout=RUN_MS)
    assert chart.state_of(0) == "running"
    gate.touch()
    run_out(parts)
    recording = parts.session.recording
    assert recording is not None
    answers = [(answer.task, answer.cancelled) for answer in recording.cancels]
    assert answers == [(LAST, True), (0, False)]
    assert recording.tasks.outcome.tolist() == [DONE] * LAST + [CANCELLED]
    assert output(parts)[-1] == f"{TASKS}: result() raised CancelledError()"
    assert f"1 of {TASKS} tasks never ran" in explanation(parts)
    click(qtbot, chart, 0)  # nobody is there any more to be asked
    assert len(recording.cancels) == len(answers)


def test_a_card_is_cancelled_with_the_keyboard(
    qtbot: QtBot, parts: Application, run_out: Callable[[Application], None], tmp_path: Path
) -> None:
    gate = tmp_path / "gate"
    hold(parts, gate)
    chart = find(parts, FuturesChart, "futures_chart")
    press(parts, "run_button")
    qtbot.waitUntil(lambda: chart.state_of(0) == "running", timeout=RUN_MS)
    qtbot.waitUntil(lambda: chart.state_of(LAST) == "pending", timeout=RUN_MS)
    parts.window.activateWindow()
    chart.setFocus()
    for _ in range(TASKS):  # to the lowest of those that wait
        QTest.keyClick(chart, Qt.Key.Key_Left)
        QTest.keyClick(chart, Qt.Key.Key_Down)
    QTest.keyClick(chart, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: chart.state_of(LAST) == "cancelled", timeout=RUN_MS)
    gate.touch()
    run_out(parts)
    assert output(parts)[-1] == f"{TASKS}: result() raised CancelledError()"
