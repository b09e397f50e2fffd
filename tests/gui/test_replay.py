"""Real runs in the window, paused, stepped through and replayed."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QPlainTextEdit, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from core.recording import Recording
from gui.app import Application
from gui.charts import TimelineChart
from gui.panels.chart_pages import ChartPages
from gui.panels.code_view import CodeView
from gui.panels.transport import TransportPanel
from gui.panels.transport_slider import TransportSlider
from gui.texts import LANGUAGES
from gui.transport import SPEEDS
from tests.gui.conftest import RUN_MS
from tests.gui.test_layout import cramped, overlapping, settle
from tests.gui.test_main_window import find, output, press

Wait = Callable[[Application], None]

NAMES = (
    *("replay_slider", "replay_play", "replay_back", "replay_forward", "replay_live", "replay_pin"),
    *(f"replay_speed_{slowness}" for slowness in SPEEDS),
)


FIRST_KANA = 0x3000


@pytest.fixture
def ran(parts: Application, run_out: Wait) -> Application:
    """Hand out the application after a run."""
    parts.session.runner.run()
    run_out(parts)
    return parts


def recording_of(parts: Application) -> Recording:
    recording = parts.session.recording
    assert recording is not None
    return recording


def slider_of(parts: Application) -> TransportSlider:
    return find(parts, TransportSlider, "replay_slider")


def still(qtbot: QtBot, parts: Application) -> None:
    """Wait until everything is drawn."""
    qtbot.waitUntil(lambda: not parts.window.views.clock.running, timeout=RUN_MS)


def ended_in_timeline(parts: Application) -> int:
    """Return how many tasks have ended in the picture of the timeline."""
    picture = find(parts, TimelineChart, "timeline_chart").picture()
    assert picture is not None
    return int((picture.frame.tasks.finished_s <= picture.frame.now_s).sum())


def test_the_line_is_for_a_run_and_moves_nothing_when_one_comes(
    parts: Application, run_out: Wait
) -> None:
    line, charts = find(parts, TransportPanel, "transport"), parts.window.findChild(ChartPages)
    assert charts is not None
    assert not line.isEnabled()
    assert find(parts, QLabel, "replay_time").text() == ""
    places = [each.geometry() for each in (line, charts)]
    parts.session.runner.run()
    run_out(parts)
    assert line.isEnabled()
    assert places == [each.geometry() for each in (line, charts)]
    for name in NAMES:
        widget = find(parts, QWidget, name)
        assert widget.isVisible(), name
        assert widget.accessibleName(), name
        assert widget.toolTip(), name
    parts.appearance.set_language("ja")
    told = [find(parts, QWidget, name).accessibleName() for name in NAMES]
    assert len(set(told)) == len(NAMES)
    assert all(any(ord(letter) > FIRST_KANA for letter in text) for text in told)
    parts.session.open(parts.session.shelf.demos["forever"])
    assert not line.isEnabled()
    assert find(parts, QLabel, "replay_time").text() == ""


@pytest.mark.parametrize("zoom", [1.0, 2.5])
def test_everything_has_its_room_when_the_line_is_there(ran: Application, zoom: float) -> None:
    ran.window.resize(1024, 768)
    ran.appearance.set_zoom(zoom)
    for language in LANGUAGES:
        ran.appearance.set_language(language)
        settle()
        assert cramped(ran.window) == []
        assert overlapping(ran.window) == []
    log = find(ran, QPlainTextEdit, "output_log")
    assert log.viewport().height() >= 3 * log.fontMetrics().lineSpacing()


def test_at_the_beginning_nothing_has_happened_yet(qtbot: QtBot, ran: Application) -> None:
    assert output(ran) == ["0", "2", "4"]
    slider = slider_of(ran)
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_Home)
    still(qtbot, ran)
    assert output(ran) == []
    assert ended_in_timeline(ran) == 0
    assert find(ran, QLabel, "elapsed_display").text() == "0.00 s"
    assert slider.value() == slider.minimum()
    QTest.keyClick(slider, Qt.Key.Key_End)
    still(qtbot, ran)
    assert output(ran) == ["0", "2", "4"]
    assert ended_in_timeline(ran) == 3
    assert slider.value() == slider.maximum()


def test_steps_go_through_every_event_of_every_task(qtbot: QtBot, ran: Application) -> None:
    tasks = recording_of(ran).tasks
    columns = (tasks.submitted_s, tasks.started_s, tasks.finished_s, tasks.delivered_s)
    expected = sorted({float(at_s) for column in columns for at_s in column})
    slider, transport = slider_of(ran), ran.window.replay.transport
    QTest.keyClick(slider, Qt.Key.Key_Home)
    seen = []
    for number in range(len(expected)):
        QTest.keyClick(slider, Qt.Key.Key_Right if number % 2 else Qt.Key.Key_Period)
        seen.append(transport.cursor_s)
    known = [at_s for at_s in seen if math.isfinite(at_s)]
    assert known == pytest.approx([at_s for at_s in expected if at_s < transport.end_s])
    press(ran, "replay_back")
    still(qtbot, ran)
    assert transport.state == "paused"


def test_a_replay_shows_the_run_again_and_ends_with_everything(
    qtbot: QtBot, ran: Application
) -> None:
    press(ran, "replay_speed_64")
    seen: list[tuple[float, int]] = []
    transport = ran.window.replay.transport
    ran.window.views.clock.tick.connect(
        lambda: seen.append((transport.place_s, ended_in_timeline(ran)))
    )
    for _ in range(20):  # on a busy machine a replay may be over before the first tick
        seen.clear()
        QTest.keyClick(slider_of(ran), Qt.Key.Key_Space)
        assert transport.plays
        still(qtbot, ran)
        assert transport.state == "live"
        assert seen == sorted(seen)
        assert seen[-1][1] == 3
        if seen[0][1] < 3:
            break
    assert seen[0][1] < 3
    assert output(ran) == ["0", "2", "4"]


def test_the_slider_goes_to_where_it_is_clicked_and_nothing_ticks_then(
    qtbot: QtBot, ran: Application
) -> None:
    slider, transport = slider_of(ran), ran.window.replay.transport
    middle = QPoint(slider.width() // 2, slider.height() // 2)
    QTest.mouseClick(slider, Qt.MouseButton.LeftButton, pos=middle)
    share = (transport.cursor_s - transport.begin_s) / (transport.end_s - transport.begin_s)
    assert share == pytest.approx(0.5, abs=0.05)
    assert "/" in slider.accessibleDescription()
    still(qtbot, ran)
    with qtbot.assertNotEmitted(ran.window.views.clock.tick, wait=100):
        pass


def test_a_run_goes_on_underneath_while_its_picture_stands_still(
    qtbot: QtBot, parts: Application, run_out: Wait
) -> None:
    parts.session.open(parts.session.shelf.demos["forever"])
    parts.session.runner.run()
    code, replay = find(parts, CodeView, "code_view"), parts.window.replay
    definition = parts.session.script.text.splitlines().index("def wait(item):") + 1
    qtbot.waitUntil(lambda: code.running == {definition: 2}, timeout=RUN_MS)
    press(parts, "replay_play")
    cursor_s, end_s = replay.cursor_s, replay.transport.end_s
    with qtbot.waitSignals([parts.window.views.clock.tick] * 3, timeout=RUN_MS):
        pass
    assert replay.cursor_s == cursor_s
    assert replay.transport.end_s > end_s
    assert parts.session.runner.busy
    assert not find(parts, QToolButton, "replay_pin").isEnabled()
    live = find(parts, QToolButton, "replay_live")
    assert live.isEnabled()
    QTest.keyClick(slider_of(parts), Qt.Key.Key_Home)
    qtbot.waitUntil(lambda: code.running == {}, timeout=RUN_MS)
    press(parts, "replay_live")
    qtbot.waitUntil(lambda: code.running == {definition: 2}, timeout=RUN_MS)
    assert not live.isEnabled()
    press(parts, "replay_play")
    parts.session.runner.stop()
    run_out(parts)
    assert code.running == {definition: 2}  # as it was when it was paused
    assert live.isEnabled()
    press(parts, "replay_live")  # all there is of it
    qtbot.waitUntil(lambda: code.running == {}, timeout=RUN_MS)
    assert not live.isEnabled()
    assert find(parts, QToolButton, "replay_pin").isEnabled()


def test_the_code_marks_nothing_where_it_is_not_what_ran(qtbot: QtBot, ran: Application) -> None:
    code, recording = find(ran, CodeView, "code_view"), recording_of(ran)
    tasks = recording.tasks
    middle_s = float(tasks.started_s[0] + tasks.finished_s[0]) / 2
    ran.window.replay.transport.seek(middle_s)
    ran.window.replay.moved.emit()
    still(qtbot, ran)
    assert list(code.running) == [
        ran.session.script.text.splitlines().index("def work(number):") + 1
    ]
    ran.session.script.set_knob("NUMBERS", 7)
    assert code.running == {}
    ran.session.script.set_knob("NUMBERS", 3)
    assert list(code.running) != []


def test_a_pinned_run_stays_as_an_outline_until_it_is_let_go(
    parts: Application, run_out: Wait
) -> None:
    pin = find(parts, QAbstractButton, "replay_pin")
    parts.session.runner.run()
    run_out(parts)
    first = recording_of(parts)
    pin.click()
    timeline = find(parts, TimelineChart, "timeline_chart")
    comparison = find(parts, QWidget, "comparison_chart")
    assert timeline.ghost is None
    parts.session.script.set_mode("sequential")
    parts.session.runner.run()
    run_out(parts)
    assert timeline.ghost is first
    assert "pinned" in comparison.accessibleDescription()
    assert pin.isChecked()
    parts.session.open(parts.session.shelf.demos["forever"])
    assert not pin.isChecked()
    parts.session.open(parts.session.shelf.demos["count"])
    assert timeline.ghost is first
    pin.click()
    assert timeline.ghost is None
    assert "pinned" not in comparison.accessibleDescription()
