"""How long two threads or more ran at once, and how sure that is. Pure, no Qt.

What lasts less than the time between two looks is told as lasting that long, so with many threads,
or on a machine that is busy with other things, the strips hold more running than there was. How
much there was in all is known by the clocks of the processes (`core.activity.CoreLoads.lab`). All
of the surplus may have been told as running at once, or none of it: the truth lies between.
"""

import math
from typing import Final, NamedTuple, Self

import numpy as np

from core.activity import CoreLoads
from gui.charts.activity_index import Together
from gui.charts.cores_frame import in_columns

ENOUGH: Final = 0.5
"""The clocks have to have been read for so much of a stretch to say anything about it."""

NEAR: Final = 0.025
"""Bounds that are nearer than this are one number."""


class Share(NamedTuple):
    """A share of time between two bounds; NaN where it is not known."""

    least: float
    most: float

    @classmethod
    def of(cls, together: Together, loads: CoreLoads, from_s: float, to_s: float) -> Self:
        """Return the share of a stretch in which two or more ran."""
        seen = together.share(from_s, to_s)
        surplus = _surplus(together, loads, from_s, min(to_s, together.known_s))
        return cls(max(0.0, seen - surplus), seen) if surplus > NEAR else cls(seen, seen)

    @property
    def is_known(self) -> bool:
        """Return whether there is anything to tell."""
        return not math.isnan(self.most)

    @property
    def is_sure(self) -> bool:
        """Return whether one number tells it."""
        return self.most - self.least <= NEAR


def _surplus(together: Together, loads: CoreLoads, from_s: float, to_s: float) -> float:
    """Return by how many threads on average too many were seen to run; 0 where nobody knows."""
    if len(loads.at_s) < 2 or not to_s > from_s:
        return 0.0
    edges_s = np.clip([from_s, to_s], loads.at_s[0], loads.at_s[-1])
    if edges_s[1] - edges_s[0] < ENOUGH * (to_s - from_s):
        return 0.0
    ran = float(in_columns(loads.at_s, loads.lab, edges_s)[0])
    surplus = together.running(*edges_s.tolist()) - ran
    return 0.0 if math.isnan(surplus) else max(0.0, surplus)
