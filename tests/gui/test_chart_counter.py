"""The counter: numbers for the back row, the curve, the losses."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPalette
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from core.recording import Recording
from gui.charts import CounterChart
from gui.charts.counter_layout import Measures, arrange, curve
from gui.charts.time_axis import Window
from gui.theme import LIGHT
from tests.gui.charts_demo import empty_run, end, watched

EXPECTED = 2_000_000
NEED = Measures(
    digits_em=5.0,
    caption_width=60.0,
    caption_height=16.0,
    gap=16.0,
    largest=64.0,
    curve_width=140.0,
    curve_height=84.0,
)


@pytest.fixture
def chart(qtbot: QtBot) -> CounterChart:
    """Return a counter of the race, of a usual size."""
    chart = CounterChart()
    qtbot.addWidget(chart)
    chart.resize(600, 330)
    chart.show()
    chart.set_watch("counter", EXPECTED)
    return chart


def race(last: float = 1_374_221.0) -> Recording:
    return watched(empty_run(), (0.1, 0), (0.5, 700_000), (1.0, 1_200_000), (1.301, last))


def texts(chart: CounterChart) -> list[str]:
    return [label(chart, name).text() for name in ("expected", "actual", "lost")]


def label(chart: CounterChart, name: str) -> QLabel:
    found = chart.findChild(QLabel, f"counter_{name}")
    assert isinstance(found, QLabel)
    return found


def test_before_a_run_only_the_aim_is_known(chart: CounterChart) -> None:
    assert texts(chart) == ["2,000,000", "–", "–"]
    assert chart.message().startswith("Press Run")
    chart.draw(empty_run(), 0.05)
    assert chart.message() == "Waiting for the first count …"
    chart.draw(end(empty_run(), 1.0))
    assert chart.message() == "This run told no count."


def test_while_it_counts_nothing_is_lost_yet(chart: CounterChart) -> None:
    chart.draw(race(), 0.7)
    assert texts(chart) == ["2,000,000", "700,000", "–"]
    assert chart.message() == ""


def test_at_the_end_it_says_what_was_lost(chart: CounterChart) -> None:
    chart.draw(end(race(), 1.3))
    assert texts(chart) == ["2,000,000", "1,374,221", "625,779"]
    colour = label(chart, "lost").palette().color(QPalette.ColorRole.WindowText)
    assert colour == QColor(LIGHT.attention_text)


def test_with_nothing_lost_there_is_nothing_to_attend_to(chart: CounterChart) -> None:
    chart.draw(end(race(EXPECTED), 1.3))
    assert texts(chart)[2] == "0"
    colour = label(chart, "lost").palette().color(QPalette.ColorRole.WindowText)
    assert colour == QColor(LIGHT.ink)


def test_an_earlier_cursor_shows_the_count_of_then(chart: CounterChart) -> None:
    record = end(race(), 1.3)
    chart.draw(record, 1.1)
    assert texts(chart) == ["2,000,000", "1,200,000", "–"]
    chart.draw(record)
    assert texts(chart)[2] == "625,779"


def test_a_stopped_run_says_how_far_it_came(chart: CounterChart) -> None:
    record = watched(empty_run(), (0.1, 0), (0.5, 700_000))
    chart.draw(end(record, 0.6, outcome="stopped"))
    assert texts(chart) == ["2,000,000", "700,000", "1,300,000"]


def test_a_watch_without_an_aim_is_only_shown(chart: CounterChart) -> None:
    chart.set_watch("counter", None)
    chart.draw(end(race(), 1.3))
    assert texts(chart) == ["–", "1,374,221", "–"]


def test_clearing_keeps_the_aim(chart: CounterChart) -> None:
    chart.draw(end(race(), 1.3))
    chart.clear()
    assert texts(chart) == ["2,000,000", "–", "–"]


def test_screen_readers_hear_the_numbers(chart: CounterChart) -> None:
    chart.draw(end(race(), 1.3))
    assert label(chart, "lost").accessibleName() == "lost: 625,779"
    chart.set_language("ja")
    assert label(chart, "lost").accessibleName() == "失われた数: 625,779"


@pytest.mark.parametrize("zoom", [1.0, 1.5, 2.0, 2.5])
@pytest.mark.parametrize("size", [(240, 160), (390, 200), (600, 330), (900, 420), (1900, 900)])
def test_no_digit_is_ever_cut_off(chart: CounterChart, size: tuple[int, int], zoom: float) -> None:
    chart.set_theme(LIGHT.zoomed(zoom))
    chart.set_losses([("threads", 625_779), ("processes", EXPECTED), ("sequential", 0)])
    chart.resize(*size)
    chart.draw(end(race(), 1.3))
    chart.grab()
    for name in ("expected", "actual", "lost"):
        number = label(chart, name)
        digits = QFontMetricsF(number.font())
        assert digits.horizontalAdvance(number.text()) <= number.width()
        assert digits.height() <= number.height() + 1
        assert chart.rect().contains(number.geometry().center())
        assert number.geometry().left() >= 0
        assert number.geometry().right() <= chart.width()


def test_the_digits_are_as_large_as_the_type_scale_says_where_there_is_room(
    chart: CounterChart,
) -> None:
    chart.resize(1_000, 500)
    assert label(chart, "actual").font().pixelSize() == LIGHT.font("counter").pixelSize()


def test_digits_keep_their_size_while_the_count_grows(chart: CounterChart) -> None:
    sizes = set()
    for cursor_s in (0.2, 0.6, 1.2):
        chart.draw(race(), cursor_s)
        sizes.add(label(chart, "actual").font().pixelSize())
    assert len(sizes) == 1


@given(width=st.floats(50, 3_000), height=st.floats(50, 2_000))
def test_numbers_fit_into_any_room(width: float, height: float) -> None:
    numbers = arrange(width, height, NEED)
    assert 1 <= numbers.size <= NEED.largest
    if numbers.size > 1:
        assert numbers.width <= width + 1e-6
        assert numbers.height <= height + 1e-6


def test_the_arrangement_follows_the_shape_of_the_room() -> None:
    assert arrange(240.0, 110.0, NEED).arrangement == "side by side"
    assert arrange(390.0, 160.0, NEED).arrangement == "left of the curve"
    assert arrange(250.0, 500.0, NEED).arrangement == "one below the other"


@given(st.lists(st.floats(0, 100), min_size=1, max_size=400), st.integers(1, 40))
def test_a_curve_has_few_points_and_keeps_its_extremes(values: list[float], columns: int) -> None:
    at_s = np.linspace(0.0, 10.0, len(values))
    series = np.array(values)
    xs, ys = curve(at_s, series, Window(0.0, 10.0), columns)
    assert len(xs) == len(ys) <= 2 * columns + 2
    assert ys.max() == series.max()
    assert ys.min() == series.min()
    assert (np.diff(xs) >= 0).all()


def test_the_curve_wears_the_colour_of_the_mode_and_the_gap_that_of_attention(
    chart: CounterChart,
) -> None:
    chart.draw(end(race(), 1.3))
    image = chart.grab().toImage()
    seen = {
        image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())
    }
    assert QColor(LIGHT.threads).name() in seen
    assert QColor(LIGHT.attention).name() in seen


def test_each_run_leaves_a_dot_in_the_colour_of_its_mode(chart: CounterChart) -> None:
    before = chart.grab().toImage()
    chart.set_losses([("processes", 5), ("processes", math.nan), ("sequential", 0)])
    after = chart.grab().toImage()
    assert _count(before, LIGHT.processes) == 0
    assert _count(after, LIGHT.processes) > 20
    assert _count(after, LIGHT.sequential) > 20


def _count(image: QImage, colour: str) -> int:
    wanted = QColor(colour).rgba()
    pixels = np.frombuffer(
        image.convertToFormat(QImage.Format.Format_ARGB32).constBits(), np.uint32
    )
    return int((pixels == wanted).sum())
