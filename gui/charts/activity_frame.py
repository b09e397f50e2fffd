"""What one frame of the activity chart shows: which threads, and what they are called. No Qt."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from core.activity import Track
from core.recording import Recording
from gui.charts.activity_span import RunSpan
from gui.charts.timeline_text import lane_labels
from gui.charts.words import word


class Row(NamedTuple):
    """A thread that is shown."""

    track: Track
    label: str
    mode: str
    """Whose colour it wears."""


@dataclass(frozen=True, slots=True)
class ActivityFrame:
    """The threads of a recording at a moment; times in seconds of the recording."""

    rows: tuple[Row, ...]
    span: RunSpan
    known_s: float
    """Up to when the watcher has looked; NaN before."""
    share: float
    """Share of the run so far in which two or more ran; NaN where it is not known."""
    rate_hz: float
    """How often a second each thread was really looked at; NaN where it is not known."""


def rows_of(recording: Recording, tracks: Sequence[Track], language: str) -> tuple[Row, ...]:
    """Return the threads that ran tasks, in the order of the timeline, then the main thread.

    Others are left out: they are the pool's and the lab's own, and next to never run.
    """
    found = {(track.pid, track.thread): track for track in tracks}
    workers = list(recording.workers)
    processes = list(recording.processes)
    modes = _modes(recording, [worker.pid for worker in workers])
    labels = lane_labels(recording, modes, language)
    rows = []
    for worker, label, mode in zip(workers, labels, modes, strict=False):
        track = found.pop((worker.pid, worker.thread), None)
        if track is not None:
            rows.append(Row(track, label, mode))
    main = next((one.pid for one in processes if one.role == "main"), 0)
    track = found.pop((main, main), None)  # the first thread of a process has its number
    if track is not None:
        rows.append(Row(track, word(language, "lane_main"), "sequential"))
    return tuple(rows)


def _modes(recording: Recording, pids: Sequence[int]) -> list[str]:
    """Return the mode of each worker, which its label and its colour come from."""
    children = {one.pid for one in list(recording.processes) if one.role == "worker"}
    here = recording.header.mode
    in_threads = here if here in ("sequential", "interpreters", "cluster") else "threads"
    return ["processes" if pid in children else in_threads for pid in pids]
