"""Which stretch of a run a chart of samples shows, and up to which moment. Pure, no Qt."""

import math
from dataclasses import dataclass
from typing import Final, Self

from core.recording import Recording
from gui.charts.time_axis import Window, live_span_s

MARGIN: Final = 1.02
"""A finished run ends a little left of the right edge, as in the timeline."""


@dataclass(frozen=True, slots=True)
class RunSpan:
    """The time of a run at a moment; all in seconds of the recording.

    Attributes
    ----------
    zero_s : float
        The beginning of ``main()``: the zero of the axis.
    now_s : float
        The moment up to which everything is drawn.
    end_s : float
        The end of the run; NaN while it goes on.
    bounds : Window
        All there is to see.
    """

    zero_s: float
    now_s: float
    end_s: float
    bounds: Window

    @classmethod
    def of(cls, recording: Recording, cursor_s: float, known_s: float) -> Self:
        """Return the span of a recording of which samples are known up to a moment."""
        main_s = recording.main_started_s
        zero_s = 0.0 if math.isnan(main_s) else main_s
        end_s = _end_s(recording)
        if math.isnan(end_s):
            newest_s = zero_s if math.isnan(known_s) else max(zero_s, known_s)
            now_s = cursor_s if math.isfinite(cursor_s) else newest_s
            span_s = live_span_s(max(now_s - zero_s, 0.0))
        else:
            now_s = min(cursor_s, end_s)
            span_s = max(end_s - zero_s, 1e-6) * MARGIN
        return cls(zero_s, now_s, end_s, Window(zero_s, zero_s + span_s))

    @property
    def over(self) -> bool:
        """Return whether all of the run is shown."""
        return self.now_s >= self.end_s  # never while the end is not known


def _end_s(recording: Recording) -> float:
    main_s = recording.main_ended_s
    if not math.isnan(main_s) or recording.ending is None:
        return main_s
    return recording.ending.at_s
