"""What one command runs: the open script once, in every mode, or with other numbers of workers."""

import sys
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal

from core.demos import Demo
from core.jobs import build_job
from core.local_sites import LocalSites
from core.recording import Recording
from gui.bridge import Bridge, JobMaker
from gui.open_script import OpenScript
from gui.results import Results


class Runner(QObject):
    """Gives the open script to the bridge, and tells how far what goes on has come.

    While something runs the script is locked, and each run shows the text that it runs.

    Parameters
    ----------
    script : OpenScript
        What is run.
    results : Results
        Where the runs go.
    bridge : Bridge
        Runs what is to be run; closed by its owner.
    sites : LocalSites
        Closed by its owner, after the bridge.

    Attributes
    ----------
    python : str
        The path of the Python that scripts run on.
    batch_size, batch_done : int
        How many runs the command means that goes on, and how many of them ended; 0 when none does.
    compared : bool
        Whether the last command ran every mode to its end, and nothing was changed since.
    """

    batch_began = Signal()
    run_began = Signal(Recording)
    run_over = Signal(Recording)
    """A run ended, and its results are known."""
    batch_over = Signal()
    """What was begun by one command has ended, and the script is free again."""
    run_refused = Signal(Exception)
    """A run could not begin: what was raised, its text one sentence that says why."""
    changed = Signal()
    """It went on, or another Python is to be used."""

    def __init__(
        self, script: OpenScript, results: Results, bridge: Bridge, sites: LocalSites
    ) -> None:
        super().__init__()
        self._script, self._results = script, results
        self._bridge, self._sites = bridge, sites
        self.python = sys.executable
        self.batch_size = self.batch_done = 0
        self.compared = False
        self._before_sweep: str | None = None
        script.demo_changed.connect(self._forget_comparison)
        script.changed.connect(self._forget_comparison)
        bridge.run_started.connect(self._on_started)
        bridge.run_ended.connect(self._on_ended)
        bridge.run_refused.connect(self.run_refused)
        bridge.batch_ended.connect(self._on_batch_ended)

    # -- what goes on ----------------------------------------------------------

    @property
    def busy(self) -> bool:
        """Whether something runs, or is about to."""
        return self.batch_size > 0

    @property
    def comparing(self) -> bool:
        """Whether all modes run, one after the other."""
        return self.batch_size > 1 and not self.sweeping

    @property
    def sweeping(self) -> bool:
        """Whether the script runs with one number of workers after the other."""
        return self._before_sweep is not None

    @property
    def can_run(self) -> bool:
        """Whether the script can be run, once nothing else runs."""
        return self._script.problem is None

    @property
    def can_compare(self) -> bool:
        """Whether there are modes to compare."""
        return self.can_run and len(self._script.modes) > 1

    # -- commands --------------------------------------------------------------

    def run(self) -> None:
        """Run the script as it stands, unless Python cannot read it."""
        self._start([self._script.mode])

    def compare(self) -> None:
        """Run the script in every mode; the one on screen comes last and stays there."""
        mode, modes = self._script.mode, self._script.modes
        others = [other for other in modes if other != mode]
        self._start([*others, mode] if mode in modes else others)

    def sweep(self, texts: Sequence[str]) -> None:
        """Run the script as these texts have it, in turn; then the one on screen comes back."""
        if not self.busy and self.can_run and texts:
            self._before_sweep = self._script.text
            job = partial(build_job, self._script.demo, sites=self._sites, python=self.python)
            self._begin_batch([partial(job, text) for text in texts], while_done=True)

    def stop(self) -> None:
        """End what runs; does nothing when nothing does."""
        if self.busy:
            self._bridge.stop()

    def cancel(self, task: int) -> None:
        """Ask to cancel a task of the run that goes on; does nothing when none does."""
        if self.busy:
            self._bridge.cancel(task)

    def set_python(self, path: str) -> None:
        """Run scripts on that Python from now on."""
        if not self.busy:
            self.python = path
            self._bridge.prepare(path)
            self.changed.emit()

    def get_ready_for(self, demo: Demo) -> None:
        """Do what a run of a demo needs and what takes its time, before anybody asks for one."""
        if demo.card.sites is not None:
            self._bridge.do_ahead(self._sites.address)

    # -- the way of a batch ----------------------------------------------------

    def _start(self, modes: Sequence[str | None]) -> None:
        script = self._script
        if self.busy or not self.can_run or not modes:
            return
        job = partial(build_job, script.demo, script.text, sites=self._sites, python=self.python)
        self._begin_batch([partial(job, mode=mode) for mode in modes])

    def _begin_batch(self, makers: Sequence[JobMaker], *, while_done: bool = False) -> None:
        self.batch_size, self.batch_done = len(makers), 0
        self.compared, self._script.locked = False, True
        self.batch_began.emit()
        self._bridge.start(makers, self.python, while_done=while_done)
        self._script.forget_refused_value()  # it gives way to the one that runs
        self.changed.emit()

    def _on_started(self, recording: Recording) -> None:
        self._results.begin(self._script.demo.name, recording)
        self._script.change(recording.header.script, mark=True)
        self.run_began.emit(recording)
        self.changed.emit()

    def _on_ended(self, recording: Recording) -> None:
        self._results.finish(recording, self._script.demo.card, self.python)
        self.batch_done += 1
        self.run_over.emit(recording)

    def _on_batch_ended(self) -> None:
        self.compared = self.comparing and self.batch_done == self.batch_size
        self.batch_size = self.batch_done = 0
        self._script.locked = False
        text, self._before_sweep = self._before_sweep, None
        if text is not None:
            self._script.put_back(text)
        self.changed.emit()
        self.batch_over.emit()

    def _forget_comparison(self) -> None:
        self.compared = False
