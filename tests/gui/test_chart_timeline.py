"""The timeline as a widget: what it shows, tells and lets the pointer do."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolTip
from pytestqt.qtbot import QtBot

from core.events import CANCELLED, FAILED
from core.recording import Recording
from gui.charts import TimelineChart
from gui.charts.timeline_axis import ticks_of
from gui.charts.timeline_heading import note_of
from gui.charts.timeline_index import MAX_LOG_PER_FRAME
from gui.charts.timeline_paint import MOST_BARS
from gui.theme import DARK, LIGHT
from tests.gui.charts_demo import TaskTimes, add, empty_run, end, many, watched
from tests.gui.timelines import picture_of, place, shown_timeline


@pytest.fixture
def chart(qtbot: QtBot) -> TimelineChart:
    """Return a timeline of a usual size, shown."""
    return shown_timeline(qtbot)


def three_tasks(mode: str = "threads") -> Recording:
    record = empty_run(mode, workers=2)
    add(
        record,
        TaskTimes(0, 0, 0.0, 0.0, 1.0, arguments="'a'", result="12"),
        TaskTimes(1, 1, 0.0, 0.5, 0.8, FAILED, "'b'", "ValueError: <b>bad</b>"),
        TaskTimes(2, 1, 0.0, 0.8, 2.0, arguments="'c'", result="34"),
    )
    return record


def colour_at(chart: TimelineChart, where: QPointF) -> QColor:
    image: QImage = chart.grab().toImage()
    return image.pixelColor(where.toPoint())


# -- what it shows ------------------------------------------------------------------


def test_an_empty_chart_says_what_will_appear(chart: TimelineChart) -> None:
    assert chart.message().startswith("Press Run")
    chart.set_language("ja")
    assert chart.message().startswith("実行")
    chart.draw(empty_run(), 0.1)
    chart.set_language("en")
    assert chart.message() == "Waiting for the first task …"
    chart.draw(end(empty_run(), 1.0))
    assert chart.message() == "No tasks were seen in this run."


def test_bars_wear_the_colour_of_their_mode(chart: TimelineChart) -> None:
    chart.draw(end(three_tasks("processes"), 2.0))
    assert colour_at(chart, place(chart, 0, 0.9)) == QColor(LIGHT.processes)
    assert colour_at(chart, place(chart, 1, 0.3)) == QColor(LIGHT.paper)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_a_failure_has_its_own_colour_and_a_cross(chart: TimelineChart, theme: object) -> None:
    chart.set_theme(DARK if theme is DARK else LIGHT)
    chart.draw(end(three_tasks(), 2.0))
    picture = picture_of(chart)
    box = picture.row_box(1).bar
    image = chart.grab().toImage()
    left, right = round(picture.x_of(0.5)), round(picture.x_of(0.8))
    seen = {
        image.pixelColor(x, y).name()
        for x in range(left + 4, right - 4)
        for y in range(round(box.top()) + 4, round(box.bottom()) - 4)
    }
    wearing = DARK if theme is DARK else LIGHT
    assert QColor(wearing.failure).name() in seen
    assert QColor(wearing.paper).name() in seen  # the cross
    assert QColor(wearing.threads).name() not in seen


def test_a_running_task_grows_with_the_cursor_and_looks_open(chart: TimelineChart) -> None:
    record = empty_run(workers=1)
    add(record, TaskTimes(0, 0, 0.0, 0.0))
    chart.draw(record, 0.2)
    open_colour = LIGHT.softened(QColor(LIGHT.threads), 0.35).name()
    assert colour_at(chart, place(chart, 0, 0.1)).name() == open_colour
    assert colour_at(chart, place(chart, 0, 0.33)) == QColor(LIGHT.paper)
    chart.draw(record, 0.4)
    assert colour_at(chart, place(chart, 0, 0.3)).name() == open_colour


def test_waiting_is_a_thin_line_below_the_bars(chart: TimelineChart) -> None:
    chart.draw(end(three_tasks(), 2.0))
    picture = picture_of(chart)
    wait = picture.row_box(1).wait
    assert colour_at(chart, QPointF(picture.x_of(0.25), wait.center().y())) == QColor(LIGHT.waiting)
    assert wait.height() < picture.row_box(1).bar.height() / 3


def test_an_earlier_cursor_shows_the_run_as_it_was_then(chart: TimelineChart) -> None:
    record = end(three_tasks(), 2.0)
    chart.draw(record, 0.6)
    assert colour_at(chart, place(chart, 0, 0.9)) == QColor(LIGHT.paper)
    assert picture_of(chart).window.end_s > 2.0  # the axis is that of the whole run
    chart.draw(record)
    assert colour_at(chart, place(chart, 0, 0.9)) == QColor(LIGHT.threads)


def test_another_recording_begins_anew(chart: TimelineChart) -> None:
    chart.draw(end(three_tasks(), 2.0))
    other = empty_run(workers=1)
    add(other, TaskTimes(0, 0, 0.0, 0.0, 1.0))
    chart.draw(other, 1.0)
    assert picture_of(chart).lanes == 1
    chart.clear()
    assert chart.picture() is None


def test_a_run_with_watches_and_no_tasks_is_no_trouble(chart: TimelineChart) -> None:
    chart.draw(watched(empty_run(), (0.0, 1)), 0.5)
    chart.grab()
    assert chart.message() == "Waiting for the first task …"


# -- many tasks ---------------------------------------------------------------------


def test_a_frame_of_100_000_tasks_paints_few_things(chart: TimelineChart, qtbot: QtBot) -> None:
    record = many(100_000)
    chart.draw(record)
    index = picture_of(chart).frame.index
    assert len(index.submitted_s) + sum(len(lane) for lane in index.lanes) <= MAX_LOG_PER_FRAME
    # Nobody ticks a saved recording: the chart goes on by itself until it has all of it.
    qtbot.waitUntil(lambda: len(picture_of(chart).frame.index.finished_s) == 100_000)
    chart.grab()
    assert chart.bars_painted == 0  # all lanes are columns of pixels
    assert sum(len(lane) for lane in picture_of(chart).frame.index.lanes) == 100_000


def test_close_enough_each_of_100_000_tasks_is_a_bar(chart: TimelineChart, qtbot: QtBot) -> None:
    chart.draw(many(100_000))
    qtbot.waitUntil(lambda: len(picture_of(chart).frame.index.finished_s) == 100_000)
    wheel(chart, place(chart, 0, 1.0), notches=30)
    chart.grab()
    assert 4 <= chart.bars_painted <= MOST_BARS


def test_columns_are_as_strong_as_the_lane_was_busy(chart: TimelineChart, qtbot: QtBot) -> None:
    chart.draw(many(20_000, workers=1, failed_every=20_001))
    qtbot.waitUntil(lambda: len(picture_of(chart).frame.index.finished_s) == 20_000)
    found = colour_at(chart, place(chart, 0, 1.0))
    blue, paper = QColor(LIGHT.threads), QColor(LIGHT.paper)
    strength = (paper.red() - found.red()) / (paper.red() - blue.red())
    assert strength == pytest.approx(0.3 + 0.7 * 0.8, abs=0.03)  # busy 80 of 100 microseconds


# -- what it tells ------------------------------------------------------------------


def test_the_pointer_is_told_all_about_a_task(chart: TimelineChart) -> None:
    chart.draw(end(three_tasks(), 2.0))
    text = chart.hover_text(place(chart, 1, 1.0))
    assert text.splitlines() == [
        "work('c') · task 3",
        "thread 2: from 0.8 s to 2 s · took 1.2 s",
        "waited 0.8 s · CPU 4 ms",
        "result: 34",
    ]


def test_the_pointer_is_told_the_error(chart: TimelineChart) -> None:
    chart.draw(end(three_tasks("processes"), 2.0))
    text = chart.hover_text(place(chart, 1, 0.6))
    assert "failed: ValueError: <b>bad</b>" in text
    assert "process 2 (4201)" in text


def test_the_pointer_is_told_in_japanese(chart: TimelineChart) -> None:
    chart.set_language("ja")
    chart.draw(end(three_tasks(), 2.0))
    assert "スレッド2：0.8秒から2秒まで · 所要 1.2秒" in chart.hover_text(place(chart, 1, 1.0))


def test_a_running_task_has_no_result_yet(chart: TimelineChart) -> None:
    record = three_tasks()
    chart.draw(record, 1.5)
    text = chart.hover_text(place(chart, 1, 1.0))
    assert "since 0.8 s · running for 0.7 s" in text
    assert "result" not in text


def test_the_queue_tells_how_many_wait(chart: TimelineChart) -> None:
    record = three_tasks()
    add(record, TaskTimes(3, 0, 0.0, None, 1.5, CANCELLED))
    chart.draw(end(record, 2.0))
    picture = picture_of(chart)
    below = QPointF(picture.x_of(0.3), picture.row_box(1).wait.bottom() + 20)
    assert chart.hover_text(below) == "3 tasks waiting at 0.3 s"


def test_nothing_is_told_where_nothing_is(chart: TimelineChart) -> None:
    assert chart.hover_text(QPointF(300, 100)) == ""
    chart.draw(end(three_tasks(), 2.0))
    assert chart.hover_text(place(chart, 0, 1.5)) == ""


def test_a_tooltip_shows_markup_as_it_is(
    chart: TimelineChart, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda _where, text, _widget: shown.append(text))
    chart.draw(end(three_tasks(), 2.0))
    QTest.mouseMove(chart, place(chart, 1, 0.6).toPoint())
    assert "ValueError: &lt;b&gt;bad&lt;/b&gt;" in shown[-1]


# -- what the pointer and the keys do -----------------------------------------------


def wheel(
    chart: TimelineChart,
    where: QPointF,
    notches: int,
    keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> bool:
    """Turn the wheel; return whether the chart took the event for itself."""
    event = QWheelEvent(
        where,
        QPointF(chart.mapToGlobal(where.toPoint())),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        keys,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    chart.wheelEvent(event)
    return event.isAccepted()


def test_the_wheel_comes_closer_and_a_double_click_shows_everything(chart: TimelineChart) -> None:
    chart.draw(end(three_tasks(), 2.0))
    whole = picture_of(chart).window
    where = place(chart, 0, 0.5)
    assert wheel(chart, where, notches=3)
    closer = picture_of(chart)
    assert closer.window.span_s < whole.span_s / 1.5
    assert closer.time_at(where.x()) == pytest.approx(0.5)
    QTest.mouseDClick(chart, Qt.MouseButton.LeftButton, pos=where.toPoint())
    assert picture_of(chart).window == whole


def test_the_wheel_with_ctrl_is_left_to_the_window(chart: TimelineChart) -> None:
    chart.draw(end(three_tasks(), 2.0))
    whole = picture_of(chart).window
    ctrl = Qt.KeyboardModifier.ControlModifier
    assert not wheel(chart, place(chart, 0, 0.5), notches=3, keys=ctrl)
    assert picture_of(chart).window == whole


def test_dragging_moves_along_time(chart: TimelineChart) -> None:
    chart.draw(end(three_tasks(), 2.0))
    wheel(chart, place(chart, 0, 1.0), notches=4)
    before = picture_of(chart)
    grabbed = place(chart, 0, 1.0).toPoint()
    QTest.mousePress(chart, Qt.MouseButton.LeftButton, pos=grabbed)
    QTest.mouseMove(chart, grabbed + QPoint(-60, 0))
    QTest.mouseRelease(chart, Qt.MouseButton.LeftButton, pos=grabbed + QPoint(-60, 0))
    after = picture_of(chart)
    moved_px = (after.window.begin_s - before.window.begin_s) / before.window.span_s
    assert moved_px * before.plot.width() == pytest.approx(60, abs=1)
    assert after.window.span_s == pytest.approx(before.window.span_s)


def test_the_keyboard_does_what_the_pointer_does(chart: TimelineChart) -> None:
    chart.draw(end(three_tasks(), 2.0))
    whole = picture_of(chart).window
    QTest.keyClick(chart, Qt.Key.Key_Up)
    closer = picture_of(chart).window
    assert closer.span_s == pytest.approx(whole.span_s / 1.5)
    QTest.keyClick(chart, Qt.Key.Key_Right)
    assert picture_of(chart).window.begin_s > closer.begin_s
    QTest.keyClick(chart, Qt.Key.Key_Home)
    assert picture_of(chart).window == whole


def test_more_workers_than_fit_are_reached_by_scrolling(chart: TimelineChart) -> None:
    record = empty_run(workers=100)
    add(record, *(TaskTimes(task, task, 0.0, 0.1, 0.2) for task in range(100)))
    chart.draw(end(record, 0.3))
    assert picture_of(chart).rows.first == 0
    shift = Qt.KeyboardModifier.ShiftModifier
    wheel(chart, place(chart, 0, 0.1), notches=-1_000, keys=shift)
    assert picture_of(chart).rows.stop == 100


# -- its heading and its axis ---------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_narrow_heading_is_told_in_brief_but_whole(chart: TimelineChart, language: str) -> None:
    chart.set_language(language)
    chart.draw(end(three_tasks(), 2.0))
    failed = {"en": "1 failed", "ja": "失敗 1"}[language]
    notes = [note_of(picture_of(chart))]
    chart.resize(200, 260)
    notes.append(note_of(picture_of(chart)))
    assert all(failed in note for note in notes)
    assert len(notes[1]) < len(notes[0])


def test_a_narrow_axis_has_more_than_its_zero(chart: TimelineChart) -> None:
    chart.resize(380, 260)
    chart.draw(three_tasks(), 0.45)
    assert len(ticks_of(picture_of(chart))[0]) >= 3
