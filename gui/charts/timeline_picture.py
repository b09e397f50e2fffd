"""One frame of the timeline as a picture: where its things are, and how they are painted."""

import math
from functools import cached_property
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from core.columns import FloatArray
from core.number_format import count, seconds
from gui.charts import paint, timeline_layout, timeline_text
from gui.charts.time_axis import Window, tick_label, ticks_s
from gui.charts.timeline_frame import Frame, Rows, has_queue, reserved_rows, rows_in
from gui.charts.timeline_ghost import Ghost
from gui.charts.timeline_index import Lane
from gui.charts.timeline_paint import BAR_SHARE, MOST_BARS, LanePainter, RowBox
from gui.charts.timeline_staff import Staff
from gui.charts.timeline_stalls import paint_stalls
from gui.charts.words import word
from gui.theme import FontKind, Theme

TALLEST_ROW: Final = 44
LOWEST_ROW: Final = 7
TICK_ROOM: Final = 80
"""Pixels at 100 % that a tick and its label take at least."""

WIDEST_LABELS: Final = 0.3
"""Share of the chart's width that lane labels may take."""

TITLE_BOLDER: Final = 1.1
"""The title is so much wider for being bold."""

POINTER_SLACK: Final = 4
"""Pixels by which the pointer may miss a bar."""

FEWEST_BARS: Final = 16
"""Single bars that each lane may have, however many lanes there are."""


class TimelinePicture:
    """The picture of one frame in a box of the chart.

    Parameters
    ----------
    theme, language
        How it looks and what it speaks.
    box : QRectF
        The room, its margins taken off.
    frame : Frame
        What to show.
    window : Window
        Which stretch of time.
    scroll : int
        The first row to show where not all rows fit.
    ghost : Ghost, optional
        A run to show as outlines.
    """

    def __init__(
        self,
        theme: Theme,
        language: str,
        box: QRectF,
        frame: Frame,
        window: Window,
        scroll: int,
        ghost: Ghost | None = None,
    ) -> None:
        self.frame = frame
        self._ghost = ghost
        self.window = window
        self._theme = theme
        self._language = language
        head = paint.text_height(theme, "text") + theme.grid()
        axis = paint.text_height(theme, "text") + theme.grid()
        body = box.adjusted(0, head, 0, -axis)
        self._box = box
        self._modes = [timeline_text.lane_mode(frame, lane) for lane in frame.index.lanes]
        self._staff = Staff.of(frame.recording, len(self._modes))
        idle = self._staff.idle
        self._labels = timeline_text.lane_labels(frame.recording, self._modes, language, idle)
        self._modes += [timeline_text.idle_mode(frame.recording, one) for one in idle]
        self._lanes = [*frame.index.lanes, *(Lane() for _ in idle)]
        queue = min(theme.px(36), body.height() / 3) if has_queue(frame.recording) else 0.0
        lanes = len(self._labels)
        reserved = reserved_rows(frame.recording, max(lanes, ghost.lanes if ghost else 0))
        low, high = theme.px(LOWEST_ROW), theme.px(TALLEST_ROW)
        self.rows: Rows = rows_in(body.height() - queue, reserved, lanes, scroll, low, high)
        roomy = paint.fits(theme, "text", self.rows.pitch * BAR_SHARE)
        self._label_font: FontKind = "text" if roomy else "note"
        self.plot = body.adjusted(self._label_room(body.width()), 0, 0, 0)
        below = self.plot.top() + self.rows.pitch * max(
            self.rows.stop - self.rows.first, min(reserved, (body.height() - queue) / high)
        )
        below = min(below, body.bottom() - queue)
        self._queue = QRectF(self.plot.left(), below, self.plot.width(), queue)

    # -- where things are ------------------------------------------------------

    @property
    def lanes(self) -> int:
        """Return the number of lanes, seen or not."""
        return len(self._labels)

    def x_of(self, time_s: float) -> float:
        """Return the place of a moment."""
        share = (time_s - self.window.begin_s) / self.window.span_s
        return self.plot.left() + share * self.plot.width()

    def time_at(self, x: float) -> float:
        """Return the moment at a place."""
        share = (x - self.plot.left()) / self.plot.width()
        return self.window.begin_s + share * self.window.span_s

    def lane_at(self, y: float) -> int | None:
        """Return the lane at a height, None if there is none."""
        row = int((y - self.plot.top()) // self.rows.pitch) + self.rows.first
        return row if self.rows.first <= row < self.rows.stop else None

    def row_box(self, lane: int) -> RowBox:
        """Return where a lane's bars and its line of waiting time are."""
        pitch = self.rows.pitch
        top = self.plot.top() + (lane - self.rows.first) * pitch
        high = pitch * BAR_SHARE
        bar = QRectF(self.plot.left(), top + pitch * 0.08, self.plot.width(), high)
        thin = max(1.0, min(self._theme.px(4), pitch * 0.12))
        wait = QRectF(self.plot.left(), bar.bottom() + pitch * 0.06, self.plot.width(), thin)
        return RowBox(bar, wait)

    def task_at(self, place: QPointF) -> tuple[int, int] | None:
        """Return the task under the pointer and its lane."""
        lane = self.lane_at(place.y())
        if lane is None or place.x() < self.plot.left() - POINTER_SLACK:
            return None
        slack_s = self._theme.px(POINTER_SLACK) * self.window.span_s / self.plot.width()
        frame = self.frame
        at_s = self.time_at(place.x())
        task = timeline_layout.task_at(self._lanes[lane], frame.tasks, at_s, slack_s, frame.now_s)
        return None if task is None else (task, lane)

    def hover_lines(self, place: QPointF) -> list[str]:
        """Return what is to be told about the thing under the pointer, line by line."""
        found = self.task_at(place)
        if found:
            task, lane = found
            return timeline_text.describe(self.frame, task, self._labels[lane], self._language)
        lines = self._initializer_lines(place)
        if lines:
            return lines
        if self._queue.contains(place):
            return self._queue_lines(self.time_at(place.x()))
        if not self.plot.top() <= place.y() <= self._queue.bottom():
            return [word(self._language, "timeline_help")]
        return []

    def _initializer_lines(self, place: QPointF) -> list[str]:
        row = self.lane_at(place.y())
        run = None if row is None else self._staff.initializers.get(row)
        if row is None or run is None or not run.begun_s <= self.time_at(place.x()) <= run.ended_s:
            return []
        return timeline_text.describe_initializer(
            self.frame, run, self._labels[row], self._language
        )

    def _queue_lines(self, at_s: float) -> list[str]:
        frame = self.frame
        if at_s > frame.now_s:
            return []
        waiting = int(timeline_layout.waiting_count(frame.index, frame.tasks, np.array([at_s]))[0])
        time = seconds(at_s - frame.zero_s, self._language)
        return [word(self._language, "queue_waiting", count=count(waiting), time=time)]

    def _label_room(self, width: float) -> float:
        """Return the width of the labels: that of a long one, so that it never changes."""
        samples = [*self._labels, timeline_text.sample_label(self.frame, self._language)]
        samples.append(word(self._language, "lane_waiting"))
        measures = paint.metrics(self._theme, self._label_font)
        widest = max(measures.horizontalAdvance(sample) for sample in samples)
        return min(widest + self._theme.grid(1.5), width * WIDEST_LABELS)

    @cached_property
    def _most_bars(self) -> int:
        seen = max(1, self.rows.stop - self.rows.first)
        return int(min(max(FEWEST_BARS, MOST_BARS / seen), self.plot.width() / 3))

    # -- painting --------------------------------------------------------------

    def paint(self, painter: QPainter, hovered: int | None) -> int:
        """Paint everything; return how many single bars there were."""
        self._paint_head(painter)
        self._paint_axis(painter)
        self._paint_labels(painter)
        painter.save()
        painter.setClipRect(self.plot.adjusted(-1, -1, 1, 1))
        lane_painter = LanePainter(painter, self._theme, self.frame, self.window)
        for lane in range(self.rows.first, self.rows.stop):
            colour = self._theme.mode_colour(self._modes[lane])
            run = self._staff.initializers.get(lane)
            if run is not None:
                text = word(self._language, "lane_initializer")
                lane_painter.paint_initializer(run, self.row_box(lane), text)
            lane_painter.paint(self._lanes[lane], colour, self.row_box(lane), self._most_bars)
            self._paint_idle(painter, lane)
        self._paint_ghost(painter)
        if self._queue.height():
            inner = self._queue.adjusted(0, self._queue.height() * 0.2, 0, -self._theme.px(2))
            lane_painter.paint_queue(inner, count)
        rows = QRectF(self.plot.topLeft(), self._queue.topRight())
        text = word(self._language, "timeline_stall")
        paint_stalls(painter, self._theme, self.frame, rows, self.x_of, text)
        lane_painter.write_labels()
        self._paint_hovered(painter, hovered)
        self._paint_cursor(painter)
        painter.restore()
        return lane_painter.bars_painted

    def _paint_ghost(self, painter: QPainter) -> None:
        """Paint the outlines of a pinned run, in as many rows as there are."""
        if self._ghost is None or self.rows.first:
            return  # where rows are scrolled through, those of two runs do not belong together
        room = self._queue.top() - self.plot.top()
        boxes = [self.row_box(lane) for lane in range(int(room / self.rows.pitch + 1e-6))]
        self._ghost.paint(painter, self._theme, self.frame, self.window, boxes)

    def _paint_idle(self, painter: QPainter, lane: int) -> None:
        """Say of a worker that came and ran no task that it did not, from when it came on."""
        place = lane - len(self.frame.index.lanes)
        if place < 0:
            return
        worker, box, theme = self._staff.idle[place], self.row_box(lane).bar, self._theme
        if worker.begun_s > self.frame.now_s or not paint.fits(theme, "note", box.height()):
            return
        run, gap = worker.initialized, theme.px(6)
        text, kind = word(self._language, "lane_no_task"), self._label_font
        room, align = QRectF(box), paint.LEFT
        room.setLeft(self.x_of(run.ended_s if run else worker.begun_s) + gap)
        if paint.metrics(theme, kind).horizontalAdvance(text) > room.width():
            room, align = QRectF(box), paint.RIGHT  # it came so late that there is room before only
            room.setRight(self.x_of(worker.begun_s) - gap)
        paint.write(painter, theme, room, text, kind=kind, colour=theme.muted, align=align)

    def _paint_head(self, painter: QPainter) -> None:
        title = word(self._language, "timeline_title")
        paint.head(painter, self._theme, self._box, title, self.note())

    def note(self) -> str:
        """Return what stands beside the title: as much as fits."""
        title, measures = word(self._language, "timeline_title"), paint.metrics(self._theme, "note")
        width = paint.metrics(self._theme, "text").horizontalAdvance(title) * TITLE_BOLDER
        room = self._box.width() - width - self._theme.grid(2)
        notes = self._notes()
        return next((one for one in notes if measures.horizontalAdvance(one) <= room), notes[-1])

    def _notes(self) -> list[str]:
        """Return what could stand beside the title, the longest first: one of them will fit."""
        language, rows = self._language, self.rows
        summary = timeline_text.summary(self.frame, language)
        brief = timeline_text.summary(self.frame, language, "timeline_tasks_brief")
        lanes = ""
        if rows.stop - rows.first < self.lanes:
            places = {"first": rows.first + 1, "last": rows.stop, "all": self.lanes}
            lanes = word(language, "timeline_lanes", **places)
        notes: list[tuple[str, ...]] = [(lanes, summary), (lanes, brief), (summary,), (brief,)]
        if self._ghost is not None:
            ghost, at_now = self._ghost.note(language), self._ghost.progress(self.frame, language)
            notes = [(lanes, at_now, summary), (at_now, brief), (ghost, brief), (at_now,), (ghost,)]
        return [" · ".join(filter(None, parts)) for parts in notes]

    def _paint_labels(self, painter: QPainter) -> None:
        theme, pitch = self._theme, self.rows.pitch
        room = self.plot.left() - self._box.left() - theme.grid()
        high = paint.text_height(theme, self._label_font)
        every = max(1, -int(-high // pitch))  # not each label fits where rows are low
        for lane in range(self.rows.first, self.rows.stop, every):
            box = self.row_box(lane).bar
            label = QRectF(self._box.left(), box.top(), room, box.height())
            paint.write(painter, theme, label, self._labels[lane], kind=self._label_font)
        if self._queue.height():
            label = QRectF(self._box.left(), self._queue.top(), room, self._queue.height())
            text = word(self._language, "lane_waiting")
            paint.write(painter, theme, label, text, kind=self._label_font, colour=theme.muted)

    def _paint_axis(self, painter: QPainter) -> None:
        frame = self.frame
        ticks, step_s = self.ticks_s()
        taken = self._paint_end_of_main(painter)
        for tick_s in ticks.tolist():
            x = self._paint_tick(painter, frame.zero_s + tick_s)
            self._paint_tick_label(painter, x, tick_label(tick_s, step_s, self._language), taken)

    def ticks_s(self) -> tuple[FloatArray, float]:
        """Return the times on the axis, and the step between them."""
        at_most = max(3, int(self.plot.width() / self._theme.px(TICK_ROOM)))
        return ticks_s(self.window, self.frame.zero_s, at_most)

    def _paint_tick(self, painter: QPainter, time_s: float) -> float:
        x = self.x_of(time_s)
        end = QPointF(x, self._queue.bottom() + self._theme.px(3))
        paint.hairline(painter, self._theme, QPointF(x, self.plot.top()), end)
        return x

    def _paint_end_of_main(self, painter: QPainter) -> QRectF:
        """Mark the end of ``main()`` with the elapsed time; return the room that it takes.

        Of a run that was stopped in the middle of it, the end of the run.
        """
        frame = self.frame
        elapsed_s, end_s = frame.recording.elapsed_s, frame.recording.main_ended_s
        if math.isnan(end_s) and frame.recording.ending is not None:
            end_s = frame.end_s
            elapsed_s = end_s - frame.zero_s
        if not end_s <= frame.now_s or not self.window.begin_s <= end_s <= self.window.end_s:
            return QRectF()
        x = self._paint_tick(painter, end_s)
        return self._paint_tick_label(
            painter, x, seconds(elapsed_s, self._language), QRectF(), bold=True
        )

    def _paint_tick_label(
        self, painter: QPainter, x: float, text: str, taken: QRectF, *, bold: bool = False
    ) -> QRectF:
        """Write a label under its tick, moved inwards at the edges, unless its room is taken."""
        theme = self._theme
        room = paint.metrics(theme, "text").horizontalAdvance(text) + theme.px(6)
        left = min(max(x - room / 2, self._box.left()), self._box.right() - room)
        top = self._queue.bottom() + theme.px(5)
        box = QRectF(left, top, room, paint.text_height(theme, "text"))
        if not box.intersects(taken):
            colour = theme.ink if bold else theme.muted
            align = paint.CENTRE
            paint.write(painter, theme, box, text, colour=colour, align=align, bold=bold)
        return box

    def _paint_hovered(self, painter: QPainter, hovered: int | None) -> None:
        if hovered is None or not 0 <= hovered < len(self.frame.tasks.worker):
            return
        lane = int(self.frame.tasks.worker[hovered])
        if not self.rows.first <= lane < self.rows.stop:
            return
        box = self.row_box(lane).bar
        ended_s = float(self.frame.tasks.finished_s[hovered])
        right = ended_s if ended_s <= self.frame.now_s else self.frame.now_s
        left_x = self.x_of(float(self.frame.tasks.started_s[hovered]))
        rim = self._theme.px(2)
        painter.setPen(QPen(QColor(self._theme.ink), rim))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        width = max(2.0, self.x_of(right) - left_x)
        painter.drawRoundedRect(QRectF(left_x, box.top(), width, box.height()), rim, rim)

    def _paint_cursor(self, painter: QPainter) -> None:
        """Paint the moment of the frame, unless all is over and shown."""
        frame = self.frame
        over = frame.now_s >= frame.end_s  # never while the end is not known
        if over or not frame.tasks.worker.size:
            return
        x = self.x_of(frame.now_s)
        painter.setPen(QPen(QColor(self._theme.ink), self._theme.px(1)))
        painter.drawLine(QPointF(x, self.plot.top()), QPointF(x, self._queue.bottom()))
