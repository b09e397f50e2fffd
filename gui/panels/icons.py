"""The few signs of the window, drawn in the theme's ink at the theme's size."""

from typing import Final

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap, QPolygonF

from gui.theme import Theme

SIDE_PX: Final = 16
"""The side of a sign at 100 %; shapes are given on a square of this side."""

_OVERSAMPLED: Final = 2  # sharp on screens with two device pixels a pixel

Point = tuple[float, float]

_FILLED: Final[dict[str, tuple[Point, ...]]] = {
    "run": ((4, 2.5), (13.5, 8), (4, 13.5)),
    "stop": ((3.5, 3.5), (12.5, 3.5), (12.5, 12.5), (3.5, 12.5)),
    "compare": (
        (2, 14),
        (2, 9),
        (5, 9),
        (5, 2),
        (8, 2),
        (8, 6),
        (11, 6),
        (11, 11),
        (14, 11),
        (14, 14),
    ),
    "pause": (
        *((3.5, 2.5), (6.5, 2.5), (9.5, 2.5), (12.5, 2.5), (12.5, 13.5)),
        *((9.5, 13.5), (9.5, 2.5), (6.5, 2.5), (6.5, 13.5), (3.5, 13.5)),
    ),
    "forward": (
        *((3, 2.5), (10.5, 8), (10.5, 2.5), (13, 2.5)),
        *((13, 13.5), (10.5, 13.5), (10.5, 8), (3, 13.5)),
    ),
    "back": (
        *((13, 2.5), (5.5, 8), (5.5, 2.5), (3, 2.5)),
        *((3, 13.5), (5.5, 13.5), (5.5, 8), (13, 13.5)),
    ),
    "pin": (
        *((5, 1.5), (11, 1.5), (10.3, 3), (10.3, 6.5), (12.5, 9), (12.5, 10), (8.7, 10)),
        *((8, 15), (7.3, 10), (3.5, 10), (3.5, 9), (5.7, 6.5), (5.7, 3)),
    ),
}
_STROKED: Final[dict[str, tuple[tuple[Point, Point], ...]]] = {
    "attention": (((8, 5), (8, 9.2)), ((8, 12), (8, 12.01))),
}
_TRIANGLE: Final[tuple[Point, ...]] = ((8, 1.2), (15.4, 14.6), (0.6, 14.6))


def icon(name: str, theme: Theme, enabled: QColor) -> QIcon:
    """Return a sign as an icon: in one colour, and muted where it cannot be pressed."""
    both = QIcon(pixmap(name, theme, enabled))
    both.addPixmap(pixmap(name, theme, QColor(theme.muted)), QIcon.Mode.Disabled)
    return both


def pixmap(name: str, theme: Theme, colour: QColor) -> QPixmap:
    """Return a sign as a picture."""
    side = theme.px(SIDE_PX) * _OVERSAMPLED
    picture = QPixmap(side, side)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(side / SIDE_PX, side / SIDE_PX)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    if name in _FILLED:
        painter.drawPolygon(_polygon(_FILLED[name]))
    else:
        painter.drawPolygon(_polygon(_TRIANGLE))
        painter.setPen(QPen(theme.text_on(colour), 1.9, c=Qt.PenCapStyle.RoundCap))
        for start, end in _STROKED[name]:
            painter.drawLine(QPointF(*start), QPointF(*end))
    painter.end()
    picture.setDevicePixelRatio(_OVERSAMPLED)
    return picture


def _polygon(points: tuple[Point, ...]) -> QPolygonF:
    return QPolygonF([QPointF(*point) for point in points])
