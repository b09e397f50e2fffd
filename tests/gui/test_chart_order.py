"""The chart of orders: places, states and times, as they were at the cursor."""

import math

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent
from PySide6.QtWidgets import QToolTip
from pytestqt.qtbot import QtBot

from core import events
from core.events import CANCELLED, FAILED
from core.incidents import incident_facts
from core.orders import Stage
from core.recording import Recording
from gui.charts import OrderChart
from gui.charts.order_index import NOWHERE, OrderIndex
from gui.charts.order_layout import MOST_LINES, OrderLayout
from gui.theme import LIGHT
from tests.core import recordings as by_hand
from tests.gui.charts_demo import MAIN_PID, TaskTimes, add, empty_run, end, many


@pytest.fixture
def chart(qtbot: QtBot) -> OrderChart:
    """Return a chart of a usual size, shown."""
    chart = OrderChart()
    qtbot.addWidget(chart)
    chart.resize(900, 300)
    chart.show()
    return chart


def three_tasks(mode: str = "threads") -> Recording:
    """Return a run whose first task is the last one to be delivered."""
    record = empty_run(mode, workers=2)
    add(
        record,
        TaskTimes(0, 0, 0.0, 0.1, 1.0, arguments="'a'"),
        TaskTimes(1, 1, 0.0, 0.1, 0.5, arguments="'b'"),
        TaskTimes(2, 1, 0.0, 0.5, 0.7, FAILED, arguments="'c'", result="ValueError: <b>"),
    )
    by_hand.deliver(record, (1, 0.6), (2, 0.9), (0, 1.0))
    return record


def layout_of(chart: OrderChart) -> OrderLayout:
    layout = chart.layout_now()
    assert layout is not None
    return layout


def colour_at(chart: OrderChart, x: float, y: float) -> str:
    return chart.grab().toImage().pixelColor(QPoint(round(x), round(y))).name()


# -- what it shows ------------------------------------------------------------------


def test_an_empty_chart_says_what_will_appear(chart: OrderChart) -> None:
    assert chart.message().startswith("Press Run")
    chart.set_language("ja")
    assert chart.message().startswith("実行")
    assert chart.accessibleDescription() == chart.message()
    chart.draw(empty_run(), 0.1)
    chart.set_language("en")
    assert chart.message() == "Waiting for the first task …"
    chart.draw(end(empty_run(), 1.0))
    assert chart.message() == "No tasks were seen in this run."


def test_tasks_go_from_their_place_of_submission_to_that_of_delivery(chart: OrderChart) -> None:
    chart.draw(end(three_tasks(), 1.1))
    frame = layout_of(chart).frame
    assert frame.task.tolist() == [0, 1, 2]
    assert frame.right.tolist() == [2, 0, 1]
    assert frame.overtaken.tolist() == [True, False, False]
    assert (frame.delivered_count, frame.overtaken_count) == (3, 1)
    assert frame.longest_held_s == pytest.approx(0.2)


def test_a_bar_for_running_and_a_hatched_one_for_ready(chart: OrderChart) -> None:
    chart.draw(end(three_tasks("processes"), 1.1))
    layout = layout_of(chart)
    assert colour_at(chart, layout.x(0.3), layout.y(1)) == QColor(LIGHT.processes).name()
    image = chart.grab().toImage()
    held = {
        image.pixelColor(x, y).name()
        for x in range(round(layout.x(0.71)), round(layout.x(0.89)))
        for y in range(round(layout.y(2) - 6), round(layout.y(2) + 6))
    }
    assert QColor(LIGHT.attention).name() in held
    assert QColor(LIGHT.processes).name() not in held
    assert QColor(LIGHT.paper).name() in held


def test_a_failure_has_its_own_colour_and_a_cross(chart: OrderChart) -> None:
    chart.draw(end(three_tasks(), 1.1))
    layout = layout_of(chart)
    image = chart.grab().toImage()
    seen = {
        image.pixelColor(x, y).name()
        for x in range(round(layout.x(0.51)), round(layout.x(0.69)))
        for y in range(round(layout.y(2) - 6), round(layout.y(2) + 6))
    }
    assert {QColor(LIGHT.failure).name(), QColor(LIGHT.paper).name()} <= seen


@pytest.mark.parametrize(
    ("cursor_s", "stages", "right"),
    [
        (0.05, [Stage.WAITING] * 3, [NOWHERE] * 3),
        (0.3, [Stage.RUNNING, Stage.RUNNING, Stage.WAITING], [NOWHERE] * 3),
        (0.55, [Stage.RUNNING, Stage.READY, Stage.RUNNING], [NOWHERE] * 3),
        (0.8, [Stage.RUNNING, Stage.DELIVERED, Stage.READY], [NOWHERE, 0, NOWHERE]),
        (math.inf, [Stage.DELIVERED] * 3, [2, 0, 1]),
    ],
)
def test_the_cursor_shows_the_run_as_it_was_then(
    chart: OrderChart, cursor_s: float, stages: list[Stage], right: list[int]
) -> None:
    record = end(three_tasks(), 1.1)
    chart.draw(record, cursor_s)
    layout = layout_of(chart)
    assert layout.frame.stage.tolist() == stages
    assert layout.frame.right.tolist() == right
    assert layout.frame.delivered_count == sum(stage == Stage.DELIVERED for stage in stages)
    chart.draw(record)
    assert layout_of(chart).rows == layout.rows  # nothing moves as the cursor does
    assert layout_of(chart).times == layout.times


def test_open_ends_say_how_far_their_tasks_have_come(chart: OrderChart) -> None:
    chart.draw(three_tasks(), 0.55)
    layout = layout_of(chart)
    states = [chart.hover_text(QPointF(layout.x(0.3), layout.y(place))) for place in range(3)]
    assert [text.rpartition("\n")[2] for text in states] == [
        "running",
        "ready, not taken yet",
        "running",
    ]


def test_what_was_cancelled_or_never_taken_stays_open(chart: OrderChart) -> None:
    record = empty_run(workers=1)
    add(
        record,
        TaskTimes(0, 0, 0.0, 0.1, 0.4),
        TaskTimes(1, 0, 0.0, None, 0.2, CANCELLED),
        TaskTimes(2, 0, 0.0, 0.4),
    )
    chart.draw(end(record, 1.0, "stopped"))
    frame = layout_of(chart).frame
    assert frame.stage.tolist() == [Stage.UNTAKEN, Stage.CANCELLED, Stage.UNENDED]
    assert frame.now_s == pytest.approx(1.0)
    assert chart.grab().toImage().width() == 900


def test_results_that_came_in_one_set_have_a_ring(chart: OrderChart) -> None:
    record = empty_run(workers=2)
    add(record, TaskTimes(0, 0, 0.0, 0.0, 0.3), TaskTimes(1, 1, 0.0, 0.0, 0.2))
    add(record, TaskTimes(2, 1, 0.0, 0.2, 0.5))
    by_hand.deliver(record, (1, 0.4), (0, 0.4), (2, 0.6))
    chart.draw(end(record, 0.7))
    layout = layout_of(chart)
    frame = layout.frame
    assert (frame.batches.first.tolist(), frame.batches.last.tolist()) == ([0], [1])
    assert frame.right.tolist() == [0, 1, 2]  # nobody was first: they keep the order they had
    assert frame.overtaken_count == 0
    between = (layout.y(0) + layout.y(1)) / 2
    image, left = chart.grab().toImage(), round(layout.right)
    ring = {image.pixelColor(x, round(between)).name() for x in range(left - 12, left - 4)}
    assert len(ring) > 1  # not paper alone, where no line passes
    between = (layout.y(1) + layout.y(2)) / 2
    beside = {image.pixelColor(x, round(between)).name() for x in range(left - 12, left - 4)}
    assert beside == {QColor(LIGHT.paper).name()}


def test_readers_are_told_the_order(chart: OrderChart) -> None:
    chart.draw(three_tasks(), 0.8)
    assert chart.accessibleDescription() == (
        "1 of 3 delivered · ready ones held 0.1 s at most; 1: 'b' 0.60 s"
    )
    chart.draw(end(three_tasks(), 1.1))
    assert chart.accessibleDescription() == (
        "3 of 3 delivered · 1 overtaken · ready ones held 0.2 s at most; "
        "1: 'b' 0.60 s; 2: 'c' 0.90 s; 3: 'a' 1.00 s"
    )
    chart.set_language("ja")
    assert chart.accessibleDescription().startswith("3個中3個を受け取り")


def test_the_pointer_is_told_what_a_row_and_what_a_place_is(chart: OrderChart) -> None:
    chart.draw(end(three_tasks(), 1.1))
    layout = layout_of(chart)
    lines = [
        "'a'",
        "submitted as number 1 at 0.00 s",
        "ready at 1.00 s",
        "delivered as number 3 at 1.00 s",
        "ready, held 0 s",
    ]
    assert chart.hover_text(QPointF(layout.x(0.5), layout.y(0))).split("\n") == lines
    assert chart.hover_text(QPointF(layout.right + 5, layout.y(2))).split("\n") == lines
    assert chart.hover_text(QPointF(layout.x(0.5), 2)) == ""


def test_a_tooltip_shows_markup_as_it_is(
    chart: OrderChart, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda _where, text, _widget: shown.append(text))
    record = empty_run()
    add(record, TaskTimes(0, 0, 0.0, 0.1, 1.0, arguments="'<b>'"))
    chart.draw(end(record, 1.1))
    layout = layout_of(chart)
    spot = QPointF(layout.x(0.5), layout.y(0))
    none = Qt.MouseButton.NoButton
    no_keys = Qt.KeyboardModifier.NoModifier
    chart.mouseMoveEvent(QMouseEvent(QEvent.Type.MouseMove, spot, spot, none, none, no_keys))
    assert shown[-1].startswith("<qt>&#x27;&lt;b&gt;&#x27;<br>submitted as number 1 at 0.00 s")


def test_a_low_chart_leaves_labels_out_rather_than_on_top_of_each_other(chart: OrderChart) -> None:
    record = empty_run(workers=2)
    add(record, *(TaskTimes(n, 0, 0.0, 0.01 * n, 0.01 * n + 0.01) for n in range(30)))
    by_hand.deliver(record, *((n, 1 + 0.01 * n) for n in range(30)))
    chart.draw(end(record, 2.0))
    for height, all_fit in ((600, True), (200, False)):
        chart.resize(900, height)
        layout = layout_of(chart)
        heights = [y for _, y in layout.spaced(range(30), layout.frame.left)]
        assert (len(heights) == 30) is all_fit
        assert np.diff(heights).min() >= layout.line / 2
        assert heights[0] == layout.y(0)


# -- many tasks ---------------------------------------------------------------------


def delivered_backwards(tasks: int) -> Recording:
    record = many(tasks)
    numbers = np.arange(tasks)[::-1]
    for part in np.array_split(numbers, 20):
        at = [by_hand.at(10 + 1e-6 * (tasks - number)) for number in part.tolist()]
        record.apply(MAIN_PID, events.Delivered(part.tolist(), at))
    return record


def test_of_thousands_a_sample_is_shown_and_all_are_counted(chart: OrderChart) -> None:
    record = delivered_backwards(20_000)
    while chart.layout_now() is None or layout_of(chart).frame.delivered_count < 20_000:
        chart.draw(record)
    frame = layout_of(chart).frame
    assert frame.sampled
    assert frame.total == 20_000
    assert frame.overtaken_count == 19_999
    np.testing.assert_array_equal(frame.right, 19_999 - frame.left)  # true places, not the sample's
    chart.grab()
    assert 2 <= chart.lines_painted <= MOST_LINES
    assert not layout_of(chart).labelled


def test_a_frame_takes_in_a_bounded_number_of_events(chart: OrderChart, qtbot: QtBot) -> None:
    record = delivered_backwards(20_000)
    chart.draw(record)
    assert layout_of(chart).frame.delivered_count < 20_000
    # Nobody draws any more; it catches up by itself.
    qtbot.waitUntil(lambda: layout_of(chart).frame.delivered_count == 20_000)


# -- the index ----------------------------------------------------------------------


def test_the_index_puts_late_news_in_its_place() -> None:
    record = empty_run(workers=2)
    index = OrderIndex(record)
    by_hand.submit(record, (0, 0.0), (2, 0.2))
    by_hand.deliver(record, (2, 1.0))
    index.follow()
    by_hand.submit(record, (1, 0.1))  # of another thread of the script, told late
    by_hand.deliver(record, (0, 1.2))
    by_hand.deliver(record, (1, 1.1))
    index.follow()
    assert index.submitted.rows.tolist() == [0, 1, 2]
    assert index.delivered.rows.tolist() == [2, 1, 0]
    assert [index.overtaken_by(at_s) for at_s in (0.95, 1.05, 1.15, 1.25)] == [0, 0, 1, 2]
    assert index.overtaken_by(9.0) == incident_facts(record)["overtaken"]


def test_an_end_that_is_told_after_the_delivery_counts_as_held() -> None:
    record = empty_run(workers=1)
    index = OrderIndex(record)
    by_hand.submit(record, (0, 0.0), (1, 0.0))
    by_hand.deliver(record, (0, 1.0), (1, 1.1))
    index.follow()
    assert index.held_by_s(9.0) == 0.0
    by_hand.start(record, MAIN_PID, (0, 0, 0.1))
    by_hand.finish(record, (0, 0.4))
    index.follow()
    assert index.held_by_s(9.0) == pytest.approx(0.6)
    assert index.held_by_s(0.5) == 0.0
