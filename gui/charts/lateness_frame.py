"""What the lateness chart shows of a recording up to a moment, and its scale. Pure, no Qt."""

import itertools
import math
from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from core.columns import FloatArray
from core.recording import Recording
from core.series import Entries, Spread, entries, spread
from gui.charts.time_axis import live_span_s

FRAME_MS: Final = 1000 / 60
"""Who is later than this misses a frame of the screen."""

LEAST_TOP_MS: Final = 25.0
HEADROOM: Final = 1.2
ROUND_SHARE: Final = 0.8
"""Of the top of the scale: a round number."""


@dataclass(frozen=True, slots=True)
class Beats:
    """The ticks of a run up to a moment."""

    mode: str
    ticks: Entries
    """Seconds from the beginning of ``main()``, and by how many milliseconds each was late."""
    spread: Spread | None
    """None before the first tick."""
    span_s: float
    """Length of the time axis."""
    top_ms: float
    """The top of the scale."""
    over: bool
    """Whether ``main()`` had ended."""

    @classmethod
    def of(cls, recording: Recording, watch: str, cursor_s: float) -> Self:
        """Return what a recording has of a watch up to a moment."""
        main_s, end_s = recording.main_started_s, recording.main_ended_s
        if math.isnan(end_s) and recording.ending:
            end_s = recording.ending.at_s
        told = entries(recording, watch, cursor_s)
        if math.isnan(main_s):
            main_s = float(told.at_s[0]) if len(told.at_s) else 0.0
        ticks = Entries(told.at_s - main_s, told.values)
        last_s = float(ticks.at_s.max(initial=0.0))
        now_s = cursor_s - main_s if math.isfinite(cursor_s) else last_s
        span_s = live_span_s(max(now_s, 0.0)) if math.isnan(end_s) else max(end_s - main_s, last_s)
        # Of a finished run the scale is that of the whole: it stands still in a replay.
        whole = recording.watch(watch)[1] if recording.ending else told.values
        numbers = spread(ticks.values)
        over = cursor_s >= end_s
        return cls(recording.header.mode, ticks, numbers, max(span_s, 1e-6), top_ms(whole), over)

    @property
    def missed(self) -> int:
        """Return how many ticks were later than a frame."""
        return int(np.count_nonzero(self.ticks.values > FRAME_MS))


def top_ms(values: FloatArray) -> float:
    """Return the top of the scale: it grows in steps, so that it seldom moves."""
    wanted = float(values.max(initial=0.0)) * HEADROOM
    doublings = (LEAST_TOP_MS * 2**power for power in itertools.count())
    steps = itertools.chain.from_iterable((top, top * 1.5) for top in doublings)
    return float(next(top for top in steps if top >= wanted))
