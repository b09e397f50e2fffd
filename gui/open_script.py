"""The script that is open: its text, and what the text says.

The text here is the one on screen and the one that runs. A knob is turned by rewriting it;
editing it by hand turns the knobs.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal

from core.card import SCRIPT_MODE, CardKnob
from core.demos import Demo
from core.jobs import in_mode
from core.knob_values import check_value
from core.own_card import own_card
from core.script import (
    ScriptError,
    SyntaxProblem,
    find_knobs,
    is_long,
    mode_of,
    parse_value,
    set_knob,
)
from gui.shelf import Shelf


class OpenScript(QObject):
    """A demo or a script of one's own, and the text that it has now.

    Parameters
    ----------
    shelf : Shelf
        Where it comes from; the first demo is open at first.

    Attributes
    ----------
    locked : bool
        Whether nobody may change it. Who runs it says so, so that what is seen is what runs.
    """

    demo_changed = Signal()
    """Another script is open, or its card has other knobs or modes."""
    text_changed = Signal(bool)
    """The script changed; whether the lines that changed are to be marked."""
    knobs_changed = Signal()
    """The values in the script changed, or what is wrong with them."""
    knob_refused = Signal(str, str)
    """The name of a knob, and why it cannot have the value that was asked for."""
    mode_refused = Signal(Exception)
    """Why the script cannot be in the mode that was asked for."""
    changed = Signal()
    """The text became another one: what was told of the one before holds no longer."""

    def __init__(self, shelf: Shelf) -> None:
        super().__init__()
        self._shelf = shelf
        self.locked = False
        self.demo = next(iter(shelf.demos.values()))
        self._read(self.demo.text)

    @property
    def modes(self) -> tuple[str, ...]:
        """The modes that the script can be in; none when it has no place for one."""
        return tuple(mode for mode in self.demo.card.modes if mode != SCRIPT_MODE)

    # -- another one -----------------------------------------------------------

    def show(self, demo: Demo) -> None:
        """Open a script with the text that it was left with."""
        self.demo = demo
        self._read(self._shelf.text_of(demo))
        self.demo_changed.emit()
        self.text_changed.emit(False)
        self.knobs_changed.emit()

    # -- another text ----------------------------------------------------------

    def edit(self, text: str) -> None:
        """Take over a text that somebody typed, its lines ended as in the file it came from."""
        if "\r\n" in self.demo.text:
            text = text.replace("\n", "\r\n")
        self.change(text, mark=False)

    def revert(self) -> None:
        """Go back to the text that the demo came with."""
        self.change(self.demo.text, mark=True)

    def set_knob(self, name: str, value: Any) -> None:
        """Write a value into the script, or say why it cannot be there."""
        if self.locked or name not in self.values:
            return
        knob = self.demo.card.knob(name)
        try:
            if isinstance(value, str) and not isinstance(self.values[name], str):
                value = parse_value(value, self.values[name])
            if knob is not None:
                check_value(knob, value)
            text = set_knob(self.text, name, value)
        except ScriptError as problem:
            self.knob_refused.emit(name, str(problem))
            return
        self.change(text, mark=True)

    def set_mode(self, mode: str) -> None:
        """Write a mode into the script, or say why it cannot be in it."""
        if self.locked:
            return
        try:
            text = in_mode(self.demo, self.text, mode)
        except ValueError as problem:
            self.mode_refused.emit(problem)
            return
        self.change(text, mark=True)

    def change(self, text: str, *, mark: bool) -> None:
        """Take over a text, and mark its lines that are new if that is asked for."""
        if text != self.text:
            self._take(text, mark=mark)
            self.changed.emit()

    def put_back(self, text: str) -> None:
        """Bring back a text that was away for a while: what was told last still holds."""
        if text != self.text:
            self._take(text, mark=False)

    def forget_refused_value(self) -> None:
        """Show the values in the script again, also in place of one that was refused."""
        self.knobs_changed.emit()

    # -- keeping everything in step --------------------------------------------

    def _take(self, text: str, *, mark: bool) -> None:
        self._read(text)
        self.text_changed.emit(mark)
        if self.demo is self._shelf.own and self.problem is None and not is_long(text):
            self._renew_card()
        self.knobs_changed.emit()

    def _read(self, text: str) -> None:
        """Read a text anew: its values and mode, and what is wrong with it."""
        self.text = text
        self.problem: SyntaxProblem | None = None
        self.values: dict[str, Any] = {}
        self.mode = None
        try:
            if not is_long(text):  # the window would wait for Python to read it
                self.values = {knob.name: knob.value for knob in find_knobs(text)}
                self.mode = mode_of(text)
        except SyntaxProblem as problem:
            self.problem, self.values, self.mode = problem, {}, None
        self.knob_problems = _problems(self.demo.card.knobs, self.values)

    def _renew_card(self) -> None:
        """Find the knobs and modes of an own script again: it may have others by now."""
        old = self.demo
        card = own_card(old.name, self.text)
        if card != old.card:
            self._shelf.own = self.demo = Demo(old.name, old.path, old.text, card)
            self.knob_problems = {}
            self.demo_changed.emit()


def _problems(knobs: Sequence[CardKnob], values: Mapping[str, Any]) -> dict[str, str]:
    """Return a sentence for each value that the card does not allow."""
    problems: dict[str, str] = {}
    for knob in knobs:
        try:
            if knob.name in values:
                check_value(knob, values[knob.name])
        except ScriptError as problem:
            problems[knob.name] = str(problem)
    return problems
