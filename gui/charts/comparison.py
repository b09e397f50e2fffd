"""The comparison: a bar a mode (its median), a dot a run, the speed-up written at the bar."""

import math
from collections.abc import Sequence
from typing import ClassVar, Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from core.number_format import ratio, seconds
from core.recording import Recording
from gui.charts import paint
from gui.charts.chart import Chart
from gui.charts.comparison_layout import ComparisonRow, axis_end_s
from gui.charts.comparison_paint import RowPainter
from gui.charts.words import mode_word, running

TALLEST_ROW: Final = 72
LOWEST_WITH_AXIS: Final = 34
"""Where rows are lower than this the axis gives way: the values stand at the bars anyway."""


class ComparisonChart(Chart):
    """Draws the finished runs side by side by mode, and the run that goes on as an outline."""

    kind: ClassVar[str] = "comparison"
    comfortable_px: ClassVar[int] = 170
    lowest_px: ClassVar[int] = 104

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[ComparisonRow, ...] = ()
        self._running: tuple[str, float] | None = None

    def clear(self) -> None:
        """Show the empty state."""
        self._rows, self._running = (), None
        self._tell_readers()
        self.update()

    def set_rows(self, rows: Sequence[ComparisonRow]) -> None:
        """Show these modes, from top to bottom."""
        self._rows = tuple(rows)
        self._tell_readers()
        self.update()

    def draw(self, recording: Recording, cursor_s: float = math.inf) -> None:
        """Show the run that goes on, up to a moment, as an outline that grows."""
        running = _running(recording, cursor_s)
        if running != self._running:
            self._running = running
            self.update()

    def value_text(self, row: ComparisonRow) -> str:
        """Return what stands at the bar of a mode."""
        if self._running and self._running[0] == row.mode:
            so_far = running(self._running[1], self._language)
            return self._word("comparison_running", seconds=so_far)
        if row.median_s is None:
            return self._word("comparison_not_run")
        return seconds(row.median_s, self._language)

    def message(self) -> str:
        """Return what the chart says instead of a picture; empty when there is one to show."""
        return "" if self._end_s() else self._word("comparison_empty")

    def _end_s(self) -> float:
        return axis_end_s(self._shown_rows(), self._running[1] if self._running else None)

    def _tell_readers(self) -> None:
        """Give screen readers the numbers."""
        told = []
        for row in self._rows:
            speedup = f", {ratio(row.speedup)}" if row.speedup is not None else ""
            pinned = f", {self._pinned(row)}" if row.pinned_s is not None else ""
            told.append(f"{row.label}: {self.value_text(row)}{speedup}{pinned}")
        self.setAccessibleDescription("; ".join(told))

    # -- painting --------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name and argument
        """Paint everything."""
        rows, end_s = self._shown_rows(), self._end_s()
        note = self._word("comparison_note") if end_s else ""
        pinned = [self._pinned(row) for row in rows if row.pinned_s is not None]
        both = " · ".join([*pinned, note])
        title = paint.metrics(self._theme, "text").horizontalAdvance(self._word("comparison_title"))
        left = self._room().width() - title * 1.1 - self._theme.grid(3)  # the title is bold
        fits = paint.metrics(self._theme, "note").horizontalAdvance(both) <= left
        note = both if fits or not pinned else pinned[0]
        painter, body = self._begin(self._word("comparison_title"), note)
        if end_s:
            self._paint_rows(painter, body, rows, end_s)
        else:
            paint.empty_note(painter, self._theme, body, self.message())
        painter.end()

    def _pinned(self, row: ComparisonRow) -> str:
        """Return what the outline in a row is, in words."""
        assert row.pinned_s is not None  # noqa: S101 - the caller looked
        return self._word("comparison_pinned", seconds=seconds(row.pinned_s, self._language))

    def _shown_rows(self) -> tuple[ComparisonRow, ...]:
        """Return the rows, with one for the run that goes on if the caller gave none."""
        if self._running is None or any(row.mode == self._running[0] for row in self._rows):
            return self._rows
        mode = self._running[0]
        label = mode_word(self._language, mode)
        return (*self._rows, ComparisonRow(mode, label, current=True))

    def _paint_rows(
        self, painter: QPainter, body: QRectF, rows: Sequence[ComparisonRow], end_s: float
    ) -> None:
        theme = self._theme
        axis = paint.text_height(theme, "text") + theme.px(6)
        if (body.height() - axis) / len(rows) < theme.px(LOWEST_WITH_AXIS):
            axis = 0
        height = min((body.height() - axis) / len(rows), theme.px(TALLEST_ROW))
        row_painter = RowPainter(painter, theme, self._language, body, rows, height, end_s)
        if axis:
            row_painter.paint_axis(body.top() + height * len(rows))
        for place, row in enumerate(rows):
            running = self._running[1] if self._running and self._running[0] == row.mode else None
            row_painter.paint(row, body.top() + place * height, self.value_text(row), running)


def _running(recording: Recording, cursor_s: float) -> tuple[str, float] | None:
    """Return the mode of a run and how long it took up to the cursor; None when it is over.

    The replay of a run that is over changes nothing: what was measured stays to be seen.
    """
    began_s, ended_s = recording.main_started_s, recording.main_ended_s
    if (
        cursor_s >= ended_s
        or not recording.running
        or not math.isfinite(cursor_s)
        or not cursor_s >= began_s
    ):
        return None
    return recording.header.mode, cursor_s - began_s
