"""A layout that fills rows and wraps, so that large type never pushes a control out of sight."""

from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import QMargins, QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

GROUP_GAPS: Final = 3
"""So many times wider is the gap between groups."""

Row = list[tuple[QLayoutItem, QSize]]


class FlowLayout(QLayout):
    """Items from left to right, in as many rows as the width asks for.

    An item whose size policy expands takes the rest of its row.

    Parameters
    ----------
    parent : QWidget, optional
        The widget that is laid out.
    on_top : bool
        Whether items of different heights are aligned at their tops, and not at their middles.
    """

    def __init__(self, parent: QWidget | None = None, *, on_top: bool = False) -> None:
        super().__init__(parent)
        self._on_top = on_top
        self._apart: set[QWidget] = set()
        self._first: set[QWidget] = set()
        self._items: list[QLayoutItem] = []
        self._to_the_right: set[QWidget] = set()

    # Qt asks for these names.

    def addItem(self, item: QLayoutItem) -> None:  # noqa: N802 - an override
        """Append an item."""
        self._items.append(item)

    def count(self) -> int:
        """Return the number of items."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:  # noqa: N802 - an override
        """Return an item."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # noqa: N802 - an override
        """Remove an item and return it."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:  # noqa: N802 - an override
        """Return that it wants no more room than it needs."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:  # noqa: N802 - an override
        """Return that the number of rows depends on the width."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - an override
        """Return the height of all rows at a width."""
        inside = width - self.contentsMargins().left() - self.contentsMargins().right()
        rows = list(self._rows(inside))
        gaps = self.spacing() * max(0, len(rows) - 1)
        return sum(map(_height, rows)) + gaps + _vertical(self.contentsMargins())

    def sizeHint(self) -> QSize:  # noqa: N802 - an override
        """Return the size of everything in one row."""
        hints = [item.sizeHint() for item in self._shown()]
        width = sum(hint.width() for hint in hints) + self.spacing() * max(0, len(hints) - 1)
        height = max((hint.height() for hint in hints), default=0)
        return QSize(width, height).grownBy(self.contentsMargins())

    def minimumSize(self) -> QSize:  # noqa: N802 - an override
        """Return the size of the widest item alone."""
        size = QSize()
        for item in self._shown():
            size = size.expandedTo(item.minimumSize())
        return size.grownBy(self.contentsMargins())

    def setGeometry(self, rect: QRect) -> None:  # noqa: N802 - an override
        """Place the items."""
        super().setGeometry(rect)
        inside = rect.marginsRemoved(self.contentsMargins())
        y = inside.top()
        for row in self._rows(inside.width()):
            self._place(row, inside, y)
            y += _height(row) + self.spacing()

    def push_right(self, widget: QWidget) -> None:
        """Let a widget, and what follows it in its row, stand at the right end."""
        self._to_the_right.add(widget)

    def set_apart(self, widget: QWidget) -> None:
        """Let a widget begin a group of its own: a wider gap before it, and all in one row."""
        self._apart.add(widget)

    def set_first(self, widget: QWidget, first: bool) -> None:
        """Let a widget always begin a row, or only where the width asks for it."""
        (self._first.add if first else self._first.discard)(widget)
        self.invalidate()

    def _gap(self, item: QLayoutItem) -> int:
        """Return the gap before an item that is not the first of its row."""
        return self.spacing() * (GROUP_GAPS if item.widget() in self._apart else 1)

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _rows(self, width: int) -> Iterator[Row]:
        row: Row = []
        used = 0
        shown = self._shown()
        for place, item in enumerate(shown):
            size = _within(item, width)
            needed = size.width()
            if item.widget() in self._apart:
                together = self._group_width(shown[place:])
                needed = together if together <= width else needed
            begins = item.widget() in self._first
            if row and (begins or used + self._gap(item) + needed > width):
                yield row
                row, used = [], 0
            used += size.width() + (self._gap(item) if row else 0)
            row.append((item, size))
        if row:
            yield row

    def _group_width(self, items: list[QLayoutItem]) -> int:
        """Return the width of a group: its first item and those up to the next group."""
        width = items[0].sizeHint().width()
        for item in items[1:]:
            if item.widget() in self._apart | self._to_the_right:
                break
            width += self.spacing() + item.sizeHint().width()
        return width

    def _place(self, row: Row, inside: QRect, y: int) -> None:
        gaps = [0, *(self._gap(item) for item, _ in row[1:])]
        used = sum(size.width() for _, size in row) + sum(gaps)
        spare, x, height = max(0, inside.width() - used), inside.left(), _height(row)
        for (item, size), gap in zip(row, gaps, strict=True):
            width, x = size.width(), x + gap
            if item.widget() in self._to_the_right:
                x, spare = x + spare, 0
            elif item.expandingDirections() & Qt.Orientation.Horizontal:
                width, spare = width + spare, 0
            top = y if self._on_top else y + (height - size.height()) // 2
            item.setGeometry(QRect(QPoint(x, top), QSize(width, size.height())))
            x += width


def _within(item: QLayoutItem, width: int) -> QSize:
    """Return the size an item gets; one that is wider than the whole row shrinks to it."""
    hint = item.sizeHint()
    if hint.width() <= width:
        return hint
    narrow = max(width, item.minimumSize().width())
    height = item.heightForWidth(narrow) if item.hasHeightForWidth() else hint.height()
    return QSize(narrow, height)


def _height(row: Row) -> int:
    return max(size.height() for _, size in row)


def _vertical(margins: QMargins) -> int:
    return margins.top() + margins.bottom()
