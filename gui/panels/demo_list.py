"""The demos there are, and the script that was opened."""

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QListView, QListWidget, QListWidgetItem

from gui.texts import Texts
from gui.theme import Theme


class Entry(NamedTuple):
    """One line of the list."""

    name: str
    title: str
    tip: str


class DemoList(QListWidget):
    """A list of titles; a column beside the rest, or a strip above it."""

    demo_chosen = Signal(str)
    """The name of a demo; emitted when a person chooses it."""

    def __init__(self, theme: Theme, texts: Texts) -> None:
        super().__init__()
        self.setObjectName("demo_list")
        self._theme = theme
        self.setWordWrap(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.currentItemChanged.connect(self._tell)
        self.set_texts(texts)

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        self._theme = theme
        self.setFont(theme.font("text"))
        self.setSpacing(theme.px(2))

    def set_texts(self, texts: Texts) -> None:
        """Speak another language."""
        self.setAccessibleName(texts("demo_list.name"))

    def show_demos(self, entries: Sequence[Entry], chosen: str) -> None:
        """Show these titles, one of them chosen."""
        self.blockSignals(True)
        self.clear()
        for entry in entries:
            item = QListWidgetItem(entry.title)
            item.setData(Qt.ItemDataRole.UserRole, entry.name)
            item.setToolTip(entry.tip)
            self.addItem(item)
            if entry.name == chosen:
                self.setCurrentItem(item)
        self.blockSignals(False)

    def lie_down(self, lying: bool) -> None:
        """Be a strip of as few rows as will do, or a column again."""
        self.setFlow(QListView.Flow.LeftToRight if lying else QListView.Flow.TopToBottom)
        self.setWrapping(lying)

    def sizeHint(self) -> QSize:  # noqa: N802 - an override
        """Return room for titles of two short words."""
        return QSize(self._theme.px(160), self._theme.px(80))

    def _tell(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.demo_chosen.emit(item.data(Qt.ItemDataRole.UserRole))
