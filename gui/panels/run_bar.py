"""The bar on top: modes, Run, Stop, Compare all, the Python, and the time it took."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core import number_format
from core.modes import MODES
from core.runtimes import Runtime
from gui.panels.flow import FlowLayout
from gui.panels.icons import SIDE_PX, icon
from gui.panels.named import named
from gui.texts import Texts
from gui.theme import Theme

RUN_KEY: Final = "Ctrl+R"
STOP_KEY: Final = "Esc"
COMPARE_KEY: Final = "Ctrl+Shift+R"

_WIDE_S: Final = (0.00888, 0.0888, 888_000.0)
"""Times that are as wide as times usually get."""


class RunBar(QWidget):
    """Buttons and displays; it decides nothing and tells what was pressed."""

    mode_chosen = Signal(str)
    runtime_chosen = Signal(str)
    """The path of a Python."""
    run_asked = Signal()
    stop_asked = Signal()
    compare_asked = Signal()

    def __init__(self, theme: Theme, texts: Texts) -> None:
        super().__init__()
        self._language = texts.language
        self._reasons: Mapping[str, str] = {}
        self._modes = QButtonGroup(self)
        self._buttons = {mode.name: self._mode_button(mode.name) for mode in MODES}
        self._run = _button("run_button", self.run_asked)
        self._stop = _button("stop_button", self.stop_asked)
        self._compare = _button("compare_button", self.compare_asked)
        self._runtime = named("runtime_box", QComboBox())
        self._runtime.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._runtime.activated.connect(self._tell_runtime)
        self._elapsed = named("elapsed_display", QLabel())
        self._elapsed.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._progress = named("compare_progress", QProgressBar(textVisible=False))
        self._lay_out()
        self.set_theme(theme)
        self.set_texts(texts)
        self.show_progress(0, 0)

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        self._elapsed.setFont(theme.font("elapsed"))
        self._fix_elapsed()
        self._flow.setSpacing(theme.grid())
        self._column.setContentsMargins(theme.grid(2), theme.grid(), theme.grid(2), 0)
        self._column.setSpacing(theme.grid(0.5))
        self._progress.setFixedHeight(theme.px(4))
        signs = {
            self._run: icon("run", theme, theme.text_on(QColor(theme.accent))),
            self._stop: icon("stop", theme, QColor(theme.ink)),
            self._compare: icon("compare", theme, QColor(theme.ink)),
        }
        for button, sign in signs.items():
            button.setIcon(sign)
            button.setIconSize(QSize(theme.px(SIDE_PX), theme.px(SIDE_PX)))

    def set_texts(self, texts: Texts) -> None:
        """Speak another language."""
        self._texts = texts
        for mode in MODES:
            self._buttons[mode.name].setText(mode.label[texts.language])
        self._explain_modes()
        named = {"run": self._run, "stop": self._stop, "compare": self._compare}
        keys = {"run": RUN_KEY, "stop": STOP_KEY, "compare": COMPARE_KEY}
        for name, button in named.items():
            button.setText(texts(f"run_bar.{name}"))
            button.setToolTip(texts(f"run_bar.{name}_tip", key=keys[name]))
        self._runtime.setAccessibleName(texts("run_bar.runtime"))
        self._runtime.setToolTip(texts("run_bar.runtime_tip"))
        self._language = texts.language
        self._fix_elapsed()
        self._elapsed.setAccessibleName(texts("run_bar.elapsed"))
        self._elapsed.setToolTip(texts("run_bar.elapsed_tip"))
        self._progress.setAccessibleName(texts("run_bar.progress"))

    def show_modes(
        self,
        names: Sequence[str],
        chosen: str | None,
        reasons: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Offer these modes, the chosen one pressed; none when the script is in no known mode.

        ``reasons`` says of other modes why they cannot be had: they are shown, and say so.
        """
        self._reasons = reasons
        self._modes.setExclusive(False)  # else the last one pressed could not be let go
        for name, button in self._buttons.items():
            button.setVisible(name in names or name in reasons)
            button.setChecked(name == chosen)
            button.setEnabled(name not in reasons)
        self._modes.setExclusive(True)
        self._let_tab_reach(chosen if chosen in names else next(iter(names), None))
        self._explain_modes()

    def _let_tab_reach(self, mode: str | None) -> None:
        """Let Tab go to one mode, from which arrow keys go to the others.

        Qt sees to that itself, but not while nothing is exclusive.
        """
        policies = Qt.FocusPolicy
        for name, button in self._buttons.items():
            button.setFocusPolicy(policies.StrongFocus if name == mode else policies.ClickFocus)

    def show_runtimes(self, runtimes: Sequence[Runtime], chosen: str) -> None:
        """Offer these Pythons."""
        self._runtime.clear()
        for runtime in runtimes:
            self._runtime.addItem(runtime.label, runtime.path)
            index = self._runtime.count() - 1
            self._runtime.setItemData(index, runtime.path, Qt.ItemDataRole.ToolTipRole)
        self._runtime.setCurrentIndex(max(0, self._runtime.findData(chosen)))

    def show_state(self, *, busy: bool, can_run: bool, can_compare: bool) -> None:
        """Allow what can be done now."""
        self._run.setEnabled(can_run and not busy)
        self._compare.setEnabled(can_compare and not busy)
        self._stop.setEnabled(busy)
        self._runtime.setEnabled(not busy)
        for name, button in self._buttons.items():
            button.setEnabled(not busy and name not in self._reasons)

    def focus_stop(self) -> None:
        """Give the keyboard to Stop."""
        self._stop.setFocus()

    def stop_had_focus(self, focused: QWidget | None) -> bool:
        """Return whether the widget that had the keyboard is Stop."""
        return focused is self._stop

    def show_progress(self, done: int, total: int) -> None:
        """Show how many of the runs of a comparison are over; nothing when there are none."""
        self._progress.setMaximum(max(total, 1))
        self._progress.setValue(done)
        self._progress.setVisible(total > 0)

    def show_elapsed(self, text: str) -> None:
        """Show a time."""
        if text != self._elapsed.text():
            self._elapsed.setText(text)
            if self._elapsed.sizeHint().width() > self._elapsed.width():
                self._fix_elapsed()  # a main() of microseconds, or of hours

    def _fix_elapsed(self) -> None:
        """Give the time one size, so that the bar is not laid out anew with each frame."""
        shown = self._elapsed.text()
        texts = [number_format.seconds(value_s, self._language) for value_s in _WIDE_S]
        sizes = [_size_with(self._elapsed, text) for text in (*texts, shown)]
        widest, highest = (max(size) for size in zip(*(s.toTuple() for s in sizes), strict=True))
        self._elapsed.setFixedSize(widest, highest)
        # Else a label that was larger keeps asking for that room: its size is part of its hint,
        # which it works out anew for another text only.
        self._elapsed.clear()
        self._elapsed.setText(shown)

    def _explain_modes(self) -> None:
        """Say of each mode what its button does, or why it does nothing."""
        for number, (name, button) in enumerate(self._buttons.items(), 1):
            reason, label = self._reasons.get(name, ""), button.text()
            tip = self._texts("run_bar.mode_tip", mode=label, key=f"Ctrl+{number}")
            lacks = self._texts("run_bar.mode_lacks", mode=label, reason=reason)
            button.setToolTip(lacks if reason else tip)
            button.setAccessibleDescription(reason)

    def _mode_button(self, mode: str) -> QPushButton:
        button = named(f"mode_{mode}", QPushButton())
        button.setCheckable(True)
        button.clicked.connect(lambda: self.mode_chosen.emit(mode))
        self._modes.addButton(button)
        return button

    def _tell_runtime(self, index: int) -> None:
        self.runtime_chosen.emit(self._runtime.itemData(index))

    def _lay_out(self) -> None:
        self._flow = FlowLayout()
        everything = (
            *self._buttons.values(),
            self._run,
            self._stop,
            self._compare,
            self._runtime,
            self._elapsed,
        )
        for widget in everything:
            self._flow.addWidget(widget)
        self._flow.push_right(self._runtime)
        self._flow.push_right(self._elapsed)  # should it come into a row of its own
        self._flow.set_apart(self._run)
        # The bar of the progress keeps its place when it is not there: nothing jumps.
        policy = self._progress.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._progress.setSizePolicy(policy)
        self._column = QVBoxLayout(self)
        self._column.addLayout(self._flow)
        self._column.addWidget(self._progress)


def _size_with(label: QLabel, text: str) -> QSize:
    """Return the size that a label would have with another text."""
    other = QLabel(text)
    other.setFont(label.font())
    return other.sizeHint()


def _button(name: str, pressed: SignalInstance) -> QPushButton:
    button = named(name, QPushButton())
    button.clicked.connect(lambda: pressed.emit())
    return button
