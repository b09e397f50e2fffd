"""Short texts of values, on this Python: the real scripts of `test_values` try all of them."""

from __future__ import annotations

import array
import collections
import dataclasses
import functools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.lab.shorten import (
    LONGEST,
    arguments_of,
    cut,
    name_of,
    shorten,
    shorten_call,
    shorten_error,
    shorten_result,
)


class Strange:
    """A callable about which nothing can be asked."""

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError(name)

    def __call__(self) -> None:
        """Do nothing."""


@dataclasses.dataclass
class Point:
    """A value with a repr of its own."""

    x: int


CASES: list[tuple[Any, str]] = [
    (12, "12"),
    (10**15 - 1, "999999999999999"),
    (-(10**15), "minus an integer of about 16 digits"),
    (1 << 10**6, "an integer of about 301,031 digits"),
    (0.1, "0.1"),
    (float("-inf"), "-inf"),
    ("it's", '"it\'s"'),
    ("é漢", "'é漢'"),
    (b"\0", r"b'\x00'"),
    ([], "[]"),
    ((1,), "(1)"),
    ([1, 2, 3, 4], "[1, 2, 3, 4]"),
    ([1, 2, 3, 4, 5], "[1, 2, 3, 4, … 5 in all]"),
    ({"a": [1, [2, [3]]]}, "{'a': [1, […]]}"),
    (dict.fromkeys(range(5)), "{0: None, 1: None, 2: None, 3: None, … 5 in all}"),
    (frozenset({1}), "{1}"),
    (Point(3), "Point(x=3)"),
    (object(), "<object>"),
    (range(10**6), "range(0, 1000000)"),
    (collections.deque([1]), "deque([1])"),
    (collections.deque(range(2000)), "<deque of 2,000 items>"),
    (collections.OrderedDict.fromkeys(range(2000)), "<OrderedDict of 2,000 items>"),
    (array.array("b", bytes(2000)), "<array of 2,000 items>"),
    (ValueError("no"), "ValueError: no"),
]


@pytest.mark.parametrize(("value", "text"), CASES, ids=[text[:20] for _, text in CASES])
def test_shorten(value: Any, text: str) -> None:
    assert shorten(value) == text


_ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.binary(max_size=400)
    | st.text(st.characters(), max_size=400),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=5), inner),
)


@given(_ANYTHING)
def test_any_text_is_short_and_can_be_sent(value: Any) -> None:
    for text in (shorten(value), str(shorten_result(value)), shorten_error(Exception(value))):
        assert len(text) < 2000  # what core.events takes
        text.encode()  # no lone surrogates


@given(st.text(st.characters()))
def test_cut_changes_nothing_that_is_short_and_real(text: str) -> None:
    short = cut(text)
    assert len(short) <= LONGEST
    if len(text) <= LONGEST and max(text, default="") < "\ud800":
        assert short == text


@given(st.integers())
def test_a_plain_integer_is_sent_as_it_is(number: int) -> None:
    result = shorten_result(number)
    assert result == (number if abs(number) < 10**15 else shorten(number))


def test_a_call_reads_as_in_the_script() -> None:
    assert shorten_call((), {}) == ""
    assert shorten_call((3,), {}) == 3
    assert shorten_call(("a", 2.5), {"key": None}) == "'a', 2.5, key=None"
    assert shorten_call(tuple(range(9)), {}) == "0, 1, 2, 3, …"
    assert shorten_call((), dict.fromkeys("abcdef", 1)) == "a=1, b=1, c=1, d=1, …"
    long = shorten_call(("x" * 200, "y" * 200), {})
    assert isinstance(long, str)
    assert (len(long), long[-1]) == (LONGEST, "…")


def test_names() -> None:
    def process_chunk(*_: object) -> None: ...

    process_chunk.__name__ = "_process_chunk"
    assert name_of(name_of) == "name_of"
    assert name_of("".join) == "str.join"
    assert name_of(functools.partial(functools.partial(max, 1), 2)) == "max"
    chunked = functools.partial(process_chunk, Point)
    assert name_of(chunked) == "Point"
    assert arguments_of(chunked, (((5,),),)) == (5,)
    assert arguments_of(chunked, (((5, "a"),),)) == (5, "a")
    assert shorten_call(arguments_of(chunked, (((1,), (2,)),)), {}) == "(1), (2)"
    assert arguments_of(Point, (((5,),),)) == (((5,),),)
    assert name_of(Point(1)) == "Point"
    assert name_of(Strange()) == "Strange"
