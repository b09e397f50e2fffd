"""The mark at a claim: whether it holds, told by its shape as well as by its colour."""

from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QPolygonF

from core.card import Holds
from gui.panels.icons import SIDE_PX
from gui.theme import Theme

_OVERSAMPLED: Final = 2  # sharp on screens with two device pixels a pixel
_DISC: Final = QRectF(0.8, 0.8, 14.4, 14.4)
_RING: Final = QRectF(1.7, 1.7, 12.6, 12.6)
_LINES: Final[dict[Holds, tuple[tuple[tuple[float, float], ...], ...]]] = {
    "yes": (((4.6, 8.4), (7, 10.8), (11.6, 5.4)),),
    "no": (((5.3, 5.3), (10.7, 10.7)), ((10.7, 5.3), (5.3, 10.7))),
}
_RIGHT_ANGLE: Final = 90 * 16  # Qt counts in sixteenths of a degree


def mark(holds: Holds, theme: Theme) -> QPixmap:
    """Return a disc with a tick, a disc with a cross, or a ring that is half full."""
    side = theme.px(SIDE_PX) * _OVERSAMPLED
    picture = QPixmap(side, side)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(side / SIDE_PX, side / SIDE_PX)
    colours: dict[Holds, str] = {
        "yes": theme.accent,
        "partly": theme.attention_text,
        "no": theme.failure,
    }
    if holds == "partly":
        _half(painter, QColor(colours[holds]))
    else:
        _signed(painter, holds, QColor(colours[holds]), theme)
    painter.end()
    picture.setDevicePixelRatio(_OVERSAMPLED)
    return picture


def _half(painter: QPainter, colour: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawPie(_DISC, _RIGHT_ANGLE, 2 * _RIGHT_ANGLE)
    painter.setPen(QPen(colour, 1.8))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(_RING)


def _signed(painter: QPainter, holds: Holds, colour: QColor, theme: Theme) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawEllipse(_DISC)
    pen = QPen(theme.text_on(colour), 1.9)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for line in _LINES[holds]:
        painter.drawPolyline(QPolygonF([QPointF(*point) for point in line]))
