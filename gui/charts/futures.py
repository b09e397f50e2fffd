"""The futures: a card a task that moves from pending to its end; a click asks to cancel it."""

import html
import math
import time
from typing import ClassVar

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from core.number_format import count
from core.recording import Recording
from core.task_states import STATES, State, TaskState, moment_of, task_states
from gui.charts import futures_layout as layout
from gui.charts import futures_text as text
from gui.charts import paint
from gui.charts.chart import Chart
from gui.charts.futures_counts import state_counts
from gui.charts.futures_motion import Gliding
from gui.charts.futures_paint import LARGE, SMALL, Fonts, FuturesPainter, heading_height, measures
from gui.charts.timeline_frame import frame_at
from gui.charts.timeline_index import TimelineIndex
from gui.frame_clock import FRAME_MS

ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
CANCEL_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Delete)


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
        super().__init__(parent)
        self._recording: Recording | None = None
        self._index: TimelineIndex | None = None
        self._cursor_s = self._now_s = math.inf
        self._tasks: dict[int, TaskState] = {}
        self._counts: dict[State, int] = dict.fromkeys(STATES, 0)
        self._gliding = Gliding()
        self._boxes: dict[int, layout.Box] = {}
        self._chosen: int | None = None
        self._pressed: int | None = None
        self._hovered: int | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # Ticks only while a card is on its way: the last ones move when the run is over.
        self._catch_up = QTimer(self)
        self._catch_up.setSingleShot(True)
        self._catch_up.setInterval(FRAME_MS)
        self._catch_up.timeout.connect(self._draw_again)

    # -- what to show ----------------------------------------------------------

    def clear(self) -> None:
        """Show the empty state."""
        self._catch_up.stop()
        self._recording = self._index = None
        self._tasks, self._boxes = {}, {}
        self._counts = dict.fromkeys(STATES, 0)
        self._chosen = self._pressed = self._hovered = None
        self._gliding.forget()
        self._tell_readers()
        self.update()

    def draw(self, recording: Recording, cursor_s: float = math.inf) -> None:
        """Show a recording up to a moment, in seconds of the recording."""
        if recording is not self._recording:
            self.clear()
            self._recording, self._index = recording, TimelineIndex(recording)
        self._cursor_s = cursor_s
        self._draw_again()

    def message(self) -> str:
        """Return what the chart says instead of a picture; empty when there is one to show."""
        if self._recording is None:
            return self._word("futures_empty")
        if any(self._counts.values()):
            return ""
        return self._word("timeline_first" if self._recording.running else "timeline_none")

    def state_of(self, task: int) -> State | None:
        """Return the column in which a task's card stands; None if it has no card."""
        known = self._tasks.get(task)
        return known.state if known else None

    def place_of(self, task: int) -> QPointF | None:
        """Return a point of a card's first line, where nothing lies on it; None without a card."""
        box = self._boxes.get(task)
        if box is None:
            return None
        return QPointF(box.left + box.width / 2, box.top + self._theme.px(6))

    def text_of(self, task: int) -> str:
        """Return what a task's card has to say, in one line."""
        if self._recording is None or task not in self._tasks:
            return ""
        lines = text.hover_lines(self._recording, self._tasks[task], self._now_s, self._language)
        return " · ".join(lines)

    def _draw_again(self) -> None:
        recording, index = self._recording, self._index
        if recording is None or index is None:
            return
        behind = index.follow()
        self._now_s = moment_of(recording, self._cursor_s)
        # A recording can be far ahead of the moment that is shown: what counts is what is seen.
        self._counts = state_counts(frame_at(recording, index, self._now_s))
        self._tasks = {}
        if sum(self._counts.values()) <= layout.MOST_CARDS and not behind:
            self._take(task_states(recording, self._now_s))
        moving = self._place()
        self._tell_readers()
        if behind or moving:
            self._catch_up.start()
        self.update()

    def _take(self, tasks: list[TaskState]) -> None:
        self._tasks = {task.task: task for task in tasks}
        # Of the same tasks: the headings must not say other numbers than there are cards.
        self._counts = dict.fromkeys(STATES, 0)
        for task in tasks:
            self._counts[task.state] += 1

    # -- where things are ------------------------------------------------------

    def _columns(self) -> dict[State, layout.Box]:
        room = self._room()
        top = paint.text_height(self._theme, "text") + self._theme.grid()
        top += heading_height(self._theme)
        height = max(1.0, room.height() - top)
        box = layout.Box(room.left(), room.top() + top, room.width(), height)
        return layout.columns(box, self._theme.grid())

    def _plan(self) -> tuple[layout.Plan | None, Fonts]:
        """Return the size of the cards and their fonts; None if there is no room for any."""
        column = next(iter(self._columns().values()))
        cards = None
        for fonts in (LARGE, SMALL) if self._tasks else ():
            cards = layout.plan(len(self._tasks), column, measures(self._theme, fonts))
            if cards is not None and (fonts is SMALL or cards.abreast == 1):
                return cards, fonts
        return cards, SMALL

    def _by_state(self) -> dict[State, list[int]]:
        columns: dict[State, list[int]] = {state: [] for state in STATES}
        for task in self._tasks.values():
            columns[task.state].append(task.task)
        columns["pending"].sort()  # in the order in which they will go
        return columns

    def _place(self) -> bool:
        """Let the cards go on their way; return whether one has not arrived."""
        cards, _ = self._plan()
        if cards is None:
            self._boxes = {}
            self._gliding.forget()
            return False
        targets = layout.places(self._by_state(), self._columns(), cards, self._theme.grid())
        self._boxes, moving = self._gliding.towards(targets, time.perf_counter())
        return moving

    def _room(self) -> QRectF:
        margin = self._theme.grid()
        return QRectF(self.rect()).adjusted(margin, margin, -margin, -margin)

    def _card_at(self, place: QPointF) -> int | None:
        on_top = reversed(list(self._boxes.items()))
        return next((task for task, box in on_top if box.holds(place.x(), place.y())), None)

    # -- what people who do not see it are told --------------------------------

    def _name_for_readers(self) -> None:
        super()._name_for_readers()
        self.setToolTip("")
        if hasattr(self, "_tasks"):  # the first time the chart is being made
            self._tell_readers()

    def _tell_readers(self) -> None:
        parts = [text.told(self._counts, self._language) if any(self._counts.values()) else ""]
        chosen = self._tasks.get(self._chosen) if self._chosen is not None else None
        if chosen is not None:
            number = self._word("task_number", number=text.number_of(chosen))
            parts.append(f"{number}: {text.state_word(chosen.state, self._language)}")
        parts.append(self._word("futures_help"))
        told = ". ".join(part.rstrip(".") for part in parts if part)
        if told != self.accessibleDescription():  # telling costs, and somebody has to listen
            self.setAccessibleDescription(told)

    # -- painting --------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name and argument
        """Paint the frame."""
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(theme.paper))
        recording, message = self._recording, self.message()
        if message or recording is None:
            box = paint.head(painter, theme, self._room(), self._word("futures_title"), "")
            paint.empty_note(painter, theme, box, message)
        else:
            self._paint_run(painter, recording)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.accent), theme.px(2)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))
        painter.end()

    def _paint_run(self, painter: QPainter, recording: Recording) -> None:
        columns, (cards, fonts) = self._columns(), self._plan()
        artist = FuturesPainter(painter, self._theme, self._language, recording, fonts)
        artist.paint_headings(columns, self._counts)
        note = ""
        if cards is None:
            each = artist.paint_dots(columns, self._counts)
            note = self._word("futures_dots", count=count(each)) if each > 1 else ""
        else:
            self._paint_cards(artist, cards)
            if recording.running:
                note = self._word("futures_click")
        paint.head(painter, self._theme, self._room(), self._word("futures_title"), note)

    def _paint_cards(self, artist: FuturesPainter, cards: layout.Plan) -> None:
        # Those on their way, and the one that is looked at, lie above all others.
        order = list(self._boxes)
        raised = self._hovered if self._hovered in self._boxes else self._chosen
        if raised in self._boxes:
            order.remove(raised)
            order.append(raised)
        pad = self._theme.px(3)
        for place, task in enumerate(order):
            box = self._boxes[task]
            above = [self._boxes[other] for other in order[place + 1 :]]
            artist.paint_card(
                self._tasks[task],
                box,
                cards,
                self._now_s,
                chosen=task == self._chosen and self.hasFocus(),
                lines=layout.seen_lines(box, above, cards, pad),
            )

    # -- pointer and keys ------------------------------------------------------

    def _ask(self, task: int) -> None:
        if self._recording is not None and self._recording.running:
            self.cancel_asked.emit(task)

    def _choose(self, task: int | None) -> None:
        self._chosen = task
        self._tell_readers()
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Take hold of a card: it may move away before the button is let go."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = self._card_at(event.position())
            self._choose(self._pressed)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Ask to cancel the card that was clicked."""
        if event.button() == Qt.MouseButton.LeftButton and self._pressed is not None:
            self._ask(self._pressed)
            self._pressed = None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Raise the card under the pointer and tell all about it."""
        self._hovered = self._card_at(event.position())
        told = ""
        if self._hovered is not None and self._recording is not None:
            task = self._tasks[self._hovered]
            lines = text.hover_lines(self._recording, task, self._now_s, self._language)
            # As rich text of our own: Qt would take a result such as "<b>" for markup otherwise.
            told = f"<qt>{'<br>'.join(html.escape(line) for line in lines)}</qt>"
        live = bool(told) and self._recording is not None and self._recording.running
        self.setCursor(Qt.CursorShape.PointingHandCursor if live else Qt.CursorShape.ArrowCursor)
        QToolTip.showText(self.mapToGlobal(event.position().toPoint()), told, self)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Forget what was under the pointer."""
        self._hovered = None
        self.update()
        super().leaveEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Choose the first card for whoever comes with the keyboard."""
        if event.reason() != Qt.FocusReason.MouseFocusReason and self._chosen not in self._tasks:
            self._choose(next(iter(self._boxes), None))
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Do with keys what the pointer does."""
        key = Qt.Key(event.key())
        plain = event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        )
        if plain and key in ARROWS and self._boxes:
            self._go(*ARROWS[key])
        elif plain and key in CANCEL_KEYS and self._chosen in self._tasks:
            assert self._chosen is not None  # noqa: S101 - it has a card
            self._ask(self._chosen)
        else:
            super().keyPressEvent(event)

    def _go(self, across: int, down: int) -> None:
        cards, _ = self._plan()
        if self._chosen is None or self._chosen not in self._tasks or cards is None:
            self._choose(next(iter(self._boxes), None))
        else:
            there = layout.neighbour(self._chosen, self._by_state(), across, down, cards.abreast)
            self._choose(there)
