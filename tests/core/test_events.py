"""The wire format: whatever arrives, it is events or one clear `MalformedEvent`."""

import base64
import json
import struct
from typing import Any

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core import events

TIMES = st.integers(0, 2**63 - 1)
SMALL = st.integers(0, 999_999)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
VALUES = st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)

TASKS = st.integers(0, events.MAX_TASKS - 1)
CELLS = st.none() | st.booleans() | VALUES | TEXTS
WAITS = st.builds(
    events.Wait,
    task=TASKS,
    awaited=st.just(-1) | TASKS,
    what=TEXTS,
    line=st.none() | SMALL,
)
SCALARS: dict[str, st.SearchStrategy[Any]] = {
    "pid": TIMES,
    "parent_pid": TIMES,
    "role": st.sampled_from(["main", "worker", "watcher"]),
    "at": TIMES,
    "free_threaded": st.booleans(),
    "executor": SMALL,
    "max_workers": st.none() | SMALL,
    "worker": SMALL,
    "thread": TIMES,
    "function": SMALL,
    "line": st.none() | SMALL,
    "count": TIMES,
    "task": TASKS,
    "begun": TIMES,
    "done": st.booleans(),
    "is_own": st.booleans(),
    "cancelled": st.booleans(),
    "rows": st.lists(st.lists(CELLS, max_size=4), max_size=4),
    "waits": st.lists(WAITS, max_size=4),
    "since": TIMES,
    "until": TIMES,
    "sweeps": TIMES,
    "load": st.lists(st.floats(0, 1), max_size=4),
    "lab": st.floats(0, events.MAX_CORES),
    "reason": st.sampled_from(["off", "system", "failed"]),
}
ENTRIES: dict[str, st.SearchStrategy[Any]] = {
    "task": TASKS,
    "at": TIMES,
    "executor": SMALL,
    "function": SMALL,
    "worker": SMALL,
    "cpu": st.just(events.UNKNOWN_CPU) | TIMES,
    "outcome": st.integers(events.DONE, events.CANCELLED),
    "value": VALUES,
    "pid": st.integers(1, 2**31 - 1),
    "thread": st.integers(1, 2**31 - 1),
    "state": st.integers(0, 3),
}


@st.composite
def one_event(draw: st.DrawFn) -> events.Event:
    """Return any valid event; the fields of its columns have one length."""
    kind = draw(st.sampled_from(events.EVENT_TYPES))
    length = draw(st.integers(0, 4))
    values = {}
    for field in msgspec.structs.fields(kind):
        if field.type is events.Column or str(field.type).startswith("list"):
            entries = ENTRIES.get(field.name, TEXTS | st.integers(-(2**80), 2**80))
            values[field.name] = draw(st.lists(entries, min_size=length, max_size=length))
        else:
            values[field.name] = draw(SCALARS.get(field.name, TEXTS))
    event: Any = kind(**values)
    return event  # type: ignore[no-any-return]  # `kind` is one of the union, as a plain type


def packed(numbers: list[int]) -> str:
    """Return a column as the lab sends it."""
    return base64.b64encode(struct.pack(f"={len(numbers)}q", *numbers)).decode()


def decoded(message: bytes) -> list[events.Event] | None:
    """Return the events of a message; None when it was refused as it should be."""
    try:
        found = events.decode(message)
    except events.MalformedEvent as error:
        _check_sentence(str(error))
        return None
    assert all(isinstance(event, events.EVENT_TYPES) for event in found)
    return found


def _check_sentence(message: str) -> None:
    assert message.startswith("A message of the lab process ")
    assert message.endswith(".")


@given(st.lists(one_event(), max_size=5))
def test_what_was_encoded_is_decoded(batch: list[events.Event]) -> None:
    message = events.encode(batch)
    found = events.decode(message)
    assert [type(event) for event in found] == [type(event) for event in batch]
    assert events.encode(found) == message


@given(st.lists(st.integers(0, events.MAX_TASKS - 1)), st.data())
def test_columns_come_as_numbers_or_as_base64(tasks: list[int], data: st.DataObject) -> None:
    at = data.draw(st.lists(TIMES, min_size=len(tasks), max_size=len(tasks)))
    readable = [["delivered", tasks, at]]
    compact = [["delivered", packed(tasks), packed(at)]]
    (plain,) = events.decode(json.dumps(readable).encode())
    (dense,) = events.decode(json.dumps(compact).encode())
    for event in (plain, dense):
        assert isinstance(event, events.Delivered)
        assert list(event.task) == tasks
        assert list(event.at) == at


@pytest.mark.parametrize(
    "column",
    [
        "AAAA",  # three bytes are no 64-bit integer
        "AAAAAAAAAA",  # no whole base64
        "AAAAAAAAA A=",
        "日本",
        packed([-1]),
        packed([events.MAX_TASKS]),
    ],
)
def test_damaged_base64_is_refused(column: str) -> None:
    with pytest.raises(events.MalformedEvent):
        events.decode(json.dumps([["delivered", column, [5]]]).encode())


def test_every_event_type_is_reached_by_its_tag() -> None:
    tags = [kind.__struct_config__.tag for kind in events.EVENT_TYPES]
    assert len(set(tags)) == len(tags) == 25


@given(st.binary(max_size=200))
@example(b"")
@example(b"\xff\xfe")
@example(b"[" * 100_000)
@example(b"null")
@example(b'[["watch","counter",[1],[NaN]]]')
@example(b'[["watch","counter",[1],[1e999]]]')
@example(b'[["function",0,"\\ud800"]]')
def test_random_bytes_are_refused_or_valid(message: bytes) -> None:
    decoded(message)


@settings(max_examples=300)
@given(st.lists(one_event(), min_size=1, max_size=3), st.data())
def test_mutated_messages_are_refused_or_valid(
    batch: list[events.Event], data: st.DataObject
) -> None:
    message = bytearray(events.encode(batch))
    for _ in range(data.draw(st.integers(1, 3))):
        position = data.draw(st.integers(0, len(message) - 1))
        match data.draw(st.sampled_from(["replace", "remove", "insert"])):
            case "replace":
                message[position] = data.draw(st.integers(0, 255))
            case "remove" if len(message) > 1:
                del message[position]
            case _:
                message.insert(position, data.draw(st.sampled_from(b'[]{}",:-e0129.\\u')))
    found = decoded(bytes(message))
    if found is not None:
        again = events.encode(found)
        assert events.encode(events.decode(again)) == again


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=20,
)
TAGS = st.sampled_from([kind.__struct_config__.tag for kind in events.EVENT_TYPES])


@given(st.lists(st.tuples(TAGS, st.lists(JSON_VALUES, max_size=6)), max_size=3))
def test_any_json_behind_a_known_tag_is_refused_or_valid(
    batch: list[tuple[str, list[Any]]],
) -> None:
    decoded(json.dumps([[tag, *fields] for tag, fields in batch]).encode())


@pytest.mark.parametrize(
    "event",
    [
        ["submitted", [1, 2], [5], [0, 0], [0, 0], ["", ""]],
        ["started", [1], [5], [0, 1]],
        ["finished", [1], [5], [7], [0], []],
        ["delivered", [], [5]],
        ["watch", "counter", [5, 6], [1]],
    ],
)
def test_columns_of_unequal_length_are_refused(event: list[Any]) -> None:
    with pytest.raises(events.MalformedEvent, match="columns of unequal length"):
        events.decode(json.dumps([event]).encode())


@pytest.mark.parametrize(
    "event",
    [
        ["delivered", [events.MAX_TASKS], [5]],  # would allocate without bound
        ["delivered", [-1], [5]],  # would wrap around to the last row
        ["settled", [0], [5], [3], [""]],
        ["main_started", -1],
        ["main_started", 2**63],
        ["main_started", 1.5],
        ["main_started", 1, 2],
        ["trouble", "x" * 2_001],
        ["process", 1, 0, "owner", 5, "3.11", False],
        ["unheard_of", 1],
    ],
)
def test_values_out_of_bounds_are_refused(event: list[Any]) -> None:
    with pytest.raises(events.MalformedEvent, match=r"could not be read|out of bounds"):
        events.decode(json.dumps([event]).encode())
