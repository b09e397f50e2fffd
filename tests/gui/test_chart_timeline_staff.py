"""What the timeline shows besides tasks: initializers, and workers that came for nothing."""

import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from core import events
from core.recording import Recording
from gui.charts import TimelineChart
from gui.theme import LIGHT
from tests.core.recordings import MAIN_PID, at
from tests.gui.charts_demo import TaskTimes, add, empty_run, end
from tests.gui.timelines import picture_of, place, shown_timeline

HELPER = 4300


@pytest.fixture
def chart(qtbot: QtBot) -> TimelineChart:
    """Return a timeline of a usual size, shown."""
    return shown_timeline(qtbot)


def initialized_threads() -> Recording:
    """Return two threads with initializers, the second of which failed."""
    record = empty_run("threads", workers=0)
    for number, (begun_s, ended_s, done) in enumerate(((0.0, 0.5, True), (0.4, 0.8, False))):
        begun, ended = at(begun_s), at(ended_s)
        record.apply(MAIN_PID, events.Initialized(9000 + number, begun, ended, done))
    record.apply(MAIN_PID, events.Worker(0, 9000, "a worker", at(0.5)))
    add(record, TaskTimes(0, 0, 0.0, 0.5, 1.0, arguments="'a'"))
    return record


def idle_process(ended: bool = True) -> Recording:
    """Return a process with a task, and one that joined and got none."""
    record = empty_run("processes", workers=1)
    record.apply(HELPER, events.Process(HELPER, MAIN_PID, "worker", at(0.3), "3.11.7", False))
    add(record, TaskTimes(0, 0, 0.0, 0.1, 1.0, arguments="'a'"))
    return end(record, 1.0) if ended else record


def colours_between(chart: TimelineChart, row: int, begin_s: float, end_s: float) -> set[str]:
    picture, image = picture_of(chart), chart.grab().toImage()
    bar = picture.row_box(row).bar
    return {
        image.pixelColor(x, y).name()
        for x in range(round(picture.x_of(begin_s)) + 2, round(picture.x_of(end_s)) - 2)
        for y in range(round(bar.top()) + 2, round(bar.bottom()) - 2)
    }


def test_an_initializer_is_hatched_and_no_task(chart: TimelineChart) -> None:
    chart.draw(end(initialized_threads(), 1.0))
    waiting = QColor(LIGHT.waiting).name()
    work = LIGHT.mode_colour("threads").name()
    before = colours_between(chart, 0, 0.0, 0.5)
    assert waiting in before
    assert work not in before
    after = colours_between(chart, 0, 0.5, 1.0)
    assert waiting not in after
    assert work in after


def test_an_initializer_is_there_up_to_the_cursor_only(chart: TimelineChart) -> None:
    chart.draw(end(initialized_threads(), 1.0), 0.2)
    assert QColor(LIGHT.waiting).name() in colours_between(chart, 0, 0.0, 0.2)
    assert QColor(LIGHT.waiting).name() not in colours_between(chart, 0, 0.25, 0.5)


def test_the_pointer_is_told_of_an_initializer(chart: TimelineChart) -> None:
    chart.draw(end(initialized_threads(), 1.0))
    assert chart.hover_text(place(chart, 0, 0.25)).splitlines() == [
        "initializer",
        "thread 1: from 0 s to 0.5 s · took 0.5 s",
    ]
    assert chart.hover_text(place(chart, 1, 0.6)).splitlines()[-1] == (
        "it failed, so its pool is broken"
    )
    chart.set_language("ja")
    assert chart.hover_text(place(chart, 0, 0.25)).startswith("初期化")


def test_a_worker_that_ran_no_task_has_a_row_when_all_is_over(chart: TimelineChart) -> None:
    chart.draw(idle_process(ended=False))
    assert picture_of(chart).lanes == 1
    chart.draw(idle_process())
    assert picture_of(chart).lanes == 2
    assert QColor(LIGHT.muted).name() in colours_between(chart, 1, 0.3, 1.0)
    assert chart.hover_text(place(chart, 1, 0.5)) == ""


def test_a_worker_that_came_too_late_for_a_word_is_drawn_all_the_same(
    chart: TimelineChart,
) -> None:
    record = idle_process(ended=False)
    late = HELPER + 1
    record.apply(late, events.Process(late, MAIN_PID, "worker", at(0.99), "3.11.7", False))
    chart.draw(end(record, 1.0))
    assert picture_of(chart).lanes == 3
    assert QColor(LIGHT.muted).name() in colours_between(chart, 2, 0.5, 0.99)
