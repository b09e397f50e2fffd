"""Watched tables as they are read: kinds of columns, texts of cells, equal values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.tables import Cell, cell_of, groups_of, kind_of, letter_of, telling_row, text_of, width_of

ROWS: list[list[Cell]] = [["a", True, 1, None], ["b", None, 2.5, None], ["c", False]]


def test_columns_are_as_many_as_there_are_headings_or_cells() -> None:
    assert (width_of(ROWS, 2), width_of(ROWS, 6), width_of([], 3)) == (4, 6, 3)
    assert cell_of(ROWS[2], 2) is None


def test_a_column_is_of_marks_or_numbers_only_if_nothing_else_is_in_it() -> None:
    assert [kind_of(ROWS, column) for column in range(5)] == [
        *("text", "mark", "number", "text", "text")
    ]
    assert kind_of([[True], [1]], 0) == "number"
    assert kind_of([[1], ["1"]], 0) == "text"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (1_234_567, "1,234,567"),
        (-3, "-3"),
        (0.5488135039, "0.548814"),
        (12_345.678, "12,345.7"),
        (2.0, "2"),
        ("as it is", "as it is"),
        (None, ""),
    ],
)
def test_cells_are_written_as_people_read_them(cell: Cell, text: str) -> None:
    assert text_of(cell) == text


def test_a_number_that_is_missing_is_seen_to_be() -> None:
    assert text_of(None, "number") == "–"


def test_equal_values_have_one_number_in_the_order_of_their_coming() -> None:
    assert groups_of([["a", 0.5], ["b", 0.25], ["c", 0.5], []]) == [0, 1, 0, 2]
    assert groups_of([[1], [True], [1.0], ["1"]]) == [0, 1, 0, 2]


@given(st.lists(st.integers(0, 5), max_size=30))
def test_groups_are_equal_where_values_are(values: list[int]) -> None:
    groups = groups_of([["row", value] for value in values])
    for one, mine in zip(values, groups, strict=True):
        for other, theirs in zip(values, groups, strict=True):
            assert (one == other) == (mine == theirs)
    assert set(groups) == set(range(len(set(values))))


def test_every_group_has_letters_of_its_own() -> None:
    assert [letter_of(group) for group in (0, 1, 25, 26, 27, 52, 701, 702)] == [
        *("A", "B", "Z", "AA", "AB", "BA", "ZZ", "AAA")
    ]
    assert len({letter_of(group) for group in range(500)}) == 500


def test_the_row_that_says_most_is_the_first_with_a_cross() -> None:
    assert telling_row(ROWS) == 2
    assert telling_row([["a", True], ["b", 0]]) == 0
    assert telling_row([]) is None
