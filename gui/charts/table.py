"""A table that the script keeps, row by row as it grows."""

import html
import math
from typing import ClassVar

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from core.card import Watch
from core.recording import Recording
from core.tables import Rows, telling_row
from gui.charts import paint
from gui.charts import table_text as text
from gui.charts.chart import Chart
from gui.charts.table_paint import TablePainter
from gui.charts.table_picture import TablePicture
from gui.theme import Theme

NOTCH = 120
"""Of a mouse wheel, in Qt's measure."""

STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class TableChart(Chart):
    """Shows a watched table; say which by `set_watch`.

    The rows can be chosen with a click or the arrow keys: a strip then shows the whole of one.
    """

    kind: ClassVar[str] = "table"
    comfortable_px: ClassVar[int] = 320
    lowest_px: ClassVar[int] = 150

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._watch: Watch | None = None
        self._rows: Rows = ()
        self._has_run = self._is_over = self._is_replay = False
        self._first = 0
        self._chosen: int | None = None
        self._picture: TablePicture | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    # -- what to show ----------------------------------------------------------

    def set_watch(self, watch: Watch | None) -> None:
        """Show this watch of the card; None: there is no table."""
        if watch != self._watch:
            self._watch = watch
            self.clear()

    def clear(self) -> None:
        """Show the empty state."""
        self._has_run = self._is_over = self._is_replay = False
        self._show(())

    def draw(self, recording: Recording, cursor_s: float = math.inf) -> None:
        """Show the table as it was at a moment, in seconds of the recording."""
        version = recording.table(self._watch.name, cursor_s) if self._watch else None
        ending = recording.ending
        self._has_run = True
        self._is_over = ending is not None and ending.at_s <= cursor_s
        self._is_replay = ending is not None and not self._is_over
        self._show(version.rows if version else ())

    def message(self) -> str:
        """Return what the chart says instead of rows; empty when there are some."""
        if self._rows:
            return ""
        if not self._has_run:
            return self._word("table_empty")
        if self._is_replay:
            return self._word("table_not_yet")
        return self._word("table_none" if self._is_over else "table_waiting")

    def hover_text(self, place: QPointF) -> str:
        """Return what the pointer is told at a place, in lines; empty when nothing is there."""
        picture = self._pictured()
        row = picture.row_at(self._first, place) if picture else None
        if picture is None or row is None:
            return ""
        return "\n".join(text.row_lines(picture.heads, self._rows[row], self._language))

    def _show(self, rows: Rows) -> None:
        if rows is not self._rows:
            self._rows = rows
            if self._chosen is not None and self._chosen >= len(rows):
                self._chosen = None
            self._again()
        self.update()

    def _again(self) -> None:
        """Measure and arrange anew when next painted."""
        self._picture = None
        self._first = min(self._first, max(0, len(self._rows) - 1))
        self._tell_readers()
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme, or the same at another zoom."""
        super().set_theme(theme)
        self._again()

    def set_language(self, language: str) -> None:
        """Speak another language."""
        super().set_language(language)
        self._again()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Arrange the rows in the new size."""
        super().resizeEvent(event)
        self._again()

    def _tell_readers(self) -> None:
        if self._watch is None or not self._rows:
            told = self.message()
        else:
            heads = text.headings(self._watch, self._rows, self._language)
            rows = self._rows if self._chosen is None else [self._rows[self._chosen]]
            told = text.told(heads, rows, self._language)
        if told != self.accessibleDescription():
            self.setAccessibleDescription(told)

    # -- where things are ------------------------------------------------------

    def _pictured(self) -> TablePicture | None:
        if self._watch is None or not self._rows:
            return None
        if self._picture is None:
            margin, theme = self._theme.grid(), self._theme
            room = QRectF(self.rect()).adjusted(margin, margin, -margin, -margin)
            room.setTop(room.top() + paint.text_height(theme, "text") + theme.grid())
            picture = TablePicture(
                *(theme, self._language, self._watch, self._rows, room),
                has_strip=self._chosen is not None,
            )
            self._picture = picture
            self._first = min(self._first, picture.last_first())
        return self._picture

    # -- painting --------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name and argument
        """Paint the heading, the rows and the strip."""
        theme = self._theme
        picture = self._pictured()
        painter, box = self._begin(self._word("table_title"), self._note(picture))
        if picture is None:
            paint.empty_note(painter, theme, box, self.message())
        else:
            artist = TablePainter(painter, theme, picture)
            artist.paint(self._first, self._chosen)
            artist.strip(*self._strip(picture))
        self._paint_focus(painter)
        painter.end()

    def _note(self, picture: TablePicture | None) -> str:
        if picture is None or self._watch is None:
            return ""
        shown = picture.visible(self._first)
        if len(shown) < len(self._rows):
            return self._word(
                "table_part", first=shown.start + 1, last=shown.stop, all=len(self._rows)
            )
        return text.at_a_glance(self._rows, self._language, equal=self._watch.equal)

    def _strip(self, picture: TablePicture) -> tuple[str, str]:
        """Return title and text of the strip: of the chosen row, else of the one that says most."""
        row = self._chosen if self._chosen is not None else telling_row(self._rows)
        if row is None:
            return "", ""
        if picture.long is not None and picture.texts[row][picture.long]:
            return picture.texts[row][0], picture.texts[row][picture.long]
        title, *rest = text.row_lines(picture.heads, self._rows[row], self._language) or [""]
        return title, " · ".join(rest)

    # -- pointer and keys ------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Choose the row; a second click lets it go."""
        picture = self._pictured()
        row = picture.row_at(self._first, event.position()) if picture else None
        self._choose(None if row == self._chosen else row)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Tell the whole of the row under the pointer."""
        lines = self.hover_text(event.position()).split("\n")
        # As rich text of our own: Qt would take a cell such as "<b>" for markup otherwise.
        told = "<br>".join(html.escape(line) for line in lines)
        place = self.mapToGlobal(event.position().toPoint())
        QToolTip.showText(place, f"<qt>{told}</qt>" if told else "", self)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Move the rows."""
        picture = self._pictured()
        if picture is None or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()  # Ctrl and the wheel is the zoom of the window
            return
        self._scroll_to(picture, self._first - round(event.angleDelta().y() / NOTCH))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Choose a row with the arrows, Home and End; Escape lets it go."""
        key, last = Qt.Key(event.key()), len(self._rows) - 1
        if key in STEPS and last >= 0:
            step = STEPS[key]
            start = self._chosen if self._chosen is not None else (-1 if step > 0 else last + 1)
            self._choose(min(last, max(0, start + step)))
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End) and last >= 0:
            self._choose(0 if key == Qt.Key.Key_Home else last)
        elif key == Qt.Key.Key_Escape and self._chosen is not None:
            self._choose(None)
        else:
            super().keyPressEvent(event)

    def _choose(self, row: int | None) -> None:
        self._chosen = row
        self._again()
        picture = self._pictured()
        if picture is None or row is None:
            return
        if row < self._first:
            self._scroll_to(picture, row)
        while row not in picture.visible(self._first) and self._first < row:
            self._first += 1

    def _scroll_to(self, picture: TablePicture, row: int) -> None:
        self._first = min(max(0, row), picture.last_first())
        self.update()
