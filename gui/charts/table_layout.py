"""Where the columns and rows of a table go in the room that there is. No Qt."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final, Literal

Place = Literal["beside", "below", "apart"]
"""Where the long texts stand: in their own column, under their row, or one at a time in a strip."""

NARROWEST_EM: Final = 16.0
"""Long texts get a column of their own from this width on, as a multiple of a line's height."""

MOST_LINES: Final = 3
"""Lines of a long text beside or under its row; with more, it stands apart."""


@dataclass(frozen=True, slots=True)
class Need:
    """What the content asks for, in pixels.

    Attributes
    ----------
    widths : tuple[float, ...]
        Of each column, so that nothing is cut off.
    long : int or None
        The column of long texts, which may be given less.
    can_shrink : tuple[bool, ...]
        Columns whose texts may be cut off when there is no other way.
    lines : callable
        How many lines the long text of a row takes in a width.
    line, long_line : float
        Heights of a row of one line, and of a line of a long text.
    gap, indent : float
        Between columns, and before a long text under its row.
    """

    rows: int
    widths: tuple[float, ...]
    long: int | None
    can_shrink: tuple[bool, ...]
    lines: Callable[[int, float], int]
    line: float
    long_line: float
    gap: float
    indent: float


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Where everything goes.

    Attributes
    ----------
    lefts, widths : tuple[float, ...]
        Of each column, from the left; a column that stands elsewhere is 0 wide.
    heights : tuple[float, ...]
        Of each row.
    fits : bool
        Whether all rows are there, and nothing is cut off.
    """

    place: Place
    lefts: tuple[float, ...]
    widths: tuple[float, ...]
    heights: tuple[float, ...]
    fits: bool

    def shown(self, first: int, room: float) -> range:
        """Return the rows that fit from a row on; at least that one."""
        used, stop = 0.0, first
        for height in self.heights[first:]:
            used += height
            if used > room and stop > first:
                break
            stop += 1
        return range(first, stop)


def arrange(width: float, height: float, need: Need) -> Arrangement:
    """Return the arrangement that shows most in a room; ``height`` without the headings."""
    places: tuple[Place, ...] = ("beside", "below") if need.long is not None else ("beside",)
    for place in places:
        found = _arranged(place, width, height, need)
        if found.fits:
            return found
    return _arranged("apart" if need.long is not None else "beside", width, height, need)


def _arranged(place: Place, width: float, height: float, need: Need) -> Arrangement:
    widths, is_whole = _widths(place, width, need)
    starts = accumulate((each + need.gap if each else 0.0 for each in widths), initial=0.0)
    lefts = tuple(starts)[: len(widths)]
    lines = _lines(place, widths, width, need)
    heights = tuple(_height(place, count, need) for count in lines)
    few = all(count <= MOST_LINES for count in lines)
    fits = is_whole and few and sum(heights) <= height and place != "apart"
    return Arrangement(place, lefts, widths, heights, fits)


def _widths(place: Place, width: float, need: Need) -> tuple[tuple[float, ...], bool]:
    """Return the width of each column, and whether none had to be cut."""
    widths = list(need.widths)
    others = [column for column in range(len(widths)) if column != need.long]
    if need.long is not None:
        widths[need.long] = 0.0
    room = width - need.gap * (len(others) - 1)
    if need.long is not None and place == "beside":
        rest = room - sum(widths) - need.gap
        widths[need.long] = max(0.0, min(need.widths[need.long], rest))
        least = min(need.widths[need.long], NARROWEST_EM * need.long_line)
        return tuple(widths), widths[need.long] >= least
    over = sum(widths) - room
    if over <= 0:
        return tuple(widths), True
    return tuple(_shrunk(widths, over, need.can_shrink)), False


def _shrunk(widths: Sequence[float], over: float, may: Sequence[bool]) -> list[float]:
    """Take what is over from those that may give, in proportion; they keep a quarter."""
    giving = sum(width for width, can in zip(widths, may, strict=True) if can)
    share = min(0.75, over / giving) if giving else 0.0
    return [width * (1 - share if can else 1) for width, can in zip(widths, may, strict=True)]


def _lines(place: Place, widths: Sequence[float], width: float, need: Need) -> list[int]:
    if need.long is None or place == "apart":
        return [0] * need.rows
    room = widths[need.long] if place == "beside" else width - need.indent
    return [need.lines(row, max(1.0, room)) for row in range(need.rows)]


def _height(place: Place, lines: int, need: Need) -> float:
    if place == "below":
        return need.line + lines * need.long_line
    return max(need.line, need.line + (lines - 1) * need.long_line)
