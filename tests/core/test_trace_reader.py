"""The reader of traces bites: each rule has a trace that breaks it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.core.trace_reader import read_trace

NAMES: list[dict[str, Any]] = [
    {"ph": "M", "name": "process_name", "pid": 5, "args": {"name": "main"}},
    {"ph": "M", "name": "thread_name", "pid": 5, "tid": 7, "args": {"name": "worker"}},
]
SLICE: dict[str, Any] = {
    "ph": "X",
    "name": "work",
    "cat": "task",
    "pid": 5,
    "tid": 7,
    "ts": 10.0,
    "dur": 5.0,
}
BEGIN: dict[str, Any] = {
    "ph": "b",
    "name": "work",
    "cat": "waiting",
    "pid": 5,
    "tid": 5,
    "id2": {"local": "0x1"},
    "ts": 1.0,
}
COUNTER: dict[str, Any] = {
    "ph": "C",
    "name": "tasks",
    "pid": 5,
    "tid": 5,
    "ts": 1.0,
    "args": {"waiting": 2},
}


def read(folder: Path, *events: dict[str, Any]) -> None:
    path = folder / "trace.json"
    path.write_text(json.dumps({"displayTimeUnit": "ms", "traceEvents": [*NAMES, *events]}))
    read_trace(path)


def test_a_trace_by_the_rules_is_read(tmp_path: Path) -> None:
    nested = SLICE | {"ts": 11.0, "dur": 2.0}
    after = SLICE | {"ts": 15.0}
    read(tmp_path, SLICE, nested, after, BEGIN, BEGIN | {"ph": "e", "ts": 2.0}, COUNTER)


@pytest.mark.parametrize(
    "events",
    [
        [SLICE, SLICE | {"ts": 12.0}],
        [SLICE | {"dur": -1.0}],
        [SLICE | {"ts": float("nan")}],
        [SLICE | {"tid": 8}],
        [SLICE | {"tid": 2**32}],
        [SLICE | {"pid": "5"}],
        [SLICE, SLICE | {"pid": 6}],
        [SLICE | {"name": ""}],
        [SLICE | {"ph": "?"}],
        [NAMES[0]],
        [BEGIN],
        [BEGIN, BEGIN],
        [BEGIN, BEGIN | {"ph": "e", "ts": 0.5}],
        [COUNTER | {"args": {"waiting": "2"}}],
        [COUNTER | {"args": {}}],
        [COUNTER, COUNTER | {"args": {"running": 2}}],
        [COUNTER | {"pid": 6, "tid": 6}],
    ],
)
def test_a_trace_that_breaks_a_rule_is_refused(
    tmp_path: Path, events: list[dict[str, Any]]
) -> None:
    with pytest.raises(AssertionError):
        read(tmp_path, *events)
