"""Paints the strips of the threads: what each did in every pixel column."""

import math
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter

from core.number_format import count
from gui.charts import paint
from gui.charts.activity_axis import TimeAxis
from gui.charts.activity_frame import ActivityFrame
from gui.charts.activity_image import Layer, stacked
from gui.charts.activity_strips import PALE, WAITING_PX, StripImages
from gui.charts.time_axis import Window
from gui.charts.timeline_frame import Rows, rows_in
from gui.charts.words import word
from gui.charts.zoomed_chart import TimeView
from gui.theme import FontKind, Theme

TALLEST_ROW: Final = 130
LOWEST_ROW: Final = 9
STRIP_SHARE: Final = 0.78
"""Share of a row's pitch that its strip takes."""

WIDEST_LABELS: Final = 0.3
"""Share of the chart's width that labels may take."""


class ActivityPainter:
    """Paints one frame into the room below the heading.

    Parameters
    ----------
    window : Window, optional
        The stretch of time to show; all of the run if none was chosen.
    scroll : int
        The first thread to show where not all fit.
    """

    def __init__(
        self,
        theme: Theme,
        language: str,
        frame: ActivityFrame,
        room: QRectF,
        window: Window | None,
        scroll: int,
    ) -> None:
        self._theme, self._language, self._frame, self._room = theme, language, frame, room
        self._high = paint.text_height(theme, "text")
        body = room.adjusted(0, self._high + theme.px(10), 0, -(self._high + theme.grid()))
        rows = len(frame.rows)
        low, tall = theme.px(LOWEST_ROW), theme.px(TALLEST_ROW)
        self.rows: Rows = rows_in(body.height(), rows, rows, scroll, low, tall)
        roomy = paint.fits(theme, "text", self.rows.pitch)
        self._label_font: FontKind = "text" if roomy else "note"
        plot = body.adjusted(self._label_room(body.width()), 0, 0, 0)
        plot.setHeight(max(0.0, self.rows.pitch * (self.rows.stop - self.rows.first)))
        self._window = window or frame.span.bounds
        self.axis = TimeAxis(theme, plot, self._window, frame.span)

    @property
    def view(self) -> TimeView:
        """Return what is shown of time."""
        seen = self.rows.stop - self.rows.first
        bounds = self._frame.span.bounds
        return TimeView(self.axis.plot, self._window, bounds, len(self._frame.rows), seen)

    def strip_box(self, number: int) -> QRectF:
        """Return where the strip of a row is."""
        pitch, plot = self.rows.pitch, self.axis.plot
        top = plot.top() + (number - self.rows.first) * pitch
        return QRectF(plot.left(), top, plot.width(), pitch * STRIP_SHARE)

    def paint(self, painter: QPainter, images: StripImages) -> None:
        """Paint everything; in a room too small for a line of text there is nothing to be read."""
        if min(self.axis.plot.width(), self.axis.plot.height()) < self._theme.px(LOWEST_ROW):
            return
        self._paint_legend(painter)
        self.axis.paint(painter, self._language)
        self._paint_strips(painter, images)
        self._paint_labels(painter)
        self.axis.paint_cursor(painter)

    def _paint_strips(self, painter: QPainter, images: StripImages) -> None:
        """Paint the strips up to the moment that is shown."""
        frame, plot = self._frame, self.axis.plot
        high = max(2, int(self.rows.pitch * STRIP_SHARE))
        images.begin(self._theme, self._window, int(plot.width()), high)
        painter.save()
        shown = QRectF(plot)
        shown.setRight(min(plot.right(), max(plot.left(), self.axis.x_of(frame.span.now_s))))
        painter.setClipRect(shown)
        for number in range(self.rows.first, self.rows.stop):
            box = self.strip_box(number)
            image, covered = images.image(frame.rows[number], frame.known_s)
            if covered == self._window:
                painter.drawImage(QPointF(round(box.left()), round(box.top())), image)
                continue
            left, right = self.axis.x_of(covered.begin_s), self.axis.x_of(covered.end_s)
            painter.drawImage(QRectF(left, round(box.top()), right - left, high), image)
        painter.restore()

    # -- words -----------------------------------------------------------------

    def _label_room(self, width: float) -> float:
        """Return the width of the labels."""
        measures = paint.metrics(self._theme, self._label_font)
        widest = max(measures.horizontalAdvance(row.label) for row in self._frame.rows)
        return min(widest + self._theme.grid(1.5), width * WIDEST_LABELS)

    def _paint_labels(self, painter: QPainter) -> None:
        theme, pitch = self._theme, self.rows.pitch
        room = self.axis.plot.left() - self._room.left() - theme.grid()
        every = max(1, -int(-paint.text_height(theme, self._label_font) // pitch))
        for number in range(self.rows.first, self.rows.stop, every):
            box = self.strip_box(number)
            label = QRectF(self._room.left(), box.top(), room, box.height())
            text = self._frame.rows[number].label
            paint.write(painter, theme, label, text, kind=self._label_font)

    def _paint_legend(self, painter: QPainter) -> None:
        """Say what the strips mean, as far as the width goes."""
        theme = self._theme
        left, top = self._room.left(), self._room.top()
        attention = QColor(theme.attention)
        swatches = (
            ("activity_running", 1.0, self._legend_colour(), None),
            ("activity_ready", 1.0, theme.softened(attention, PALE), attention),
            ("activity_waiting", 0.0, QColor(theme.waiting), None),
        )
        for key, full, colour, stripes in swatches:
            text = word(self._language, key)
            wide = paint.metrics(theme, "note").horizontalAdvance(text) + theme.px(4)
            size = theme.px(14)
            if left + size + theme.px(5) + wide > self._room.right():
                return  # no room for more
            high = int(self._high) if full else theme.px(WAITING_PX)
            heights = np.full(size, high, dtype=np.int32)
            image = stacked((Layer(heights, colour, stripes),), int(self._high))
            painter.drawImage(QPointF(round(left), round(top)), image)
            left += size + theme.px(5)
            box = QRectF(left, top, wide, self._high)
            paint.write(painter, theme, box, text, kind="note", colour=theme.muted)
            left += wide + theme.grid(1.5)
        self._paint_rate(painter, left)

    def _paint_rate(self, painter: QPainter, left: float) -> None:
        """Say at the right how often the threads were looked at: what lasted less was not seen."""
        theme, rate_hz = self._theme, self._frame.rate_hz
        if math.isnan(rate_hz):
            return
        text = word(self._language, "activity_rate", rate=count(rate_hz))
        if paint.metrics(theme, "note").horizontalAdvance(text) > self._room.right() - left:
            return
        box = QRectF(left, self._room.top(), self._room.right() - left, self._high)
        colour, align = theme.muted, paint.RIGHT
        paint.write(painter, theme, box, text, kind="note", colour=colour, align=align)

    def _legend_colour(self) -> QColor:
        modes = [row.mode for row in self._frame.rows]
        return self._theme.mode_colour(modes[0])
