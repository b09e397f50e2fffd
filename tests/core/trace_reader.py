"""Reads a trace by the documented rules of Chrome's trace event format, knowing nothing of ours.

The rules that it holds a file to, from the format's description and from what the Perfetto UI
takes: an object with ``traceEvents``; each event with the fields its phase asks for; times and
durations in microseconds, neither negative; processes and threads numbered in 32 bits, a thread
number used in one process only; names by metadata; slices of a track following each other
or nesting; asynchronous slices begun and ended in pairs; counters with numbers.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_PHASES = frozenset("MXbeC")
"""Those that a trace of tasks needs; another one is a mistake here."""

_METADATA = {
    "process_name": "name",
    "thread_name": "name",
    "process_sort_index": "sort_index",
    "thread_sort_index": "sort_index",
}


@dataclass(frozen=True, slots=True)
class Slice:
    """A stretch of time, in nanoseconds: whole numbers, so that ends meet exactly."""

    name: str
    categories: tuple[str, ...]
    begin_ns: int
    end_ns: int
    args: dict[str, Any]


@dataclass(slots=True)
class Trace:
    """What a reader shows."""

    processes: dict[int, str] = field(default_factory=dict)
    threads: dict[tuple[int, int], str] = field(default_factory=dict)
    slices: dict[tuple[int, int], list[Slice]] = field(default_factory=lambda: defaultdict(list))
    waits: list[Slice] = field(default_factory=list)
    counters: dict[tuple[int, str], list[tuple[int, float]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    series: dict[tuple[int, str], AbstractSet[str]] = field(default_factory=dict)
    about: dict[str, Any] = field(default_factory=dict)


def read_trace(path: Path) -> Trace:
    """Read a file that has to follow the rules."""
    whole = json.loads(path.read_bytes(), parse_constant=_refuse)
    assert whole["displayTimeUnit"] in ("ms", "ns")
    trace = Trace(about=whole.get("otherData", {}))
    homes: dict[int, int] = {}
    begun: dict[tuple[str, str, str], dict[str, Any]] = {}
    for event in whole["traceEvents"]:
        phase, pid = event["ph"], event["pid"]
        assert phase in _PHASES, event
        assert _is_text(event["name"]), event
        assert _is_id(pid), event
        if "tid" in event:
            assert _is_id(event["tid"]), event
            # Readers know a thread by its number alone, and take its first process for its home.
            assert homes.setdefault(event["tid"], pid) == pid, event
        assert isinstance(event.get("args", {}), dict)
        _PHASE_READERS[phase](trace, event, begun)
    assert not begun, "asynchronous slices that never end"
    for track, slices in trace.slices.items():
        assert track in trace.threads, f"a track without a name: {track}"
        check_nested(slices)
    for pid, _ in [*trace.slices, *trace.counters]:
        assert pid in trace.processes, f"a process without a name: {pid}"
    return trace


def check_nested(slices: list[Slice]) -> None:
    """Assert that slices of a track follow each other or nest."""
    open_ends: list[int] = []
    for one in sorted(slices, key=lambda one: (one.begin_ns, -one.end_ns)):
        while open_ends and open_ends[-1] <= one.begin_ns:
            open_ends.pop()
        assert not open_ends or one.end_ns <= open_ends[-1], f"overlaps another one: {one}"
        open_ends.append(one.end_ns)


def check_apart(slices: list[Slice]) -> None:
    """Assert that slices of a track follow each other."""
    last_ns = 0
    for one in sorted(slices, key=lambda one: (one.begin_ns, one.end_ns)):
        assert one.begin_ns >= last_ns, f"overlaps another one: {one}"
        last_ns = one.end_ns


def all_slices(trace: Trace) -> Iterator[tuple[tuple[int, int], Slice]]:
    """Yield each slice with its track."""
    for track, slices in trace.slices.items():
        for one in slices:
            yield track, one


def _refuse(constant: str) -> None:
    raise AssertionError(f"{constant} is not JSON")


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value != ""


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_id(value: object) -> bool:
    return type(value) is int and 0 < value < 2**32


def _ns(event: dict[str, Any], name: str) -> int:
    value: float = event[name]
    assert _is_number(value), event
    assert value >= 0, event
    return round(value * 1000)


def _metadata(trace: Trace, event: dict[str, Any], _begun: object) -> None:
    name = event["name"]
    told = event["args"][_METADATA[name]]
    if name == "process_name":
        assert event["pid"] not in trace.processes, "named twice"
        assert _is_text(told), event
        trace.processes[event["pid"]] = told
    elif name == "thread_name":
        assert _is_text(told), event
        assert (event["pid"], event["tid"]) not in trace.threads, "named twice"
        trace.threads[event["pid"], event["tid"]] = told
    else:
        assert isinstance(told, int), event


def _complete(trace: Trace, event: dict[str, Any], _begun: object) -> None:
    begin_ns = _ns(event, "ts")
    categories = tuple(event["cat"].split(","))
    end_ns = begin_ns + _ns(event, "dur")
    one = Slice(event["name"], categories, begin_ns, end_ns, event.get("args", {}))
    trace.slices[event["pid"], event["tid"]].append(one)


def _key(event: dict[str, Any]) -> tuple[str, str, str]:
    # Of a process, so that it stands with it: by "id" alone readers take it for the whole trace's.
    number = event["id2"]["local"]
    assert _is_text(number), event
    return event["cat"], f"{event['pid']} {number}", event["name"]


def _begin(trace: Trace, event: dict[str, Any], begun: dict[Any, Any]) -> None:
    assert _key(event) not in begun, "begun twice"
    begun[_key(event)] = event


def _end(trace: Trace, event: dict[str, Any], begun: dict[Any, Any]) -> None:
    first = begun.pop(_key(event))
    begin_ns, end_ns = _ns(first, "ts"), _ns(event, "ts")
    assert first["pid"] == event["pid"], event
    assert begin_ns <= end_ns, event
    args = first.get("args", {})
    trace.waits.append(Slice(event["name"], (event["cat"],), begin_ns, end_ns, args))


def _counter(trace: Trace, event: dict[str, Any], _begun: object) -> None:
    # Readers take the series of a counter from its first event, and those left out for 0.
    known = trace.series.setdefault((event["pid"], event["name"]), event["args"].keys())
    assert event["args"].keys() == known, event
    assert event["args"], event
    for series, value in event["args"].items():
        assert _is_number(value), event
        samples = trace.counters[event["pid"], f"{event['name']} {series}"]
        samples.append((_ns(event, "ts"), value))


_PHASE_READERS = {"M": _metadata, "X": _complete, "b": _begin, "e": _end, "C": _counter}
