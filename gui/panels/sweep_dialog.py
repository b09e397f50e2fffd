"""The dialog before a sweep: which knob, which mode, how many workers, how often."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QFrame,
    QLabel,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from core.sweep import MOST_REPEATS, Steps, SweepPlan, worker_counts
from gui.panels.named import named
from gui.texts import Texts
from gui.theme import Theme

STEPS: Final[tuple[Steps, ...]] = ("doubling", "all")
WIDTH: Final = 420

USUAL_REPEATS: Final = 3
"""The fewest of which the median leaves out a run that something else held up."""
SHARE: Final = 90
"""How much of the window it may take, in percent: around it the system draws a frame."""


@dataclass(frozen=True, slots=True)
class SweepChoices:
    """What there is to choose from.

    Attributes
    ----------
    knobs : sequence of str
        Knobs that may be the number of workers, the likeliest first.
    modes : sequence of (str, str)
        Modes with what people call them.
    mode : str
        The one that is chosen at first.
    bounds : callable
        The most workers that a knob may have, and how many a sweep usually goes to.
    is_known : bool
        Whether the first knob is the number of workers for certain, so that nobody has to choose.
    """

    knobs: Sequence[str]
    modes: Sequence[tuple[str, str]]
    mode: str
    bounds: Callable[[str], tuple[int, int]]
    is_known: bool


class SweepDialog(QDialog):
    """Asks for a plan, and tells it when Sweep is pressed."""

    planned = Signal(SweepPlan)

    def __init__(self, window: QWidget, choices: SweepChoices, texts: Texts, theme: Theme) -> None:
        super().__init__(window)
        self._choices, self._texts = choices, texts
        self.setObjectName("sweep_dialog")
        self.setWindowTitle(texts("sweep.title"))
        self._knob = named("sweep_knob", QComboBox())
        self._mode = named("sweep_mode", QComboBox())
        self._most = named("sweep_most", QSpinBox())
        self._steps = named("sweep_steps", QComboBox())
        self._repeats = named("sweep_repeats", QSpinBox())
        self._runs = named("sweep_runs", QLabel(wordWrap=True))
        self._inside = QWidget()
        self._fill()
        self._lay_out(theme)
        self._connect()
        self._bound()
        self._fit(window, theme.px(WIDTH))

    @property
    def plan(self) -> SweepPlan:
        """What is chosen now."""
        steps = cast("Steps", self._steps.currentData())
        workers = worker_counts(self._most.value(), steps)
        mode, repeats = self._mode.currentData(), self._repeats.value()
        return SweepPlan(self._knob.currentText(), mode, workers, repeats)

    def _fill(self) -> None:
        self._knob.addItems(list(self._choices.knobs))
        for mode, label in self._choices.modes:
            self._mode.addItem(label, mode)
        self._mode.setCurrentIndex(max(0, self._mode.findData(self._choices.mode)))
        for steps in STEPS:
            self._steps.addItem(self._texts(f"sweep.{steps}"), steps)
        self._repeats.setRange(1, MOST_REPEATS)
        self._repeats.setValue(USUAL_REPEATS)

    def _lay_out(self, theme: Theme) -> None:
        outside, form = QVBoxLayout(self), QFormLayout()
        column = QVBoxLayout(self._inside)
        outside.setContentsMargins(*[theme.grid(2)] * 4)
        column.setContentsMargins(0, 0, 0, 0)
        for layout in (outside, column):
            layout.setSpacing(theme.grid(1.5))
        form.setSpacing(theme.grid())
        fields = {
            "knob": self._knob,
            "mode": self._mode,
            "most": self._most,
            "steps": self._steps,
            "repeats": self._repeats,
        }
        for name, field in fields.items():
            label = self._texts(f"sweep.{name}")
            field.setAccessibleName(label)
            form.addRow(label, field)
        form.setRowVisible(self._knob, not self._choices.is_known)
        self._buttons = QDialogButtonBox()
        start, cancel = QDialogButtonBox.ButtonRole.AcceptRole, QDialogButtonBox.ButtonRole
        button = self._buttons.addButton(self._texts("sweep.start"), start)
        button.setDefault(True)
        button.setObjectName("sweep_start")
        self._buttons.addButton(self._texts("sweep.cancel"), cancel.RejectRole)
        column.addWidget(QLabel(self._texts("sweep.about"), wordWrap=True))
        column.addLayout(form)
        column.addWidget(self._runs)
        column.addStretch()
        scrolled = QScrollArea(widgetResizable=True)
        scrolled.setFrameShape(QFrame.Shape.NoFrame)
        scrolled.setWidget(self._inside)
        outside.addWidget(scrolled, 1)
        outside.addWidget(self._buttons)

    def _fit(self, window: QWidget, wished_px: int) -> None:
        """Be as large as everything needs, but no larger than the window; then it scrolls."""
        layout, inside = self.layout(), self._inside.layout()
        assert layout is not None  # noqa: S101 - both have just been laid out
        assert inside is not None  # noqa: S101 - as above
        margins = layout.contentsMargins()
        width = min(wished_px, window.width() * SHARE // 100)
        height = inside.totalHeightForWidth(width - margins.left() - margins.right())
        height += layout.spacing() + self._buttons.sizeHint().height()
        height += margins.top() + margins.bottom()
        self.resize(width, min(height, window.height() * SHARE // 100))

    def _connect(self) -> None:
        self._knob.currentIndexChanged.connect(self._bound)
        for field in (self._most, self._repeats):
            field.valueChanged.connect(self._tell)
        self._steps.currentIndexChanged.connect(self._tell)
        self._buttons.accepted.connect(self._accept)
        self._buttons.rejected.connect(self.reject)

    def _bound(self) -> None:
        """Let the workers be what the knob can be."""
        most, usual = self._choices.bounds(self._knob.currentText())
        self._most.setRange(min(2, most), most)
        self._most.setValue(usual)
        self._tell()

    def _tell(self) -> None:
        """Say what will run."""
        plan = self.plan
        workers = self._texts("explanation.comma").join(map(str, plan.workers))
        self._runs.setText(self._texts("sweep.runs", workers=workers, count=len(plan.runs)))

    def _accept(self) -> None:
        self.accept()
        self.planned.emit(self.plan)
