"""Charts as pictures to take away: PNG at twice the size, SVG whose text stays text.

Pictures are in the colours of the light theme, because most of them end on paper or on a slide.
"""

import re
from collections.abc import Iterable, Sequence
from html import unescape
from pathlib import Path
from typing import Final, Literal, TypeAlias

import numpy as np
from PySide6.QtCore import QBuffer, QByteArray, QMimeData, QPoint, QRect, QSize
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QImageWriter, QPaintDevice, QPainter
from PySide6.QtSvg import QSvgGenerator

from core.exports import MOST_BYTES
from core.exports.target import whole_file
from gui.charts import Chart
from gui.theme import GRID_PX, LIGHT

Form: TypeAlias = Literal["png", "svg"]

SCALE: Final = 2
"""Pixels of a PNG for each on the screen: sharp on a projector, and in print."""

SVG_TYPE: Final = "image/svg+xml"

_SIZE: Final = re.compile(r'<svg width="[^"]*" height="[^"]*"')
_FAMILIES: Final = re.compile(r'font-family="([^"]*)"')
_TEXT: Final = re.compile(
    r'(<text [^>]*font-family="([^"]*)" font-size="([^"]*)" font-weight="([^"]*)"[^>]*)>'
    r"([^<]*)</text>"
)
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML document may hold; a result of a script may."""


def png(charts: Sequence[Chart], *, trimmed: bool = False) -> bytes:
    """Return charts, one below the other, as the bytes of a PNG file.

    Parameters
    ----------
    trimmed
        Whether to leave out the empty paper at the lower end of each.

    Raises
    ------
    OSError
        The picture is too large to be made.
    """
    return png_of(image(charts, trimmed=trimmed))


def png_of(picture: QImage) -> bytes:
    """Return an image as the bytes of a PNG file.

    Raises
    ------
    OSError
        It is too large.
    """
    buffer = _buffer()
    writer = QImageWriter(buffer, QByteArray(b"png"))
    if not writer.write(picture):
        raise OSError(writer.errorString())
    return bytes(buffer.data().data())


def image(charts: Sequence[Chart], *, trimmed: bool = False) -> QImage:
    """Return charts, one below the other, as an image; ``trimmed`` as in `png`."""
    heights = _heights(charts, trimmed=trimmed)
    picture = QImage(_size(charts, heights) * SCALE, QImage.Format.Format_RGB32)
    picture.setDevicePixelRatio(SCALE)
    _paint(charts, heights, picture)
    return picture


def svg(charts: Sequence[Chart], *, trimmed: bool = False) -> str:
    """Return charts, one below the other, as the text of an SVG file; ``trimmed`` as in `png`."""
    heights = _heights(charts, trimmed=trimmed)
    size, buffer = _size(charts, heights), _buffer()
    # The other version that Qt writes has no clipping: what a chart cuts off would be there.
    generator = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)
    generator.setOutputDevice(buffer)
    generator.setSize(size)
    generator.setViewBox(QRect(QPoint(0, 0), size))
    generator.setTitle(_told(chart.accessibleName() for chart in charts))
    generator.setDescription(_told(chart.accessibleDescription() for chart in charts))
    _paint(charts, heights, generator)
    return _mended(bytes(buffer.data().data()).decode(), size)


def save(
    charts: Sequence[Chart],
    path: Path,
    form: Form,
    *,
    trimmed: bool = False,
    most_bytes: int = MOST_BYTES,
) -> None:
    """Write charts to a file; ``trimmed`` as in `png`.

    Raises
    ------
    core.exports.ExportProblem
        It cannot be written there, or would take more than ``most_bytes``.
    """
    with whole_file(path, most_bytes) as stream:
        if form == "svg":
            stream.write(svg(charts, trimmed=trimmed).encode())
        else:
            stream.write(png(charts, trimmed=trimmed))


def for_clipboard(charts: Sequence[Chart]) -> QMimeData:
    """Return charts as an image, and as SVG for programs that can take it."""
    data = QMimeData()
    data.setImageData(image(charts))
    data.setData(SVG_TYPE, svg(charts).encode())
    return data


def _heights(charts: Sequence[Chart], *, trimmed: bool) -> list[int]:
    if not trimmed:
        return [chart.height() for chart in charts]
    return [_used_height(image([chart])) for chart in charts]


def _size(charts: Sequence[Chart], heights: Sequence[int]) -> QSize:
    return QSize(max(chart.width() for chart in charts), sum(heights))


def _paint(charts: Sequence[Chart], heights: Sequence[int], device: QPaintDevice) -> None:
    painter = QPainter(device)
    painter.fillRect(QRect(QPoint(0, 0), _size(charts, heights)), QColor(LIGHT.paper))
    top = 0
    for chart, height in zip(charts, heights, strict=True):
        with chart.posing(LIGHT):
            chart.render(painter, QPoint(0, top))
        top += height
    painter.end()


def _used_height(picture: QImage) -> int:
    """Return how high a picture is without the empty paper at its lower end, but for a margin."""
    width, height = picture.width(), picture.height()
    pixels = np.frombuffer(picture.constBits(), dtype=np.uint32).reshape(height, width)
    used = np.flatnonzero((pixels != QColor(LIGHT.paper).rgb()).any(axis=1))
    last = int(used[-1]) if len(used) else 0
    return min(height // SCALE, last // SCALE + 1 + GRID_PX)


def _mended(text: str, size: QSize) -> str:
    """Return Qt's SVG with a size in pixels, a last resort for its fonts, and nothing but XML."""
    text = _SIZE.sub(f'<svg width="{size.width()}" height="{size.height()}"', text, count=1)
    text = _TEXT.sub(_with_its_width, text)
    text = _FAMILIES.sub(_with_last_resort, text)
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def _with_its_width(found: re.Match[str]) -> str:
    """Say how wide a text is, so that it ends where it does here, whatever the fonts there are."""
    start, families, size_px, weight, text = found.groups()
    font = QFont(families.split(","))
    font.setPixelSize(round(float(size_px)))
    font.setWeight(QFont.Weight(int(weight)))
    width = QFontMetricsF(font).horizontalAdvance(unescape(text))
    return f'{start} textLength="{width:.2f}" lengthAdjust="spacingAndGlyphs">{text}</text>'


def _with_last_resort(found: re.Match[str]) -> str:
    generic = "monospace" if "Mono" in found[1].partition(",")[0] else "sans-serif"
    return f'font-family="{found[1]},{generic}"'


def _told(texts: Iterable[str]) -> str:
    return " ".join(text for text in texts if text)


def _buffer() -> QBuffer:
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.ReadWrite)
    return buffer
