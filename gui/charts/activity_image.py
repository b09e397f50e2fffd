"""Columns of pixels as one image: a strip of a thousand columns is one stroke, not a thousand."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from PySide6.QtGui import QColor, QImage

from core.columns import IntArray

STRIPE_PX: Final = 6
"""Distance of the stripes of a hatched layer."""


class Layer(NamedTuple):
    """One colour of every column, from the bottom up to a height."""

    height_px: IntArray
    """Shape (columns,)."""
    colour: QColor
    stripes: QColor | None = None
    """With stripes of this colour: never told by colour alone."""


def stacked(layers: Sequence[Layer], high: int) -> QImage:
    """Return an image with a column for each height; earlier layers lie above later ones."""
    width = len(layers[0].height_px)
    pixels = np.zeros((high, width), dtype=np.uint32)
    above = np.arange(high, 0, -1)[:, np.newaxis]  # of each row of pixels: its height
    diagonal = (np.arange(width) + above) % STRIPE_PX < STRIPE_PX / 3
    for layer in reversed(layers):
        inside = above <= layer.height_px
        np.copyto(pixels, np.uint32(layer.colour.rgba()), where=inside)
        if layer.stripes is not None:
            np.copyto(pixels, np.uint32(layer.stripes.rgba()), where=inside & diagonal)
    shown = QImage(pixels.data, width, high, width * 4, QImage.Format.Format_ARGB32_Premultiplied)
    return shown.copy()  # of its own: the array goes with this function
