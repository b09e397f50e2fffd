"""A pinned run behind another one: in the timeline and in the comparison."""

import math

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from pytestqt.qtbot import QtBot

from core.recording import Recording
from gui.charts import ComparisonChart, ComparisonRow, TimelineChart
from gui.charts.time_axis import Window
from gui.charts.timeline_ghost import LATER_PALENESS, NEAREST_PX, PALENESS, Ghost, outlines
from gui.theme import LIGHT
from tests.gui.charts_demo import TaskTimes, add, empty_run, end, many
from tests.gui.timelines import WIDTH, picture_of, shown_timeline


@pytest.fixture
def chart(qtbot: QtBot) -> TimelineChart:
    """Return a timeline of a usual size, shown."""
    return shown_timeline(qtbot)


def run(mode: str, workers: int, seconds: float, began_s: float = 0.0) -> Recording:
    """Return a run in which each worker ran one task all the time."""
    record = empty_run(mode, workers, began_s)
    for worker in range(workers):
        add(record, TaskTimes(worker, worker, began_s, began_s, began_s + seconds))
    return end(record, began_s + seconds)


def pixels(chart: TimelineChart, mode: str, paleness: float = PALENESS) -> int:
    """Return how many pixels have the colour of an outline of a run in that mode."""
    image = chart.grab().toImage()
    wanted = LIGHT.softened(LIGHT.mode_colour(mode), paleness).rgb()
    places = ((x, y) for x in range(image.width()) for y in range(image.height()))
    return sum(image.pixel(x, y) == wanted for x, y in places)


def test_a_longer_pinned_run_is_seen_whole_and_both_begin_together(chart: TimelineChart) -> None:
    ghost = run("threads", 3, 2.0, began_s=5.0)
    chart.draw(run("processes", 1, 0.5))
    assert picture_of(chart).window.end_s < 1.0
    assert pixels(chart, "threads") == 0
    chart.set_ghost(ghost)
    picture = picture_of(chart)
    assert picture.window.begin_s == pytest.approx(0.0)
    assert picture.window.end_s == pytest.approx(2.0, rel=0.05)
    assert pixels(chart, "threads") > 3 * picture.plot.width()
    chart.set_ghost(None)
    assert picture_of(chart).window.end_s < 1.0
    assert pixels(chart, "threads") == 0


def test_the_pinned_run_follows_the_cursor_in_its_own_time(chart: TimelineChart) -> None:
    shown = run("processes", 1, 4.0)
    chart.set_ghost(run("threads", 3, 2.0, began_s=5.0))
    chart.draw(shown)
    whole = pixels(chart, "threads")
    assert pixels(chart, "threads", LATER_PALENESS) == 0
    chart.draw(shown, 1.0)  # half of the pinned run had been done one second after its beginning
    assert 0.3 * whole < pixels(chart, "threads") < 0.7 * whole
    assert pixels(chart, "threads", LATER_PALENESS) > 0  # the rest is still to be seen
    chart.draw(shown, 0.0)
    assert pixels(chart, "threads") < 0.1 * whole
    chart.draw(shown, 3.0)  # it was over by then
    assert pixels(chart, "threads") == whole
    assert pixels(chart, "threads", LATER_PALENESS) == 0


def test_the_heading_tells_how_far_the_pinned_run_was(chart: TimelineChart) -> None:
    shown, ghost = run("processes", 1, 4.0), Ghost(run("threads", 3, 2.0, began_s=5.0))
    ghost.follow()
    for at_s, told in ((1.0, ", 0 of 3 by now"), (2.5, ", 3 of 3 by now"), (math.inf, "")):
        chart.draw(shown, at_s)
        frame = picture_of(chart).frame
        assert ghost.progress(frame, "en") == f"outline: pinned (Threads, 2 s){told}"


def test_a_run_is_no_outline_of_itself(chart: TimelineChart) -> None:
    record = run("threads", 2, 1.0)
    chart.draw(record)
    chart.set_ghost(record)
    chart.draw(record)
    assert pixels(chart, "threads") == 0


def test_a_pinned_run_of_many_tasks_has_as_many_outlines_as_can_be_seen(
    chart: TimelineChart,
) -> None:
    record = many(20_000)
    starts = record.tasks.started_s[::4].copy()
    window, box = Window(0.0, float(starts[-1])), QRectF(0, 0, WIDTH, 20)
    lines = outlines(starts, starts + 80e-6, window, box, LIGHT)
    assert len(lines) <= WIDTH / NEAREST_PX + 1
    assert sum(line.width() for line in lines) == pytest.approx(WIDTH, rel=0.05)
    chart.draw(run("threads", 1, 0.1))
    chart.set_ghost(record)
    assert not chart.grab().isNull()


def test_a_few_tasks_without_a_gap_have_an_outline_each() -> None:
    starts = np.arange(10.0)
    window, box = Window(0.0, 10.0), QRectF(0, 0, WIDTH, 20)
    lines = outlines(starts, starts + 1.0, window, box, LIGHT)
    assert [line.left() for line in lines] == pytest.approx((starts * WIDTH / 10).tolist())


def test_the_comparison_tells_the_time_of_the_pinned_run(qtbot: QtBot) -> None:
    chart = ComparisonChart()
    qtbot.addWidget(chart)
    chart.set_rows([ComparisonRow("threads", "Threads", pinned_s=2.5)])
    assert chart.message() == ""
    assert "outline: pinned run, 2.5 s" in chart.accessibleDescription()


def test_a_replay_leaves_what_was_measured_in_the_comparison(qtbot: QtBot) -> None:
    chart = ComparisonChart()
    qtbot.addWidget(chart)
    row = ComparisonRow("threads", "Threads", 1.0, (1.0,))
    chart.set_rows([row])
    record = run("threads", 1, 1.0)
    for cursor_s in (0.0, 0.5, 1.0, math.inf):
        chart.draw(record, cursor_s)
        assert chart.value_text(row) == "1 s"
