"""The state behind the window, without a widget: what is open, what goes on, what was measured.

Each of these has a room of its own; here they are brought together. While something runs nothing
can be opened or changed, so that what is seen is what runs.
"""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from core.comparison import Comparison, Workload
from core.demos import Demo
from core.local_sites import LocalSites
from core.recording import Recording
from gui.bridge import Bridge
from gui.open_script import OpenScript
from gui.results import Results
from gui.runner import Runner
from gui.shelf import Shelf


class Session(QObject):
    """Opens scripts, and knows the newest run of the one that is open.

    Parameters
    ----------
    demos : sequence of Demo
        The demos of the lab; at least one.
    bridge : Bridge
        Runs what is to be run; closed by its owner.
    sites : LocalSites
        Closed by its owner, after the bridge.

    Attributes
    ----------
    shelf : Shelf
        What can be opened.
    script : OpenScript
        What is open.
    runner : Runner
        What goes on.
    results : Results
        What was measured.
    refusal : str or Exception
        Why the last command could not be followed, until something else happens.
    """

    state_changed = Signal()
    """What can be done now changed, or what is to be told about it."""
    results_changed = Signal()
    """A run ended, or the results of another script are to be shown."""

    def __init__(self, demos: Sequence[Demo], bridge: Bridge, sites: LocalSites) -> None:
        super().__init__()
        self.shelf = Shelf(demos)
        self.results = Results()
        self.script = OpenScript(self.shelf)
        self.runner = Runner(self.script, self.results, bridge, sites)
        self.refusal: str | Exception = ""
        self.runner.get_ready_for(self.script.demo)
        self._listen()

    # -- what there is to show -------------------------------------------------

    @property
    def recording(self) -> Recording | None:
        """The newest run of the script that is open."""
        return self.results.newest(self.script.demo.name)

    @property
    def workload(self) -> Workload:
        """What the script as it stands would be compared with."""
        shown, script = self.recording, self.script
        if shown is not None and self.results.was_opened(shown):
            return Workload.of(replace(shown.header, script=script.text, knobs=script.values))
        return self.results.workload(
            script.demo.name, script.mode, script.text, script.values, self.runner.python
        )

    @property
    def comparison(self) -> Comparison:
        """Return the runs that the newest run of the script is compared with."""
        return self.results.comparison_of(self.recording)

    def facts(self) -> dict[str, object]:
        """Return what is known about the newest run; nothing when there was none."""
        if self.recording is None:
            return {}
        return self.results.facts(self.recording, self.script.demo.card)

    # -- opening ---------------------------------------------------------------

    def open(self, demo: Demo) -> None:
        """Open a demo, or a script of one's own; the text is the one it was left with."""
        if not self.runner.busy:
            self._put_aside(demo)
            self._show(demo)

    def open_named(self, name: str) -> None:
        """Open the script of one's own if it has that name, else the demo."""
        self.open(self.shelf.named(name))

    def bring_back(self, demo: Demo, recording: Recording) -> None:
        """Open a demo or script with the text of a recorded run, which is shown; runs nothing."""
        if not self.runner.busy:
            self._put_aside(demo)
            self.shelf.leave(demo, recording.header.script)
            self.results.bring_back(demo.name, recording, demo.card)
            self._show(demo)

    def refuse(self, why: str | Exception) -> None:
        """Tell that something could not be done: a sentence, or what was raised."""
        self.refusal = why
        self.state_changed.emit()

    def _put_aside(self, demo: Demo) -> None:
        """Keep the text on screen for later, and make room for a demo or script."""
        self.shelf.leave(self.script.demo, self.script.text)
        if self.shelf.make_room(demo):
            self.results.forget(demo.name)

    def _show(self, demo: Demo) -> None:
        self.runner.get_ready_for(demo)
        self.refusal = ""
        self.script.show(demo)
        self.results_changed.emit()
        self.state_changed.emit()

    # -- what the rooms tell ---------------------------------------------------

    def _listen(self) -> None:
        """Hear of everything first: who listens to a room may ask the session about it."""
        self.script.changed.connect(self._on_text_changed)
        self.script.mode_refused.connect(self.refuse)
        self.runner.batch_began.connect(self._forget_refusal)
        self.runner.run_refused.connect(self._on_run_refused)
        self.runner.run_over.connect(self._on_run_over)
        self.runner.changed.connect(self.state_changed)

    def _on_text_changed(self) -> None:
        self._forget_refusal()
        self.state_changed.emit()

    def _on_run_refused(self, why: Exception) -> None:
        self.refusal = why  # told when the batch is over, which is at once

    def _on_run_over(self) -> None:
        self.results_changed.emit()
        self.state_changed.emit()

    def _forget_refusal(self) -> None:
        self.refusal = ""
