"""Where the time went: of the run and of each worker, as stacked bars, and the slowest tasks."""

import math
import time
from typing import ClassVar, Final

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

from core.recording import Recording
from core.time_spent import TimeSpent, slowest, time_spent
from gui.charts import paint
from gui.charts import time_spent_text as text
from gui.charts.chart import Chart
from gui.charts.time_spent_paint import TimeSpentPainter
from gui.charts.time_spent_text import Row, SlowRow

MANY: Final = 5_000
"""With more tasks than these, summing up takes a good part of a frame."""

PAUSE_MS: Final = 250
"""So often they are summed up then."""


class TimeSpentChart(Chart):
    """Shows start-up, waiting, computing and idle seconds of each worker, and the efficiency."""

    kind: ClassVar[str] = "time_spent"
    comfortable_px: ClassVar[int] = 420
    lowest_px: ClassVar[int] = 220

    def __init__(self, parent: QWidget | None = None) -> None:
        self._recording: Recording | None = None
        self._cursor_s = math.inf
        self._spent: TimeSpent | None = None
        self._rows: list[Row] = []
        self._slow: list[SlowRow] = []
        self._summed_up: tuple[Recording, float, bool] | None = None
        self._summed_at_s = -math.inf
        super().__init__(parent)
        self._catch_up = QTimer(self)
        self._catch_up.setSingleShot(True)
        self._catch_up.setInterval(PAUSE_MS)
        self._catch_up.timeout.connect(self._sum_up)

    def clear(self) -> None:
        """Show the empty state."""
        self._catch_up.stop()
        self._recording = self._spent = self._summed_up = None
        self._rows, self._slow = [], []
        self._name_for_readers()
        self.update()

    def draw(self, recording: Recording, cursor_s: float = math.inf) -> None:
        """Show where the time went up to a moment."""
        is_other = recording is not self._recording
        self._recording, self._cursor_s = recording, cursor_s
        if (recording, cursor_s, recording.running) == self._summed_up and not recording.running:
            return  # nothing can have come since
        since_ms = (time.monotonic() - self._summed_at_s) * 1000
        if is_other or len(recording) <= MANY or since_ms >= PAUSE_MS:
            self._sum_up()
        elif not self._catch_up.isActive():
            self._catch_up.start()  # else the last moment of a replay would stay undrawn

    def set_language(self, language: str) -> None:
        """Speak another language."""
        super().set_language(language)
        if self._recording is not None:
            self._sum_up()

    def message(self) -> str:
        """Return what the chart says instead of a picture; empty when there is one to show."""
        if self._recording is None:
            return self._word("time_spent_empty")
        if self._rows:
            return ""
        is_over = self._spent is not None and self._spent.is_over
        return self._word("time_spent_none" if is_over else "time_spent_first")

    def _sum_up(self) -> None:
        recording, cursor_s, language = self._recording, self._cursor_s, self._language
        if recording is None:
            return
        self._catch_up.stop()
        self._summed_at_s = time.monotonic()
        self._summed_up = recording, cursor_s, recording.running
        spent = self._spent = time_spent(recording, cursor_s)
        labels = text.worker_labels(recording, spent, language)
        lanes = {one.worker.lane: labels[place] for place, one in enumerate(spent.workers)}
        self._rows = text.rows_of(spent, labels, language)
        self._slow = [
            SlowRow.of(recording, slow, lanes.get(slow.lane, ""), language)
            for slow in slowest(recording, cursor_s)
        ]
        self._name_for_readers()
        self.update()

    def _name_for_readers(self) -> None:
        super()._name_for_readers()
        told = self.message()
        if self._spent is not None and self._rows:
            told = text.told(self._spent, self._rows, self._slow, self._language)
        if told != self.accessibleDescription():
            self.setAccessibleDescription(told)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name and argument
        """Paint the heading and the bars."""
        theme = self._theme
        note = self._word("time_spent_note") if self._rows else ""
        painter, box = self._begin(self._word("time_spent_heading"), note)
        if self._recording is None or self._spent is None or not self._rows:
            paint.empty_note(painter, theme, box, self.message())
        else:
            mode = self._recording.header.mode
            picture = TimeSpentPainter(painter, theme, self._language, mode, self._spent)
            headline = text.efficiency(self._spent, self._language)
            picture.paint(box, headline, self._rows, self._slow)
        painter.end()
