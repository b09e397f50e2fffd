"""How often to look: 1,000 times a second, or less often where that would cost too much."""

import os
import time
from typing import Final

FASTEST_NS: Final = 1_000_000
SLOWEST_NS: Final = 50_000_000

SHARE: Final = 0.035
"""Part of one core that watching may take.

Measured with two busy threads on two cores: the run takes longer by 1.4 % (standard error 0.6 %),
with 4.2 % of a core by 1.9 %, with 5.5 % by 2.6 %; with two processes by 0.6 %.
"""

SHARE_OF_ALL: Final = 0.017
"""Part of all cores that it may take when the run needs them all."""

_FIRST_COST_NS: Final = 70_000
"""What a look is taken to cost before any has been measured."""

_CORES: Final = os.cpu_count() or 1  # asking costs 50 us
_WEIGHT: Final = 0.3
"""Of the newest measurement against those before."""


class Pace:
    """The time from one look to the next, by what looks really cost."""

    def __init__(self) -> None:
        self._cost_ns = float(_FIRST_COST_NS)
        self._weight = 1.0  # of the next measurement: the first replaces the guess
        self._set_period(are_cores_needed=True)
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
        self._cost_ns += self._weight * (cost_ns - self._cost_ns)
        self._weight = _WEIGHT
        self._set_period(are_cores_needed=are_cores_needed)

    def _set_period(self, *, are_cores_needed: bool) -> None:
        share = SHARE
        if are_cores_needed:
            share = min(SHARE, SHARE_OF_ALL * _CORES)
        self.period_ns = round(min(SLOWEST_NS, max(FASTEST_NS, self._cost_ns / share)))
