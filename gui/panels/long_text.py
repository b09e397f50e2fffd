"""Puts long texts into an editor piece by piece, so that the window goes on between the pieces.

Qt needs 1.6 us for a line that is inserted, and half of that for one that is removed: of a
megabyte of short lines that is a second, in which nothing else would be drawn.
"""

from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QTextCursor, QTextDocument

LONG_CHARACTERS: Final = 60_000
LONG_LINES: Final = 3_000
"""A text with more than this is a long one."""

_LINES: Final = 5_000
_CHARACTERS: Final = 100_000


def is_long(text: str) -> bool:
    """Return whether a text is to be shown piece by piece."""
    return len(text) > LONG_CHARACTERS or text.count("\n") > LONG_LINES


class LongText(QObject):
    """Replaces the text of a document, some lines each time that the window has nothing to do.

    Attributes
    ----------
    done : Signal
        The whole text is there.
    """

    done = Signal()

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._document = document
        self._steps: Iterator[None] | None = None
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._go_on)

    @property
    def busy(self) -> bool:
        """Return whether there is more to come."""
        return self._steps is not None

    def show(self, text: str) -> None:
        """Begin to put a text in the place of the one that is there."""
        self._document.setUndoRedoEnabled(False)
        self._steps = self._replaced(text)
        self._timer.start()
        self._go_on()

    def _go_on(self) -> None:
        if self._steps is not None and next(self._steps, self) is self:
            self._timer.stop()
            self._steps = None
            self._document.setUndoRedoEnabled(True)
            self.done.emit()

    def _replaced(self, text: str) -> Iterator[None]:
        cursor = QTextCursor(self._document)
        move, keep = QTextCursor.MoveOperation, QTextCursor.MoveMode.KeepAnchor
        while not self._document.isEmpty():
            cursor.movePosition(move.End)
            first = max(0, self._document.blockCount() - _LINES)
            cursor.setPosition(self._document.findBlockByNumber(first).position(), keep)
            if first:
                cursor.movePosition(move.PreviousCharacter, keep)
            cursor.removeSelectedText()
            yield
        for piece in _pieces(text):
            cursor.movePosition(move.End)
            cursor.insertText(piece)
            yield


def _pieces(text: str) -> Iterator[str]:
    """Yield a text in pieces of some lines; a longer line stays whole, Qt lays it out anew."""
    start = 0
    while start < len(text):
        end = start
        for _ in range(_LINES):
            end = text.find("\n", end) + 1 or len(text)
            if end == len(text) or end - start > _CHARACTERS:
                break
        yield text[start:end]
        start = end
