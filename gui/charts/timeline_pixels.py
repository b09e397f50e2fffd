"""What the painters of the timeline share: rows of pixels, and badges for failures."""

import math

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap

from core.columns import FloatArray
from gui.charts.paint import cross
from gui.theme import Theme

Pixels = npt.NDArray[np.uint32]


def pixel_of(colour: QColor) -> np.uint32:
    """Return an opaque colour as a pixel."""
    return np.uint32(colour.rgba())


def shaded(colour: QColor, strength: FloatArray) -> Pixels:
    """Return a colour at several strengths (0 to 1) as premultiplied pixels."""
    alpha = np.rint(strength * 255).astype(np.uint32)
    red, green, blue = (
        (alpha * channel // 255) for channel in (colour.red(), colour.green(), colour.blue())
    )
    return np.asarray((alpha << 24) | (red << 16) | (green << 8) | blue, dtype=np.uint32)


def paint_pixels(painter: QPainter, pixels: Pixels, box: QRectF) -> None:
    """Paint pixels over a box; rows and columns are stretched evenly."""
    data = np.ascontiguousarray(pixels, dtype=np.uint32)
    height, width = data.shape
    image_format = QImage.Format.Format_ARGB32_Premultiplied
    image = QImage(data.data, width, height, width * 4, image_format)
    painter.drawImage(box, image)


class Badges:
    """Crosses on discs, each size painted once a frame, shown perhaps hundreds of times."""

    def __init__(self, painter: QPainter, theme: Theme) -> None:
        self._painter, self._theme = painter, theme
        self._scale = painter.device().devicePixelRatioF()
        self._badges: dict[float, QPixmap] = {}

    def paint(self, middle: QPointF, radius: float) -> None:
        """Paint a cross on a disc: for failures too narrow to hold a cross themselves."""
        if radius not in self._badges:
            self._badges[radius] = self._new(radius)
        badge = self._badges[radius]
        half = badge.deviceIndependentSize().width() / 2
        self._painter.drawPixmap(middle - QPointF(half, half), badge)

    def _new(self, radius: float) -> QPixmap:
        """Return the picture of a badge."""
        side = math.ceil(radius * 3 * self._scale) + 2
        badge = QPixmap(side, side)
        badge.setDevicePixelRatio(self._scale)
        badge.fill(Qt.GlobalColor.transparent)
        painter = QPainter(badge)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.failure))
        middle = QPointF(side, side) / (2 * self._scale)
        painter.drawEllipse(middle, radius * 1.5, radius * 1.5)
        cross(painter, middle, radius * 0.7, QColor(self._theme.paper))
        painter.end()
        return badge
