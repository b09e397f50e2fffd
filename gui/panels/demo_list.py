"""The demos there are, and the script that was opened."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QListView,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from gui.texts import Texts
from gui.theme import Theme

Index = QModelIndex | QPersistentModelIndex

_MOST_LINES: Final = 6
_NARROWEST_PX: Final = 120
_ANY_HEIGHT: Final = 16_777_215  # Qt's own word for it, QWIDGETSIZE_MAX
_MOST_OF_WINDOW: Final = 0.25
"""A strip takes no larger share of the window's height; with more rows it is scrolled."""


class Entry(NamedTuple):
    """One line of the list."""

    name: str
    title: str
    tip: str


class _Item(QStyledItemDelegate):
    """A title as high as its lines: Qt forgets the padding of the style sheet and cuts the last."""

    def __init__(self, view: "DemoList") -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802 - an override
        return self._view.room_for(str(index.data()), super().sizeHint(option, index))


class DemoList(QListWidget):
    """A list of titles; a column beside the rest, or a strip above it.

    Where not all of them have room it is scrolled, and the chosen one is always in sight.
    """

    demo_chosen = Signal(str)
    """The name of a demo; emitted when a person chooses it."""

    def __init__(self, theme: Theme, texts: Texts) -> None:
        super().__init__()
        self._sight = QTimer(self, singleShot=True, interval=0)
        self._sight.timeout.connect(self._keep_in_sight)
        self.setObjectName("demo_list")
        self._theme = theme
        self._entries: tuple[Entry, ...] = ()
        self.setWordWrap(True)
        self.setItemDelegate(_Item(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)  # titles differ in height
        self.currentItemChanged.connect(self._tell)
        self.set_texts(texts)

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        self._theme = theme
        self.setFont(theme.font("text"))
        self.setSpacing(theme.px(2))
        self.setMinimumWidth(theme.px(_NARROWEST_PX))

    def set_texts(self, texts: Texts) -> None:
        """Speak another language."""
        self.setAccessibleName(texts("demo_list.name"))

    def show_demos(self, entries: Sequence[Entry], chosen: str) -> None:
        """Show these titles, one of them chosen."""
        self.blockSignals(True)
        if tuple(entries) != self._entries:
            self._fill(entries)
        names = [entry.name for entry in entries]
        self.setCurrentRow(names.index(chosen) if chosen in names else -1)
        self.blockSignals(False)
        self._take_height()

    def _fill(self, entries: Sequence[Entry]) -> None:
        self._entries = tuple(entries)
        self.clear()
        for entry in entries:
            item = QListWidgetItem(entry.title)
            item.setData(Qt.ItemDataRole.UserRole, entry.name)
            item.setToolTip(entry.tip.replace("<", "\u2039"))  # a path is no markup
            self.addItem(item)

    def lie_down(self, lying: bool) -> None:
        """Be a strip of as few rows as will do, or a column again."""
        self.setFlow(QListView.Flow.LeftToRight if lying else QListView.Flow.TopToBottom)
        self.setWrapping(lying)
        self._take_height()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - an override
        """Be as high as the rows of a strip are at this width."""
        super().resizeEvent(event)
        self._take_height()

    def updateGeometries(self) -> None:  # noqa: N802 - an override
        """Fit the scroll bar to another size or other titles, the chosen one in sight."""
        super().updateGeometries()
        self._keep_in_sight()
        self._sight.start()

    def _keep_in_sight(self) -> None:
        # A scroll bar that just came makes titles wrap anew, which is laid out only later.
        self.executeDelayedItemsLayout()
        if self.currentItem() is not None:
            self.scrollToItem(self.currentItem())

    def _take_height(self) -> None:
        if not self.isWrapping():
            self.setMinimumHeight(0)
            self.setMaximumHeight(_ANY_HEIGHT)
            return
        self.executeDelayedItemsLayout()
        offset = self.verticalScrollBar().value()
        rows = sorted({self.visualItemRect(self.item(row)).bottom() for row in range(self.count())})
        heights = [bottom + offset + 2 * self.spacing() for bottom in rows] or [0]
        allowed = _ANY_HEIGHT if self.isWindow() else self.window().height() * _MOST_OF_WINDOW
        self.setFixedHeight(max((h for h in heights if h <= allowed), default=heights[0]))
        self.updateGeometries()  # of a wrapped list that only gets lower Qt forgets the scroll bar

    def room_for(self, title: str, hint: QSize) -> QSize:
        """Return the size of a title with its padding: one line in a strip, else as it wraps."""
        rim = self._theme.px(1)
        # What the style leaves beside a text, as it paints it.
        beside = self.style().pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin, None, self) + 1
        across = 2 * (self._theme.grid() + rim + beside)
        down = 2 * (self._theme.px(6) + rim)
        if self.isWrapping():
            width = self.fontMetrics().horizontalAdvance(title) + across + rim
            return QSize(width, self.fontMetrics().height() + down)
        width = self.viewport().width() - 2 * self.spacing()
        inside = QRect(0, 0, max(1, width - across), hint.height() * _MOST_LINES)
        wrapped = self.fontMetrics().boundingRect(inside, Qt.TextFlag.TextWordWrap, title)
        return QSize(min(hint.width(), max(1, width)), wrapped.height() + down)

    def sizeHint(self) -> QSize:  # noqa: N802 - an override
        """Return room for titles of two short words."""
        return QSize(self._theme.px(160), self._theme.px(80))

    def _tell(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.demo_chosen.emit(item.data(Qt.ItemDataRole.UserRole))
