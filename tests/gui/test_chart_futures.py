"""The futures on the screen: cards, counts, pointer, keys, and how little it all costs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from core import events
from core.recording import Recording
from core.task_states import STATES, task_states
from gui.charts import FuturesChart
from gui.charts.futures_counts import state_counts
from gui.charts.timeline_frame import frame_at
from gui.charts.timeline_index import TimelineIndex
from gui.charts.words import LANGUAGES
from gui.theme import LIGHT
from tests.core.recordings import MAIN_PID, at
from tests.gui.charts_demo import TaskTimes, add, empty_run, end, many
from tests.gui.conftest import RUN_MS

TIMES = st.floats(0.0, 10.0)


@st.composite
def histories(draw: st.DrawFn) -> Recording:
    """Return a recording of a few tasks, each somewhere on its way; a worker starts in order."""
    record = empty_run(workers=2)
    starts = sorted(draw(st.lists(TIMES, max_size=12)))
    for task, start_s in enumerate(starts):
        submitted_s = start_s * draw(st.floats(0.0, 1.0))
        started, finished = draw(st.booleans()), draw(st.booleans())
        ended = draw(st.sampled_from([events.DONE, events.FAILED]))
        times = TaskTimes(
            task,
            task % 2,
            submitted_s,
            start_s if started else None,
            start_s + draw(TIMES) if finished else None,
            ended if started else events.CANCELLED,
        )
        add(record, times)
    return record


@settings(max_examples=50)
@given(record=histories(), cursor_s=TIMES)
def test_counting_by_binary_search_finds_the_same(record: Recording, cursor_s: float) -> None:
    index = TimelineIndex(record)
    while index.follow():
        pass
    states = [state.state for state in task_states(record, cursor_s)]
    counts = state_counts(frame_at(record, index, cursor_s))
    assert counts == {state: states.count(state) for state in STATES}


@pytest.fixture
def chart(qtbot: QtBot) -> FuturesChart:
    """Return a chart of a usual size."""
    chart = FuturesChart()
    qtbot.addWidget(chart)
    chart.resize(700, 320)
    chart.show()
    return chart


def small_run() -> Recording:
    """Return a run with a task in each state."""
    record = empty_run()
    add(
        record,
        TaskTimes(0, 0, 0.0, 0.1, 1.0, arguments="1", result="1"),
        TaskTimes(1, 1, 0.0, 0.1, 1.0, events.FAILED, "2", "ValueError: no"),
        TaskTimes(2, 0, 0.0, 1.0, arguments="3"),
        TaskTimes(3, 0, 0.0, arguments="4"),
        TaskTimes(4, 0, 0.0, None, 0.5, events.CANCELLED, "5"),
    )
    return record


def states(chart: FuturesChart, tasks: int) -> list[str | None]:
    return [chart.state_of(task) for task in range(tasks)]


def settle(qtbot: QtBot, chart: FuturesChart) -> None:
    """Wait until no card is on its way any more."""
    qtbot.waitUntil(lambda: not chart.moving, timeout=RUN_MS)


def click(chart: FuturesChart, task: int) -> None:
    place = chart.place_of(task)
    assert place is not None
    QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=place.toPoint())


def test_the_cursor_says_where_the_cards_are(qtbot: QtBot, chart: FuturesChart) -> None:
    record = small_run()
    assert chart.message().startswith("Press Run")
    chart.draw(empty_run(), 0.0)
    assert chart.message() == "Waiting for the first task …"
    chart.draw(record, 0.05)
    assert states(chart, 5) == ["pending"] * 5
    chart.draw(record, 0.2)
    assert states(chart, 5) == ["running", "running", "pending", "pending", "pending"]
    chart.draw(record, 1.5)
    assert states(chart, 5) == ["finished", "failed", "running", "pending", "cancelled"]
    assert chart.message() == ""
    chart.draw(record, 0.2)  # back, as a replay goes
    assert states(chart, 5)[0] == "running"
    settle(qtbot, chart)
    columns = [chart.place_of(task) for task in range(5)]
    assert len({round(place.x()) for place in columns if place}) == 2
    chart.clear()
    assert states(chart, 5) == [None] * 5


def test_cards_glide_and_then_nothing_ticks(qtbot: QtBot, chart: FuturesChart) -> None:
    record = small_run()
    chart.draw(record, 0.05)
    before = chart.place_of(0)
    assert not chart.moving
    chart.draw(record, 0.2)
    assert chart.moving
    settle(qtbot, chart)
    after = chart.place_of(0)
    assert before is not None
    assert after is not None
    assert after.x() > before.x() + 50


@pytest.mark.parametrize("task", range(5))
def test_a_click_on_a_card_asks_to_cancel_it(qtbot: QtBot, chart: FuturesChart, task: int) -> None:
    chart.draw(small_run(), 1.5)
    with qtbot.waitSignal(chart.cancel_asked) as asked:
        click(chart, task)
    assert asked.args == [task]


def test_when_the_run_is_over_nothing_is_asked(qtbot: QtBot, chart: FuturesChart) -> None:
    chart.draw(end(small_run(), 2.0))
    with qtbot.assertNotEmitted(chart.cancel_asked):
        click(chart, 3)
        QTest.keyClick(chart, Qt.Key.Key_Delete)


def test_a_click_beside_the_cards_asks_nothing(qtbot: QtBot, chart: FuturesChart) -> None:
    chart.draw(small_run(), 1.5)
    with qtbot.assertNotEmitted(chart.cancel_asked):
        QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
        QTest.mouseClick(chart, Qt.MouseButton.RightButton, pos=chart.rect().center())


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Delete])
def test_keys_choose_a_card_and_cancel_it(qtbot: QtBot, chart: FuturesChart, key: Qt.Key) -> None:
    chart.draw(small_run(), 0.05)
    for arrow in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up):
        QTest.keyClick(chart, arrow)
    with qtbot.waitSignal(chart.cancel_asked) as asked:
        QTest.keyClick(chart, key)
    assert asked.args == [1]
    chart.draw(small_run(), 1.5)
    QTest.keyClick(chart, Qt.Key.Key_Left)
    with qtbot.waitSignal(chart.cancel_asked) as asked:
        QTest.keyClick(chart, key)
    assert asked.args == [3]  # the first one, for it is another run


def test_the_refusal_is_on_the_card(chart: FuturesChart) -> None:
    record = small_run()
    record.apply(MAIN_PID, events.Cancel(2, at(1.4), False))
    chart.draw(record, 1.3)
    assert "False" not in " ".join(chart.lines_of(2))
    chart.draw(record, 1.5)
    assert chart.lines_of(2)[-1] == "cancel() → False: it runs"


@pytest.mark.parametrize("language", LANGUAGES)
def test_screen_readers_hear_the_counts_and_the_chosen_card(
    chart: FuturesChart, language: str
) -> None:
    chart.set_language(language)
    chart.draw(small_run(), 1.5)
    names = {"en": "pending 1, running 1, finished 1", "ja": "待機中 1, 実行中 1, 完了 1"}
    assert chart.accessibleDescription().startswith(names[language])
    QTest.keyClick(chart, Qt.Key.Key_Right)
    number = {"en": "task 4: pending", "ja": "タスク4: 待機中"}[language]
    assert number in chart.accessibleDescription()
    chart.clear()
    assert number not in chart.accessibleDescription()


def image_of(chart: FuturesChart) -> QImage:
    return chart.grab().toImage()


def colours(image: QImage) -> set[str]:
    step = 2
    return {
        image.pixelColor(x, y).name()
        for x in range(0, image.width(), step)
        for y in range(0, image.height(), step)
    }


def test_each_state_has_a_look_of_its_own(chart: FuturesChart) -> None:
    chart.draw(small_run(), 1.5)
    seen = colours(image_of(chart))
    for colour in (LIGHT.threads, LIGHT.failure, LIGHT.waiting, LIGHT.surface):
        assert QColor(colour).name() in seen


@pytest.mark.parametrize("tasks", [61, 100_000])
def test_of_many_tasks_it_shows_counts_and_dots(
    qtbot: QtBot, chart: FuturesChart, tasks: int
) -> None:
    record = many(tasks)
    chart.draw(record)
    settle(qtbot, chart)
    assert chart.state_of(0) is None
    assert f"finished {tasks - tasks // 1_000:,}" in chart.accessibleDescription()
    assert f"failed {tasks // 1_000}" in chart.accessibleDescription()
    assert QColor(LIGHT.failure).name() in colours(image_of(chart)) or tasks < 1_000
    chart.draw(record, 0.0)
    assert "finished 0" in chart.accessibleDescription()


def test_another_size_or_zoom_moves_the_cards_at_once(qtbot: QtBot, chart: FuturesChart) -> None:
    chart.draw(end(small_run(), 2.0))
    settle(qtbot, chart)
    changes: list[Callable[[], None]] = [
        lambda: chart.resize(1400, 700),
        lambda: chart.set_theme(LIGHT.zoomed(2.0)),
    ]
    for change in changes:
        before = chart.place_of(4)
        change()
        assert chart.place_of(4) != before
        assert not chart.moving


def test_an_idle_chart_does_nothing(qtbot: QtBot, chart: FuturesChart) -> None:
    chart.draw(end(small_run(), 2.0))
    settle(qtbot, chart)
    with qtbot.assertNotEmitted(chart.cancel_asked):
        for size in ((380, 150), (1400, 700)):
            chart.resize(*size)
            assert image_of(chart).width() == size[0]
            assert not chart.moving


def test_a_replay_that_begins_does_not_say_that_there_are_no_tasks(chart: FuturesChart) -> None:
    record = empty_run(workers=1)
    add(record, TaskTimes(0, 0, 0.5, 0.6, 1.0))
    chart.draw(end(record, 1.0), 0.1)
    assert chart.message() == ""
    assert not chart.grab().isNull()
    chart.draw(end(empty_run(), 1.0), 0.1)
    assert chart.message() == "No tasks were seen in this run."


def test_tasks_that_the_end_of_the_run_cut_off_are_told(chart: FuturesChart) -> None:
    record = empty_run(workers=1)
    add(record, TaskTimes(0, 0, 0.0, 0.0, 0.5))
    add(record, TaskTimes(1, 0, 0.0, 0.5))
    add(record, TaskTimes(2, 0, 0.0))
    record.finish("stopped", -2, "", at(1.0))
    chart.draw(record)
    assert chart.note() == "the run is over: 2 did not end"
    chart.draw(record, 0.7)
    assert chart.note() == ""
