"""The window: lays the panels out and connects them to the session. It decides nothing."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QMainWindow, QVBoxLayout, QWidget

from core.modes import MODES
from core.runtimes import Runtime
from gui.actions import Actions
from gui.appearance import Appearance
from gui.export_menu import ExportMenu
from gui.files import ScriptFiles
from gui.panels.bottom_column import BottomColumn
from gui.panels.stage import ScriptColumn, Stage
from gui.picture_menu import PictureMenu
from gui.pins import Pins
from gui.presenter import Panels, Presenter
from gui.recording_menus import RecordingMenus
from gui.recordings import Recordings
from gui.replay import Replay
from gui.report_file import ReportFile
from gui.running_marks import RunningMarks
from gui.session import Session
from gui.settings import LOOKS, SYSTEM, Settings
from gui.sweep_menu import SweepMenu
from gui.texts import LANGUAGES, Texts
from gui.theme import Theme
from gui.views import Followers, Views


class MainWindow(QMainWindow):
    """The one window of the application."""

    painted = Signal()
    """It was painted for the first time."""

    def __init__(
        self,
        session: Session,
        recordings: Recordings,
        appearance: Appearance,
        settings: Settings,
    ) -> None:
        super().__init__()
        self.setObjectName("main_window")
        self.setAcceptDrops(True)
        self._session, self._appearance, self._settings = session, appearance, settings
        self._recordings = recordings
        self._was_painted = False
        self._make_parts(appearance.theme, appearance.texts)
        self._lay_out()
        self._connect_panels()
        self._connect_actions()
        self._wear(appearance.theme)
        self._speak(appearance.texts)
        self._restore()

    def open_file(self, path: Path) -> None:
        """Show a script or a recording; what is wrong with the file is told in the window."""
        self._files.open(path)

    @property
    def settled(self) -> bool:
        """Whether nothing moves any more: no run, nothing to draw, no line just changed."""
        still = self.views.still and not self._panels.code.changed_lines
        return still and not self._session.runner.busy

    def show_runtimes(self, runtimes: tuple[Runtime, ...]) -> None:
        """Offer these Pythons."""
        self._presenter.show_runtimes(runtimes)

    # -- building --------------------------------------------------------------

    def _make_parts(self, theme: Theme, texts: Texts) -> None:
        session = self._session
        panels = self._panels = Panels.make(theme, texts)
        script = ScriptColumn(panels.knobs, panels.code, panels.explanation)
        bottom = BottomColumn(panels.transport, panels.output)
        self._stage = Stage(panels.demos, script, bottom)
        self.replay, marks = Replay(panels.transport), RunningMarks(session.script, panels.code)
        self._pins = Pins(session, panels.transport)
        followers = Followers(panels.output, panels.run_bar, self.replay, marks, self._pins)
        self.views = Views(session, followers, theme, texts)
        self._files = ScriptFiles(self, session, self._recordings, self._settings, texts)
        self._pictures = PictureMenu(self, session, self._settings, texts)
        self.views.charts.made.connect(self._pictures.offer)
        self._actions = Actions(self)
        recent = self._actions.add_submenu("file", before="paste")
        examples = self._actions.add_submenu("file", before="paste")
        self._kept = RecordingMenus(session, self._recordings, recent, examples, texts)
        export = self._actions.add_submenu("file", before="save_picture")
        self._exports = ExportMenu(self, export, session, self._recordings, self._settings, texts)
        self.sweep = SweepMenu(self, self._actions["sweep"], session, self._stage, self._appearance)
        self.views.charts.made.connect(self.sweep.take)
        sweeps = self.sweep.sweeps
        self._report = ReportFile(self, session, self._settings, texts, lambda: sweeps.by_script)
        self._presenter = Presenter(session, panels, self._stage, self.views, self._actions, texts)

    def _lay_out(self) -> None:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._panels.run_bar)
        column.addWidget(self._stage, 1)
        self.setCentralWidget(inside)

    def _connect_panels(self) -> None:
        session, bar = self._session, self._panels.run_bar
        bar.mode_chosen.connect(session.script.set_mode)
        bar.runtime_chosen.connect(session.runner.set_python)
        bar.run_asked.connect(session.runner.run)
        bar.stop_asked.connect(session.runner.stop)
        bar.compare_asked.connect(session.runner.compare)
        self._panels.demos.demo_chosen.connect(session.open_named)
        self._panels.knobs.changed.connect(session.script.set_knob)
        self._panels.code.text_edited.connect(session.script.edit)
        self._stage.charts.page_changed.connect(self.views.show_page)
        self._appearance.theme_changed.connect(self._wear)
        self._appearance.texts_changed.connect(self._speak)

    def _connect_actions(self) -> None:
        session, files, look = self._session, self._files, self._appearance
        handlers: dict[str, Callable[[], object]] = {
            "open": files.ask_and_open,
            "paste": files.paste,
            "save": files.ask_and_save,
            "revert": session.script.revert,
            "save_recording": partial(self._recordings.ask_and_save, self),
            "save_picture": self._save_picture,
            "save_report": self._report.ask_and_save,
            "quit": self.close,
            "run": session.runner.run,
            "stop": session.runner.stop,
            "compare": session.runner.compare,
            "pin": self._pins.toggle,
            "zoom_in": partial(look.zoom_by, 1),
            "zoom_out": partial(look.zoom_by, -1),
            "zoom_reset": look.reset_zoom,
            "full_screen": self._toggle_full_screen,
            **{f"mode_{mode.name}": partial(session.script.set_mode, mode.name) for mode in MODES},
            **{f"look_{name}": partial(look.set_look, name) for name in LOOKS},
            **{f"language_{n}": partial(look.set_language, n) for n in (SYSTEM, *LANGUAGES)},
        }
        for name, handler in handlers.items():
            self._actions[name].triggered.connect(partial(_call, handler))
        self._actions["sweep"].triggered.connect(partial(_call, self.sweep.ask))
        self._pins.follow_with(self._actions["pin"])
        self._actions.choose("look", look.look)
        self._actions.choose("language", look.language)

    def _wear(self, theme: Theme) -> None:
        for part in (*self._panels, self.views, self._stage):
            part.set_theme(theme)

    def _speak(self, texts: Texts) -> None:
        recordings = (self._recordings, self._kept)
        files = (self._files, *recordings, self._pictures, self._report, self._exports)
        for part in (*self._panels, self.views, *files, self._actions, self._presenter):
            part.set_texts(texts)

    # -- the window itself -----------------------------------------------------

    def _save_picture(self) -> None:
        self._pictures.save_in_front(self.views.charts.in_front)

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
        self._settings.demo = self._session.script.demo.name
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
            self._panels.demos.setFocus()
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
        if not self._session.runner.busy and self._files.takes(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - an override
        """Open the script or recording that was dropped."""
        self._files.drop(event.mimeData())
        event.acceptProposedAction()


def _call(handler: Callable[[], object], _checked: bool = False) -> None:
    """Call what an action does; whether the action is checked does not matter to it."""
    handler()
