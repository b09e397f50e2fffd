"""The line with which a run is paused, stepped through and replayed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QLabel, QSizePolicy, QToolButton, QWidget

from gui.panels.flow import FlowLayout
from gui.panels.icons import SIDE_PX, icon
from gui.panels.named import named
from gui.panels.transport_slider import TransportSlider
from gui.texts import Texts
from gui.theme import Theme
from gui.transport import SPEEDS

STEP_KEYS: Final = {
    Qt.Key.Key_Left: False,
    Qt.Key.Key_Right: True,
    Qt.Key.Key_Comma: False,
    Qt.Key.Key_Period: True,
}
"""Whether each steps forward."""

_DECIMALS: Final = ((100.0, 1), (1.0, 3), (0.1, 4), (0.0, 6))
"""How exact the moments of a run are told that took so long: in a short one microseconds count."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What the line shows.

    Attributes
    ----------
    place_s, end_s : float
        The moment that is seen, and the whole, from the beginning of ``main()``.
    share : float
        Where the cursor stands on the slider, 0 to 1.
    plays : bool
        Whether what is seen moves.
    behind : bool
        Whether something older is seen than the newest there is.
    slowness : int
        One of `SPEEDS`.
    """

    place_s: float
    end_s: float
    share: float
    plays: bool
    behind: bool
    slowness: int


NOTHING: Final = Moment(0.0, 0.0, 0.0, plays=False, behind=False, slowness=SPEEDS[0])
"""What the line shows before there is a run."""


class TransportPanel(QWidget):
    """Buttons and a slider; it decides nothing and tells what was asked for."""

    toggled = Signal()
    """Play, or pause."""
    stepped = Signal(bool)
    """To the next moment, or to the previous one."""
    sought = Signal(float)
    """A place on the slider, 0 to 1."""
    slowness_chosen = Signal(int)
    live_asked = Signal()
    pin_asked = Signal()

    def __init__(self, theme: Theme, texts: Texts) -> None:
        super().__init__()
        self.setObjectName("transport")
        self._theme, self._texts = theme, texts
        self._moment = NOTHING
        self._back = _button("replay_back")
        self._play = _button("replay_play")
        self._forward = _button("replay_forward")
        self._speeds = QButtonGroup(self)
        self._speed_buttons = {slowness: self._speed_button(slowness) for slowness in SPEEDS}
        self._slider = named("replay_slider", TransportSlider())
        self._time = named("replay_time", QLabel())
        self._live = _button("replay_live")
        self._live.setEnabled(False)
        self._pin = _button("replay_pin")
        self._pin.setCheckable(True)
        self._back.clicked.connect(lambda: self.stepped.emit(False))
        self._play.clicked.connect(lambda: self.toggled.emit())
        self._forward.clicked.connect(lambda: self.stepped.emit(True))
        for button in (self._back, self._play, self._forward, self._live):
            button.clicked.connect(self._take_keyboard)
        self._speeds.buttonClicked.connect(self._take_keyboard)
        self._slider.sought.connect(self.sought)
        self._live.clicked.connect(lambda: self.live_asked.emit())
        self._pin.clicked.connect(lambda: self.pin_asked.emit())
        self._lay_out()
        self.set_theme(theme)
        self.set_texts(texts)
        self.setEnabled(False)

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        self._theme = theme
        self._flow.setSpacing(theme.grid(0.5))
        ink = QColor(theme.ink)
        signs = {self._back: "back", self._forward: "forward", self._pin: "pin"}
        for button, sign in signs.items():
            button.setIcon(icon(sign, theme, ink))
        for button in (*signs, self._play):
            button.setIconSize(QSize(theme.px(SIDE_PX), theme.px(SIDE_PX)))
        self._slider.setMinimumWidth(theme.px(120))
        self._fix_time()
        self._show_play()

    def set_texts(self, texts: Texts) -> None:
        """Speak another language."""
        self._texts = texts
        names = {"back": self._back, "forward": self._forward, "live": self._live}
        for name, button in names.items():
            _explain(button, texts(f"transport.{name}"), texts(f"transport.{name}_tip"))
        self._live.setText(texts("transport.live"))
        for slowness, button in self._speed_buttons.items():
            key = "transport.speed" if slowness == 1 else "transport.slow"
            _explain(button, texts(key, times=slowness), texts(key, times=slowness))
        self._slider.setAccessibleName(texts("transport.slider"))
        self._slider.setToolTip(texts("transport.slider_tip"))
        self._fix_time()
        self._show_play()
        self._show_time()
        self.show_pin(self._pin.isChecked(), can_pin=self._pin.isEnabled())

    def set_high(self, high: bool) -> None:
        """Stand in two rows, with a long slider, or in as few as there is room for."""
        self._flow.set_first(self._speed_buttons[SPEEDS[0]], high)

    def show_moment(self, moment: Moment) -> None:
        """Show where the cursor stands."""
        old, self._moment = self._moment, moment
        self._slider.show_share(moment.share)
        self._speed_buttons[moment.slowness].setChecked(True)
        self._live.setEnabled(moment.behind)
        if moment.plays != old.plays:
            self._show_play()
        if (moment.place_s, moment.end_s) != (old.place_s, old.end_s):
            self._show_time()

    def show_pin(self, pinned: bool, *, can_pin: bool) -> None:
        """Show whether a run is pinned, and whether there is one to pin or to let go."""
        self._pin.setChecked(pinned)
        self._pin.setEnabled(can_pin)
        name = "unpin" if pinned else "pin"
        _explain(self._pin, self._texts(f"transport.{name}"), self._texts(f"transport.{name}_tip"))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - an override
        """Do with keys what the buttons do, wherever on the line the keyboard is."""
        key = Qt.Key(event.key())
        if event.modifiers() not in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        ):
            super().keyPressEvent(event)
        elif key == Qt.Key.Key_Space:
            self.toggled.emit()
        elif key in STEP_KEYS:
            self.stepped.emit(STEP_KEYS[key])
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.sought.emit(0.0 if key == Qt.Key.Key_Home else 1.0)
        else:
            super().keyPressEvent(event)

    def _take_keyboard(self) -> None:
        """Let the keys of the line work after a click on it: buttons take none by a click."""
        if not self.hasFocus() and not any(each.hasFocus() for each in self.findChildren(QWidget)):
            self._slider.setFocus()

    def _show_play(self) -> None:
        name = "pause" if self._moment.plays else "play"
        sign = "pause" if self._moment.plays else "run"
        self._play.setIcon(icon(sign, self._theme, QColor(self._theme.ink)))
        _explain(self._play, self._texts(f"transport.{name}"), self._texts(f"transport.{name}_tip"))

    def _show_time(self) -> None:
        place_s, end_s = self._moment.place_s, self._moment.end_s
        decimals = _decimals(end_s)
        values = {"place": f"{place_s:,.{decimals}f}", "end": f"{end_s:,.{decimals}f}"}
        text = self._texts("transport.time", **values) if end_s > 0 else ""
        self._time.setText(text)
        self._slider.setAccessibleDescription(text)

    def _fix_time(self) -> None:
        """Give the time one size, so that the line is not laid out anew with each frame."""
        self._time.setFont(self._theme.font("text"))
        widest = self._texts("transport.time", place="0.888888", end="0.888888")
        sample = QLabel(widest)
        sample.setFont(self._time.font())
        self._time.setFixedSize(sample.sizeHint())

    def _speed_button(self, slowness: int) -> QToolButton:
        button = _button(f"replay_speed_{slowness}")
        button.setText("1×" if slowness == 1 else f"1/{slowness}")
        button.setCheckable(True)
        button.clicked.connect(lambda: self.slowness_chosen.emit(slowness))
        self._speeds.addButton(button)
        return button

    def _lay_out(self) -> None:
        self._time.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._slider.setSizePolicy(policy)
        self._flow = FlowLayout(self)
        self._flow.setContentsMargins(0, 0, 0, 0)
        speeds: Sequence[QWidget] = tuple(self._speed_buttons.values())
        places: Sequence[QWidget] = (
            self._back,
            self._play,
            self._forward,
            self._slider,
            self._time,
        )
        for widget in (*places, *speeds, self._live, self._pin):
            self._flow.addWidget(widget)
        groups: Sequence[QWidget] = (self._slider, speeds[0], self._live)
        for widget in groups:
            self._flow.set_apart(widget)


def _decimals(end_s: float) -> int:
    return next((decimals for at_least_s, decimals in _DECIMALS if end_s >= at_least_s), 6)


def _button(name: str) -> QToolButton:
    return named(name, QToolButton())


def _explain(button: QToolButton, name: str, tip: str) -> None:
    button.setAccessibleName(name)
    button.setToolTip(tip)
