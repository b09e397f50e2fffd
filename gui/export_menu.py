"""File > Export: the newest run of the open script as a file, in each format there is."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QMessageBox, QWidget

from core.exports import EXPORTS, Export
from core.number_format import size
from core.recording import Recording
from gui.recordings import Recordings
from gui.save_dialog import ask_where_to_save
from gui.session import Session
from gui.settings import Settings
from gui.texts import Texts


class ExportMenu(QObject):
    """Fills a menu with the formats, and lets people choose where a run goes.

    Parameters
    ----------
    window : QWidget
        Over which the dialogs stand.
    menu : QMenu
        A menu without entries.
    recordings : Recordings
        Write the files, off the window's thread, and tell what goes wrong.
    """

    def __init__(
        self,
        window: QWidget,
        menu: QMenu,
        session: Session,
        recordings: Recordings,
        settings: Settings,
        texts: Texts,
    ) -> None:
        super().__init__(window)
        self._window, self._menu, self._recordings = window, menu, recordings
        self._session, self._settings, self._texts = session, settings, texts
        self._actions = {export.name: self._add(export) for export in EXPORTS}
        session.state_changed.connect(self._allow)
        recordings.large_export.connect(self._ask_about)
        self._allow()

    def set_texts(self, texts: Texts) -> None:
        """Speak another language."""
        self._texts = texts
        self._menu.setTitle(texts("menu.export"))
        for export in EXPORTS:
            self._actions[export.name].setText(f"{export.label[texts.language]}…")

    def ask_and_export(self, export: Export) -> None:
        """Let a person choose a place, and write the newest run there."""
        recording = self._finished()
        if recording is None:
            return
        title = self._texts("file.export_title", format=export.label[self._texts.language])
        kinds = {f"*{Path(export.suffix).suffix}": export.suffix}
        proposed = self._proposed(recording, export)
        path = ask_where_to_save(self._window, self._texts, title, proposed, kinds)
        if path is not None:
            self._settings.folder = str(path.resolve().parent)
            self._recordings.export(recording, export, path)

    def _ask_about(self, recording: Recording, export: Export, path: Path, size_bytes: int) -> None:
        """Say what a large file takes, and write it if that is all right."""
        title = self._texts("file.export_title", format=export.label[self._texts.language])
        question = self._texts("file.large", name=path.name, size=size(size_bytes))
        answer = QMessageBox.question(self._window, title, question)
        if answer == QMessageBox.StandardButton.Yes:
            self._recordings.export_all_the_same(recording, export, path)

    def _add(self, export: Export) -> QAction:
        action = self._menu.addAction("")
        action.setObjectName(f"export_{export.name}")
        action.triggered.connect(partial(self._on_triggered, export))
        return action

    def _on_triggered(self, export: Export, _checked: bool = False) -> None:
        self.ask_and_export(export)

    def _finished(self) -> Recording | None:
        """Return the newest run if it is over."""
        recording = self._session.recording
        return None if recording is None or recording.running else recording

    def _allow(self) -> None:
        is_there = self._finished() is not None
        self._menu.menuAction().setEnabled(is_there)
        for action in self._actions.values():
            action.setEnabled(is_there)

    def _proposed(self, recording: Recording, export: Export) -> Path:
        header = recording.header
        name = f"{Path(header.demo).stem}-{header.mode}{export.suffix}"
        return Path(self._settings.folder) / name
