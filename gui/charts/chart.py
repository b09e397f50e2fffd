"""What all charts have in common."""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ClassVar

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from core.recording import Recording
from gui.charts import paint
from gui.charts.words import LANGUAGES, word
from gui.frame_clock import FRAME_MS
from gui.theme import LIGHT, Theme


class Chart(QWidget):
    """A picture of one recording.

    The contract with the window: `draw` is asked at most once a frame. It looks at a
    bounded number of new log entries, remembers what is to be shown and asks Qt for a
    repaint; the repaint costs what its pixels cost, not what the run's length costs.

    Attributes
    ----------
    kind : str
        The name in the registry; the ``objectName`` is this and ``_chart``.
    comfortable_px, lowest_px : int
        Heights at 100 %.
    gives_way : bool
        Whether it has nothing to do with a run: as a page it makes room when one begins.
    """

    kind: ClassVar[str]
    comfortable_px: ClassVar[int] = 200
    lowest_px: ClassVar[int] = 110
    gives_way: ClassVar[bool] = False

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._language = LANGUAGES[0]
        self._posing = False
        self.setObjectName(f"{self.kind}_chart")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # each paints its own paper
        self._name_for_readers()

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme, or the same at another zoom."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    def set_language(self, language: str) -> None:
        """Speak another language."""
        self._language = language
        self._name_for_readers()
        self.update()

    @contextmanager
    def posing(self, theme: Theme) -> Iterator[None]:
        """Look as in a picture for a while: in a theme at the zoom of now, without the focus.

        A chart with buttons in it stays as it is, for they wear what the application wears.
        """
        usual = self._theme
        self._posing = True
        if not self.findChildren(QWidget):
            self.set_theme(theme.zoomed(usual.zoom))
        try:
            yield
        finally:
            self._posing = False
            self.set_theme(usual)

    def hasFocus(self) -> bool:  # noqa: N802 - Qt's name
        """Return whether the keyboard is here and that is to be seen."""
        return super().hasFocus() and not self._posing

    def clear(self) -> None:
        """Show the empty state: what will appear here."""
        raise NotImplementedError

    def draw(self, recording: Recording, cursor_s: float = math.inf) -> None:
        """Show a recording up to a moment, in seconds of the recording."""
        raise NotImplementedError

    def message(self) -> str:
        """Return what the chart says instead of a picture; empty when there is one to show."""
        raise NotImplementedError

    def _begin(self, heading: str, note: str) -> tuple[QPainter, QRectF]:
        """Paint the paper and the heading; return the painter, to be ended, and the room left."""
        painter = self._paper()
        return painter, paint.head(painter, self._theme, self._room(), heading, note)

    def _paper(self) -> QPainter:
        """Paint the paper; return the painter, to be ended."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(self._theme.paper))
        return painter

    def _room(self) -> QRectF:
        """Return what there is to paint in: all but a margin."""
        margin = self._theme.grid()
        return QRectF(self.rect()).adjusted(margin, margin, -margin, -margin)

    def _paint_focus(self, painter: QPainter) -> None:
        """Paint a rim when the keyboard is here."""
        if self.hasFocus():
            painter.setPen(QPen(QColor(self._theme.accent), self._theme.px(2)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    def _frame_later(self, draw: Callable[[], None]) -> QTimer:
        """Return a timer that draws once, a frame after its start: where nobody ticks."""
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(FRAME_MS)
        timer.timeout.connect(draw)
        return timer

    def _word(self, key: str, **values: object) -> str:
        return word(self._language, key, **values)

    def _name_for_readers(self) -> None:
        """Tell screen readers what this is."""
        self.setAccessibleName(self._word(f"{self.kind}_title"))

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return a comfortable size."""
        return QSize(self._theme.px(560), self._theme.px(self.comfortable_px))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the smallest size at which everything can be read."""
        return QSize(self._theme.px(240), self._theme.px(self.lowest_px))
