"""The order in which Tab goes through the window: as one reads it."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def order_tabs(parts: Sequence[QWidget]) -> None:
    """Let Tab go through these parts one after the other, and within each as before.

    Qt goes by the order in which widgets were made; charts and knobs are made when a demo needs
    them, after everything else.
    """
    chain = list(_chain(parts[0]))
    ordered = [widget for part in parts for widget in chain if _belongs(widget, part)]
    for one, other in pairwise(ordered):
        QWidget.setTabOrder(one, other)


def _chain(first: QWidget) -> Iterator[QWidget]:
    """Yield what Tab can reach, in the order so far, from some widget on."""
    widget = first
    while True:
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            yield widget
        following = widget.nextInFocusChain()
        if following is None or following is first:
            return
        widget = following


def _belongs(widget: QWidget, part: QWidget) -> bool:
    return widget is part or part.isAncestorOf(widget)
