"""Numbers as people read them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.number_format import (
    FORMATS,
    UNKNOWN,
    count,
    number,
    percent,
    ratio,
    seconds,
    size,
    times,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.93, "0.93"),
        (0.9271178, "0.927"),
        (2.0219604, "2.02"),
        (71, "71"),
        (137.6, "138"),
        (0.9996, "1"),
        (999.6, "1,000"),
        (1234.5, "1,230"),
        (-2.178, "-2.18"),
        (0, "0"),
        (0.012345, "0.0123"),
    ],
)
def test_numbers_have_three_significant_digits(value: float, text: str) -> None:
    assert number(value) == text


def test_units_stand_as_the_language_has_them() -> None:
    assert (seconds(0.93), seconds(0.93, "ja")) == ("0.93 s", "0.93秒")
    assert (seconds(0.0042), seconds(0.0042, "ja")) == ("4.2 ms", "4.2ミリ秒")
    assert (seconds(2.85e-6), seconds(2.85e-6, "ja")) == ("2.85 µs", "2.85マイクロ秒")
    assert (ratio(2.178), ratio(2.178, "ja")) == ("× 2.18", "× 2.18")
    assert (times(2.178), times(2.178, "ja")) == ("2.18 times", "2.18倍")
    assert (percent(19.864), percent(19.864, "ja")) == ("19.9 %", "19.9%")
    assert seconds(0.93, "de") == "0.93 s"


def test_whole_numbers_keep_all_their_digits() -> None:
    assert count(1_602_716) == "1,602,716"
    assert count(397_284.0) == "397,284"


@pytest.mark.parametrize("form", FORMATS.values(), ids=FORMATS)
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_was_not_measured_is_no_number(form: object, value: float) -> None:
    assert callable(form)
    assert form(value, "en") == UNKNOWN


@given(st.floats(min_value=5e-324, max_value=1e15))
def test_what_is_shown_is_within_half_a_percent(value: float) -> None:
    assert float(number(value).replace(",", "")) == pytest.approx(value, rel=0.00501, abs=1e-320)


def test_sizes_have_the_unit_that_keeps_them_short() -> None:
    sizes = (0, 999, 999.6, 480_400, 999_600, 6.127e9, 240e9, 7.68e12, math.nan)
    assert [size(value) for value in sizes] == [
        *("0 B", "999 B", "1 kB", "480 kB", "1 MB", "6.13 GB", "240 GB", "7.68 TB"),
        UNKNOWN,
    ]
