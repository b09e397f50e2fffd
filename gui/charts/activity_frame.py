"""What one frame of the activity chart shows: which threads, and what they are called. No Qt."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from core.activity import RUNNING, Track
from core.recording import Recording
from core.workforce import NO_LANE, SEQUENTIAL, presences
from gui.charts.activity_share import Share
from gui.charts.activity_span import RunSpan
from gui.charts.timeline_text import idle_modes, lane_labels
from gui.charts.words import word

NOTICED_S: Final = 0.02
"""A thread that is none of the script's and ran less in all is left out. Seconds, not a share:
so a strip that came does not go again while the run gets longer."""


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
    share: Share
    """Share of the run so far in which two or more ran."""
    rate_hz: float
    """How often a second each thread was really looked at; NaN where it is not known."""


def rows_of(recording: Recording, tracks: Sequence[Track], language: str) -> tuple[Row, ...]:
    """Return the workers in the order of the timeline, the main thread, the script's own threads.

    Last come the others, which manage a pool or belong to a library: only those that ran
    noticeably, for most of them wait all the time.
    """
    found = {(track.pid, track.thread): track for track in tracks}
    rows = []
    for key, label, mode in _workers(recording, language):
        track = found.pop(key, None)
        if track is not None:
            rows.append(Row(track, label, mode))
    main = next((one.pid for one in list(recording.processes) if one.role == "main"), 0)
    track = found.pop((main, main), None)  # the first thread of a process has its number
    if track is not None:
        rows.append(Row(track, word(language, "lane_main"), SEQUENTIAL))
    others = [(_is_own(recording, track), track) for track in found.values()]
    shown = [track for is_own, track in others if is_own]
    until_s = recording.activity_until_s
    rest = [track for is_own, track in others if not is_own]
    shown += [track for track in rest if _ran_s(track, until_s) > NOTICED_S]
    rows += [Row(one, _name(recording, one, main, language), SEQUENTIAL) for one in shown]
    return tuple(rows)


def _workers(recording: Recording, language: str) -> list[tuple[tuple[int, int], str, str]]:
    """Return thread, label and mode of each worker, of those without a task as well."""
    workers = list(recording.workers)
    modes = _modes(recording, [worker.pid for worker in workers])
    idle = [one for one in presences(recording) if one.lane == NO_LANE]
    labels = lane_labels(recording, modes, language, idle)
    keys = [(worker.pid, worker.thread) for worker in workers]
    keys += [(one.pid, one.initialized.thread if one.initialized else one.pid) for one in idle]
    modes += idle_modes(recording, idle)
    return list(zip(keys, labels, modes, strict=False))


def _is_own(recording: Recording, track: Track) -> bool:
    """Return whether the script made a thread; of one without a name nobody knows."""
    known = recording.threads.get((track.pid, track.thread))
    return known is not None and known.is_own


def _ran_s(track: Track, until_s: float) -> float:
    """Return how long a thread ran, up to the last look."""
    if track.spent_s is None or not len(track.at_s):
        return 0.0
    since_s = until_s - float(track.at_s[-1]) if track.state[-1] == RUNNING else 0.0
    return float(track.spent_s[-1, RUNNING]) + max(0.0, since_s)


def _name(recording: Recording, track: Track, main: int, language: str) -> str:
    """Return what a thread is called that is neither a worker nor the main thread."""
    known = recording.threads.get((track.pid, track.thread))
    if known is None and track.pid == track.thread:
        return word(language, "activity_other_process", pid=track.pid)
    if known is None:
        return word(language, "activity_other_thread", number=track.thread)
    name = known.name if known.is_own else word(language, "activity_of_python", name=known.name)
    return name if track.pid == main else f"{name} ({track.pid})"


def _modes(recording: Recording, pids: Sequence[int]) -> list[str]:
    """Return the mode of each worker, which its label and its colour come from."""
    children = {one.pid for one in list(recording.processes) if one.role == "worker"}
    here = recording.header.mode
    in_threads = here if here in (SEQUENTIAL, "interpreters", "cluster") else "threads"
    return ["processes" if pid in children else in_threads for pid in pids]
