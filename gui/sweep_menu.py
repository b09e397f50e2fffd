"""Run > Sweep over workers: asks, starts, and gives the chart what was measured."""

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from core.refusals import JobProblem
from core.sweep import most_workers, usual_most
from gui.appearance import Appearance
from gui.charts import Chart, SpeedupChart
from gui.panels.stage import Stage
from gui.panels.sweep_dialog import SweepChoices, SweepDialog
from gui.refusals import refusal_sentence
from gui.session import Session
from gui.sweeps import Sweeps
from gui.telling import mode_label


class SweepMenu(QObject):
    """Stands between the menu, the dialog, the sweeps and their chart.

    Parameters
    ----------
    window : QWidget
        Over which the dialog stands.
    action : QAction
        The entry of the menu.
    stage : Stage
        Where the page of the sweep is brought to front.
    """

    def __init__(
        self,
        window: QWidget,
        action: QAction,
        session: Session,
        stage: Stage,
        appearance: Appearance,
    ) -> None:
        super().__init__(window)
        self._window, self._action, self._stage = window, action, stage
        self._session, self._appearance = session, appearance
        self._chart: SpeedupChart | None = None
        self.sweeps = Sweeps(session)
        self.sweeps.changed.connect(self._show)
        self.sweeps.began.connect(self._bring_to_front)
        appearance.texts_changed.connect(self._show)
        session.state_changed.connect(self._allow)
        session.script.demo_changed.connect(self._allow)
        self._allow()

    def take(self, chart: Chart) -> None:
        """Feed a chart that was just made, if it is the one for sweeps."""
        if isinstance(chart, SpeedupChart):
            self._chart = chart
            self._show()

    def ask(self) -> None:
        """Let a person choose what to sweep, or tell why nothing can be."""
        why_not = self.sweeps.why_not
        if not self.sweeps.may_ask:
            return
        if why_not is not None:
            self._session.refuse(why_not)
            return
        session, texts = self._session, self._appearance.texts
        card = session.script.demo.card
        modes = [(mode, mode_label(mode, texts)) for mode in self.sweeps.modes]
        choices = SweepChoices(
            knobs=self.sweeps.knobs,
            modes=modes,
            mode=session.script.mode or modes[0][0],
            bounds=lambda knob: (most_workers(card, knob), usual_most(card, knob)),
            is_known=card.workers is not None,
        )
        dialog = SweepDialog(self._window, choices, texts, self._appearance.theme)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.planned.connect(self.sweeps.start)
        dialog.open()

    def _show(self) -> None:
        if self._chart is None:
            return
        sweep = self.sweeps.shown
        why = sweep.why_ended if sweep is not None else ""
        if isinstance(why, JobProblem):
            why = refusal_sentence(why, self._appearance.texts)
        self._chart.set_sweep(sweep, str(why))

    def _bring_to_front(self) -> None:
        if self._chart is not None:
            self._stage.charts.show_page(self._chart)
            self._stage.show_results()

    def _allow(self) -> None:
        """Leave the entry to choose where there is nothing to sweep: it tells why."""
        self._action.setEnabled(self.sweeps.may_ask)
