"""Names for widgets: tests, style sheets and screen readers find them by these."""

from typing import TypeVar

from PySide6.QtWidgets import QWidget

W = TypeVar("W", bound=QWidget)


def named(name: str, widget: W) -> W:
    """Return the widget with its ``objectName`` set."""
    widget.setObjectName(name)
    return widget
