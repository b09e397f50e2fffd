"""The cores of the machine: how busy they were, and what part of that was the run."""

import math
from typing import ClassVar

from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

from core.number_format import count
from core.recording import Recording
from gui.charts import paint
from gui.charts.activity_head import paint_head
from gui.charts.activity_span import RunSpan
from gui.charts.cores_frame import CoresFrame, usage
from gui.charts.cores_paint import CoresPainter
from gui.charts.zoomed_chart import TimeView, ZoomedChart


class CoresChart(ZoomedChart):
    """Draws how many cores were busy, the run's part told apart, and each core by itself."""

    kind: ClassVar[str] = "cores"
    comfortable_px: ClassVar[int] = 260
    lowest_px: ClassVar[int] = 130
    closest_s: ClassVar[float] = 0.2

    def __init__(self, parent: QWidget | None = None) -> None:
        self._recording: Recording | None = None  # before Qt's part: the first name speaks of it
        self._frame: CoresFrame | None = None
        super().__init__(parent)

    def clear(self) -> None:
        """Show the empty state."""
        self._recording = self._frame = None
        self._name_for_readers()
        self.show_all()

    def draw(self, recording: Recording, cursor_s: float = math.inf) -> None:
        """Show the cores up to a moment."""
        if recording is not self._recording:
            self.clear()
            self._recording = recording
        loads = recording.cores()
        known_s = float(loads.at_s[-1]) if len(loads.at_s) else math.nan
        span = RunSpan.of(recording, cursor_s, known_s)
        self._frame = CoresFrame(loads, span) if len(loads.at_s) > 1 else None
        self._name_for_readers()
        self.update()

    def picture(self) -> CoresPainter | None:
        """Return the areas as they are shown; None when there are none."""
        if self._frame is None or self._recording is None:
            return None
        line = paint.text_height(self._theme, "text") + self._theme.grid()
        room = self._room().adjusted(0, line, 0, 0)
        mode = self._recording.header.mode
        return CoresPainter(self._theme, self._language, mode, self._frame, room, self._chosen)

    def time_view(self) -> TimeView | None:
        """Return what is shown of time; None when nothing is."""
        picture = self.picture()
        return picture.view if picture else None

    def message(self) -> str:
        """Return what the chart says instead of a picture; empty when there is one to show."""
        if self._recording is None:
            return self._word("cores_empty")
        if self._frame is not None:
            return ""
        why = self._recording.activity_note  # who looks at the threads looks at the cores as well
        if why:
            return self._word(f"cores_{why}")
        return self._word("cores_first" if self._recording.running else "cores_none")

    def note(self, *, short: bool = False) -> str:
        """Return the averages in words; empty where nothing is known."""
        if self._frame is None:
            return ""
        lab, rest = usage(self._frame)
        if math.isnan(lab):
            return ""
        values = {"lab": f"{lab:.1f}", "rest": f"{rest:.1f}", "all": count(self._frame.cores)}
        return self._word("cores_note_short" if short else "cores_note", **values)

    def _name_for_readers(self) -> None:
        super()._name_for_readers()
        parts = [self.note(), self.message()]
        if self._frame is not None:
            parts.append(self._word("activity_help"))
        self.setAccessibleDescription(" ".join(part for part in parts if part))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name and argument
        """Paint the heading and the areas."""
        theme = self._theme
        title, notes = self._word("cores_title"), [self.note(), self.note(short=True)]
        painter = self._paper()
        box = paint_head(painter, theme, self._room(), title, notes)
        picture = self.picture()
        if picture is not None:
            picture.paint(painter)
        else:
            paint.empty_note(painter, theme, box, self.message())
        self._paint_focus(painter)
        painter.end()
