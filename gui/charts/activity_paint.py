"""Paints the strips of the threads: what each did in every pixel column."""

from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from gui.charts import paint
from gui.charts.activity_axis import TimeAxis
from gui.charts.activity_frame import ActivityFrame
from gui.charts.activity_legend import Legend
from gui.charts.activity_strips import StripImages
from gui.charts.time_axis import Window
from gui.charts.timeline_frame import Rows, rows_in
from gui.charts.zoomed_chart import TimeView
from gui.theme import FontKind, Theme

TALLEST_ROW: Final = 200
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
        Legend(self._theme, self._language, self._frame, self._room).paint(painter)
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
            # In the middle: names of threads end with the number that tells them apart.
            elide = Qt.TextElideMode.ElideMiddle
            paint.write(painter, theme, label, text, kind=self._label_font, elide=elide)
