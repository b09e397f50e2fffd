"""Lets cards glide to where they belong. No Qt, and no clock of its own."""

import math
from collections.abc import Mapping
from typing import Final

from gui.charts.futures_layout import Box

PACE_S: Final = 0.07
"""In this time a card makes about two thirds of its way: fast, and still to be followed."""

NEAR_PX: Final = 0.5
LONGEST_STEP_S: Final = 0.05
"""After a longer pause between frames cards go on from where they were, they do not jump."""


class Gliding:
    """Where the cards are seen, on their way to where they belong."""

    def __init__(self) -> None:
        self._seen: dict[int, Box] = {}
        self._last_s = math.nan

    def forget(self) -> None:
        """Let every card appear at its place next time."""
        self._seen = {}

    def towards(self, targets: Mapping[int, Box], now_s: float) -> tuple[dict[int, Box], bool]:
        """Return where cards are seen at a moment, and whether one is still on its way.

        New cards appear at their place; so do all when their size has changed.
        """
        passed_s = min(now_s - self._last_s, LONGEST_STEP_S)
        share = 1 - math.exp(-passed_s / PACE_S) if passed_s > 0 else 0.0
        self._last_s = now_s
        self._seen = {
            task: _between(self._seen.get(task, target), target, share)
            for task, target in targets.items()
        }
        return self._seen, any(self._seen[task] != target for task, target in targets.items())


def _between(here: Box, there: Box, share: float) -> Box:
    far = max(abs(there.left - here.left), abs(there.top - here.top))
    resized = (here.width, here.height) != (there.width, there.height)
    if resized or far * (1 - share) < NEAR_PX:
        return there
    left = here.left + (there.left - here.left) * share
    top = here.top + (there.top - here.top) * share
    return Box(left, top, there.width, there.height)
