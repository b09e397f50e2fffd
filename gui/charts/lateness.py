"""A thread's ticks, each with the time by which it was late: what a frozen window is."""

import math
from typing import ClassVar

from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

from core.number_format import count
from core.recording import Recording
from gui.charts import paint
from gui.charts.chart import Chart
from gui.charts.lateness_frame import Beats
from gui.charts.lateness_paint import LatenessPainter, in_ms


class LatenessChart(Chart):
    """Shows a watched series of lateness in milliseconds; say which by `set_watch`."""

    kind: ClassVar[str] = "lateness"
    comfortable_px: ClassVar[int] = 240
    lowest_px: ClassVar[int] = 130

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._watch = ""
        self._beats: Beats | None = None

    def set_watch(self, name: str) -> None:
        """Show this watch of the card."""
        if name != self._watch:
            self._watch = name
            self.clear()

    def clear(self) -> None:
        """Show the empty state."""
        self._show(None)

    def draw(self, recording: Recording, cursor_s: float = math.inf) -> None:
        """Show the ticks up to a moment, in seconds of the recording."""
        self._show(Beats.of(recording, self._watch, cursor_s))

    def message(self) -> str:
        """Return what the chart says instead of ticks; empty when there are some."""
        if self._beats is None:
            return self._word("lateness_empty")
        if self._beats.spread is not None:
            return ""
        return self._word("lateness_none" if self._beats.over else "lateness_waiting")

    def set_language(self, language: str) -> None:
        """Speak another language."""
        super().set_language(language)
        self._tell_readers()

    def _show(self, beats: Beats | None) -> None:
        self._beats = beats
        self._tell_readers()
        self.update()

    def _tell_readers(self) -> None:
        told = self.message() or self._told()
        if told != self.accessibleDescription():
            self.setAccessibleDescription(told)

    def _told(self) -> str:
        """Return the ticks in one sentence."""
        beats = self._beats
        if beats is None or beats.spread is None:
            return ""
        return self._word(
            "lateness_told",
            count=count(beats.spread.entries),
            median=in_ms(beats.spread.median),
            worst=in_ms(beats.spread.worst),
            missed=count(beats.missed),
        )

    def _note(self) -> str:
        beats = self._beats
        if beats is None or beats.spread is None:
            return ""
        ticks, missed = count(beats.spread.entries), count(beats.missed)
        return self._word("lateness_note", count=ticks, missed=missed)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name and argument
        """Paint the heading and the ticks."""
        theme = self._theme
        painter, box = self._begin(self._word("lateness_title"), self._note())
        message = self.message()
        if message or self._beats is None:
            paint.empty_note(painter, theme, box, message)
        else:
            LatenessPainter(painter, theme, self._language).paint(box, self._beats)
        painter.end()
