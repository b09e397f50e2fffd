"""What one frame of the timeline shows: the moment, the time axis, the rows. Pure, no Qt."""

import math
from dataclasses import dataclass
from typing import Final, NamedTuple

from core.columns import Tasks
from core.recording import Recording
from gui.charts.time_axis import Window, live_span_s
from gui.charts.timeline_index import TimelineIndex

MOST_RESERVED: Final = 32
"""Rows kept free for workers that an executor may still start; more of them share the room."""

MARGIN: Final = 1.02
"""A finished run ends a little left of the right edge."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A recording at a moment."""

    recording: Recording
    index: TimelineIndex
    tasks: Tasks
    now_s: float
    """The moment up to which everything is drawn."""
    zero_s: float
    """The beginning of ``main()``: the zero of the axis."""
    end_s: float
    """The end of the run; NaN while it goes on."""
    bounds: Window
    """All there is to see."""


class Rows(NamedTuple):
    """The rows that are seen, all of one height."""

    pitch: float
    first: int
    stop: int


def frame_at(recording: Recording, index: TimelineIndex, cursor_s: float) -> Frame:
    """Return what to draw of a recording at a moment (infinity: all there is)."""
    tasks = recording.tasks
    first_s, last_s = _known_times(index)
    main_s = recording.main_started_s
    zero_s = main_s if not math.isnan(main_s) else first_s
    begin_s = min(zero_s, first_s)
    end_s = _end_s(recording, index, last_s)
    if math.isnan(end_s):
        now_s = cursor_s if math.isfinite(cursor_s) else last_s
        span_s = live_span_s(max(now_s - begin_s, 0.0))
    else:
        now_s = min(cursor_s, end_s)
        span_s = max(end_s - begin_s, 1e-6) * MARGIN
    bounds = Window(begin_s, begin_s + span_s)
    return Frame(recording, index, tasks, now_s, zero_s, end_s, bounds)


def _known_times(index: TimelineIndex) -> tuple[float, float]:
    """Return the first and the last moment at which something happened to a task; 0 if none."""
    columns = [column for column in (index.submitted_s.view, index.finished_s.view) if len(column)]
    first_s = min([index.first_start_s, *(float(column[0]) for column in columns)])
    last_s = max([index.last_start_s, *(float(column[-1]) for column in columns)])
    return (first_s, last_s) if math.isfinite(first_s) else (0.0, 0.0)


def _end_s(recording: Recording, index: TimelineIndex, last_s: float) -> float:
    """Return when the run was over, as far as tasks are concerned; NaN while it goes on."""
    main_end_s = recording.main_ended_s
    all_ended = len(index.finished_s) >= len(recording)
    if not math.isnan(main_end_s) and (all_ended or recording.ending):
        return max(main_end_s, last_s)
    if recording.ending:
        return max(recording.ending.at_s, last_s)
    return math.nan


def reserved_rows(recording: Recording, lanes: int) -> int:
    """Return for how many workers to keep room, so that rows do not move when workers join."""
    sizes = [info.max_workers or 0 for info in list(recording.executors.values())]
    return max(1, lanes, min(max(sizes, default=0), MOST_RESERVED))


def has_queue(recording: Recording) -> bool:
    """Return whether tasks can wait at all: only executors make them wait."""
    return any(info.mode != "sequential" for info in list(recording.executors.values()))


def queue_height(room: float, rows: int, low: float, high: float, lowest_row: float) -> float:
    """Return how much of a room the queue gets: as much as a row, so that rows stay readable.

    It gets ``low`` at least, but not where it would hide a row that fits without that.
    """
    share = room / (rows + 1)
    wanted = min(high, room / 3, max(low, share))
    left = room - rows * lowest_row
    return min(wanted, left) if left >= share else wanted


def rows_in(room: float, reserved: int, lanes: int, scroll: int, low: float, high: float) -> Rows:
    """Return which rows fit into a room: all of them if they can be ``low`` or more high."""
    pitch = min(high, max(low, room / reserved))
    fitting = max(1, math.floor(room / pitch + 1e-6))
    first = min(max(0, scroll), max(0, lanes - fitting))
    return Rows(pitch, first, min(lanes, first + fitting))
