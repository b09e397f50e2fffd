"""The whole recording as one JSON object, for programs and for reading.

Unlike the file of a recording, which keeps events as they came, this names each thing by
what it is. Rows stand in a line each. Times are seconds since the run was asked for, null
is "not known", and tasks and workers are numbered from 0, as in ``run --json``.
"""

import dataclasses
from collections.abc import Iterable, Iterator
from typing import Any, Final

from core.activity import CoreLoads, Track
from core.exports._export import Export
from core.exports.json_text import of_any, of_plain
from core.exports.rows import TaskRow, task_rows
from core.recording import Recording

FORMAT: Final = "futures-lab run"
VERSION: Final = 1


def pieces(recording: Recording) -> Iterator[bytes]:
    """Yield the recording, piece by piece: a long one never stands in memory twice."""
    return (piece.encode() for piece in _pieces(recording))


def _pieces(recording: Recording) -> Iterator[str]:
    between = "{\n"
    for name, value in _members(recording):
        yield f"{between}  {_text(name)}: "
        yield from _listed(value) if isinstance(value, Iterator) else [_text(value)]
        between = ",\n"
    yield "\n}\n"


def _listed(rows: Iterable[Any]) -> Iterator[str]:
    between = "[\n"
    for row in rows:
        yield f"{between}    {_text(row)}"
        between = ",\n"
    yield "[]" if between == "[\n" else "\n  ]"


def _members(recording: Recording) -> Iterator[tuple[str, Any]]:
    """Yield names and values; an iterator becomes a list with a line for each entry."""
    yield "format", FORMAT
    yield "version", VERSION
    yield "header", dataclasses.asdict(recording.header)
    yield "ending", _object(recording.ending)
    yield "main_started_s", recording.main_started_s
    yield "main_ended_s", recording.main_ended_s
    yield "elapsed_s", recording.elapsed_s
    yield "raised", _object(recording.raised)
    yield "troubles", recording.troubles
    yield "dropped", recording.dropped
    yield "processes", map(_object, recording.processes)
    executors = recording.executors.items()
    yield "executors", ({"executor": number} | _object(made) for number, made in executors)
    yield "workers", map(_object, recording.workers)
    threads = recording.threads.items()
    yield (
        "threads",
        ({"pid": pid, "thread": thread} | _object(one) for (pid, thread), one in threads),
    )
    yield "initialized", map(_object, recording.initialized)
    yield "tasks", task_rows(recording)
    yield "cancels", map(_object, recording.cancels)
    yield "stalls", map(_object, recording.stalls)
    yield "watches", (_watch(recording, name) for name in recording.watched())
    yield "tables", (_table(recording, name) for name in recording.tables)
    yield "activity_states", ["waiting", "running", "ready", "gone"]
    yield "activity_until_s", recording.activity_until_s
    yield "activity_rate_hz", recording.activity_rate_hz
    yield "activity", map(_track, recording.activity())
    yield "cores", _cores(recording.cores())
    yield "output", map(_object, recording.output)
    yield "output_dropped", recording.output_dropped


class _Columns(dict[str, Any]):
    """Long lists of numbers that are plain already."""


def _watch(recording: Recording, name: str) -> _Columns:
    times_s, values = recording.watch(name)
    return _Columns(name=name, at_s=times_s.round(9).tolist(), value=values.tolist())


def _track(track: Track) -> _Columns:
    at_s = track.at_s.round(9).tolist()
    return _Columns(pid=track.pid, thread=track.thread, at_s=at_s, state=track.state.tolist())


def _cores(loads: CoreLoads) -> _Columns:
    at_s = loads.at_s.round(9).tolist()
    return _Columns(at_s=at_s, load=loads.load.tolist(), used_by_the_run=loads.lab.tolist())


def _table(recording: Recording, name: str) -> dict[str, Any]:
    return {"name": name, "versions": [_object(one) for one in recording.tables[name]]}


def _object(value: Any) -> Any:
    return None if value is None else dataclasses.asdict(value)


def _text(value: Any) -> str:
    if isinstance(value, TaskRow):
        return of_plain(value._asdict())
    return of_plain(value) if isinstance(value, _Columns) else of_any(value)


EXPORT = Export(
    "json", ".json", {"en": "The whole recording (JSON)", "ja": "記録全体（JSON）"}, pieces
)
