"""Ticks by their lateness: the scale, the words, the cursor, and what is to be seen."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from core import events
from core.demos import demo_named
from core.recording import Recording
from gui.aims import tell_aim
from gui.charts import LatenessChart
from gui.charts.lateness_frame import HEADROOM, LEAST_TOP_MS, Beats, top_ms
from gui.theme import LIGHT
from tests.core.recordings import MAIN_PID, at
from tests.gui.charts_demo import empty_run, end


@pytest.fixture
def chart(qtbot: QtBot) -> LatenessChart:
    """Return a chart of the watch ``late``, of a usual size."""
    chart = LatenessChart()
    qtbot.addWidget(chart)
    chart.resize(600, 260)
    chart.set_watch("late")
    return chart


def ticking(*ticks: tuple[float, float], mode: str = "threads") -> Recording:
    """Return a run with ticks, each given as (seconds, milliseconds late)."""
    record = empty_run(mode)
    times = [at(moment) for moment, _ in ticks]
    record.apply(MAIN_PID, events.Watch("late", times, [late for _, late in ticks]))
    return record


def late_run() -> Recording:
    return end(ticking((0.1, 2.0), (0.3, 12.0), (0.6, 250.0), (0.9, 40.0)), 1.0)


def test_it_says_what_will_appear_and_what_never_came(chart: LatenessChart) -> None:
    assert chart.message().startswith("Press Run")
    chart.draw(empty_run(), 0.1)
    assert chart.message() == "Waiting for the first tick …"
    chart.draw(end(empty_run(), 1.0))
    assert chart.message() == "This run told of no tick."
    chart.draw(late_run())
    assert chart.message() == ""
    chart.clear()
    assert chart.message().startswith("Press Run")


def test_another_watch_begins_empty(chart: LatenessChart) -> None:
    chart.draw(late_run())
    chart.set_watch("late")
    assert chart.message() == ""
    chart.set_watch("another")
    assert chart.message().startswith("Press Run")


def test_the_card_says_which_watch_is_shown(chart: LatenessChart) -> None:
    card = demo_named("heartbeat").card
    tell_aim(chart, card, {}, ())
    record = empty_run()
    record.apply(MAIN_PID, events.Watch(card.watches[0].name, [at(0.2)], [3.5]))
    chart.draw(record)
    assert chart.accessibleDescription().startswith("Ticks: 1, median 3.5 ms late")


def test_screen_readers_hear_median_and_worst(chart: LatenessChart) -> None:
    chart.draw(late_run())
    told = "Ticks: 4, median 26 ms late, worst 250 ms, later than a frame: 2."
    assert chart.accessibleDescription() == told
    chart.set_language("ja")
    assert "250 ms" in chart.accessibleDescription()
    assert chart.accessibleDescription() != told


def test_an_earlier_cursor_shows_the_ticks_of_then_on_the_scale_of_the_whole(
    chart: LatenessChart,
) -> None:
    record = late_run()
    chart.draw(record, 0.4)
    assert chart.accessibleDescription().startswith("Ticks: 2, median 7 ms late, worst 12 ms")
    before, after = Beats.of(record, "late", 0.4), Beats.of(record, "late", 9.0)
    assert (before.top_ms, before.span_s) == (after.top_ms, after.span_s) == (300.0, 1.0)
    assert (before.over, after.over) == (False, True)


def test_while_a_run_goes_on_the_axis_grows_with_it() -> None:
    record = ticking((0.1, 2.0), (0.9, 3.0))
    early, late = Beats.of(record, "late", 0.2), Beats.of(record, "late", 0.95)
    assert early.span_s < late.span_s
    assert early.top_ms == late.top_ms == LEAST_TOP_MS


@given(st.lists(st.floats(0, 1e6), max_size=20))
def test_the_scale_has_room_above_the_worst(values: list[float]) -> None:
    top = top_ms(np.array(values))
    worst = max(values, default=0.0)
    assert top >= max(LEAST_TOP_MS, worst * HEADROOM)
    assert top == LEAST_TOP_MS or top <= worst * HEADROOM * 1.5


def test_who_misses_a_frame_is_seen(chart: LatenessChart) -> None:
    chart.draw(end(ticking((0.1, 2.0), (0.3, 4.0)), 1.0))
    in_time = chart.grab().toImage()
    chart.draw(end(ticking((0.1, 2.0), (0.3, 90.0)), 1.0))
    late = chart.grab().toImage()
    assert _count(in_time, LIGHT.threads) > 20
    assert _count(in_time, LIGHT.attention) == 0
    assert _count(late, LIGHT.attention) > 20


def test_of_very_many_ticks_the_worst_is_still_to_be_seen(chart: LatenessChart) -> None:
    ticks = [(number / 20_000, 1.0) for number in range(20_000)]
    ticks[12_345] = (ticks[12_345][0], 90.0)
    chart.draw(end(ticking(*ticks), 1.0))
    assert "worst 90 ms" in chart.accessibleDescription()
    assert _count(chart.grab().toImage(), LIGHT.attention) > 20


@pytest.mark.parametrize("cursor_s", [0.0, 0.05, 0.35, 2.0])
@pytest.mark.parametrize("size", [(240, 130), (380, 150), (900, 330), (3_000, 1_200)])
@pytest.mark.parametrize("zoom", [1.0, 2.5])
def test_it_is_drawn_at_any_moment_and_size(
    chart: LatenessChart, size: tuple[int, int], zoom: float, cursor_s: float
) -> None:
    chart.set_theme(LIGHT.zoomed(zoom))
    chart.resize(*size)
    chart.draw(late_run(), cursor_s)
    assert bool(chart.message()) == (cursor_s < 0.1)
    assert len(np.unique(_pixels(chart.grab().toImage()))) > 5


def _count(image: QImage, colour: str) -> int:
    return int((_pixels(image) == QColor(colour).rgba()).sum())


def _pixels(image: QImage) -> npt.NDArray[np.uint32]:
    plain = image.convertToFormat(QImage.Format.Format_ARGB32)
    return np.frombuffer(plain.constBits(), np.uint32).copy()  # the image goes with this call
