"""CPU time against elapsed time of each task: what can be told where nobody saw the threads."""

import math
from typing import Final, NamedTuple

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter

from core.number_format import count, seconds
from core.recording import Recording
from gui.charts import paint
from gui.charts.words import word
from gui.theme import Theme

ROW_PX: Final = 30
"""Least height of a row at 100 %."""

TALLEST_ROW: Final = 64
BAR_SHARE: Final = 0.7
"""Share of a row's height that its bar takes."""

WIDEST_LABELS: Final = 0.25

PALE: Final = 0.75
"""Share of paper in the part of a task's time that was not spent computing."""


class TaskTime(NamedTuple):
    """The time of one task that has ended."""

    task: int
    took_s: float
    cpu_s: float
    """NaN where it was not measured."""


def slowest(recording: Recording, cursor_s: float, at_most: int) -> tuple[list[TaskTime], int]:
    """Return the tasks that took longest, of those ended at a moment, and how many had ended."""
    tasks = recording.tasks
    took_s = tasks.finished_s - tasks.started_s
    ended = np.flatnonzero((tasks.finished_s <= cursor_s) & ~np.isnan(took_s))
    if len(ended) > at_most:
        longest = np.argpartition(took_s[ended], len(ended) - at_most)[len(ended) - at_most :]
        shown = np.sort(ended[longest])
    else:
        shown = ended
    times = [TaskTime(int(row), float(took_s[row]), float(tasks.cpu_s[row])) for row in shown]
    return times, len(ended)


class CpuPainter:
    """Paints a bar a task: as long as it took, filled as far as it computed."""

    def __init__(self, theme: Theme, language: str, recording: Recording, cursor_s: float) -> None:
        self._theme, self._language = theme, language
        self._recording, self._cursor_s = recording, cursor_s

    def paint(self, painter: QPainter, room: QRectF, reason: str) -> None:
        """Paint the reason, then as many bars as fit below it."""
        theme = self._theme
        high = paint.wrapped_height(theme.font("text"), reason, room.width())
        painter.setFont(theme.font("text"))
        painter.setPen(QColor(theme.muted))
        text_box = QRectF(room.left(), room.top(), room.width(), high)
        paint.write_wrapped(painter, text_box, reason, paint.TOP_LEFT)
        line = paint.text_height(theme, "text")
        head = QRectF(room.left(), room.top() + high + theme.grid(), room.width(), line)
        body = QRectF(room)
        body.setTop(head.bottom() + theme.grid())
        at_most = int(body.height() / theme.px(ROW_PX))
        if at_most < 1:
            return
        times, ended = slowest(self._recording, self._cursor_s, at_most)
        if not times:
            return
        paint.write(painter, theme, head, self._heading(len(times), ended), bold=True)
        self._paint_bars(painter, body, times)

    def _heading(self, shown: int, ended: int) -> str:
        if shown == ended:
            return word(self._language, "activity_cpu_heading")
        numbers = {"shown": count(shown), "all": count(ended)}
        return word(self._language, "activity_cpu_slowest", **numbers)

    def _paint_bars(self, painter: QPainter, body: QRectF, times: list[TaskTime]) -> None:
        theme = self._theme
        measures = paint.metrics(theme, "text")
        labels = [word(self._language, "task_number", number=each.task + 1) for each in times]
        wide = max(measures.horizontalAdvance(label) for label in labels) + theme.grid()
        wide = min(wide, body.width() * WIDEST_LABELS)
        values = [self._value(each) for each in times]
        right = max(measures.horizontalAdvance(value) for value in values) + theme.grid(1.5)
        full = max(1.0, body.width() - wide - right)
        longest_s = max(max(each.took_s for each in times), 1e-9)
        pitch = min(body.height() / len(times), theme.px(TALLEST_ROW))
        for place, each in enumerate(times):
            top = body.top() + place * pitch
            row = QRectF(body.left(), top, body.width(), pitch * BAR_SHARE)
            paint.write(painter, theme, row, labels[place])
            bar = QRectF(row.left() + wide, top, full * each.took_s / longest_s, row.height())
            self._paint_bar(painter, bar, each)
            value_box = QRectF(bar.right() + theme.px(6), top, right, row.height())
            paint.write(painter, theme, value_box, values[place])

    def _paint_bar(self, painter: QPainter, bar: QRectF, each: TaskTime) -> None:
        colour = self._theme.mode_colour(self._recording.header.mode)
        painter.fillRect(bar, self._theme.softened(colour, PALE))
        if not math.isnan(each.cpu_s) and each.took_s > 0:
            done = QRectF(bar)
            done.setWidth(bar.width() * min(1.0, each.cpu_s / each.took_s))
            done.setTop(bar.top() + bar.height() * 0.2)  # lower as well: not told by colour alone
            painter.fillRect(done, colour)

    def _value(self, each: TaskTime) -> str:
        took = seconds(each.took_s, self._language)
        if math.isnan(each.cpu_s):
            return word(self._language, "activity_cpu_unknown", took=took)
        return word(
            self._language, "activity_cpu_of", cpu=seconds(each.cpu_s, self._language), took=took
        )
