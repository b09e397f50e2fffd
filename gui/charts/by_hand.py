"""Two threads that a person steps by hand: read, add, write; with the lock they take turns.

It shows no recording and measures nothing: it is the model of `core.interleavings`.
"""

import math
from collections.abc import Callable
from typing import ClassVar, Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from core.interleavings import NUMBERS, History, Number
from core.recording import Recording
from gui.charts import paint
from gui.charts.by_hand_orders import OrdersPainter
from gui.charts.by_hand_paint import StepsPainter
from gui.charts.by_hand_text import button_text, sentence
from gui.charts.chart import Chart
from gui.theme import Theme

LOWEST_STEPS: Final = 290
"""The least height of the threads and what is told about them, at 100 %."""


class ByHandChart(Chart):
    """A model with buttons and keys; what was stepped stays while other pages are in front."""

    kind: ClassVar[str] = "by_hand"
    comfortable_px: ClassVar[int] = 520
    gives_way: ClassVar[bool] = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._history = History.beginning(locked=False)
        self._step_buttons = {number: self._button(f"step_{number}") for number in NUMBERS}
        self._undo, self._reset = self._button("undo"), self._button("reset")
        self._all = self._button("all")
        self._all.setCheckable(True)
        self._lock = QCheckBox(self)
        self._lock.setObjectName("by_hand_lock")
        self._lay_out()
        self._connect()
        self._dress()

    # -- the model -------------------------------------------------------------

    @property
    def history(self) -> History:
        """What was stepped so far."""
        return self._history

    def step(self, number: Number) -> None:
        """Let a thread make its next step."""
        self._show(self._history.stepped(number))

    def undo(self) -> None:
        """Take the last step back."""
        self._show(self._history.undone())

    def reset(self) -> None:
        """Begin anew."""
        self._show(History.beginning(self._lock.isChecked()))

    def _show(self, history: History) -> None:
        self._history = history
        self._allow()
        self._tell()
        self.update()

    def _show_orders(self, shown: bool) -> None:
        self.updateGeometry()
        self._allow()
        self.update()
        self._all.setChecked(shown)

    # -- the contract of charts ------------------------------------------------

    def clear(self) -> None:
        """Leave everything: nothing here comes from a run."""

    def draw(self, recording: Recording, cursor_s: float = math.inf) -> None:
        """Leave everything, as `clear`."""

    def message(self) -> str:
        """Return what is told about the steps so far."""
        return sentence(self._history, self._language)

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme, or the same at another zoom."""
        super().set_theme(theme)
        self._dress()

    def set_language(self, language: str) -> None:
        """Speak another language."""
        super().set_language(language)
        self._dress()

    # -- buttons and keys ------------------------------------------------------

    def _button(self, name: str) -> QPushButton:
        button = QPushButton(self)
        button.setObjectName(f"by_hand_{name}")
        return button

    def _lay_out(self) -> None:
        self._column = QVBoxLayout(self)
        self._steps, self._others = QHBoxLayout(), QHBoxLayout()
        for number in NUMBERS:
            self._steps.addWidget(self._step_buttons[number], 1)
        for widget in (self._undo, self._reset, self._lock, self._all):
            self._others.addWidget(widget)
        self._others.insertStretch(3)
        self._column.addLayout(self._steps)
        self._column.addLayout(self._others)
        self._column.addStretch(1)

    def _connect(self) -> None:
        for number in NUMBERS:
            self._step_buttons[number].clicked.connect(self._stepper(number))
        self._undo.clicked.connect(self.undo)
        self._reset.clicked.connect(self.reset)
        self._lock.toggled.connect(self.reset)
        self._all.toggled.connect(self._show_orders)

    def _stepper(self, number: Number) -> Callable[[], None]:
        return lambda: self.step(number)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Step, undo and so on by keys; also those that a button of ours did not want."""
        handlers: dict[int, Callable[[], object]] = {
            Qt.Key.Key_1: self._step_buttons[1].click,
            Qt.Key.Key_2: self._step_buttons[2].click,
            Qt.Key.Key_Z: self._undo.click,
            Qt.Key.Key_Backspace: self._undo.click,
            Qt.Key.Key_R: self._reset.click,
            Qt.Key.Key_L: self._lock.click,
            Qt.Key.Key_A: self._all.click,
        }
        handler = handlers.get(event.key())
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if handler is None or plain != Qt.KeyboardModifier.NoModifier:
            super().keyPressEvent(event)
        else:
            handler()

    # -- look ------------------------------------------------------------------

    def _dress(self) -> None:
        theme, grid = self._theme, self._theme.grid()
        top = grid + round(paint.text_height(theme, "text")) + grid
        self._column.setContentsMargins(grid, top, grid, grid)
        for layout in (self._column, self._steps, self._others):
            layout.setSpacing(grid)
        for name, widget in self._named().items():
            widget.setText(self._word(f"by_hand_{name}"))
            widget.setToolTip(self._word(f"by_hand_{name}_tip"))
        self._show(self._history)

    def _named(self) -> dict[str, QPushButton | QCheckBox]:
        return {"undo": self._undo, "reset": self._reset, "lock": self._lock, "all": self._all}

    def _allow(self) -> None:
        """Offer the steps that there are; keep the keyboard where it is of use."""
        now, stepping = self._history.now, not self._all.isChecked()
        had_focus = [button for button in self._step_buttons.values() if button.hasFocus()]
        for number, button in self._step_buttons.items():
            button.setText(button_text(now, number, self._language))
            button.setEnabled(stepping and now.can_step(number))
        self._undo.setEnabled(stepping and bool(self._history.moves))
        self._reset.setEnabled(stepping and bool(self._history.moves))
        if had_focus and not had_focus[0].isEnabled():
            self.setFocus()

    def _tell(self) -> None:
        """Tell screen readers what is painted."""
        now = self._history.now
        count = f"{self._word('by_hand_count')}: {now.count}"
        self.setAccessibleDescription(f"{count}. {self.message()}")

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the room for the buttons and, below them, the threads or all orders."""
        theme, need = self._theme, self._column.minimumSize()
        width = max(self.width(), theme.px(240)) - 2 * theme.grid()
        shown = self._all.isChecked()
        body = OrdersPainter.lowest(theme, width) if shown else theme.px(LOWEST_STEPS)
        return QSize(max(need.width(), theme.px(240)), need.height() + math.ceil(body))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name and argument
        """Paint the heading above the buttons and the model below them."""
        theme = self._theme
        painter, _ = self._begin(self._word("by_hand_title"), self._word("by_hand_note"))
        room, above = self._room(), self._others.geometry().bottom() + theme.grid()
        body = room.adjusted(0, above - room.top(), 0, 0)
        if body.height() > 0 and self._all.isChecked():
            OrdersPainter(painter, theme, self._language).paint(body, self._history.moves)
        elif body.height() > 0:
            StepsPainter(painter, theme, self._language).paint(body, self._history)
        painter.end()
