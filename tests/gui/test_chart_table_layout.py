"""Columns and rows of a table in rooms of all sizes."""

from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from gui.charts.table_layout import MOST_LINES, NARROWEST_EM, Need, arrange

LONG = 600.0
"""Width of the longest text on one line."""


def lines(_row: int, width: float) -> int:
    return max(1, -int(-LONG // width))


NEED = Need(
    rows=10,
    widths=(120.0, 40.0, 40.0, LONG),
    long=3,
    can_shrink=(True, False, False, True),
    lines=lines,
    line=20.0,
    long_line=15.0,
    gap=16.0,
    indent=16.0,
)


def test_with_room_enough_everything_stands_beside() -> None:
    found = arrange(1_000, 400, NEED)
    assert (found.place, found.fits) == ("beside", True)
    assert found.widths == NEED.widths
    assert found.lefts == (0, 136, 192, 248)
    assert found.heights == (20.0,) * 10


def test_long_texts_take_lines_beside_their_row_while_they_are_wide_enough() -> None:
    width = 248 + NARROWEST_EM * NEED.long_line
    found = arrange(width, 2_000, NEED)
    assert found.place == "beside"
    assert found.heights == (20.0 + 2 * 15.0,) * 10
    assert arrange(width - 1, 2_000, NEED).place == "below"


def test_in_a_narrow_room_long_texts_stand_below() -> None:
    found = arrange(380, 600, NEED)
    assert (found.place, found.fits) == ("below", True)
    assert found.widths == (120.0, 40.0, 40.0, 0.0)
    assert found.heights == (20.0 + 2 * 15.0,) * 10


def test_in_a_low_room_long_texts_stand_apart() -> None:
    found = arrange(380, 300, NEED)
    assert (found.place, found.fits) == ("apart", False)
    assert found.heights == (20.0,) * 10
    assert list(found.shown(0, 100.0)) == [0, 1, 2, 3, 4]
    assert list(found.shown(7, 100.0)) == [7, 8, 9]
    assert list(found.shown(3, 1.0)) == [3]


def test_texts_too_long_for_a_row_stand_apart_however_much_room_there_is() -> None:
    need = replace(NEED, lines=lambda _row, _width: MOST_LINES + 1)
    assert arrange(1_000, 10_000, need).place == "apart"


def test_where_columns_do_not_fit_the_texts_give_way() -> None:
    found = arrange(200, 600, NEED)
    assert found.widths[1:3] == (40.0, 40.0)
    assert sum(found.widths) + 2 * NEED.gap == 200
    assert not found.fits


@given(
    st.floats(1, 2_000),
    st.floats(1, 2_000),
    st.lists(st.tuples(st.floats(1, 400), st.booleans()), min_size=1, max_size=8),
    st.booleans(),
)
def test_columns_never_overlap(
    width: float, height: float, columns: list[tuple[float, bool]], has_long: bool
) -> None:
    need = replace(
        NEED,
        widths=tuple(each for each, _ in columns),
        can_shrink=tuple(can for _, can in columns),
        long=len(columns) - 1 if has_long else None,
    )
    found = arrange(width, height, need)
    boxes = [(x, x + w) for x, w in zip(found.lefts, found.widths, strict=True) if w]
    assert all(end < start for (_, end), (start, _) in pairwise(boxes))
    assert all(given_px <= want for given_px, want in zip(found.widths, need.widths, strict=True))
    if found.fits:
        assert all(end <= width + 1e-6 for _, end in boxes)
        assert sum(found.heights) <= height
        assert list(found.shown(0, height)) == list(range(need.rows))
