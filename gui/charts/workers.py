"""The workers: how many really exist, from when on, against what was allowed."""

import math
from typing import ClassVar

from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

from core.number_format import count
from core.recording import Recording
from gui.charts import paint
from gui.charts.chart import Chart
from gui.charts.workers_frame import Signs, WorkersFrame
from gui.charts.workers_paint import WorkersPainter


class WorkersChart(Chart):
    """Draws how many workers there are as steps, each start marked with its time.

    Lines show ``max_workers`` and the number of tasks, hatched bars the initializers. What
    nobody saw is not drawn: after the last sign of a worker without a goodbye, the curve is pale.
    """

    kind: ClassVar[str] = "workers"
    comfortable_px: ClassVar[int] = 220
    lowest_px: ClassVar[int] = 120

    def __init__(self, parent: QWidget | None = None) -> None:
        self._frame: WorkersFrame | None = None  # before Qt's part: the first name speaks of it
        self._signs: Signs | None = None
        self._cursor_s = math.inf
        super().__init__(parent)
        self._catch_up = self._frame_later(self._draw_again)

    def clear(self) -> None:
        """Show the empty state."""
        self._catch_up.stop()
        self._frame = self._signs = None
        self._name_for_readers()
        self.update()

    def draw(self, recording: Recording, cursor_s: float = math.inf) -> None:
        """Show the workers up to a moment."""
        if self._signs is None or recording is not self._signs.recording:
            self._signs = Signs(recording)
        self._cursor_s = cursor_s
        self._draw_again()

    def _draw_again(self) -> None:
        """Take in what is new; what one frame could not take in is left to the next."""
        if self._signs is None:
            return
        if self._signs.follow():
            self._catch_up.start()  # in case nobody ticks: a saved recording, just opened
        self._frame = WorkersFrame.of(self._signs, self._cursor_s)
        self._name_for_readers()
        self.update()

    def message(self) -> str:
        """Return what the chart says instead of a picture; empty when there is one to show."""
        frame = self._frame
        if frame is None:
            return self._word("workers_empty")
        if frame.workers:
            return ""
        return self._word("workers_first" if frame.running else "workers_none", **self._bounds())

    def note(self) -> str:
        """Return the numbers in words."""
        if self._frame is None or not self._frame.workers:
            return ""
        came = count(len(self._frame.workers))
        return self._word("workers_came", count=came, peak=count(self._frame.peak))

    def _bounds(self) -> dict[str, str]:
        if self._frame is None:
            return {}
        most, tasks = self._frame.most, self._frame.tasks
        return {"most": count(most) if most else "–", "tasks": count(tasks)}

    def _name_for_readers(self) -> None:
        super()._name_for_readers()
        parts = [self.note(), self.message()]
        if self._frame is not None and self._frame.workers:
            parts.append(self._word("workers_allowed", **self._bounds()))
        self.setAccessibleDescription(" ".join(part for part in parts if part))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name and argument
        """Paint the heading and the curve."""
        theme = self._theme
        painter, box = self._begin(self._word("workers_title"), self.note())
        message = self.message()
        if message or self._frame is None:
            paint.empty_note(painter, theme, box, message)
        else:
            WorkersPainter(painter, theme, self._language, self._frame, box).paint()
        painter.end()
