"""What stands at the bottom of the window: the transport, and beside or below it the output."""

from typing import Final

from PySide6.QtCore import QEvent
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from gui.panels.transport import TransportPanel
from gui.theme import Theme

LOWEST_OUTPUT: Final = 92
"""A heading and three lines."""
BESIDE_PX: Final = 900
"""Width at 100 % from which on there is room for both side by side: more lines in less height."""


class BottomColumn(QWidget):
    """Two halves where the width allows it; else the transport, and the output with the rest."""

    def __init__(self, transport: TransportPanel, output: QWidget) -> None:
        super().__init__()
        self._transport, self._output = transport, output
        self._theme: Theme | None = None
        self._column = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(transport)
        self._column.addWidget(output, 1)

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        self._theme = theme
        self._output.setMinimumHeight(theme.px(LOWEST_OUTPUT))
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - an override
        """Find the arrangement for the width, and ask for the height that it needs."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._arrange()

    def event(self, event: QEvent) -> bool:
        """Ask for the height that the line needs when it comes or goes."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._need_room()
        return done

    def _arrange(self) -> None:
        if self._theme is None:
            return
        beside = self.width() >= self._theme.px(BESIDE_PX)
        ways = QBoxLayout.Direction
        self._column.setDirection(ways.LeftToRight if beside else ways.TopToBottom)
        self._column.setStretch(0, 1 if beside else 0)
        self._column.setSpacing(self._theme.grid(2 if beside else 0.5))
        self._transport.set_high(beside)
        self._need_room()

    def _need_room(self) -> None:
        """Ask for the height that everything needs at this width; splitters do not."""
        self.setMinimumHeight(max(0, self._column.minimumHeightForWidth(self.width())))
