"""The sweeps of a session: starts them, follows their runs, and keeps one a script."""

import math
from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal

from core.metrics import outcomes
from core.recording import Recording
from core.sweep import (
    NothingToSweep,
    Sweep,
    SweepPlan,
    candidates,
    sweep_modes,
    text_with,
    why_nothing,
)
from gui.session import Session


class Sweeps(QObject):
    """Keeps the newest sweep of each script.

    Parameters
    ----------
    session : Session
        Does the runs.
    """

    changed = Signal()
    """The sweep of the script that is open has come further, or another script is open."""
    began = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._by_name: dict[str, Sweep] = {}
        self._going_on = ""
        session.runner.run_over.connect(self._take)
        session.runner.batch_over.connect(self._end)
        session.script.demo_changed.connect(self.changed)

    @property
    def shown(self) -> Sweep | None:
        """The newest sweep of the script that is open."""
        return self._by_name.get(self._session.script.demo.name)

    @property
    def by_script(self) -> Mapping[str, Sweep]:
        """The newest sweep of each script."""
        return self._by_name

    @property
    def knobs(self) -> tuple[str, ...]:
        """The knobs of the open script that may be its number of workers."""
        script = self._session.script
        return candidates(script.demo, script.values)

    @property
    def modes(self) -> tuple[str, ...]:
        """The modes in which the open script can be swept."""
        return sweep_modes(self._session.script.demo.card)

    @property
    def may_ask(self) -> bool:
        """Whether a script is open that can be read, and nothing runs."""
        runner = self._session.runner
        return runner.can_run and not runner.busy

    @property
    def why_not(self) -> NothingToSweep | None:
        """Why the open script cannot be swept at all; None if it can."""
        script = self._session.script
        return why_nothing(script.demo, script.values)

    @property
    def is_possible(self) -> bool:
        """Whether the script that is open can be swept now."""
        return self.may_ask and self.why_not is None

    def start(self, plan: SweepPlan) -> None:
        """Run the open script as planned; does nothing while that is not possible."""
        session = self._session
        if not self.is_possible:
            return
        texts = [
            text_with(session.script.demo, session.script.text, plan, count) for count in plan.runs
        ]
        self._going_on = session.script.demo.name
        self._by_name[self._going_on] = Sweep(plan)
        session.runner.sweep(texts)
        self.began.emit()
        self.changed.emit()

    def _take(self, recording: Recording) -> None:
        """Take the time of a run; one that did not end well ends the sweep."""
        sweep = self._by_name.get(self._going_on)
        if sweep is None or sweep.is_over:
            return
        workers = sweep.plan.runs[sweep.done]
        ending = recording.ending
        if ending is not None and ending.outcome == "done" and math.isfinite(recording.elapsed_s):
            failed = outcomes(recording).failed
            sweep = sweep.with_run(workers, recording.elapsed_s, len(recording), failed)
            self._by_name[self._going_on] = sweep
        else:
            outcome = ending.outcome if ending is not None else "failed"
            self._by_name[self._going_on] = sweep.ended_by(outcome, workers)
            self._session.runner.stop()  # also where it was done, but told no time
        self.changed.emit()

    def _end(self) -> None:
        sweep = self._by_name.get(self._going_on)
        if sweep is None:
            return
        if self._session.refusal:
            workers = sweep.plan.runs[min(sweep.done, len(sweep.plan.runs) - 1)]
            sweep = sweep.ended_by(self._session.refusal, workers)
        elif sweep.done < len(sweep.plan.runs) and not sweep.why_ended:
            sweep = sweep.ended_by("stopped", sweep.plan.runs[sweep.done])
        self._by_name[self._going_on] = sweep.over()
        self._going_on = ""
        self.changed.emit()
