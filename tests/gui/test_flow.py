"""The layout that wraps."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, QSize
from PySide6.QtWidgets import QSizePolicy, QWidget
from pytestqt.qtbot import QtBot

from gui.panels.flow import GROUP_GAPS, FlowLayout


class Box(QWidget):
    """A widget of one size, or one that takes what it gets in width."""

    def __init__(self, width: int, height: int, *, wide: bool = False) -> None:
        super().__init__()
        self._size = QSize(width, height)
        policy = QSizePolicy.Policy.Expanding if wide else QSizePolicy.Policy.Fixed
        self.setSizePolicy(policy, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # noqa: N802 - an override
        return self._size

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - an override
        return QSize(min(self._size.width(), 20), self._size.height())


@pytest.fixture
def owner(qtbot: QtBot) -> QWidget:
    owner = QWidget()
    qtbot.addWidget(owner)
    return owner


def laid_out(owner: QWidget, width: int, *boxes: Box, on_top: bool = False) -> FlowLayout:
    layout = FlowLayout(owner, on_top=on_top)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(10)
    for box in boxes:
        layout.addWidget(box)
    owner.resize(width, layout.heightForWidth(width))
    owner.show()
    return layout


def test_a_row_is_filled_and_then_the_next(owner: QWidget) -> None:
    boxes = [Box(100, 30) for _ in range(3)]
    layout = laid_out(owner, 220, *boxes)
    assert [(box.x(), box.y()) for box in boxes] == [(0, 0), (110, 0), (0, 40)]
    assert layout.heightForWidth(220) == 70
    assert layout.heightForWidth(320) == 30


def test_items_never_overlap_nor_leave_the_width(owner: QWidget) -> None:
    boxes = [Box(30 + 17 * i % 90, 20 + i) for i in range(12)]
    layout = laid_out(owner, 200, *boxes)
    for width in range(120, 900, 37):
        layout.setGeometry(QRect(0, 0, width, layout.heightForWidth(width)))
        places = [box.geometry() for box in boxes]
        assert all(place.right() < width for place in places)
        assert all(place.bottom() < layout.heightForWidth(width) for place in places)
        pairs = [(a, b) for i, a in enumerate(places) for b in places[:i]]
        assert not any(a.intersects(b) for a, b in pairs)


def test_what_is_pushed_right_stands_at_the_right_end(owner: QWidget) -> None:
    left, right, last = Box(50, 20), Box(60, 20), Box(40, 20)
    layout = laid_out(owner, 300, left, right, last)
    layout.push_right(right)
    layout.setGeometry(QRect(0, 0, 300, 20))
    assert (left.x(), right.x(), last.x()) == (0, 190, 260)


def test_a_wide_item_takes_the_rest_of_its_row(owner: QWidget) -> None:
    narrow, wide = Box(50, 20), Box(60, 20, wide=True)
    laid_out(owner, 300, narrow, wide)
    assert wide.geometry() == QRect(60, 0, 240, 20)


def test_an_item_wider_than_the_row_shrinks_to_it(owner: QWidget) -> None:
    box = Box(400, 20, wide=True)
    laid_out(owner, 150, box)
    assert box.width() == 150


def test_groups_are_set_apart_except_at_the_beginning_of_a_row(owner: QWidget) -> None:
    one, other = Box(50, 20), Box(50, 20)
    layout = laid_out(owner, 300, one, other)
    layout.set_apart(other)
    layout.setGeometry(QRect(0, 0, 300, 20))
    assert other.x() == 50 + 10 * GROUP_GAPS
    layout.setGeometry(QRect(0, 0, 60, 60))
    assert (other.x(), other.y()) == (0, 30)


def test_a_group_that_fits_into_a_row_is_not_torn(owner: QWidget) -> None:
    boxes = [Box(50, 20) for _ in range(4)]
    layout = laid_out(owner, 400, *boxes)
    layout.set_apart(boxes[1])
    assert layout.heightForWidth(400) == 20
    layout.setGeometry(QRect(0, 0, 200, 50))
    assert [box.y() for box in boxes] == [0, 30, 30, 30]
    layout.setGeometry(QRect(0, 0, 120, 80))
    assert [box.y() for box in boxes] == [0, 30, 30, 60]


@pytest.mark.parametrize(("on_top", "top"), [(True, 0), (False, 15)])
def test_items_of_a_row_stand_on_one_line(owner: QWidget, on_top: bool, top: int) -> None:
    low, high = Box(50, 20), Box(50, 50)
    laid_out(owner, 300, low, high, on_top=on_top)
    assert (low.y(), high.y()) == (top, 0)


def test_hidden_items_take_no_room(owner: QWidget) -> None:
    boxes = [Box(100, 30) for _ in range(3)]
    layout = laid_out(owner, 220, *boxes)
    boxes[0].hide()
    assert layout.heightForWidth(220) == 30
