"""The fields in which people set a knob: one class a way of writing a value.

A field tells `changed` only when a person changed it, and takes any value from the
script with `show_value`, even one that the card would not allow.
"""

import math
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QValidator, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
)

LINES_SHOWN: Final = 3

_USUAL: Final = "1,000,000"  # what a number without bounds has room for


class NumberField(QAbstractSpinBox):
    """A number of any size: Qt's own spin boxes end at two billion and at some decimals.

    Steps stay within the bounds, and grow with the number. What is typed may lie outside: it is
    for the card to refuse it, with its reason.

    Parameters
    ----------
    whole : bool
        Whether it has no decimals.
    minimum, maximum : float or None
        Bounds of the steps.
    """

    changed = Signal(object)

    def __init__(self, whole: bool, minimum: float | None, maximum: float | None) -> None:
        super().__init__()
        self._whole = whole
        self._low = -math.inf if minimum is None else minimum
        self._high = math.inf if maximum is None else maximum
        self._value: float = 0
        self.lineEdit().textEdited.connect(self._read)
        self.editingFinished.connect(self._write)

    @property
    def value(self) -> float:
        """The number that it shows."""
        return self._value

    def show_value(self, value: Any) -> None:
        """Show the value that the script has."""
        if type(value) in (int, float) and value != self._parsed(self.text()):
            self._value = value
            self._write()

    def stepBy(self, steps: int) -> None:  # noqa: N802 - an override
        """Step, but not over the bounds."""
        stepped = self._value + steps * self._step(downwards=steps < 0)
        bounded = max(self._low, min(self._high, stepped))
        self._take(int(bounded) if self._whole else float(f"{bounded:.12g}"))
        self._write()

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:  # noqa: N802 - an override
        """Return in which directions there is something left."""
        flag = QAbstractSpinBox.StepEnabledFlag
        up = flag.StepUpEnabled if self._value < self._high else flag.StepNone
        down = flag.StepDownEnabled if self._value > self._low else flag.StepNone
        return up | down

    def validate(self, text: str, at: int) -> tuple[QValidator.State, str, int]:
        """Let people type what they like: `changed` tells only numbers."""
        return QValidator.State.Acceptable, text, at

    def sizeHint(self) -> QSize:  # noqa: N802 - an override
        """Return room for the largest number that is allowed."""
        widest = self._written(self._high) if math.isfinite(self._high) else _USUAL
        # Beside the figures there are the two arrows and the padding of the style sheet.
        width = self.fontMetrics().horizontalAdvance(widest + "0") + 3 * self.fontMetrics().height()
        return QSize(width, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - an override
        """Return the same."""
        return self.sizeHint()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - an override
        """Let the wheel scroll the window: a knob turned in passing would go unnoticed."""
        event.ignore()

    def _read(self, text: str) -> None:
        value = self._parsed(text)
        if value is not None:
            self._take(value)

    def _take(self, value: float) -> None:
        if value != self._value:
            self._value = value
            self.changed.emit(value)

    def _write(self) -> None:
        self.lineEdit().setText(self._written(self._value))

    def _written(self, value: float) -> str:
        try:
            return f"{value:,}" if self._whole else repr(value)
        except ValueError:  # Python writes no more than 4300 decimal digits
            return hex(int(value))

    def _parsed(self, text: str) -> float | None:
        plain = text.replace(",", "").replace(" ", "")
        try:
            value = int(plain, 0) if self._whole else float(plain)
        except ValueError:
            return None
        return value if math.isfinite(value) else None

    def _step(self, *, downwards: bool) -> float:
        """Return a step of about a tenth of the number: 1 from 5, 10,000 from 200,000."""
        size = abs(self._value)
        if size == 0:
            return 1 if self._whole else 0.1
        # From 100 down it goes on by 1, not by 10: the way back is the way that one came.
        exponent = math.floor(math.log10(size * (0.99 if downwards else 1))) - 1
        return 10 ** max(0, exponent) if self._whole else 10.0**exponent


class TruthField(QCheckBox):
    """True or false; it carries its label itself."""

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.toggled.connect(self.changed.emit)

    def show_value(self, value: Any) -> None:
        """Show the value that the script has."""
        with QSignalBlocker(self):
            self.setChecked(value is True)


class Choice(NamedTuple):
    """One thing to choose: what goes into the script, and what people read."""

    value: Any
    label: str


class ChoiceField(QComboBox):
    """One of several values; another one that stands in the script is shown as it is written."""

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._choices: tuple[Choice, ...] = ()
        self._value: Any = None
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.activated.connect(self._tell)

    def set_choices(self, choices: Sequence[Choice]) -> None:
        """Offer these."""
        self._choices = tuple(choices)
        self.show_value(self._value)

    def show_value(self, value: Any) -> None:
        """Show the value that the script has."""
        self._value = value
        known = [choice.value for choice in self._choices]
        with QSignalBlocker(self):
            self.clear()
            for choice in self._choices:
                self.addItem(choice.label)
                tip = str(choice.value)
                self.setItemData(self.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
            if value not in known:
                self.addItem(str(value))
            self.setCurrentIndex(known.index(value) if value in known else len(known))

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - an override
        """Let the wheel scroll the window."""
        event.ignore()

    def _tell(self, index: int) -> None:
        if index < len(self._choices):
            self.changed.emit(self._choices[index].value)


class TextField(QLineEdit):
    """A text as it stands, or any other value as Python code."""

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.textEdited.connect(self.changed.emit)

    def show_value(self, value: Any) -> None:
        """Show the value that the script has."""
        text = value if isinstance(value, str) else repr(value)
        if text != self.text():
            self.setText(text)


class LinesField(QPlainTextEdit):
    """A list of texts, one a line."""

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setTabChangesFocus(True)  # no text here has a tab in it
        self.textChanged.connect(self._tell)

    def show_value(self, value: Any) -> None:
        """Show the value that the script has."""
        if isinstance(value, list | tuple) and list(value) != self._lines():
            with QSignalBlocker(self):
                self.setPlainText("\n".join(map(str, value)))

    def sizeHint(self) -> QSize:  # noqa: N802 - an override
        """Return room for a few lines."""
        line = self.fontMetrics().lineSpacing()
        frame = 2 * (self.frameWidth() + round(self.document().documentMargin()))
        margins = self.contentsMargins()
        around = frame + margins.top() + margins.bottom() + line  # the bar that scrolls sideways
        return QSize(self.fontMetrics().averageCharWidth() * 48, line * LINES_SHOWN + around)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - an override
        """Return the same height: fewer lines would be no list."""
        return QSize(self.fontMetrics().averageCharWidth() * 20, self.sizeHint().height())

    def _lines(self) -> list[str]:
        return [line.strip() for line in self.toPlainText().splitlines() if line.strip()]

    def _tell(self) -> None:
        self.changed.emit(self._lines())
