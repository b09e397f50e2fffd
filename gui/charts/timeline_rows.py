"""Paints the rows of the timeline with their names, and what lies over them."""

from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from core.number_format import count
from gui.charts import paint
from gui.charts.timeline_paint import MOST_BARS, LanePainter
from gui.charts.timeline_picture import TimelinePicture
from gui.charts.timeline_queue import QueuePainter
from gui.charts.timeline_stalls import paint_stalls
from gui.charts.words import word

FEWEST_BARS: Final = 16
"""Single bars that each lane may have, however many lanes there are."""


class RowsPainter:
    """Paints what is in the plot of one picture, and the names beside it."""

    def __init__(self, painter: QPainter, picture: TimelinePicture) -> None:
        self._painter, self._picture = painter, picture
        self._theme, self._frame = picture.theme, picture.frame
        self._lanes = LanePainter(painter, picture.theme, picture.frame, picture.window)

    def paint(self, hovered: int | None) -> int:
        """Paint everything; return how many single bars there were."""
        painter, picture = self._painter, self._picture
        self._paint_labels()
        painter.save()
        painter.setClipRect(picture.plot.adjusted(-1, -1, 1, 1))
        for lane in range(picture.rows.first, picture.rows.stop):
            self._paint_lane(lane)
            self._paint_idle(lane)
        self._paint_ghost()
        self._paint_queue()
        rows = QRectF(picture.plot.topLeft(), picture.queue.topRight())
        text = word(picture.language, "timeline_stall")
        paint_stalls(painter, self._theme, self._frame, rows, picture.x_of, text)
        self._lanes.write_labels()
        self._paint_hovered(hovered)
        self._paint_cursor()
        painter.restore()
        return self._lanes.bars_painted

    def _paint_labels(self) -> None:
        theme, picture = self._theme, self._picture
        box, kind, pitch = picture.box, picture.label_font, picture.rows.pitch
        room = picture.plot.left() - box.left() - theme.grid()
        every = max(1, -int(-paint.text_height(theme, kind) // pitch))  # not each fits low rows
        for lane in range(picture.rows.first, picture.rows.stop, every):
            bar = picture.row_box(lane).bar
            label = QRectF(box.left(), bar.top(), room, bar.height())
            paint.write(self._painter, theme, label, picture.labels[lane], kind=kind)
        if picture.queue.height():
            label = QRectF(box.left(), picture.queue.top(), room, picture.queue.height())
            text = word(picture.language, "lane_waiting")
            paint.write(self._painter, theme, label, text, kind=kind, colour=theme.muted)

    def _paint_lane(self, lane: int) -> None:
        picture, box = self._picture, self._picture.row_box(lane)
        run = picture.staff.initializers.get(lane)
        if run is not None:
            self._lanes.paint_initializer(run, box, word(picture.language, "lane_initializer"))
        colour = self._theme.mode_colour(picture.modes[lane])
        self._lanes.paint(picture.contents[lane], colour, box, self._most_bars)

    @property
    def _most_bars(self) -> int:
        rows = self._picture.rows
        share = MOST_BARS / max(1, rows.stop - rows.first)
        return int(min(max(FEWEST_BARS, share), self._picture.plot.width() / 3))

    def _paint_idle(self, lane: int) -> None:
        """Say of a worker that came and ran no task that it did not, from when it came on."""
        picture, theme = self._picture, self._theme
        place = lane - len(self._frame.index.lanes)
        if place < 0:
            return
        worker, box = picture.staff.idle[place], picture.row_box(lane).bar
        if worker.begun_s > self._frame.now_s or not paint.fits(theme, "note", box.height()):
            return
        run, gap = worker.initialized, theme.px(6)
        text, kind = word(picture.language, "lane_no_task"), picture.label_font
        room, align = QRectF(box), paint.LEFT
        room.setLeft(picture.x_of(run.ended_s if run else worker.begun_s) + gap)
        width = paint.metrics(theme, kind).horizontalAdvance(text)
        if width > room.width():
            room, align = QRectF(box), paint.RIGHT  # it came so late that there is room before only
            room.setRight(picture.x_of(worker.begun_s) - gap)
        if width <= room.width():  # of a few letters nobody could tell anything
            paint.write(
                self._painter, theme, room, text, kind=kind, colour=theme.muted, align=align
            )

    def _paint_ghost(self) -> None:
        """Paint the outlines of a pinned run, in as many rows as there are."""
        picture = self._picture
        if picture.ghost is None or picture.rows.first:
            return  # where rows are scrolled through, those of two runs do not belong together
        room = picture.queue.top() - picture.plot.top()
        boxes = [picture.row_box(lane) for lane in range(int(room / picture.rows.pitch + 1e-6))]
        picture.ghost.paint(self._painter, self._theme, self._frame, picture.window, boxes)

    def _paint_queue(self) -> None:
        queue, window = self._picture.queue, self._picture.window
        if queue.height():
            inner = queue.adjusted(0, queue.height() * 0.2, 0, -self._theme.px(2))
            queue_painter = QueuePainter(self._painter, self._theme, self._frame, window)
            queue_painter.paint(inner, count)

    def _paint_hovered(self, hovered: int | None) -> None:
        tasks, picture = self._frame.tasks, self._picture
        if hovered is None or not 0 <= hovered < len(tasks.worker):
            return
        lane = int(tasks.worker[hovered])
        if not picture.rows.first <= lane < picture.rows.stop:
            return
        box = picture.row_box(lane).bar
        ended_s = float(tasks.finished_s[hovered])
        right = ended_s if ended_s <= self._frame.now_s else self._frame.now_s
        left_x = picture.x_of(float(tasks.started_s[hovered]))
        rim = self._theme.px(2)
        self._painter.setPen(QPen(QColor(self._theme.ink), rim))
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        width = max(2.0, picture.x_of(right) - left_x)
        self._painter.drawRoundedRect(QRectF(left_x, box.top(), width, box.height()), rim, rim)

    def _paint_cursor(self) -> None:
        """Paint the moment of the frame, unless all is over and shown."""
        frame, picture = self._frame, self._picture
        over = frame.now_s >= frame.end_s  # never while the end is not known
        if over or not frame.tasks.worker.size:
            return
        x = picture.x_of(frame.now_s)
        self._painter.setPen(QPen(QColor(self._theme.ink), self._theme.px(1)))
        self._painter.drawLine(QPointF(x, picture.plot.top()), QPointF(x, picture.queue.bottom()))
