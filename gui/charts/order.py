"""The order of results: as submitted on the left, as delivered on the right."""

import html
import math
from typing import ClassVar, Final

from PySide6.QtCore import QEvent, QPointF
from PySide6.QtGui import QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget

from core.recording import Recording
from gui.charts import order_text, paint
from gui.charts.chart import Chart
from gui.charts.order_frame import order_frame
from gui.charts.order_index import OrderIndex
from gui.charts.order_layout import OrderLayout, most_lines
from gui.charts.order_paint import OrderPainter

SEPARATOR: Final = " · "


class OrderChart(Chart):
    """Draws each task from its submission, past waiting, running and being ready, to its delivery.

    Lines that cross are results that overtook others; hatched is what was ready and not taken.
    """

    kind: ClassVar[str] = "order"
    comfortable_px: ClassVar[int] = 250
    lowest_px: ClassVar[int] = 140

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._recording: Recording | None = None
        self._index: OrderIndex | None = None
        self._cursor_s = math.inf
        self._told: tuple[int, int] | None = None
        self.lines_painted = 0
        """Crossing lines in the last frame: bounded, whatever the number of tasks."""
        self.setMouseTracking(True)
        self._catch_up = self._frame_later(self._draw_again)

    # -- what to show ----------------------------------------------------------

    def clear(self) -> None:
        """Show the empty state."""
        self._catch_up.stop()
        self._recording = self._index = self._told = None
        self.setAccessibleDescription(self.message())
        self.update()

    def draw(self, recording: Recording, cursor_s: float = math.inf) -> None:
        """Show a recording up to a moment, in seconds of the recording."""
        if recording is not self._recording:
            self.clear()
            self._recording, self._index = recording, OrderIndex(recording)
        self._cursor_s = cursor_s
        self._draw_again()

    def layout_now(self) -> OrderLayout | None:
        """Return where everything stands now; None when there is nothing to show."""
        if self._recording is None or self._index is None or not len(self._index.submitted):
            return None
        theme, room = self._theme, self._room()
        below = paint.text_height(theme, "text") + theme.grid()
        body = room.adjusted(0, min(below, room.height()), 0, 0)
        at_most = most_lines(theme, body.height())
        frame = order_frame(self._recording, self._index, self._cursor_s, at_most)
        return OrderLayout(theme, self._language, frame, body)

    def message(self) -> str:
        """Return what the chart says instead of a picture; empty when there is one to show."""
        if self._recording is None:
            return self._word("order_empty")
        if self._index is not None and len(self._index.submitted):
            return ""
        return self._word("order_first" if self._recording.running else "order_none")

    def hover_text(self, place: QPointF) -> str:
        """Return what the pointer is told at a place, in lines; empty when nothing is there."""
        layout = self.layout_now()
        index = layout.at(place.x(), place.y()) if layout else None
        if layout is None or index is None:
            return ""
        return "\n".join(order_text.hover_lines(layout.frame, index, self._language))

    def set_language(self, language: str) -> None:
        """Speak another language."""
        super().set_language(language)
        self._told = None
        self._tell_readers()

    def _draw_again(self) -> None:
        """Take in what is new; what one frame could not take in is left to the next."""
        if self._index is not None and self._index.follow():
            self._catch_up.start()  # in case nobody ticks: a saved recording, just opened
        self._tell_readers()
        self.update()

    def _tell_readers(self) -> None:
        """Tell screen readers the order, when there is something new to tell."""
        layout = self.layout_now()
        news = (layout.frame.total, layout.frame.delivered_count) if layout else None
        if news is None or news != self._told:
            self._told = news
            told = order_text.described(layout.frame, self._language) if layout else self.message()
            self.setAccessibleDescription(told)

    # -- painting --------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name and argument
        """Paint the frame."""
        layout = self.layout_now()
        note = self._note(layout) if layout else ""
        painter, box = self._begin(self._word("order_title"), note)
        if layout is None:
            paint.empty_note(painter, self._theme, box, self.message())
        else:
            order_painter = OrderPainter(painter, layout)
            order_painter.paint()
            self.lines_painted = order_painter.lines_painted
        painter.end()

    def _note(self, layout: OrderLayout) -> str:
        """Return as much of the summary as there is room for beside the title."""
        theme = self._theme
        title = paint.metrics(theme, "text").horizontalAdvance(self._word("order_title"))
        room = layout.room.width() - title * 1.1 - theme.grid(3)  # the title is bold
        parts = order_text.parts_of_summary(layout.frame, self._language)
        measures = paint.metrics(theme, "note")
        while len(parts) > 1 and measures.horizontalAdvance(SEPARATOR.join(parts)) > room:
            parts.pop()
        return SEPARATOR.join(parts)

    # -- pointer ---------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Tell what is under the pointer."""
        text = "<br>".join(
            html.escape(line) for line in self.hover_text(event.position()).split("\n")
        )
        # As rich text of our own: Qt would take a result such as "<b>" for markup otherwise.
        QToolTip.showText(
            self.mapToGlobal(event.position().toPoint()), f"<qt>{text}</qt>" if text else "", self
        )

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Say nothing any more."""
        QToolTip.hideText()
        super().leaveEvent(event)
