"""The stretch of time that a chart shows, and the few ticks on its axis. Pure, no Qt."""

import math
from typing import Final, NamedTuple

import numpy as np

from core.columns import FloatArray
from gui.charts.words import word

MIN_SPAN_S: Final = 2e-6
"""No closer than this: a clock tells no more."""

FIRST_SPAN_S: Final = 0.5
"""What a run that has just begun shows."""

FINEST_S: Final = 4e-3
"""Steps from here on are told in seconds, smaller ones in milliseconds, as the times at bars."""

_STEPS: Final = (1.0, 2.0, 5.0, 10.0)
_SPANS: Final = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 7.0, 10.0)
_ROUNDING: Final = 1e-9


class Window(NamedTuple):
    """A stretch of time, in seconds of the recording."""

    begin_s: float
    end_s: float

    @property
    def span_s(self) -> float:
        """Return its length."""
        return self.end_s - self.begin_s


def live_span_s(elapsed_s: float) -> float:
    """Return how much time to show of a run that goes on: it grows in steps, not all the time."""
    wanted_s = max(elapsed_s * 1.02, FIRST_SPAN_S)
    return _rounded_up(wanted_s, _SPANS)


def zoomed(window: Window, at_s: float, factor: float, bounds: Window) -> Window:
    """Return a window ``factor`` times as close, in which ``at_s`` keeps its place."""
    span_s = min(bounds.span_s, max(MIN_SPAN_S, window.span_s / factor))
    share = (at_s - window.begin_s) / window.span_s
    begin_s = at_s - share * span_s
    return _kept_within(Window(begin_s, begin_s + span_s), bounds)


def moved(window: Window, by_s: float, bounds: Window) -> Window:
    """Return the window moved along time, but never out of its bounds."""
    return _kept_within(Window(window.begin_s + by_s, window.end_s + by_s), bounds)


def ticks_s(window: Window, zero_s: float, at_most: int) -> tuple[FloatArray, float]:
    """Return round times within a window, counted from ``zero_s``, and the step between them.

    Returns
    -------
    ticks_s : shape (n,), n at most ``at_most``, seconds from ``zero_s``
    step_s : 1, 2 or 5 times a power of ten
    """
    step_s = _rounded_up(window.span_s / at_most, _STEPS)
    first, last = _tick_range(window, zero_s, step_s)
    if last - first >= at_most:
        step_s = _rounded_up(window.span_s / max(1, at_most - 1), _STEPS)
        first, last = _tick_range(window, zero_s, step_s)
    return np.arange(first, last + 1, dtype=np.float64) * np.float64(step_s), step_s


def tick_label(time_s: float, step_s: float, language: str = "en") -> str:
    """Return a tick's label with its unit, as exact as its neighbours need it."""
    key, scale = ("unit_s", 1.0) if step_s >= FINEST_S or time_s >= 1 else ("unit_ms", 1e3)
    decimals = max(0, -math.floor(math.log10(step_s * scale) + _ROUNDING))
    return word(language, key, value=f"{time_s * scale + 0.0:,.{decimals}f}")


def _tick_range(window: Window, zero_s: float, step_s: float) -> tuple[int, int]:
    first = math.ceil((window.begin_s - zero_s) / step_s - _ROUNDING)
    return first, math.floor((window.end_s - zero_s) / step_s + _ROUNDING)


def _rounded_up(value: float, steps: tuple[float, ...]) -> float:
    """Return the smallest of steps times a power of ten that is not below ``value``."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in steps if step * power >= value * (1 - _ROUNDING))


def _kept_within(window: Window, bounds: Window) -> Window:
    if window.span_s >= bounds.span_s:
        return bounds
    begin_s = min(max(window.begin_s, bounds.begin_s), bounds.end_s - window.span_s)
    return Window(begin_s, begin_s + window.span_s)
