"""What is open and what goes on: the state behind the window, without a widget.

The text here is the one on screen and the one that runs. A knob is turned by rewriting it;
editing it by hand turns the knobs. While something runs nothing can be changed, so that what
is seen is what runs.
"""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from core.card import SCRIPT_MODE, CardKnob
from core.comparison import Comparison, Workload
from core.demos import Demo
from core.jobs import LocalSites, build_job, in_mode
from core.knob_values import check_value
from core.own_card import own_card
from core.recording import Recording
from core.script import ScriptError, SyntaxProblem, find_knobs, mode_of, parse_value, set_knob
from gui.bridge import Bridge, JobMaker
from gui.results import Results


class Session(QObject):
    """The demo that is open, its text, and its runs.

    Parameters
    ----------
    demos : sequence of Demo
        The demos of the lab; at least one.
    bridge : Bridge
        Runs what is to be run; closed by its owner.
    sites : LocalSites
        Closed by its owner, after the bridge.
    """

    demo_changed = Signal()
    """Another script is open, or its card has other knobs or modes."""
    text_changed = Signal(bool)
    """The script changed; whether the lines that changed are to be marked."""
    knobs_changed = Signal()
    """The values in the script changed, or what is wrong with them."""
    knob_refused = Signal(str, str)
    """The name of a knob, and why it cannot have the value that was asked for."""
    state_changed = Signal()
    """What can be done now changed, or what is to be told about it."""
    run_began = Signal(Recording)
    run_over = Signal(Recording)
    """A run of this session ended, and its results are known."""
    batch_over = Signal()
    """What was begun by one command has ended, and the window is free again."""
    results_changed = Signal()
    """A run ended, or the results of another script are to be shown."""

    def __init__(self, demos: Sequence[Demo], bridge: Bridge, sites: LocalSites) -> None:
        super().__init__()
        self.demos: dict[str, Demo] = {demo.name: demo for demo in demos}
        self.own: Demo | None = None
        self.python = sys.executable
        self.results = Results()
        self._bridge = bridge
        self._sites = sites
        self._texts: dict[str, str] = {}
        self._begin(demos[0])
        self.batch_size = 0
        self.batch_done = 0
        self.compared = False
        self._before_sweep: str | None = None
        self.refusal: str | Exception = ""
        bridge.run_started.connect(self._on_started)
        bridge.run_ended.connect(self._on_ended)
        bridge.run_refused.connect(self._on_refused)
        bridge.batch_ended.connect(self._on_batch_ended)

    # -- what there is ---------------------------------------------------------

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
        return self.problem is None

    @property
    def can_compare(self) -> bool:
        """Whether there are modes to compare."""
        return self.can_run and len(self.modes) > 1

    @property
    def modes(self) -> tuple[str, ...]:
        """The modes that the script can be in; none when it has no place for one."""
        return tuple(mode for mode in self.demo.card.modes if mode != SCRIPT_MODE)

    @property
    def recording(self) -> Recording | None:
        """The newest run of the script that is open."""
        return self.results.newest(self.demo.name)

    @property
    def workload(self) -> Workload:
        """What the script as it stands would be compared with."""
        shown = self.recording
        if shown is not None and self.results.was_opened(shown):
            return Workload.of(replace(shown.header, script=self.text, knobs=self.values))
        return self.results.workload(self.demo.name, self.mode, self.text, self.values, self.python)

    @property
    def comparison(self) -> Comparison:
        """Return the runs that the newest run of the script is compared with."""
        return self.results.comparison_of(self.recording)

    def facts(self) -> dict[str, object]:
        """Return what is known about the newest run; nothing when there was none."""
        if self.recording is None:
            return {}
        return self.results.facts(self.recording, self.demo.card)

    # -- opening ---------------------------------------------------------------

    def open(self, demo: Demo) -> None:
        """Open a demo, or a script of one's own; the text is the one it was left with."""
        if not self.busy:
            self._put_aside(demo)
            self._show(demo)

    def bring_back(self, demo: Demo, recording: Recording) -> None:
        """Open a demo or script with the text of a recorded run, which is shown; runs nothing."""
        if not self.busy:
            self._put_aside(demo)
            self._texts[demo.name] = recording.header.script
            self.results.bring_back(demo.name, recording, demo.card)
            self._show(demo)

    def open_named(self, name: str) -> None:
        """Open the script of one's own if it has that name, else the demo."""
        own = self.own
        self.open(own if own is not None and own.name == name else self.demos[name])

    def revert(self) -> None:
        """Go back to the text that the demo came with."""
        self._change(self.demo.text, mark=True)

    # -- changing --------------------------------------------------------------

    def edit(self, text: str) -> None:
        """Take over a text that somebody typed, its lines ended as in the file it came from."""
        if "\r\n" in self.demo.text:
            text = text.replace("\n", "\r\n")
        if text != self.text:
            self._take(text)
            self.text_changed.emit(False)
            self._tell_text()

    def set_knob(self, name: str, value: Any) -> None:
        """Write a value into the script, or say why it cannot be there."""
        if self.busy or name not in self.values:
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
        self._change(text, mark=True)

    def set_mode(self, mode: str) -> None:
        """Write a mode into the script."""
        if self.busy:
            return
        try:
            text = in_mode(self.demo, self.text, mode)
        except ValueError as problem:
            self.refuse(problem)
            return
        self._change(text, mark=True)

    def set_python(self, path: str) -> None:
        """Run scripts on that Python from now on."""
        if not self.busy:
            self.python = path
            self._bridge.prepare(path)
            self.state_changed.emit()

    def refuse(self, why: str | Exception) -> None:
        """Tell that something could not be done: a sentence, or what was raised."""
        self.refusal = why
        self.state_changed.emit()

    # -- running ---------------------------------------------------------------

    def run(self) -> None:
        """Run the script as it stands, unless Python cannot read it."""
        self._start([self.mode])

    def compare(self) -> None:
        """Run the script in every mode; the one on screen comes last and stays there."""
        others = [mode for mode in self.modes if mode != self.mode]
        self._start([*others, self.mode] if self.mode in self.modes else others)

    def sweep(self, texts: Sequence[str]) -> None:
        """Run the script as these texts have it, in turn; then the one on screen comes back."""
        if not self.busy and self.can_run and texts:
            self._before_sweep = self.text
            job = partial(build_job, self.demo, sites=self._sites, python=self.python)
            self._begin_batch([partial(job, text) for text in texts], while_done=True)

    def stop(self) -> None:
        """End what runs; does nothing when nothing does."""
        if self.busy:
            self._bridge.stop()

    def cancel(self, task: int) -> None:
        """Ask to cancel a task of the run that goes on; does nothing when none does."""
        if self.busy:
            self._bridge.cancel(task)

    def _start(self, modes: Sequence[str | None]) -> None:
        if self.busy or self.problem is not None or not modes:
            return
        job = partial(build_job, self.demo, self.text, sites=self._sites, python=self.python)
        self._begin_batch([partial(job, mode=mode) for mode in modes])

    def _begin_batch(self, makers: Sequence[JobMaker], *, while_done: bool = False) -> None:
        self.batch_size, self.batch_done = len(makers), 0
        self.refusal, self.compared = "", False
        self._bridge.start(makers, self.python, while_done=while_done)
        self.knobs_changed.emit()  # a refused value gives way to the one that runs
        self.state_changed.emit()

    def _on_started(self, recording: Recording) -> None:
        self.results.begin(self.demo.name, recording)
        self._change(recording.header.script, mark=True)
        self.run_began.emit(recording)
        self.state_changed.emit()

    def _on_ended(self, recording: Recording) -> None:
        self.results.finish(recording, self.demo.card, self.python)
        self.batch_done += 1
        self.results_changed.emit()
        self.state_changed.emit()
        self.run_over.emit(recording)

    def _on_refused(self, why: Exception) -> None:
        self.refusal = why

    def _on_batch_ended(self) -> None:
        self.compared = self.comparing and self.batch_done == self.batch_size
        self.batch_size = self.batch_done = 0
        text, self._before_sweep = self._before_sweep, None
        if text is not None:
            refusal = self.refusal  # which is about the sweep, not about the text that comes back
            self._change(text, mark=False)
            self.refusal = refusal
        self.state_changed.emit()
        self.batch_over.emit()

    # -- keeping everything in step --------------------------------------------

    def _begin(self, demo: Demo) -> None:
        self.demo = demo
        if demo.card.sites is not None:
            self._bridge.do_ahead(self._sites.address)
        self._take(self._texts.get(demo.name, demo.text))

    def _put_aside(self, demo: Demo) -> None:
        """Keep the text on screen for later, and make room for a demo or script."""
        self._texts[self.demo.name] = self.text
        if demo is not self.own and self.demos.get(demo.name) is not demo:
            self.own = demo
            self._texts.pop(demo.name, None)
            self.results.forget(demo.name)

    def _show(self, demo: Demo) -> None:
        self._begin(demo)
        self.refusal, self.compared = "", False
        self._tell_all()

    def _change(self, text: str, *, mark: bool) -> None:
        if text != self.text:
            self._take(text)
            self.text_changed.emit(mark)
            self._tell_text()

    def _take(self, text: str) -> None:
        """Read a text anew: its values and mode, and what is wrong with it."""
        self.text = text
        self.problem: SyntaxProblem | None = None
        try:
            self.values: dict[str, Any] = {knob.name: knob.value for knob in find_knobs(text)}
            self.mode = mode_of(text)
        except SyntaxProblem as problem:
            self.problem, self.values, self.mode = problem, {}, None
        self.knob_problems = _problems(self.demo.card.knobs, self.values)

    def _tell_text(self) -> None:
        if self.demo is self.own and self.problem is None:
            self._renew_card()
        self.refusal, self.compared = "", False
        self.knobs_changed.emit()
        self.state_changed.emit()

    def _renew_card(self) -> None:
        """Find the knobs and modes of an own script again: it may have others by now."""
        assert self.own is not None  # noqa: S101 - the caller looked
        old = self.own
        card = own_card(old.name, self.text)
        if card != old.card:
            self.own = self.demo = Demo(old.name, old.path, old.text, card)
            self.knob_problems = {}
            self.demo_changed.emit()

    def _tell_all(self) -> None:
        self.demo_changed.emit()
        self.text_changed.emit(False)
        self.knobs_changed.emit()
        self.results_changed.emit()
        self.state_changed.emit()


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
