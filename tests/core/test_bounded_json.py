"""Numbers that msgspec reads slowly are read by Python's own JSON, and mean the same."""

from __future__ import annotations

import json
from unittest.mock import Mock

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import events
from core.bounded_json import Reader
from core.events import MalformedEvent

NUMBERS: Reader[list[int | float]] = Reader(list[int | float])
SLOW = ["1e308", "-1.5E+300", "5e-324", "2e-308", "1e0299", "1.7976931348623157e308"]


@pytest.mark.parametrize("number", SLOW)
@pytest.mark.parametrize("end", ["]", ",1]", " ]", "\n,0.5]"])
def test_slow_numbers_never_reach_msgspec(
    monkeypatch: pytest.MonkeyPatch, number: str, end: str
) -> None:
    monkeypatch.setattr(NUMBERS, "_decoder", Mock(decode=Mock(side_effect=AssertionError)))
    text = f"[{number}{end}"
    assert NUMBERS.decode(text.encode()) == json.loads(text)


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**63), 2**63)))
def test_any_numbers_are_read_as_they_were_written(numbers: list[float]) -> None:
    assert NUMBERS.decode(msgspec.json.encode(numbers)) == numbers


@pytest.mark.parametrize(
    "event",
    [
        b'["watch","w",[1,2],[1e300,1e309]]',
        b'["watch","w",[1,2],[1e300,NaN]]',
        b'["watch","w",[1,2],[1e300,-Infinity]]',
        b'["watch","w",[1,2],[1e300,' + b"9" * 400 + b"]]",
        b'["watch","w",[1,2],[1e300,' + b"9" * 9_000 + b"]]",
        b'["watch","w",[1,2],[9223372036854775808,1]]',
        b'["table","w",1,[[1e300,' + b"9" * 400 + b"]]]",
        b'["table","w",1,[[1e300,"' + b"x" * 2_001 + b'"]]]',
        b'["cores",1,[1e300],1]',
        b'["watch","w",[1,2],[1e300,1]],' + b"[" * 90_000,
    ],
)
def test_what_is_no_number_of_a_run_is_refused_either_way(event: bytes) -> None:
    with pytest.raises(MalformedEvent) as caught:
        events.decode(b"[" + event + b"]")
    assert len(str(caught.value)) < 200
