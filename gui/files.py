"""Opening, pasting and saving files from the window. None of this runs anything."""

import errno
from pathlib import Path

from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from core.demos import UnreadableScript
from core.exports import ExportProblem
from gui.reasons import unwritable_sentence
from gui.recordings import SUFFIX, Recordings
from gui.save_dialog import ask_where_to_save
from gui.scripts import save_script, script_from_file, script_from_text
from gui.session import Session
from gui.settings import Settings
from gui.texts import Texts

_FILTER = "Python (*.py *.pyw)"
_BOTH = f"Python, Futures Lab (*.py *.pyw *{SUFFIX})"


class ScriptFiles:
    """What the file menu does; what goes wrong is told by the session.

    Parameters
    ----------
    window : QWidget
        Over which the dialogs stand.
    """

    def __init__(
        self,
        window: QWidget,
        session: Session,
        recordings: Recordings,
        settings: Settings,
        texts: Texts,
    ) -> None:
        self._window = window
        self._recordings = recordings
        self._session = session
        self._settings = settings
        self._texts = texts

    def set_texts(self, texts: Texts) -> None:
        """Speak another language."""
        self._texts = texts

    def open(self, path: Path) -> None:
        """Show a script or a recording, whichever it is by its content."""
        if self._recordings.takes(path):
            self._settings.folder = str(path.resolve().parent)
            self._recordings.open(path)
            return
        try:
            demo = script_from_file(path)
        except (UnreadableScript, OSError, UnicodeDecodeError) as problem:
            self._session.refuse(self._why_unreadable(path, problem))
            return
        self._settings.folder = str(path.resolve().parent)
        self._session.open(demo)

    def ask_and_open(self) -> None:
        """Let a person choose a script or a recording, and show it."""
        title = self._texts("file.open_title")
        name, _ = QFileDialog.getOpenFileName(self._window, title, self._settings.folder, _BOTH)
        if name:
            self.open(Path(name))

    def ask_and_save(self) -> None:
        """Let a person choose where to save the script, and save it as it stands."""
        proposed = Path(self._settings.folder) / Path(self._session.script.demo.path).name
        title = self._texts("file.save_title")
        path = ask_where_to_save(self._window, self._texts, title, proposed, {_FILTER: ".py"})
        if path is None:
            return
        try:
            save_script(path, self._session.script.text)
        except (ExportProblem, UnicodeEncodeError) as problem:
            self._session.refuse(unwritable_sentence(path.name, problem.reason, self._texts))
            return
        self._settings.folder = str(path.resolve().parent)

    def paste(self) -> None:
        """Show the text of the clipboard as a script."""
        text = QGuiApplication.clipboard().text()
        if text.strip():
            self._session.open(script_from_text(text))
        else:
            self._session.refuse(self._texts("file.nothing_to_paste"))

    def takes(self, dragged: QMimeData) -> bool:
        """Return whether something that is dragged over the window can be opened."""
        return any(url.isLocalFile() for url in dragged.urls())

    def drop(self, dropped: QMimeData) -> None:
        """Show a script or a recording that was dropped on the window."""
        files = [QUrl.toLocalFile(url) for url in dropped.urls() if url.isLocalFile()]
        if len(files) == 1:
            self.open(Path(files[0]))
        else:
            self._session.refuse(self._texts("file.several"))

    def _why_unreadable(self, path: Path, problem: Exception) -> str:
        if self._texts.language == "en" and isinstance(problem, UnreadableScript):
            return str(problem)
        reason = getattr(problem, "strerror", None) or errno_name(problem)
        key = "file.unreadable_because" if reason else "file.unreadable"
        return self._texts(key, name=path.name, reason=reason)


def errno_name(problem: Exception) -> str:
    """Return the short name of a system error behind a problem; empty when there is none."""
    cause = problem.__cause__
    number = getattr(cause, "errno", None)
    return errno.errorcode.get(number, "") if number is not None else ""
