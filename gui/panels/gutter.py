"""The line numbers beside the code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from gui.theme import Theme

if TYPE_CHECKING:
    from gui.panels.code_view import CodeView


class Gutter(QWidget):
    """The numbers of the lines, and marks at those whose functions run."""

    def __init__(self, code: CodeView) -> None:
        super().__init__(code)
        self._code = code
        self._theme: Theme | None = None

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        self._theme = theme
        self.setFont(theme.font("code"))
        self.update()

    def wanted_width(self) -> int:
        """Return the width that the longest number needs."""
        if self._theme is None:
            return 0
        digits = max(2, len(str(self._code.blockCount())))
        return self.fontMetrics().horizontalAdvance("0" * digits) + self._theme.grid(2)

    def follow(self, rect: QRect, dy: int) -> None:
        """Scroll along with the text."""
        if dy:
            self.scroll(0, dy)
        else:
            self.update(0, rect.y(), self.width(), rect.height())

    def sizeHint(self) -> QSize:  # noqa: N802 - an override
        """Return no more than it needs."""
        return QSize(self.wanted_width(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - an override
        """Paint the numbers in sight; those of what runs are bold, with a bar."""
        if self._theme is None:
            return
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(self._theme.surface))
        width, height = self.width() - self._theme.grid(1), self.fontMetrics().height()
        font = QFont(self.font())
        for line, top in self._code.lines_in(event):
            wrong = line == self._code.problem_line
            runs = line in self._code.running
            font.setBold(runs)
            painter.setFont(font)
            ink = self._theme.ink if runs else self._theme.muted
            painter.setPen(QColor(self._theme.attention_text if wrong else ink))
            number = f"!{line}" if wrong else str(line)
            painter.drawText(0, top, width, height, Qt.AlignmentFlag.AlignRight, number)
            if runs:
                bar = QRect(0, top, self._theme.px(4), height)
                painter.fillRect(bar, QColor(self._theme.accent))
