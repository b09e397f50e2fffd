"""The window: lays the panels out and connects them to the session. It decides nothing."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QMainWindow, QVBoxLayout, QWidget

from core.modes import MODES
from core.runtimes import Runtime
from gui.actions import Actions
from gui.appearance import Appearance
from gui.files import ScriptFiles
from gui.panels.code_view import CodeView
from gui.panels.demo_list import DemoList, Entry
from gui.panels.explanation import ExplanationPanel
from gui.panels.knobs import KnobsPanel
from gui.panels.output_log import OutputPanel
from gui.panels.run_bar import RunBar
from gui.panels.stage import ScriptColumn, Stage
from gui.session import Session
from gui.settings import LOOKS, SYSTEM, Settings
from gui.telling import knob_sentence, message_of
from gui.texts import LANGUAGES, Texts
from gui.theme import Theme
from gui.views import Views


class MainWindow(QMainWindow):
    """The one window of the application."""

    painted = Signal()
    """It was painted for the first time."""

    def __init__(self, session: Session, appearance: Appearance, settings: Settings) -> None:
        super().__init__()
        self.setObjectName("main_window")
        self.setAcceptDrops(True)
        self._session, self._appearance, self._settings = session, appearance, settings
        self._was_painted = False
        self._focus_after: QWidget | None = None
        self._runtimes: tuple[Runtime, ...] = ()
        self._texts = appearance.texts
        self._make_panels(appearance.theme, appearance.texts)
        self._lay_out()
        self._connect_session()
        self._connect_panels()
        self._connect_actions()
        self._wear(appearance.theme)
        self._speak(appearance.texts)
        self._restore()

    def open_file(self, path: Path) -> None:
        """Show a script; what is wrong with the file is told in the window."""
        self._files.open(path)

    @property
    def settled(self) -> bool:
        """Whether nothing moves any more: no run, no frame to draw, no line just changed."""
        still = not self.views.clock.running and not self._code.changed_lines
        return still and not self._session.busy

    def show_runtimes(self, runtimes: tuple[Runtime, ...]) -> None:
        """Offer these Pythons."""
        self._runtimes = runtimes
        self._run_bar.show_runtimes(runtimes, self._session.python)

    # -- building --------------------------------------------------------------

    def _make_panels(self, theme: Theme, texts: Texts) -> None:
        self._run_bar = RunBar(theme, texts)
        self._demos = DemoList(theme, texts)
        self._knobs = KnobsPanel(theme, texts)
        self._code = CodeView(theme, texts)
        self._explanation = ExplanationPanel(theme, texts)
        self._output = OutputPanel(theme, texts)
        self.views = Views(self._session, self._output, self._run_bar, theme, texts)
        self._files = ScriptFiles(self, self._session, self._settings, texts)
        self._actions = Actions(self)

    def _lay_out(self) -> None:
        script = ScriptColumn(self._knobs, self._code, self._explanation)
        self._stage = Stage(self._demos, script, self._output)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._run_bar)
        column.addWidget(self._stage, 1)
        self.setCentralWidget(inside)

    def _connect_session(self) -> None:
        session = self._session
        session.demo_changed.connect(self._show_demo)
        session.text_changed.connect(self._show_text)
        session.knobs_changed.connect(self._show_knobs)
        session.knob_refused.connect(self._show_refused_knob)
        session.state_changed.connect(self._show_state)
        session.run_began.connect(lambda _: self._stage.show_results())
        self._appearance.theme_changed.connect(self._wear)
        self._appearance.texts_changed.connect(self._speak)

    def _connect_panels(self) -> None:
        session, bar = self._session, self._run_bar
        bar.mode_chosen.connect(session.set_mode)
        bar.runtime_chosen.connect(session.set_python)
        bar.run_asked.connect(session.run)
        bar.stop_asked.connect(session.stop)
        bar.compare_asked.connect(session.compare)
        self._demos.demo_chosen.connect(self._open_named)
        self._knobs.changed.connect(session.set_knob)
        self._code.text_edited.connect(session.edit)

    def _connect_actions(self) -> None:
        session, files, look = self._session, self._files, self._appearance
        handlers: dict[str, Callable[[], object]] = {
            "open": files.ask_and_open,
            "paste": files.paste,
            "save": files.ask_and_save,
            "revert": session.revert,
            "quit": self.close,
            "run": session.run,
            "stop": session.stop,
            "compare": session.compare,
            "zoom_in": partial(look.zoom_by, 1),
            "zoom_out": partial(look.zoom_by, -1),
            "zoom_reset": look.reset_zoom,
            "full_screen": self._toggle_full_screen,
            **{f"mode_{mode.name}": partial(session.set_mode, mode.name) for mode in MODES},
            **{f"look_{name}": partial(look.set_look, name) for name in LOOKS},
            **{f"language_{n}": partial(look.set_language, n) for n in (SYSTEM, *LANGUAGES)},
        }
        for name, handler in handlers.items():
            self._actions[name].triggered.connect(partial(_call, handler))
        self._actions.choose("look", look.look)
        self._actions.choose("language", look.language)

    # -- showing ---------------------------------------------------------------

    def _wear(self, theme: Theme) -> None:
        panels = (self._run_bar, self._demos, self._knobs, self._code, self._explanation)
        for panel in (*panels, self._output, self.views, self._stage):
            panel.set_theme(theme)

    def _speak(self, texts: Texts) -> None:
        self._texts = texts
        panels = (self._run_bar, self._demos, self._knobs, self._code, self._explanation)
        for panel in (*panels, self._output, self.views, self._files, self._actions):
            panel.set_texts(texts)
        self._show_demo()
        self._show_text(mark=False)
        self._show_knobs()
        self._show_state()

    def _show_demo(self) -> None:
        session, language = self._session, self._texts.language
        card = session.demo.card
        title = card.title.in_language(language)
        self.setWindowTitle(self._texts("window.title", demo=title))
        self._demos.show_demos(list(self._entries()), session.demo.name)
        self._knobs.show_knobs(card.knobs)
        self._stage.show_charts(self.views.charts_for(card))
        self._settings.demo = session.demo.name

    def _entries(self) -> Iterator[Entry]:
        own, language = self._session.own, self._texts.language
        for demo in self._session.demos.values():
            card = demo.card
            yield Entry(
                demo.name, card.title.in_language(language), card.summary.in_language(language)
            )
        if own is not None:
            yield Entry(own.name, own.card.title.in_language(language), str(own.path))

    def _show_text(self, mark: bool) -> None:
        self._code.show_text(self._session.text, mark=mark)

    def _show_knobs(self) -> None:
        problems = {
            name: self._knob_sentence(name, text)
            for name, text in self._session.knob_problems.items()
        }
        self._knobs.show_values(self._session.values, problems)

    def _show_refused_knob(self, name: str, sentence: str) -> None:
        self._knobs.show_problem(name, self._knob_sentence(name, sentence))

    def _knob_sentence(self, name: str, sentence: str) -> str:
        knob = self._session.demo.card.knob(name)
        return sentence if knob is None else knob_sentence(knob, sentence, self._texts)

    def _show_state(self) -> None:
        session = self._session
        busy, can_run = session.busy, session.problem is None
        focused = self.focusWidget()
        self._run_bar.show_modes(session.modes, session.mode)
        self._run_bar.show_state(
            busy=busy, can_run=can_run, can_compare=can_run and len(session.modes) > 1
        )
        total = session.batch_size if session.comparing else 0
        self._run_bar.show_progress(session.batch_done, total)
        self._actions["stop"].setEnabled(busy)
        self._knobs.setEnabled(not busy)
        self._demos.setEnabled(not busy)
        self._code.setReadOnly(busy)
        self._code.show_problem(session.problem.line if session.problem else None)
        self._keep_focus(focused)
        message = message_of(session, self._texts)
        self._explanation.show_text(message.heading, message.text, attention=message.attention)

    def _keep_focus(self, focused: QWidget | None) -> None:
        """Give the keyboard to Stop while its owner cannot be used, and back afterwards."""
        if self._session.busy and focused is not None and not focused.isEnabled():
            self._focus_after = focused
            self._run_bar.focus_stop()
        elif not self._session.busy and self._focus_after is not None:
            if self.focusWidget() is None or self._run_bar.stop_had_focus(focused):
                self._focus_after.setFocus()
            self._focus_after = None

    def _open_named(self, name: str) -> None:
        own = self._session.own
        demo = own if own is not None and own.name == name else self._session.demos[name]
        self._session.open(demo)

    # -- the window itself -----------------------------------------------------

    def _toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _restore(self) -> None:
        if not self.restoreGeometry(self._settings.state("window")):
            available = self.screen().availableGeometry()
            self.setGeometry(available.adjusted(40, 40, -40, -40))
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowFullScreen)
        self._stage.restore({name: self._settings.state(name) for name in self._stage.NAMES})

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - an override
        """Remember how the window stands; what runs is ended by the application."""
        self._settings.keep_state("window", self.saveGeometry())
        for name, state in self._stage.state().items():
            self._settings.keep_state(name, state)
        self._settings.save()
        self.views.clock.stop()
        super().closeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - an override
        """Tell when the first picture is on the screen; what can wait begins after it."""
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            self._demos.setFocus()
            QTimer.singleShot(0, self.painted.emit)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - an override
        """Zoom everything with Ctrl and the wheel."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._appearance.zoom_by(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - an override
        """Take files."""
        if not self._session.busy and self._files.takes(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - an override
        """Open the script that was dropped."""
        self._files.drop(event.mimeData())
        event.acceptProposedAction()


def _call(handler: Callable[[], object], _checked: bool = False) -> None:
    """Call what an action does; whether the action is checked does not matter to it."""
    handler()
