"""Shows the session in the panels: one way only, from what is to what is seen."""

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from core.modes import MODES
from core.runtimes import Runtime
from gui.actions import Actions
from gui.panels.code_view import CodeView
from gui.panels.demo_list import DemoList, Entry
from gui.panels.explanation import ExplanationPanel
from gui.panels.knobs import KnobsPanel
from gui.panels.output_log import OutputPanel
from gui.panels.run_bar import RunBar
from gui.panels.stage import Stage
from gui.panels.tab_order import order_tabs
from gui.panels.transport import TransportPanel
from gui.session import Session
from gui.telling import knob_sentence, message_of
from gui.texts import Texts
from gui.theme import Theme
from gui.views import Views


@dataclass(frozen=True, slots=True)
class Panels:
    """The panels of the window."""

    run_bar: RunBar
    demos: DemoList
    knobs: KnobsPanel
    code: CodeView
    explanation: ExplanationPanel
    output: OutputPanel
    transport: TransportPanel

    @classmethod
    def make(cls, theme: Theme, texts: Texts) -> "Panels":
        """Return new panels."""
        return cls(
            RunBar(theme, texts),
            DemoList(theme, texts),
            KnobsPanel(theme, texts),
            CodeView(theme, texts),
            ExplanationPanel(theme, texts),
            OutputPanel(theme, texts),
            TransportPanel(theme, texts),
        )

    def __iter__(self) -> Iterator["Panel"]:
        """Yield each of them."""
        yield from (self.run_bar, self.demos, self.knobs)
        yield from (self.code, self.explanation, self.output, self.transport)


Panel = RunBar | DemoList | KnobsPanel | CodeView | ExplanationPanel | OutputPanel | TransportPanel


class Presenter(QObject):
    """Follows what the session tells.

    Parameters
    ----------
    session : Session
        What is shown.
    panels, stage, views, actions
        Where it is shown.
    texts : Texts
        The language in which it is told.
    """

    def __init__(
        self,
        session: Session,
        panels: Panels,
        stage: Stage,
        views: Views,
        actions: Actions,
        texts: Texts,
    ) -> None:
        super().__init__()
        self._session, self._script, self._runner = session, session.script, session.runner
        self._panels, self._stage = panels, stage
        self._views, self._actions, self._texts = views, actions, texts
        self._focus_after: QWidget | None = None
        session.script.demo_changed.connect(self._show_other_demo)
        session.script.text_changed.connect(self._show_text)
        session.script.knobs_changed.connect(self._show_knobs)
        session.script.knob_refused.connect(self._show_refused_knob)
        session.state_changed.connect(self._show_state)
        session.runner.run_began.connect(self._show_run)
        views.stall_changed.connect(self._show_message)

    def set_texts(self, texts: Texts) -> None:
        """Tell everything in another language."""
        self._texts = texts
        self._show_demo()
        self._show_text(mark=False)
        self._show_knobs()
        self._show_state()

    def show_runtimes(self, runtimes: tuple[Runtime, ...]) -> None:
        """Offer these Pythons."""
        self._panels.run_bar.show_runtimes(runtimes, self._runner.python)

    def _show_other_demo(self) -> None:
        """Show another script, from its first line."""
        self._show_demo()
        self._show_text(mark=False)
        self._panels.code.show_top()

    def _show_demo(self) -> None:
        demo, language = self._script.demo, self._texts.language
        card = demo.card
        title, charts = card.title.in_language(language), self._views.charts
        self._stage.window().setWindowTitle(self._texts("window.title", demo=title))
        self._panels.demos.show_demos(list(self._entries()), demo.name)
        self._panels.knobs.show_knobs(card.knobs)
        self._stage.charts.set_texts(self._texts)
        self._stage.show_charts(charts.of_run(card), charts.pages(card))
        self._order_tabs()

    def _order_tabs(self) -> None:
        panels, charts = self._panels, self._stage.charts
        script = (panels.knobs, panels.code, panels.explanation)
        order_tabs((panels.run_bar, panels.demos, *script, charts, panels.transport, panels.output))

    def _entries(self) -> Iterator[Entry]:
        own, language = self._session.shelf.own, self._texts.language
        for demo in self._session.shelf.demos.values():
            card = demo.card
            yield Entry(
                demo.name, card.title.in_language(language), card.summary.in_language(language)
            )
        if own is not None:
            yield Entry(own.name, own.card.title.in_language(language), str(own.path))

    def _show_run(self) -> None:
        """Bring a run into sight; in the middle of several ones nobody is moved."""
        if self._runner.batch_done == 0 and not self._runner.sweeping:
            self._stage.charts.begin_run()
        self._stage.show_results()

    def _show_text(self, mark: bool) -> None:
        self._panels.code.show_text(self._script.text, mark=mark)

    def _show_knobs(self) -> None:
        problems = {
            name: self._knob_sentence(name, text)
            for name, text in self._script.knob_problems.items()
        }
        self._panels.knobs.show_values(self._script.values, problems)

    def _show_refused_knob(self, name: str, sentence: str) -> None:
        self._panels.knobs.show_problem(name, self._knob_sentence(name, sentence))

    def _knob_sentence(self, name: str, sentence: str) -> str:
        knob = self._script.demo.card.knob(name)
        return sentence if knob is None else knob_sentence(knob, sentence, self._texts)

    def _show_state(self) -> None:
        script, runner, panels = self._script, self._runner, self._panels
        focused = self._stage.window().focusWidget()
        panels.run_bar.show_modes(script.modes, script.mode, self._reasons())
        panels.run_bar.show_state(
            busy=runner.busy,
            can_run=runner.can_run,
            can_compare=runner.can_compare,
        )
        panels.run_bar.show_progress(
            runner.batch_done,
            runner.batch_size if runner.batch_size > 1 else 0,
        )
        self._allow_actions()
        panels.knobs.setEnabled(not runner.busy)
        panels.demos.setEnabled(not runner.busy)
        panels.code.setReadOnly(runner.busy)
        panels.code.show_problem(script.problem.line if script.problem else None)
        self._keep_focus(focused)
        self._show_message()

    def _show_message(self) -> None:
        message, panel = message_of(self._session, self._texts), self._panels.explanation
        panel.show_text(message.heading, message.text, attention=message.attention)
        panel.show_claim(message.claim)

    def _reasons(self) -> dict[str, str]:
        """Return why the demo lacks modes, by their names."""
        language, reasons = self._texts.language, self._script.demo.card.why_not
        return {mode: reason.in_language(language) for mode, reason in reasons.items()}

    def _allow_actions(self) -> None:
        script, runner = self._script, self._runner
        possible = {"run": runner.can_run, "compare": runner.can_compare}
        for name in ("open", "paste", "revert", "run", "compare"):
            self._actions[name].setEnabled(not runner.busy and possible.get(name, True))
        for mode in MODES:
            action = self._actions[f"mode_{mode.name}"]
            # One that the demo lacks says why, when its keys are pressed.
            known = (*script.modes, *script.demo.card.why_not)
            action.setEnabled(not runner.busy and mode.name in known)
        self._actions["stop"].setEnabled(runner.busy)
        self._actions["save_recording"].setEnabled(
            not runner.busy and self._session.recording is not None
        )

    def _keep_focus(self, focused: QWidget | None) -> None:
        """Give the keyboard to Stop while its owner cannot be used, and back afterwards."""
        if self._runner.busy and focused is not None and not focused.isEnabled():
            self._focus_after = focused
            self._panels.run_bar.focus_stop()
        elif not self._runner.busy and self._focus_after is not None:
            now = self._stage.window().focusWidget()
            if now is None or self._panels.run_bar.stop_had_focus(focused):
                self._focus_after.setFocus()
            self._focus_after = None
