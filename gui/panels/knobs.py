"""The controls of a script, built from its card. Each edits the script and nothing else."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final, Protocol

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from core.card import CardKnob
from gui.panels.flow import FlowLayout
from gui.panels.knob_fields import (
    Choice,
    ChoiceField,
    LinesField,
    NumberField,
    TextField,
    TruthField,
)
from gui.panels.named import named
from gui.texts import Texts
from gui.theme import Theme

WIDE: Final = ("text", "lines", "urls", "folder", "line")
"""Kinds whose controls take the rest of their row."""

FIELD_PX: Final = 32
"""Fields of one line are all of this height."""

MANY_PRESETS: Final = ("text", "lines", "urls", "folder")
"""Kinds whose ready-made values stand in a menu; those of a number get buttons."""


class Field(Protocol):
    """What a control has in common with the others, besides being a widget."""

    @property
    def changed(self) -> SignalInstance:
        """Emitted with the value when a person changed it."""

    def show_value(self, value: Any) -> None:
        """Show the value that the script has."""


class Knob(QWidget):
    """One control with its label, its ready-made values, and a line for what is wrong with it."""

    changed = Signal(str, object)
    """The name of the knob, and a value that a person gave it."""

    def __init__(self, knob: CardKnob) -> None:
        super().__init__()
        self.knob = knob
        self._texts: Texts | None = None
        self.field = named(f"knob_{knob.name}", _field(knob))
        self._label = QLabel()
        self._label.setBuddy(self.field)
        self._unit = QLabel()
        self._problem = named(f"problem_{knob.name}", QLabel(wordWrap=True))
        self._presets = [self._preset_button(index) for index in range(_buttons(knob))]
        self._more = named(f"presets_{knob.name}", QToolButton())
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._more.setAutoRaise(True)
        self._choose = named(f"choose_{knob.name}", QPushButton())
        self._choose.clicked.connect(self._choose_folder)
        self.field.changed.connect(self._tell)
        self._lay_out()
        self.show_problem("")

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        self._column.setSpacing(theme.px(2))
        self._row.setSpacing(theme.grid(0.5))
        self._problem.setFont(theme.font("note"))
        palette = self._problem.palette()
        palette.setColor(self._problem.foregroundRole(), QColor(theme.attention_text))
        self._problem.setPalette(palette)
        self._label.setFont(theme.font("text"))
        font = theme.font("code" if self.knob.kind in ("urls", "lines") else "text")
        self.field.setFont(font)
        if isinstance(self.field, NumberField):
            self.field.lineEdit().setFont(font)  # under a style sheet it does not follow
        self.field.setMinimumHeight(theme.px(FIELD_PX))

    def set_texts(self, texts: Texts) -> None:
        """Speak another language."""
        knob, language = self.knob, texts.language
        self._texts = texts
        label = knob.label.in_language(language)
        tip = f"{knob.name}: {knob.help.in_language(language)}"
        # A check box carries its label itself; an empty line keeps it level with the others.
        self._label.setText(" " if knob.kind == "bool" else label)
        self.field.setAccessibleName(label)
        for widget in (self.field, self._label):
            widget.setToolTip(tip)
        self._say_what_to_choose(language)
        self._choose.setText(texts("knobs.choose_folder"))
        if isinstance(self.field, TextField) and knob.kind == "folder":
            self.field.setPlaceholderText(texts("knobs.folder_empty"))
        for button, preset in zip(self._presets, knob.presets, strict=False):
            button.setText(preset.label.in_language(language))
            button.setToolTip(f"{knob.name} = {preset.value:,}")
        if knob.kind in MANY_PRESETS and knob.presets:
            self._fill_menu(texts)

    def show_problem(self, sentence: str) -> None:
        """Say what is wrong with the value; nothing when the sentence is empty."""
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))

    def _say_what_to_choose(self, language: str) -> None:
        knob, field = self.knob, self.field
        if isinstance(field, TruthField):
            field.setText(knob.label.in_language(language))
        if knob.unit is not None:
            self._unit.setText(knob.unit.in_language(language))
        if isinstance(field, ChoiceField):
            lines = [
                Choice(line.code, line.label.in_language(language)) for line in knob.alternatives
            ]
            values = [Choice(one.value, one.label.in_language(language)) for one in knob.presets]
            field.set_choices(lines or values)

    def _tell(self, value: Any) -> None:
        self.changed.emit(self.knob.name, value)

    def _preset_button(self, index: int) -> QToolButton:
        button = named(f"preset_{self.knob.name}_{index}", QToolButton())
        button.clicked.connect(lambda: self._tell(self.knob.presets[index].value))
        return button

    def _fill_menu(self, texts: Texts) -> None:
        menu = QMenu(self._more)
        for preset in self.knob.presets:
            action = menu.addAction(preset.label.in_language(texts.language))
            action.triggered.connect(partial(self._tell, preset.value))
        self._more.setMenu(menu)
        self._more.setText(texts("knobs.choices"))

    def _choose_folder(self) -> None:
        assert self._texts is not None  # noqa: S101 - the button has a text, so they were set
        now = self.field.text() if isinstance(self.field, TextField) else ""
        title = self._texts("knobs.folder_title")
        folder = QFileDialog.getExistingDirectory(self, title, now or str(Path.home()))
        if folder:
            self._tell(folder)

    def _lay_out(self) -> None:
        self._row = QHBoxLayout()
        self._row.addWidget(self.field, 1)
        self._row.addWidget(self._unit)
        for button in self._presets:
            self._row.addWidget(button)
        self._row.addWidget(self._choose)
        self._unit.setVisible(self.knob.unit is not None)
        self._choose.setVisible(self.knob.kind == "folder")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._head = QHBoxLayout()
        self._head.addWidget(self._label)
        self._head.addStretch()
        self._head.addWidget(self._more)
        self._more.setVisible(self.knob.kind in MANY_PRESETS and bool(self.knob.presets))
        self._column.addLayout(self._head)
        self._column.addLayout(self._row)
        self._column.addWidget(self._problem)
        wide = QSizePolicy.Policy.Expanding if self.knob.kind in WIDE else QSizePolicy.Policy.Fixed
        self.setSizePolicy(wide, QSizePolicy.Policy.Fixed)


class KnobsPanel(QWidget):
    """The knobs of the script on screen."""

    changed = Signal(str, object)
    """The name of a knob, and a value that a person gave it."""

    def __init__(self, theme: Theme, texts: Texts) -> None:
        super().__init__()
        self._theme = theme
        self._knobs: dict[str, Knob] = {}
        self._flow = FlowLayout(self, on_top=True)
        self._flow.setContentsMargins(0, 0, 0, 0)
        self.set_theme(theme)
        self.set_texts(texts)

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        self._theme = theme
        self._flow.setSpacing(theme.grid(1.5))
        for knob in self._knobs.values():
            knob.set_theme(theme)

    def set_texts(self, texts: Texts) -> None:
        """Speak another language."""
        self._texts = texts
        self.setAccessibleName(texts("knobs.name"))
        for knob in self._knobs.values():
            knob.set_texts(texts)

    def show_knobs(self, knobs: Sequence[CardKnob]) -> None:
        """Show the controls of another script."""
        for old in self._knobs.values():
            self._flow.removeWidget(old)
            old.hide()
            old.setParent(None)  # so that nobody finds it by its name any more
            old.deleteLater()
        self._knobs = {knob.name: self._new(knob) for knob in knobs}

    def show_values(self, values: Mapping[str, Any], problems: Mapping[str, str]) -> None:
        """Show the values that the script has, and a sentence beside those that cannot be.

        A knob that the script no longer has cannot be turned.
        """
        for name, knob in self._knobs.items():
            knob.setEnabled(name in values)
            if name in values:
                knob.field.show_value(values[name])
            knob.show_problem(problems.get(name, ""))

    def show_problem(self, name: str, sentence: str) -> None:
        """Say what is wrong with the value that somebody just gave a knob."""
        self._knobs[name].show_problem(sentence)

    def _new(self, knob: CardKnob) -> Knob:
        widget = Knob(knob)
        widget.set_theme(self._theme)
        widget.set_texts(self._texts)
        widget.changed.connect(self.changed)
        self._flow.addWidget(widget)
        return widget


def _buttons(knob: CardKnob) -> int:
    """Return how many ready-made values get a button of their own."""
    return len(knob.presets) if knob.kind in ("int", "float") else 0


def _field(knob: CardKnob) -> Any:
    match knob.kind:
        case "int" | "float":
            return NumberField(knob.kind == "int", knob.minimum, knob.maximum)
        case "bool":
            return TruthField()
        case "choice" | "line" if knob.presets or knob.alternatives:
            return ChoiceField()
        case "lines" | "urls":
            return LinesField()
        case _:
            return TextField()
