"""The script: exactly the text that runs. Controls edit it, and so may people."""

import re
from typing import Final

from PySide6.QtCore import QMimeData, QRect, Qt, QVariantAnimation, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QKeyEvent,
    QPaintEvent,
    QResizeEvent,
    QTextCursor,
    QTextFormat,
    QWheelEvent,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from gui.panels.gutter import Gutter
from gui.panels.highlighter import PythonHighlighter
from gui.panels.long_text import LongText, is_long
from gui.texts import Texts
from gui.theme import Theme

INDENT: Final = "    "
FLASH_MS: Final = 2_400
"""How long a changed line stays marked: time enough to turn one's eyes to it."""

_FADES_AT: Final = 0.6
_PARAGRAPH: Final = "\u2029"
_ENDS: Final = re.compile("\r\n|\r|\u2029")  # what Qt takes for the end of a line besides \n


class CodeView(QPlainTextEdit):
    """An editor with line numbers, colours and a mark on the lines that just changed.

    It ends all lines alike, whatever the text that it was given ends them with.
    """

    text_edited = Signal(str)
    """A person changed the text; never emitted by `show_text`."""

    def __init__(self, theme: Theme, texts: Texts) -> None:
        super().__init__()
        self.setObjectName("code_view")
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._theme = theme
        self._told = ""
        self._changed_lines = range(0)
        self._problem_line: int | None = None
        self._running: dict[int, int] = {}
        self._gutter = Gutter(self)
        self._highlighter = PythonHighlighter(self.document(), theme)
        self._long = LongText(self.document())
        self._long.done.connect(self._end_long)
        self._is_locked = False
        self._fading = QVariantAnimation(self, duration=FLASH_MS, startValue=1.0, endValue=0.0)
        self._fading.setKeyValueAt(_FADES_AT, 1.0)
        self._fading.valueChanged.connect(self._mark_lines)
        self._fading.finished.connect(self._end_flash)
        self.textChanged.connect(self._tell)
        self.blockCountChanged.connect(self._make_room)
        self.updateRequest.connect(self._gutter.follow)
        self.set_theme(theme)
        self.set_texts(texts)

    @property
    def text(self) -> str:
        """The script as it stands, also while only a part of it can be seen yet."""
        if self._long.busy:
            return self._told
        # toPlainText() would turn no-break spaces into spaces.
        return self.document().toRawText().replace(_PARAGRAPH, "\n")

    @property
    def changed_lines(self) -> range:
        """The lines (from 1) that are marked as just changed."""
        return self._changed_lines

    def show_text(self, text: str, *, mark: bool = False) -> None:
        """Show a text; only what differs is replaced, so that the place stays and undo works.

        Parameters
        ----------
        text : str
            The whole script.
        mark : bool
            Whether to mark the lines that changed, for a moment.
        """
        text = _ENDS.sub("\n", text)
        old = self.text
        if text == old:
            return
        if self._long.busy or is_long(text) or is_long(old):
            self._show_long(text)
            return
        start = _common(old, text)
        tail = _common(old[start:][::-1], text[start:][::-1])
        self._told = text
        self._replace(
            _units(old[:start]), _units(old[: len(old) - tail]), text[start : len(text) - tail]
        )
        first = text.count("\n", 0, start) + 1
        if mark:
            self._flash(range(first, text.count("\n", 0, len(text) - tail) + 2))

    def setReadOnly(self, on: bool) -> None:  # noqa: N802 - Qt's name
        """Let nobody type; nor can anybody while a long text is on its way."""
        self._is_locked = on
        super().setReadOnly(on or self._long.busy)

    def _show_long(self, text: str) -> None:
        self._end_flash()
        self._highlighter.setDocument(None)  # by which Qt calls the text changed
        self._told = text
        self._long.show(text)
        self.setReadOnly(self._is_locked)

    def _end_long(self) -> None:
        if not is_long(self._told):
            self._highlighter.setDocument(self.document())
        self.setReadOnly(self._is_locked)
        self.show_top()

    def show_problem(self, line: int | None) -> None:
        """Mark the line that Python cannot read; None when it can read all."""
        if line != self._problem_line:
            self._problem_line = line
            self._mark_lines()
            self._gutter.update()

    @property
    def running(self) -> dict[int, int]:
        """The lines (from 1) whose functions run, and in how many tasks."""
        return self._running

    def show_running(self, lines: dict[int, int], *, reveal: bool = False) -> None:
        """Mark the lines whose functions run, each with the number of tasks that run it.

        With ``reveal`` the first of them comes into sight, if others run than before.
        """
        if lines == self._running:
            return
        others = lines.keys() != self._running.keys()
        self._running = lines
        self._gutter.update()
        self._tell_running()
        if reveal and others and lines:
            self._reveal(min(lines))

    def show_top(self) -> None:
        """Show the script from its first line on."""
        self.verticalScrollBar().setValue(0)
        self.horizontalScrollBar().setValue(0)

    def _reveal(self, line: int) -> None:
        """Scroll to a line if it is out of sight; the cursor of who types stays where it is."""
        block = self.document().findBlockByNumber(line - 1)
        place = self.blockBoundingGeometry(block).translated(self.contentOffset())
        if place.top() < 0 or place.bottom() > self.viewport().height():
            shown = self.viewport().height() // max(1, round(place.height()))
            self.verticalScrollBar().setValue(max(0, line - 1 - shown // 3))

    def _tell_running(self) -> None:
        """Tell screen readers the lines that the gutter marks."""
        lines = ", ".join(map(str, sorted(self._running)))
        told = self._texts("code.running", lines=lines) if lines else ""
        if told != self.accessibleDescription():
            self.setAccessibleDescription(told)

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        self._theme = theme
        self.setFont(theme.font("code"))
        self.setTabStopDistance(QFontMetricsF(self.font()).horizontalAdvance(INDENT))
        self._highlighter.set_theme(theme)
        self._gutter.set_theme(theme)
        self._make_room()
        self._mark_lines()

    def set_texts(self, texts: Texts) -> None:
        """Speak another language."""
        self._texts = texts
        self.setAccessibleName(texts("code.name"))
        self._tell_running()
        self.setPlaceholderText(texts("code.empty"))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - an override
        """Indent with four spaces, and begin a line where the last one began.

        Tab belongs to the script; Ctrl+Tab goes on in the window, Shift+Tab back.
        """
        if (
            event.key() == Qt.Key.Key_Tab
            and event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self._leave(forward=True)
        elif event.key() == Qt.Key.Key_Tab:
            self.insertPlainText(INDENT)
        elif event.key() == Qt.Key.Key_Backtab:
            self._leave(forward=False)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.insertPlainText("\n" + _indent_after(self.textCursor()))
        else:
            super().keyPressEvent(event)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:  # noqa: N802 - an override
        """Leave files to the window, which opens them."""
        return not source.hasUrls() and super().canInsertFromMimeData(source)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - an override
        """Leave Ctrl and the wheel to the window: it zooms everything."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
        else:
            super().wheelEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - an override
        """Keep the line numbers as high as the text."""
        super().resizeEvent(event)
        inside = self.contentsRect()
        self._gutter.setGeometry(
            QRect(inside.left(), inside.top(), self._gutter.wanted_width(), inside.height())
        )

    def _leave(self, *, forward: bool) -> None:
        # A text that takes Tab for itself refuses this; as a widget like others it does not.
        QWidget.focusNextPrevChild(self, forward)

    def _replace(self, start: int, end: int, text: str) -> None:
        cursor = QTextCursor(self.document())
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(text)

    def _tell(self) -> None:
        # Qt calls the text changed when only its colours are.
        if self.text != self._told:
            self._told = self.text
            self._end_flash()
            self.text_edited.emit(self._told)

    def _flash(self, lines: range) -> None:
        self._changed_lines = lines
        block = self.document().findBlockByNumber(lines.start - 1)
        cursor = QTextCursor(block)
        self.setTextCursor(cursor)
        self.ensureCursorVisible()
        self._fading.stop()
        self._fading.start()
        self._mark_lines()

    def _end_flash(self) -> None:
        self._fading.stop()
        self._changed_lines = range(0)
        self._mark_lines()

    def _mark_lines(self) -> None:
        colour = QColor(self._theme.changed)
        strength = self._fading.currentValue()
        colour.setAlphaF(strength if isinstance(strength, float) else 1.0)
        marks = [self._mark(line, colour) for line in self._changed_lines]
        if self._problem_line is not None:
            marks.append(self._mark(self._problem_line, QColor(self._theme.changed)))
        self.setExtraSelections(marks)

    def _mark(self, line: int, colour: QColor) -> QTextEdit.ExtraSelection:
        mark = QTextEdit.ExtraSelection()
        mark.cursor = QTextCursor(self.document().findBlockByNumber(line - 1))
        mark.format.setBackground(colour)
        mark.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
        return mark

    def _make_room(self) -> None:
        self.setViewportMargins(self._gutter.wanted_width(), 0, 0, 0)

    # What the gutter asks for.

    def lines_in(self, event: QPaintEvent) -> list[tuple[int, int]]:
        """Return the lines to paint: number (from 1) and top in pixels."""
        block = self.firstVisibleBlock()
        top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
        lines: list[tuple[int, int]] = []
        while block.isValid() and top <= event.rect().bottom():
            lines.append((block.blockNumber() + 1, round(top)))
            top += self.blockBoundingRect(block).height()
            block = block.next()
        return lines

    @property
    def problem_line(self) -> int | None:
        """The line that Python cannot read."""
        return self._problem_line


def _common(one: str, other: str) -> int:
    """Return how many characters two texts share at their beginning."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if other.startswith(one[low:middle], low):
            low = middle
        else:
            high = middle - 1
    return low


def _units(text: str) -> int:
    """Return the length as Qt counts: an emoji is two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _indent_after(cursor: QTextCursor) -> str:
    line = cursor.block().text()[: cursor.positionInBlock()]
    indent = line[: len(line) - len(line.lstrip())]
    return indent + INDENT if line.rstrip().endswith(":") else indent
