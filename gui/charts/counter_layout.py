"""Where the things of the counter stand, and which points of its curve to draw. Pure, no Qt."""

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

import numpy as np

from core.columns import FloatArray
from gui.charts.time_axis import Window

Arrangement = Literal["side by side", "one below the other", "left of the curve"]

LINE: Final = 1.12
"""Height of a line of digits as a multiple of their size: they have no descenders."""

FAVOUR: Final[dict[Arrangement, float]] = {
    "left of the curve": 1.25,
    "side by side": 1.1,
    "one below the other": 1.0,
}
"""How much smaller digits may be in an arrangement that shows the curve better."""

LEFT_SHARE: Final = 0.62
"""Share of the width that numbers left of the curve may take."""


@dataclass(frozen=True, slots=True)
class Measures:
    """What the numbers need, in pixels unless said otherwise."""

    digits_em: float
    """Width of the longest number, as a multiple of the size of its digits."""
    caption_width: float
    caption_height: float
    gap: float
    largest: float
    """The largest size of digits."""
    curve_width: float
    """The least width of the curve."""
    curve_height: float
    """The least height of the curve."""


class Numbers(NamedTuple):
    """How the three numbers are arranged."""

    arrangement: Arrangement
    size: float
    """Size of the digits in pixels."""
    width: float
    """Width of what all three take."""
    height: float
    """Height of what all three take."""


def arrange(width: float, height: float, need: Measures) -> Numbers:
    """Return the arrangement with the largest digits that leaves the curve its room.

    Where the room is too small for both, the digits are what remains readable.
    """
    options = _options(width, height, need)
    best = max(options, key=lambda option: option.size * FAVOUR[option.arrangement])
    return best._replace(size=max(1.0, best.size))


def _options(width: float, height: float, need: Measures) -> list[Numbers]:
    below = max(height - need.curve_height, height * 0.4)
    beside = (width - 2 * need.gap) / 3 / need.digits_em
    size = min(need.largest, beside, (below - need.caption_height) / LINE)
    row = Numbers("side by side", size, width, need.caption_height + size * LINE)

    left = min(width * LEFT_SHARE, width - need.curve_width)
    room = left - need.caption_width - need.gap
    size = min(need.largest, room / need.digits_em, height / 3 / LINE)
    used = need.caption_width + need.gap + size * need.digits_em
    side = Numbers("left of the curve", size, used, 3 * size * LINE)

    room = width - need.caption_width - need.gap
    size = min(need.largest, room / need.digits_em, below / 3 / LINE)
    stack = Numbers("one below the other", size, width, 3 * size * LINE)
    return [row, side, stack]


def curve(
    at_s: FloatArray, values: FloatArray, window: Window, columns: int
) -> tuple[FloatArray, FloatArray]:
    """Return the points of a curve to draw: all of them, or the extremes of each column.

    Returns
    -------
    at_s, values : shape (n,) each, n at most ``2 * columns + 2``
    """
    first = max(0, int(np.searchsorted(at_s, window.begin_s, side="right")) - 1)
    stop = int(np.searchsorted(at_s, window.end_s, side="right"))
    at_s, values = at_s[first:stop], values[first:stop]
    if len(at_s) <= 2 * columns:
        return at_s, values
    starts = np.searchsorted(at_s, np.linspace(window.begin_s, window.end_s, columns + 1)[:-1])
    starts = np.unique(np.minimum(starts, len(at_s) - 1))
    low, high = np.minimum.reduceat(values, starts), np.maximum.reduceat(values, starts)
    return np.repeat(at_s[starts], 2), np.stack([low, high], axis=1).ravel()
