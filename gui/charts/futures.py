"""The futures: a card a task that moves from pending to its end; a click asks to cancel it."""

import html
import math
from typing import ClassVar, Final

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from core.number_format import count
from core.recording import Recording
from core.task_states import State
from gui.charts import futures_layout as layout
from gui.charts import futures_text as text
from gui.charts import paint
from gui.charts.chart import Chart
from gui.charts.futures_board import FuturesBoard, columns
from gui.charts.futures_paint import FuturesPainter
from gui.theme import Theme

ARROWS: Final = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
CANCEL_KEYS: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Delete)


class FuturesChart(Chart):
    """Shows each task of a recording as a card in the column of its state.

    Of more than `futures_layout.MOST_CARDS` tasks, or where there is no room for cards, it shows
    the counts and dots. With the keyboard: arrows choose a card, Enter and Delete ask to cancel.
    """

    kind: ClassVar[str] = "futures"
    comfortable_px: ClassVar[int] = 320
    lowest_px: ClassVar[int] = 150

    cancel_asked = Signal(int)
    """Somebody wants a task of the run that goes on cancelled: its number."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._board: FuturesBoard | None = None
        self._cursor_s = math.inf
        self._chosen: int | None = None
        self._pressed: int | None = None
        self._hovered: int | None = None
        self._each = 1  # tasks a dot; a card is always of one
        super().__init__(parent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # Ticks only while a card is on its way: the last ones move when the run is over.
        self._catch_up = self._frame_later(self._draw_again)

    # -- what to show ----------------------------------------------------------

    def clear(self) -> None:
        """Show the empty state."""
        self._catch_up.stop()
        self._board = self._chosen = self._pressed = self._hovered = None
        self._tell_readers()
        self.update()

    def draw(self, recording: Recording, cursor_s: float = math.inf) -> None:
        """Show a recording up to a moment, in seconds of the recording."""
        if self._board is None or recording is not self._board.recording:
            self.clear()
            self._board = FuturesBoard(recording)
        self._cursor_s = cursor_s
        self._draw_again()

    def _draw_again(self) -> None:
        board = self._board
        if board is None:
            return
        board.follow(self._cursor_s)
        moving = board.place(self._room(), self._theme)
        if moving or board.behind:
            self._catch_up.start()
        self._tell_readers()
        self.update()

    @property
    def moving(self) -> bool:
        """Return whether a card is on its way, or the recording not yet taken in."""
        return self._catch_up.isActive()

    def message(self) -> str:
        """Return what the chart says instead of a picture; empty when there is one to show."""
        if self._board is None:
            return self._word("futures_empty")
        if any(self._board.counts.values()) or len(self._board.recording):
            return ""  # in a replay they may come later
        return self._word("timeline_first" if self._board.recording.running else "timeline_none")

    def note(self) -> str:
        """Return what the heading has to say besides its title."""
        board = self._board
        if board is None or self.message():
            return ""
        parts = [self._word("futures_dots", count=count(self._each))] if self._each > 1 else []
        ending = board.recording.ending
        if ending is None:
            parts = parts or [self._word("futures_click")]
        elif ending.at_s <= self._cursor_s:
            left = board.counts["pending"] + board.counts["running"]
            parts += [self._word("futures_left", count=count(left))] if left else []
        return " · ".join(parts)

    def state_of(self, task: int) -> State | None:
        """Return the column in which a task's card stands; None if it has no card."""
        known = self._board.tasks.get(task) if self._board else None
        return known.state if known else None

    def place_of(self, task: int) -> QPointF | None:
        """Return a point of a card's first line, where nothing lies on it; None without a card."""
        box = self._board.boxes.get(task) if self._board else None
        if box is None:
            return None
        return QPointF(box.left + box.width / 2, box.top + self._theme.px(6))

    def lines_of(self, task: int) -> list[str]:
        """Return what is known of a card's task, in lines; none if it has no card."""
        board = self._board
        if board is None or task not in board.tasks:
            return []
        return text.hover_lines(board.recording, board.tasks[task], board.now_s, self._language)

    # -- size and look ---------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Fit the cards into the new size."""
        super().resizeEvent(event)
        self._place_at_once()

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme, or the same at another zoom."""
        super().set_theme(theme)
        self._place_at_once()

    def _place_at_once(self) -> None:
        if self._board is not None:
            self._board.place(self._room(), self._theme, at_once=True)

    # -- what people who do not see it are told --------------------------------

    def _name_for_readers(self) -> None:
        super()._name_for_readers()
        self._tell_readers()

    def _tell_readers(self) -> None:
        parts = []
        if self._board is not None and any(self._board.counts.values()):
            parts.append(text.told(self._board.counts, self._language))
        if self._board is not None and self._chosen in self._board.tasks:
            chosen = self._board.tasks[self._chosen]
            number = self._word("task_number", number=text.number_of(chosen))
            parts.append(f"{number}: {text.state_word(chosen.state, self._language)}")
        told = ". ".join([*parts, self._word("futures_help")])
        if told != self.accessibleDescription():  # telling costs, and somebody has to listen
            self.setAccessibleDescription(told)

    # -- painting --------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name and argument
        """Paint the frame."""
        theme = self._theme
        painter = self._paper()
        message = self.message()
        if message or self._board is None:
            box = paint.head(painter, theme, self._room(), self._word("futures_title"), "")
            paint.empty_note(painter, theme, box, message)
        else:
            self._paint_board(painter, self._board)
            paint.head(painter, theme, self._room(), self._word("futures_title"), self.note())
        self._paint_focus(painter)
        painter.end()

    def _paint_board(self, painter: QPainter, board: FuturesBoard) -> None:
        """Paint columns with cards or dots."""
        theme, room = self._theme, self._room()
        boxes, (cards, fonts) = columns(room, theme), board.plan(room, theme)
        artist = FuturesPainter(painter, theme, self._language, board.recording, fonts)
        artist.paint_headings(boxes, board.counts)
        if cards is None:
            self._each = artist.paint_dots(boxes, board.counts)
            return
        self._each = 1
        self._paint_cards(artist, board, cards)

    def _paint_cards(self, artist: FuturesPainter, board: FuturesBoard, cards: layout.Plan) -> None:
        order, pad = list(board.boxes), self._theme.px(3)
        # The one that is looked at lies above all others.
        raised = self._hovered if self._hovered in board.boxes else self._chosen
        order.sort(key=lambda task: task == raised)
        for place, task in enumerate(order):
            box = board.boxes[task]
            above = [board.boxes[other] for other in order[place + 1 :]]
            artist.paint_card(
                board.tasks[task],
                box,
                cards,
                board.now_s,
                chosen=task == self._chosen and self.hasFocus(),
                lines=layout.seen_lines(box, above, cards, pad),
            )

    # -- pointer and keys ------------------------------------------------------

    def _has_card(self) -> bool:
        return self._board is not None and self._chosen in self._board.tasks

    def _can_ask(self) -> bool:
        return self._board is not None and self._board.recording.running

    def _ask(self, task: int) -> None:
        if self._can_ask():
            self.cancel_asked.emit(task)

    def _choose(self, task: int | None) -> None:
        self._chosen = task
        self._tell_readers()
        self.update()

    def _first(self) -> int | None:
        return next(iter(self._board.boxes), None) if self._board else None

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Take hold of a card: it may move away before the button is let go."""
        if event.button() == Qt.MouseButton.LeftButton and self._board is not None:
            self._pressed = self._board.card_at(event.position())
            self._choose(self._pressed)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Ask to cancel the card that was clicked."""
        if event.button() == Qt.MouseButton.LeftButton and self._pressed is not None:
            self._ask(self._pressed)
            self._pressed = None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Raise the card under the pointer and tell all about it."""
        board = self._board
        self._hovered = board.card_at(event.position()) if board else None
        lines = [] if self._hovered is None else self.lines_of(self._hovered)
        shape = Qt.CursorShape.PointingHandCursor if lines and self._can_ask() else None
        self.setCursor(shape or Qt.CursorShape.ArrowCursor)
        # As rich text of our own: Qt would take a result such as "<b>" for markup otherwise.
        told = f"<qt>{'<br>'.join(map(html.escape, lines))}</qt>" if lines else ""
        QToolTip.showText(self.mapToGlobal(event.position().toPoint()), told, self)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Forget what was under the pointer."""
        self._hovered = None
        self.update()
        super().leaveEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Choose the first card for whoever comes with the keyboard."""
        if event.reason() != Qt.FocusReason.MouseFocusReason and not self._has_card():
            self._choose(self._first())
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Do with keys what the pointer does."""
        key = Qt.Key(event.key())
        plain = event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        )
        if plain and key in ARROWS and self._first() is not None:
            self._go(*ARROWS[key])
        elif plain and key in CANCEL_KEYS and self._chosen is not None and self._has_card():
            self._ask(self._chosen)
        else:
            super().keyPressEvent(event)

    def _go(self, across: int, down: int) -> None:
        """Choose the card in a direction; the first one if none is chosen yet."""
        board = self._board
        cards = board.plan(self._room(), self._theme)[0] if board else None
        if board is None or cards is None or self._chosen not in board.tasks:
            self._choose(self._first())
            return
        assert self._chosen is not None  # noqa: S101 - it has a card
        there = layout.neighbour(self._chosen, board.by_state(), across, down, cards.abreast)
        self._choose(there)
