"""The strips of the threads as images, kept from frame to frame: only new columns are painted."""

import math
from typing import Final

import numpy as np
from PySide6.QtGui import QColor, QImage

from core.activity import GONE, READY, RUNNING, strip
from core.columns import FloatArray
from gui.charts.activity_frame import Row
from gui.charts.activity_image import Layer, Pixels, image_of, pixels
from gui.charts.activity_index import Key
from gui.charts.time_axis import Window
from gui.theme import Theme

WAITING_PX: Final = 3
"""Height of the line of a thread that waits."""

PALE: Final = 0.7
"""Share of paper in the colour of a thread that waits for a processor."""

COLUMNS_PER_FRAME: Final = 10_000
"""Columns of strips that come into view anew in one frame; the other strips are stretched first."""

_NEARLY: Final = 1e-6

_Look = tuple[Window, int, int, Theme]
"""What all images of a frame have in common: time, columns, height, colours."""


class _Kept:
    """The columns of one thread; those before number ``done`` will never change."""

    def __init__(self, window: Window, high: int, width: int, mode: str) -> None:
        self.window = window
        self.painted: Pixels = np.zeros((high, width), dtype=np.uint32)
        self.mode = mode
        self.done = 0
        self.known_s = math.nan


class StripImages:
    """Images of the strips that are seen.

    Attributes
    ----------
    behind : bool
        Whether the last frame had to stretch a strip of another stretch of time.
    """

    def __init__(self) -> None:
        self.behind = False
        self._look: _Look | None = None
        self._kept: dict[Key, _Kept] = {}
        self._old: dict[Key, _Kept] = {}
        self._left = COLUMNS_PER_FRAME

    def begin(self, theme: Theme, window: Window, width: int, high: int) -> None:
        """Begin a frame; what was kept goes if this one looks otherwise."""
        look = (window, width, high, theme)
        if look != self._look:
            moved = self._look is not None and look[1:] == self._look[1:]
            self._old = {**self._old, **self._kept} if moved else {}
            self._look, self._kept = look, {}
        self._left, self.behind = COLUMNS_PER_FRAME, False

    def image(self, row: Row, known_s: float) -> tuple[QImage, Window]:
        """Return the strip of a thread as far as it is known, and the time that it covers.

        Whatever the moment shown; and of other time than was asked for if this frame has no
        room for it any more.
        """
        if self._look is None:
            raise RuntimeError("A frame begins with begin().")
        window, width, high, theme = self._look
        key = row.track.pid, row.track.thread
        kept, old = self._kept.get(key), self._old.get(key)
        if kept is None or kept.mode != row.mode:
            if old is not None and old.mode == row.mode and self._left < width:
                self.behind = True
                return image_of(old.painted), old.window
            kept = self._kept[key] = _Kept(window, high, width, row.mode)
            self._old.pop(key, None)
            self._left -= width
        if kept.done < width and known_s != kept.known_s:
            kept.known_s = known_s
            edges_s = np.linspace(window.begin_s, window.end_s, width + 1)
            end = int(np.searchsorted(edges_s[:-1], known_s, side="left"))
            if end > kept.done:
                layers = _layers(theme, row, edges_s[kept.done : end + 1], known_s, high)
                kept.painted[:, kept.done : end] = pixels(layers, high, kept.done)
            kept.done = max(kept.done, int(np.searchsorted(edges_s[1:], known_s, side="right")))
        return image_of(kept.painted), kept.window


def _layers(
    theme: Theme, row: Row, edges_s: FloatArray, known_s: float, high: int
) -> tuple[Layer, ...]:
    """Return how high each state goes in each column: as high as its share of the time."""
    parts = strip(row.track, edges_s, known_s)
    known = parts.sum(axis=1)
    parts /= np.maximum(known, _NEARLY)[:, np.newaxis]  # the newest column is not full yet
    running = np.ceil(parts[:, RUNNING] * high - _NEARLY).astype(np.int32)
    ready = np.rint(parts[:, READY] * high).astype(np.int32)
    there = (known > _NEARLY) & (parts[:, GONE] < 1 - _NEARLY)
    base = np.where(there, min(theme.px(WAITING_PX), high), 0).astype(np.int32)
    attention = QColor(theme.attention)
    return (
        Layer(running, theme.mode_colour(row.mode)),
        Layer(np.where(ready, running + ready, 0), theme.softened(attention, PALE), attention),
        Layer(base, QColor(theme.waiting)),
    )
