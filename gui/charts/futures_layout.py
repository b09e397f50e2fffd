"""Where the cards of the futures stand. Pure geometry in pixels, no Qt.

Each state has a column of the same width. Cards of a column stand below each other as long as
there is room; then they overlap, each showing its first line, as in a game of patience. How large
cards are depends on how many tasks there are and not on where they are: a card that moves keeps
its size.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from core.task_states import STATES, State

MOST_CARDS: Final = 60
"""Of more tasks only the counts are shown, and dots."""

MOST_LINES: Final = 3
ROOMY_LINES: Final = 5
"""Lines of a card, and of one that has so much room that none lies on another."""

MOST_ABREAST: Final = 3

DOT_STEPS: Final = (1, 2, 5)
"""A dot stands for so many tasks, or ten times as many, or a hundred times ..."""


class Box(NamedTuple):
    """A rectangle."""

    left: float
    top: float
    width: float
    height: float

    def holds(self, x: float, y: float) -> bool:
        """Return whether a point lies in it."""
        return self.left <= x < self.left + self.width and self.top <= y < self.top + self.height


@dataclass(frozen=True, slots=True)
class Measures:
    """What cards need."""

    line: float
    """Height of a line of text with the room between lines."""
    pad: float
    """Room inside a card around its text."""
    gap: float
    """Room between cards, and between columns."""
    narrowest: float
    """The least width of a card: what has to be on its first line fits."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The size of all cards, and how many stand side by side in a column."""

    width: float
    height: float
    line: float
    lines: int
    abreast: int


def columns(room: Box, gap: float) -> dict[State, Box]:
    """Return the column of each state, from left to right."""
    width = max(1.0, (room.width - gap * (len(STATES) - 1)) / len(STATES))
    return {
        state: Box(room.left + place * (width + gap), room.top, width, room.height)
        for place, state in enumerate(STATES)
    }


def plan(tasks: int, column: Box, need: Measures) -> Plan | None:
    """Return the largest cards with which all tasks fit in one column; None if none do.

    They may all get there: all finished, or all failed with their pool.
    """
    if tasks > MOST_CARDS:
        return None
    for abreast in range(1, MOST_ABREAST + 1):
        width = (column.width - (abreast - 1) * need.gap / 2) / abreast
        rows = math.ceil(tasks / abreast)
        for lines in range(ROOMY_LINES, 0, -1):
            height = lines * need.line + 2 * need.pad
            strip = (column.height - height) / max(1, rows - 1)
            least = need.line + need.pad if lines <= MOST_LINES else height + need.gap / 2
            fits = height <= column.height and (rows <= 1 or strip >= least)
            if fits and width >= need.narrowest:
                return Plan(width, height, need.line, lines, abreast)
    return None


def places(
    tasks: Mapping[State, Sequence[int]], boxes: Mapping[State, Box], cards: Plan, gap: float
) -> dict[int, Box]:
    """Return where each card stands, those that lie on top last."""
    found: dict[int, Box] = {}
    for state, box in boxes.items():
        numbers = tasks.get(state, ())
        rows = math.ceil(len(numbers) / cards.abreast)
        room = (box.height - cards.height) / max(1, rows - 1)
        step = min(cards.height + gap / 2, room)
        for place, task in enumerate(numbers):
            row, across = divmod(place, cards.abreast)
            left = box.left + across * (cards.width + gap / 2)
            found[task] = Box(left, box.top + row * step, cards.width, cards.height)
    return found


def neighbour(
    chosen: int, tasks: Mapping[State, Sequence[int]], across: int, down: int, abreast: int
) -> int:
    """Return the card that an arrow key leads to from a chosen one; itself where there is none."""
    state = next(state for state in STATES if chosen in tasks.get(state, ()))
    place = list(tasks[state]).index(chosen)
    if down:
        there = place + down * abreast
        return tasks[state][there] if 0 <= there < len(tasks[state]) else chosen
    beside = place + across
    if beside // abreast == place // abreast and 0 <= beside < len(tasks[state]):
        return tasks[state][beside]
    order = STATES[:: 1 if across > 0 else -1]
    for other in order[order.index(state) + 1 :]:
        if tasks.get(other):
            return tasks[other][min(place, len(tasks[other]) - 1)]
    return chosen


def seen_lines(box: Box, above: Iterable[Box], cards: Plan, pad: float) -> int:
    """Return how many lines of a card can be seen below those that lie on it."""
    covering = (other for other in above if _meet(box, other))
    seen = min((other.top - box.top for other in covering), default=math.inf)
    lines = cards.lines if seen == math.inf else math.floor((seen - pad) / cards.line)
    return min(cards.lines, max(1, lines))


def _meet(one: Box, other: Box) -> bool:
    return abs(one.left - other.left) < one.width and one.top <= other.top < one.top + one.height


def dots_in(box: Box, pitch: float) -> tuple[int, int]:
    """Return how many dots fit side by side into a column, and below each other."""
    return max(1, math.floor(box.width / pitch)), max(1, math.floor(box.height / pitch))


def dot_pitch(box: Box, tasks: int, least: int, greatest: int) -> int:
    """Return how far dots may be apart if all tasks are to find room in one column."""
    for pitch in range(greatest, least, -1):
        across, down = dots_in(box, pitch)
        if across * down >= tasks:
            return pitch
    return least


def tasks_a_dot(tasks: int, dots: int) -> int:
    """Return how many tasks a dot stands for so that all fit into the room for so many dots."""
    scale = 1
    while True:
        for step in DOT_STEPS:
            if math.ceil(tasks / (step * scale)) <= max(1, dots):
                return step * scale
        scale *= 10
