"""How often to look: 1,000 times a second, or less when that would cost too much."""

import os
import time
from typing import Final

FASTEST_NS: Final = 1_000_000
SLOWEST_NS: Final = 50_000_000

SHARE: Final = 0.035
"""Part of one core that watching may take."""

SHARE_OF_ALL: Final = 0.012
"""Part of all cores that it may take when the run needs them all."""

_CORES: Final = os.cpu_count() or 1  # asking costs 50 us
_WEIGHT: Final = 0.3
"""Of the newest measurement against those before."""


class Pace:
    """The time from one look to the next, by what looks really cost."""

    def __init__(self) -> None:
        self.period_ns = FASTEST_NS
        self._cost_ns = 0.0
        self.begin()

    def begin(self) -> None:
        """Count from now on: what was needed to begin is no cost of a look."""
        self._next = time.perf_counter_ns()
        self._used_ns = time.process_time_ns()

    def wait(self) -> int:
        """Sleep until it is time to look; return the time then."""
        now = time.perf_counter_ns()
        self._next += self.period_ns
        if self._next < now:  # late: looks that were missed are not made up for
            self._next = now
            return now
        time.sleep((self._next - now) * 1e-9)
        return time.perf_counter_ns()

    def adapt(self, sweeps: int, *, are_cores_needed: bool) -> None:
        """Set the period by what so many sweeps have cost, everything included."""
        used_ns = time.process_time_ns()
        cost_ns = (used_ns - self._used_ns) / max(1, sweeps)
        self._used_ns = used_ns
        self._cost_ns += (_WEIGHT if self._cost_ns else 1.0) * (cost_ns - self._cost_ns)
        share = SHARE
        if are_cores_needed:
            share = min(SHARE, SHARE_OF_ALL * _CORES)
        self.period_ns = round(min(SLOWEST_NS, max(FASTEST_NS, self._cost_ns / share)))
