"""Places on the screen, as the mouse needs them."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget


def on_screen(widget: QWidget, place: QPoint) -> list[int]:
    """Return where on the screen a place in a widget is."""
    spot = widget.mapToGlobal(place)
    return [spot.x(), spot.y()]
