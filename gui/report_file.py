"""Saving the report of the session, as the window's menu offers it."""

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from core.exports import ExportProblem, html
from core.exports.html import Report
from core.sweep import Sweep
from gui.reasons import unwritable_sentence
from gui.report import report_of
from gui.save_dialog import ask_where_to_save
from gui.session import Session
from gui.settings import Settings
from gui.texts import Texts

SUFFIX = ".html"


class ReportFile:
    """Asks where to save the report, and saves it; what goes wrong is told by the session.

    Parameters
    ----------
    window : QWidget
        Over which the dialog stands.
    sweeps : callable
        Returns the newest sweep of each script, by its name.
    """

    def __init__(
        self,
        window: QWidget,
        session: Session,
        settings: Settings,
        texts: Texts,
        sweeps: Callable[[], Mapping[str, Sweep]],
    ) -> None:
        self._sweeps = sweeps
        self._window = window
        self._session = session
        self._settings = settings
        self._texts = texts

    def set_texts(self, texts: Texts) -> None:
        """Speak another language."""
        self._texts = texts

    def ask_and_save(self) -> None:
        """Let a person choose where to save the report of what ran so far, and save it."""
        if not self._session.results.scripts():
            self._session.refuse(self._texts("report.nothing"))
            return
        texts = self._texts
        proposed = Path(self._settings.folder) / f"{texts('report.file')}{SUFFIX}"
        kinds = {f"HTML (*{SUFFIX})": SUFFIX}
        title = texts("report.save_title")
        path = ask_where_to_save(self._window, texts, title, proposed, kinds)
        if path is not None:
            self._save(path)

    def _report(self, texts: Texts) -> Report:
        return report_of(self._session.results, texts, texts("report.title"), self._sweeps())

    def _save(self, path: Path) -> None:
        texts = self._texts
        QGuiApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)  # every chart is drawn anew
        try:
            html.save(self._report(texts), path)
        except ExportProblem as problem:
            self._session.refuse(unwritable_sentence(path.name, problem.reason, texts))
            return
        finally:
            QGuiApplication.restoreOverrideCursor()
        self._settings.folder = str(path.resolve().parent)
