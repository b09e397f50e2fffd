"""Columns of pixels as one image: a strip of a thousand columns is one stroke, not a thousand."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QColor, QImage

from core.columns import IntArray

STRIPE_PX: Final = 6
"""Distance of the stripes of a hatched layer."""

Pixels = npt.NDArray[np.uint32]
"""Shape (height, columns)."""


class Layer(NamedTuple):
    """One colour of every column, from the bottom up to a height."""

    height_px: IntArray
    """Shape (columns,)."""
    colour: QColor
    stripes: QColor | None = None
    """With stripes of this colour: never told by colour alone."""


def pixels(layers: Sequence[Layer], high: int, first: int = 0) -> Pixels:
    """Return a column of pixels for each height; earlier layers lie above later ones.

    ``first`` is the number of the first column: stripes go on where the columns before ended.
    """
    width = len(layers[0].height_px)
    painted = np.zeros((high, width), dtype=np.uint32)
    above = np.arange(high, 0, -1, dtype=np.int32)[:, np.newaxis]  # of each row: its height
    for layer in reversed(layers):
        if not layer.height_px.any():
            continue
        inside = above <= layer.height_px
        np.copyto(painted, np.uint32(layer.colour.rgba()), where=inside)
        if layer.stripes is not None:
            inside &= _stripes(high, width, first % STRIPE_PX)
            np.copyto(painted, np.uint32(layer.stripes.rgba()), where=inside)
    return painted


@lru_cache(maxsize=64)
def _stripes(high: int, width: int, phase: int) -> npt.NDArray[np.bool_]:
    """Return where stripes go; kept, because all strips of a frame have the same."""
    above = np.arange(high, 0, -1)[:, np.newaxis]
    return (np.arange(phase, phase + width) + above) % STRIPE_PX < STRIPE_PX / 3


def image_of(painted: Pixels) -> QImage:
    """Return an image that shows an array of pixels, which must live as long as the image."""
    high, width = painted.shape
    kind = QImage.Format.Format_ARGB32_Premultiplied
    return QImage(painted.data, width, high, width * painted.itemsize, kind)


def stacked(layers: Sequence[Layer], high: int) -> QImage:
    """Return an image of its own of layers."""
    return image_of(pixels(layers, high)).copy()
