"""The moments at which something happened to a task: what a replay steps through."""

from typing import Final

import numpy as np

from core.columns import FloatArray
from core.recording import Recording

ROUNDING_S: Final = 1e-9
"""Moments nearer than the clock can tell are one moment."""


class Moments:
    """The times of a recording's task events, sorted when somebody first asks for one.

    A run that goes on gains more of them; they are sorted again only if it did since.
    """

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._seen = -1
        self._at_s: FloatArray = np.zeros(0)
        self._measured = -1
        self._bounds: tuple[float, float] | None = None

    def after(self, at_s: float) -> float | None:
        """Return the first moment after another; None when nothing follows."""
        known = self._sorted()
        place = int(np.searchsorted(known, at_s + ROUNDING_S, side="right"))
        return float(known[place]) if place < len(known) else None

    def before(self, at_s: float) -> float | None:
        """Return the last moment before another; None when there was none."""
        known = self._sorted()
        place = int(np.searchsorted(known, at_s - ROUNDING_S, side="left"))
        return float(known[place - 1]) if place else None

    def bounds(self) -> tuple[float, float] | None:
        """Return the first and the last moment so far, found without sorting; None if none is."""
        _, end = self._recording.since(max(0, self._measured))
        if end != self._measured:
            self._measured = end
            every = self._known()
            self._bounds = (float(every.min()), float(every.max())) if len(every) else None
        return self._bounds

    def _sorted(self) -> FloatArray:
        _, end = self._recording.since(max(0, self._seen))
        if end != self._seen:
            self._seen = end
            self._at_s = np.unique(self._known())
        return self._at_s

    def _known(self) -> FloatArray:
        tasks = self._recording.tasks
        columns = (tasks.submitted_s, tasks.started_s, tasks.finished_s, tasks.delivered_s)
        every = np.concatenate(columns)
        return every[~np.isnan(every)]
