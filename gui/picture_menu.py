"""Charts as pictures, saved or copied: one by the menu on it, all of them by the window's menu.

A picture shows what its chart shows at that moment.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from core.exports import ExportProblem
from gui import pictures
from gui.charts import Chart
from gui.reasons import unwritable_sentence
from gui.save_dialog import ask_where_to_save
from gui.session import Session
from gui.settings import Settings
from gui.texts import Texts

FILTERS: Final[dict[pictures.Form, str]] = {"png": "PNG (*.png)", "svg": "SVG (*.svg)"}


class PictureMenu:
    """Saves and copies charts; what goes wrong is told by the session.

    Parameters
    ----------
    window : QWidget
        Over which the dialogs stand.
    """

    def __init__(self, window: QWidget, session: Session, settings: Settings, texts: Texts) -> None:
        self._window = window
        self._session = session
        self._settings = settings
        self._texts = texts

    def set_texts(self, texts: Texts) -> None:
        """Speak another language."""
        self._texts = texts

    def offer(self, chart: Chart) -> None:
        """Offer pictures of a chart where it is clicked with the other button."""
        chart.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        chart.customContextMenuRequested.connect(partial(self._show_menu, chart))

    def save_in_front(self, charts: Sequence[Chart]) -> None:
        """Save these in one picture, one below the other; without any there is nothing to save."""
        if charts:
            self.ask_and_save(charts, tuple(FILTERS))

    def ask_and_save(self, charts: Sequence[Chart], forms: Sequence[pictures.Form]) -> None:
        """Let a person choose where to save charts, and save them as one picture."""
        name = "-".join(
            [Path(self._session.script.demo.name).stem, *(chart.kind for chart in charts)]
        )
        proposed = Path(self._settings.folder) / f"{name}.{forms[0]}"
        kinds = {FILTERS[form]: f".{form}" for form in forms}
        title = self._texts("picture.save_title")
        path = ask_where_to_save(self._window, self._texts, title, proposed, kinds, is_strict=True)
        if path is not None:
            named = (form for form in forms if path.suffix.lower() == f".{form}")
            self._save(charts, path, next(named))

    def copy(self, charts: Sequence[Chart]) -> None:
        """Put charts on the clipboard."""
        QGuiApplication.clipboard().setMimeData(pictures.for_clipboard(charts))

    def menu_of(self, chart: Chart) -> QMenu:
        """Return the menu of a chart; it is deleted when it is closed."""
        menu = QMenu(chart)
        menu.aboutToHide.connect(menu.deleteLater)
        for form in FILTERS:
            action = menu.addAction(self._texts(f"picture.save_{form}"))
            action.triggered.connect(partial(self._save_one, chart, form))
        action = menu.addAction(self._texts("picture.copy"))
        action.triggered.connect(partial(self._copy_one, chart))
        return menu

    def _show_menu(self, chart: Chart, place: QPoint) -> None:
        self.menu_of(chart).popup(chart.mapToGlobal(place))

    def _save_one(self, chart: Chart, form: pictures.Form, _checked: bool = False) -> None:
        self.ask_and_save([chart], (form,))

    def _copy_one(self, chart: Chart, _checked: bool = False) -> None:
        self.copy([chart])

    def _save(self, charts: Sequence[Chart], path: Path, form: pictures.Form) -> None:
        try:
            pictures.save(charts, path, form)
        except ExportProblem as problem:
            sentence = unwritable_sentence(path.name, problem.reason, self._texts)
            self._session.refuse(sentence)
            return
        self._settings.folder = str(path.resolve().parent)
