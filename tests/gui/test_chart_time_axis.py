"""The time axis: windows, zoom and ticks."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.charts import paint
from gui.charts.time_axis import (
    MIN_SPAN_S,
    Window,
    live_span_s,
    moved,
    tick_label,
    ticks_s,
    zoomed,
)
from gui.charts.time_axis_paint import fitting_ticks_s
from gui.theme import LIGHT

BOUNDS = Window(0.0, 10.0)
spans = st.floats(1e-5, 1e4)


@given(begin_s=st.floats(-100, 100), span_s=spans, at_most=st.integers(2, 12))
def test_ticks_are_few_and_inside_and_all_different(
    begin_s: float, span_s: float, at_most: int
) -> None:
    window = Window(begin_s, begin_s + span_s)
    ticks, step_s = ticks_s(window, begin_s, at_most)
    assert 1 <= len(ticks) <= at_most
    assert ticks[0] >= -step_s * 1e-6
    assert ticks[-1] <= span_s + step_s * 1e-6
    labels = [tick_label(float(tick), step_s) for tick in ticks]
    assert len(set(labels)) == len(labels)


def test_ticks_count_from_the_zero_that_is_given() -> None:
    ticks, step_s = ticks_s(Window(0.3, 1.3), zero_s=0.3, at_most=6)
    assert ticks.tolist() == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1.0])
    assert [tick_label(float(tick), step_s) for tick in ticks][:2] == ["0.0 s", "0.2 s"]


def test_short_times_are_labelled_in_milliseconds() -> None:
    assert tick_label(0.00025, 0.00005) == "0.25 ms"
    assert tick_label(2.00025, 0.00005) == "2.00025 s"
    assert (tick_label(0.001, 0.001), tick_label(0.01, 0.005)) == ("1 ms", "0.010 s")


def test_ticks_speak_the_language_of_the_window() -> None:
    assert tick_label(0.5, 0.5, "ja") == "0.5秒"
    assert tick_label(0.00025, 0.00005, "ja") == "0.25ミリ秒"


@given(elapsed_s=st.floats(0, 1e5))
def test_a_run_that_goes_on_fits_and_fills_half_of_the_axis_once_it_is_long(
    elapsed_s: float,
) -> None:
    span_s = live_span_s(elapsed_s)
    assert span_s >= elapsed_s
    assert elapsed_s < 1 or span_s <= elapsed_s * 2


def test_the_axis_of_a_run_that_goes_on_stands_still_between_its_steps() -> None:
    assert {live_span_s(elapsed / 100) for elapsed in range(101, 140)} == {1.5}


@given(at_s=st.floats(2, 8), factor=st.floats(1.1, 1_000))
def test_what_is_under_the_pointer_stays_there_when_coming_closer(
    at_s: float, factor: float
) -> None:
    before = Window(1.0, 9.0)
    after = zoomed(before, at_s, factor, BOUNDS)
    share = (at_s - before.begin_s) / before.span_s
    assert after.begin_s + share * after.span_s == pytest.approx(at_s)
    assert after.span_s == pytest.approx(before.span_s / factor)


def test_zooming_ends_at_the_whole_run_and_at_the_clock() -> None:
    assert zoomed(Window(4.0, 5.0), 4.5, 1e-9, BOUNDS) == BOUNDS
    assert zoomed(Window(4.0, 5.0), 4.5, 1e12, BOUNDS).span_s == pytest.approx(MIN_SPAN_S)


@given(by_s=st.floats(-100, 100))
def test_moving_never_leaves_the_run(by_s: float) -> None:
    window = moved(Window(4.0, 5.0), by_s, BOUNDS)
    assert window.span_s == pytest.approx(1.0)
    assert window.begin_s >= BOUNDS.begin_s
    assert window.end_s <= BOUNDS.end_s + 1e-9
    assert not math.isnan(window.begin_s)


@pytest.mark.usefixtures("qapp")
@given(span_s=spans, width=st.floats(60, 2_000), language=st.sampled_from(["en", "ja"]))
def test_labels_on_an_axis_do_not_touch(span_s: float, width: float, language: str) -> None:
    window = Window(0.0, span_s)
    ticks, step_s = fitting_ticks_s(LIGHT, language, window, 0.0, width)
    measures = paint.metrics(LIGHT, "text")
    widths = [measures.horizontalAdvance(tick_label(tick, step_s, language)) for tick in ticks]
    assert len(ticks) <= 2 or max(widths) < width * step_s / span_s
