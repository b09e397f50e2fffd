"""The clock of a run: its seconds begin when the run was asked for."""

from dataclasses import dataclass

import numpy as np

from core import events
from core.columns import FloatArray


@dataclass(frozen=True, slots=True)
class RunClock:
    """Turns the nanoseconds of events, which all processes of a machine share, into seconds."""

    origin_ns: int

    def seconds(self, at_ns: int) -> float:
        """Return the second of one moment."""
        return (at_ns - self.origin_ns) * 1e-9

    def times(self, at_ns: events.Column) -> FloatArray:
        """Return the seconds of many moments."""
        since_ns = np.array(at_ns, dtype=np.int64) - self.origin_ns
        return np.multiply(since_ns, 1e-9, dtype=np.float64)
