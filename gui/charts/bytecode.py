"""Why updates get lost, or do not: the instructions of a line, and where threads may switch."""

import math
from typing import ClassVar

from PySide6.QtCore import QSize
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

from core.bytecode import LineCode, LineProblem
from core.recording import Recording
from gui.charts import paint
from gui.charts.bytecode_paint import BytecodePainter
from gui.charts.bytecode_text import note, problem_sentence, spoken
from gui.charts.chart import Chart


class BytecodeChart(Chart):
    """Shows what `show_line` gives it: it is about the script and its Python, not about a run."""

    kind: ClassVar[str] = "bytecode"
    comfortable_px: ClassVar[int] = 480

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._code: LineCode | None = None
        self._problem: LineProblem | None = None
        self._knob = ""
        self._told = "bytecode_empty"
        self._waiting = False

    # -- what to show ----------------------------------------------------------

    @property
    def code(self) -> LineCode | None:
        """The bytecode that is shown; None if there is none to show."""
        return self._code

    @property
    def waiting(self) -> bool:
        """Whether a Python is being asked."""
        return self._waiting

    def show_line(self, found: LineCode | LineProblem, knob: str) -> None:
        """Show the bytecode of a line, or why there is none; ``knob`` is the name of its mark."""
        self._knob, self._waiting = knob, False
        self._code = found if isinstance(found, LineCode) else None
        self._problem = found if isinstance(found, LineProblem) else None
        self._show()

    def show_waiting(self) -> None:
        """Say that the Python is being asked; what was shown stays until it has answered."""
        if self._code is None:
            self._say("bytecode_waiting")
        self._waiting = True

    def show_nothing(self) -> None:
        """Say that the script has no line to look at."""
        self._say("bytecode_nothing")

    def _say(self, key: str) -> None:
        self._told, self._code, self._problem = key, None, None
        self._waiting = False
        self._show()

    def _show(self) -> None:
        self._tell()
        self.updateGeometry()
        self.update()

    # -- the contract of charts ------------------------------------------------

    def clear(self) -> None:
        """Leave everything: nothing here comes from a run."""

    def draw(self, recording: Recording, cursor_s: float = math.inf) -> None:
        """Leave everything, as `clear`."""

    def message(self) -> str:
        """Return what the chart says instead of bytecode; empty when there is some."""
        if self._problem is not None:
            return problem_sentence(self._problem, self._knob, self._language)
        return self._word(self._told) if self._code is None else ""

    def set_language(self, language: str) -> None:
        """Speak another language."""
        super().set_language(language)
        self._tell()
        self.updateGeometry()

    def _tell(self) -> None:
        """Tell screen readers what is painted."""
        told = self.message() if self._code is None else spoken(self._code, self._language)
        self.setAccessibleDescription(told)

    # -- painting --------------------------------------------------------------

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the room that all instructions need."""
        least = super().minimumSizeHint()
        if self._code is None:
            return least
        theme, width = self._theme, max(self.width(), least.width()) - 2 * self._theme.grid()
        body = BytecodePainter.lowest(theme, self._language, width, self._code)
        head = paint.text_height(theme, "text") + 3 * theme.grid()
        return QSize(least.width(), math.ceil(head + body))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name and argument
        """Paint the heading and what there is to show."""
        theme = self._theme
        told = "" if self._code is None else note(self._code, self._language)
        painter, body = self._begin(self._word("bytecode_title"), told)
        if self._code is None:
            paint.empty_note(painter, theme, body, self.message())
        else:
            BytecodePainter(painter, theme, self._language).paint(body, self._code)
        painter.end()
