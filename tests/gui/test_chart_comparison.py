"""The comparison: scale, values and marks of the modes."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPixmap
from pytestqt.qtbot import QtBot

from core.number_format import ratio, seconds
from gui.charts import ComparisonChart, ComparisonRow, paint
from gui.charts.comparison_layout import MOST_DOTS, axis_end_s, scatter
from gui.charts.comparison_paint import RowPainter
from gui.theme import LIGHT
from tests.gui.charts_demo import empty_run, end

ROWS = (
    ComparisonRow("sequential", "Sequential", 2.0, (2.0, 2.1, 1.9), 1.0, figure_s=2.02),
    ComparisonRow("threads", "Threads", 1.0, (1.0,), 2.0, figure_s=0.93, current=True),
    ComparisonRow("processes", "Processes"),
)


@pytest.fixture
def chart(qtbot: QtBot) -> ComparisonChart:
    """Return a chart of a usual size."""
    chart = ComparisonChart()
    qtbot.addWidget(chart)
    chart.resize(600, 230)
    return chart


def width_of(chart: ComparisonChart, colour: str) -> int:
    """Return how many pixels wide a colour is, in the row where it is widest."""
    image = chart.grab().toImage()
    wanted = QColor(colour).name()
    rows = (
        [image.pixelColor(x, y).name() == wanted for x in range(image.width())]
        for y in range(image.height())
    )
    return max(sum(row) for row in rows)


def test_an_empty_chart_says_what_will_appear(chart: ComparisonChart) -> None:
    assert "Compare all" in chart.message()
    chart.set_rows([ComparisonRow("threads", "Threads", figure_s=0.93)])
    assert "Compare all" in chart.message()
    chart.set_rows(ROWS)
    assert chart.message() == ""
    chart.clear()
    assert "Compare all" in chart.message()


def test_bars_are_as_long_as_their_medians(chart: ComparisonChart) -> None:
    chart.set_rows([ComparisonRow("sequential", "a", 2.0), ComparisonRow("threads", "b", 1.0)])
    slow, fast = width_of(chart, LIGHT.sequential), width_of(chart, LIGHT.threads)
    assert slow > 200
    assert fast == pytest.approx(slow / 2, abs=4)


def test_values_stand_at_the_bars(chart: ComparisonChart) -> None:
    chart.set_rows(ROWS)
    assert [chart.value_text(row) for row in ROWS] == ["2 s", "1 s", "not run yet"]
    assert "Threads: 1 s, × 2" in chart.accessibleDescription()
    chart.set_language("ja")
    assert [chart.value_text(row) for row in ROWS] == ["2秒", "1秒", "まだ実行していません"]


def test_a_run_that_goes_on_grows_as_an_outline(chart: ComparisonChart) -> None:
    chart.set_rows(ROWS)
    record = empty_run("processes", began_s=0.5)
    chart.draw(record, 1.0)
    assert chart.value_text(ROWS[2]) == "0.50 s …"
    short = width_of(chart, LIGHT.processes)
    chart.draw(record, 1.5)
    assert chart.value_text(ROWS[2]) == "1.00 s …"
    assert width_of(chart, LIGHT.processes) > short * 1.5
    chart.draw(end(record, 2.0), math.inf)
    assert chart.value_text(ROWS[2]) == "not run yet"
    assert width_of(chart, LIGHT.processes) == 0


def test_a_stopped_run_leaves_no_outline(chart: ComparisonChart) -> None:
    chart.set_rows(ROWS)
    record = empty_run("processes")
    chart.draw(record, 1.0)
    chart.draw(end(record, 1.5, outcome="stopped"), math.inf)
    assert chart.value_text(ROWS[2]) == "not run yet"


def test_a_first_run_is_seen_before_there_are_rows(chart: ComparisonChart) -> None:
    chart.draw(empty_run("threads"), 1.0)
    assert chart.message() == ""
    assert width_of(chart, LIGHT.threads) > 100


def test_the_axis_holds_every_run_and_near_figures_of_the_tutorial() -> None:
    assert axis_end_s(ROWS, None) == 2.1
    assert axis_end_s([ComparisonRow("threads", "", 1.0, (1.0,), figure_s=1.5)], None) == 1.5


def test_a_far_figure_of_the_tutorial_does_not_flatten_the_bars() -> None:
    assert axis_end_s([ComparisonRow("threads", "", 1.0, (1.0,), figure_s=138.0)], None) == 1.0


def test_the_axis_grows_in_steps_with_a_run_that_goes_on() -> None:
    ends = {axis_end_s(ROWS, running_s / 100) for running_s in range(1, 290)}
    assert ends == {2.1, 3.0}


@given(st.lists(st.floats(0.001, 1e4), max_size=200))
def test_dots_are_as_many_as_runs_but_bounded_and_stay_on_the_bar(runs_s: list[float]) -> None:
    dots = scatter(runs_s)
    assert [run_s for run_s, _ in dots] == runs_s[-MOST_DOTS:]
    assert all(-0.5 <= off <= 0.5 for _, off in dots)


def test_equal_runs_can_be_told_apart() -> None:
    places = [off for _, off in scatter([1.0] * 20)]
    assert len({round(off, 3) for off in places}) == 20


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_time_in_milliseconds_leaves_room_for_the_speedup(language: str) -> None:
    canvas = QPixmap(380, 160)
    painter = QPainter(canvas)
    row = ComparisonRow("threads", "x", 0.00988, (0.00988,), 0.00123)
    painted = RowPainter(painter, LIGHT, language, QRectF(0, 0, 380, 150), [row], 50, 0.00988)
    painter.end()
    measures = paint.metrics(LIGHT, "heading")
    texts = (seconds(0.00988, language), ratio(0.00123))
    assert 380 - painted._axis.right() > sum(map(measures.horizontalAdvance, texts))
