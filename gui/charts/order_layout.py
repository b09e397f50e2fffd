"""Where the things of the chart of orders stand, in pixels. No painting here."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF

from core.columns import IntArray
from core.orders import Stage
from gui.charts import order_text, paint
from gui.charts.order_frame import OrderFrame
from gui.charts.order_index import NOWHERE
from gui.theme import FontKind, Theme

MOST_LABELLED: Final = 60
"""Tasks that still have labels, if not each of them."""

MOST_LINES: Final = 200
LEAST_PITCH: Final = 3
"""Pixels at 100 % from one line to the next; where tasks are closer, not all are shown."""

TALLEST_ROW: Final = 56
WIDEST_LABELS: Final = 0.31
"""Share of the chart's width that the labels of one side may take."""

CROSSING: Final = 0.4
"""Share of what is left for the crossing lines."""

WIDEST_CROSSING: Final = 240
NARROWEST_WITH_LABELS: Final = 220
SHORTEST_NAME: Final = 34
LABEL_GAPS: Final = 20
"""Pixels at 100 %; the gaps are those between name, time and picture, all together."""

ROOMY: Final = 160
"""Height at 100 % from which captions and the axis are for the back row as well."""

LOWEST_WITH_AXIS: Final = 64
"""Pixels of height at 100 % below which axis and captions give way to the rows."""

BAR_SHARE: Final = 0.6
THICKEST_BAR: Final = 24


def most_lines(theme: Theme, height: float) -> int:
    """Return how many tasks can be told apart in a height."""
    return int(max(2, min(MOST_LINES, height / theme.px(LEAST_PITCH))))


@dataclass(frozen=True)
class OrderLayout:
    """Places of one frame in the room that a chart has below its heading."""

    theme: Theme
    language: str
    frame: OrderFrame
    room: QRectF

    @cached_property
    def caption(self) -> FontKind:
        """Return in which font captions and the axis are."""
        return "text" if self.room.height() >= self.theme.px(ROOMY) else "note"

    @cached_property
    def line(self) -> float:
        """Return the height of a line of captions or of the axis; 0 when there are none."""
        high = paint.text_height(self.theme, self.caption) + self.theme.px(4)
        roomy = self.room.height() - 2 * high >= self.theme.px(LOWEST_WITH_AXIS)
        return high if roomy else 0.0

    @cached_property
    def rows(self) -> QRectF:
        """Return where the rows are, as wide as the chart."""
        inner = self.room.adjusted(0, self.line, 0, -self.line)
        high = min(inner.height(), self.theme.px(TALLEST_ROW) * max(1, self.frame.total))
        return QRectF(inner.left(), inner.top(), inner.width(), max(1.0, high))

    @cached_property
    def pitch(self) -> float:
        """Return the height of one task's row, shown or not."""
        return self.rows.height() / max(1, self.frame.total)

    @cached_property
    def font(self) -> FontKind:
        """Return in which font the labels are."""
        return "text" if self.pitch >= paint.text_height(self.theme, "text") else "note"

    @cached_property
    def labelled(self) -> bool:
        """Return whether tasks have labels: all of them, or those that there is room for."""
        narrow = self.rows.width() < self.theme.px(NARROWEST_WITH_LABELS)
        return not narrow and 0 < self.frame.total <= MOST_LABELLED

    def spaced(self, indices: Iterable[int], places: IntArray) -> Iterator[tuple[int, float]]:
        """Yield tasks with the heights of their labels, as many as do not overlap.

        Parameters
        ----------
        indices
            Of tasks on the frame, in the order of their ``places``.
        """
        high, free = paint.text_height(self.theme, self.font), -math.inf
        for index in indices:
            y = self.y(int(places[index]))
            if y >= free:
                free = y + high
                yield index, y

    @cached_property
    def clock_width(self) -> float:
        """Return the room of a time, so that labels do not move as it grows."""
        zero_s, end_s = self.frame.zero_s, self.frame.bounds.end_s
        times = (order_text.clock(self.frame, at_s, self.language) for at_s in (zero_s, end_s))
        font = self.theme.font(self.font)
        font.setBold(True)
        measures = QFontMetricsF(font)
        return max(measures.horizontalAdvance(text) for text in times)

    @cached_property
    def name_width(self) -> float:
        """Return the room of the longest name."""
        measures = paint.metrics(self.theme, self.font)
        names = (order_text.name(self.frame, index) for index in range(len(self.frame)))
        return max(measures.horizontalAdvance(text) for text in names)

    @cached_property
    def label_width(self) -> float:
        """Return the width of the labels of one side, the gap to the picture included."""
        if not self.labelled:
            return float(self.theme.grid())
        wanted = self.name_width + self.clock_width + self.theme.px(LABEL_GAPS)
        return min(wanted, self.rows.width() * WIDEST_LABELS)

    @cached_property
    def timed(self) -> bool:
        """Return whether labels have a time: not where it would leave no room for the name."""
        left = self.label_width - self.clock_width - self.theme.px(LABEL_GAPS)
        return left >= min(self.name_width, self.theme.px(SHORTEST_NAME))

    @cached_property
    def times(self) -> QRectF:
        """Return where time runs."""
        inner = self.rows.adjusted(self.label_width, 0, -self.label_width, 0)
        crossing = min(inner.width() * CROSSING, self.theme.px(WIDEST_CROSSING))
        return inner.adjusted(0, 0, -crossing, 0)

    @cached_property
    def right(self) -> float:
        """Return where the crossing lines end."""
        return self.rows.right() - self.label_width

    @cached_property
    def thickness(self) -> float:
        """Return the height of a bar."""
        return min(max(1.0, self.pitch * BAR_SHARE), self.theme.px(THICKEST_BAR))

    def x(self, time_s: float) -> float:
        """Return the place of a moment."""
        bounds = self.frame.bounds
        share = (time_s - bounds.begin_s) / bounds.span_s
        return self.times.left() + min(max(share, 0.0), 1.0) * self.times.width()

    def y(self, place: int) -> float:
        """Return the middle of a row, by the place of submission or of delivery."""
        return self.rows.top() + (place + 0.5) * self.pitch

    def at(self, x: float, y: float) -> int | None:
        """Return the index of the task at a point: by submission, at the right by delivery."""
        frame = self.frame
        if not len(frame) or not self.rows.top() <= y < self.rows.bottom():
            return None
        place = int((y - self.rows.top()) / self.pitch)
        if x < (self.times.right() + self.right) / 2:
            near = int(abs(frame.left - place).argmin())
            return near if frame.stage[near] != Stage.NOT_YET else None
        distance = abs(frame.right - place)
        distance[frame.right == NOWHERE] = frame.total
        near = int(distance.argmin())
        # Where only some are shown, the nearest one of these is meant.
        slack = frame.total / len(frame)
        return near if distance[near] < slack else None
