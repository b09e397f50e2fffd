"""What the script printed."""

import math
from bisect import bisect_right
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QResizeEvent, QTextCharFormat, QTextCursor, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from core.recording import MAX_OUTPUT_LINES, Recording
from core.run_facts import Output
from gui.panels.named import named
from gui.texts import Texts
from gui.theme import Theme

LINES_A_FRAME: Final = 300
"""A script that prints a million lines must not make the window stutter."""

LONGEST_LINE: Final = 2_000
"""Characters of a line that are shown; laying out a line of a megabyte takes seconds."""

ERROR_MARK: Final = "! "
"""Stands before each line of stderr: colour alone does not reach everybody."""


class OutputPanel(QWidget):
    """A heading, the lines, and a note about those that were not kept."""

    def __init__(self, theme: Theme, texts: Texts) -> None:
        super().__init__()
        self._theme = theme
        self._texts = texts
        self._recording: Recording | None = None
        self._cursor_s = math.inf
        self._ends: list[int] = []  # the place in the document behind each line that is shown
        self._heading = QLabel()
        self._note = named("output_note", QLabel())
        self._log = named("output_log", _Log(readOnly=True))
        self._log.setMaximumBlockCount(MAX_OUTPUT_LINES + 1)
        self._log.setUndoRedoEnabled(False)
        self._lay_out()
        self.set_theme(theme)
        self.set_texts(texts)

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        self._theme = theme
        self._heading.setFont(theme.font("text"))
        self._note.setFont(theme.font("note"))
        self._log.setFont(theme.font("code"))
        self._head.setSpacing(theme.grid())
        self._column.setSpacing(theme.grid(0.5))
        self._show_again()

    def set_texts(self, texts: Texts) -> None:
        """Speak another language."""
        self._texts = texts
        self._heading.setText(texts("output.heading"))
        self._log.setAccessibleName(texts("output.heading"))
        self._log.setToolTip(texts("output.tip", mark=ERROR_MARK.strip()))
        self._log.setPlaceholderText(texts("output.empty"))
        self._show_note()

    def follow(self, recording: Recording | None) -> None:
        """Show the lines of another recording from now on; None shows nothing."""
        if recording is not self._recording:
            self._recording, self._cursor_s = recording, math.inf
            self._show_again()

    def tick(self, cursor_s: float = math.inf) -> bool:
        """Show what was printed up to a moment, a frame's worth; return whether there is more."""
        self._cursor_s = cursor_s
        if self._recording is None:
            return False
        lines, shown = self._recording.output, len(self._ends)
        due = len(lines)
        if math.isfinite(cursor_s):
            due = bisect_right(lines, cursor_s, hi=due, key=lambda line: line.at_s)
        if due > shown:
            self._append(lines[shown : min(due, shown + LINES_A_FRAME)])
        elif due < shown:
            self._take_back(due)
        self._show_note()
        return len(self._ends) < due

    def sizeHint(self) -> QSize:  # noqa: N802 - an override
        """Return room for a few lines."""
        return QSize(self._theme.px(400), self._theme.px(120))

    def _show_again(self) -> None:
        self._log.clear()
        self._ends = []
        self.tick(self._cursor_s)
        self._show_note()

    def _append(self, lines: list[Output]) -> None:
        bar = self._log.verticalScrollBar()
        at_end = bar.value() == bar.maximum()
        cursor = QTextCursor(self._log.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.beginEditBlock()
        for line in lines:
            if not self._log.document().isEmpty():
                cursor.insertBlock()
            wrong = line.stream == "stderr"
            mark = ERROR_MARK if wrong else ""
            cursor.insertText(mark + line.text[:LONGEST_LINE], self._format(wrong))
            self._ends.append(cursor.position())
        cursor.endEditBlock()
        if at_end:
            bar.setValue(bar.maximum())

    def _take_back(self, due: int) -> None:
        """Take the lines away that had not been printed yet at the cursor."""
        document = self._log.document()
        if document.blockCount() > MAX_OUTPUT_LINES:
            # The log may have dropped its first blocks: places in it are not what they were.
            self._log.clear()
            self._ends = []
            return
        cursor = QTextCursor(document)
        cursor.setPosition(self._ends[due - 1] if due else 0)
        cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()
        del self._ends[due:]

    def _format(self, wrong: bool) -> QTextCharFormat:
        format_ = QTextCharFormat()
        format_.setForeground(QColor(self._theme.attention_text if wrong else self._theme.ink))
        return format_

    def _show_note(self) -> None:
        dropped = self._recording.output_dropped if self._recording is not None else 0
        note = self._texts("output.dropped", count=f"{dropped:,}") if dropped else ""
        if note != self._note.text():
            self._note.setText(note)

    def _lay_out(self) -> None:
        self._head = QHBoxLayout()
        self._head.addWidget(self._heading)
        self._head.addStretch()
        self._head.addWidget(self._note)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addLayout(self._head)
        self._column.addWidget(self._log, 1)


class _Log(QPlainTextEdit):
    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - an override
        """Keep the last line whole and in sight, if it was, when there is less room."""
        bar = self.verticalScrollBar()
        at_end = bar.value() == bar.maximum()
        super().resizeEvent(event)
        if at_end:
            bar.setValue(bar.maximum())

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - an override
        """Leave Ctrl and the wheel to the window: it zooms everything."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
        else:
            super().wheelEvent(event)
