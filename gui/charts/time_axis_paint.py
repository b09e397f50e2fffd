"""Paints a time axis below a plot: a hairline and a few round times."""

from typing import Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from core.columns import FloatArray
from gui.charts import paint
from gui.charts.time_axis import Window, tick_label, ticks_s
from gui.theme import Theme

TICK_ROOM: Final = 120
"""Width for one time at 100 %."""

LEAST_ROOM: Final = 64
"""Width at 100 % that a tick gets even if its label is shorter: few ticks are enough."""

LABEL_GAP: Final = 8
FEWEST: Final = 2


def fitting_ticks_s(
    theme: Theme,
    language: str,
    window: Window,
    zero_s: float,
    width: float,
    least_room: float = LEAST_ROOM,
) -> tuple[FloatArray, float]:
    """Return as many ticks of an axis so wide as their labels leave room for, and their step."""
    measures = paint.metrics(theme, "text")
    at_most = max(3, int(width / theme.px(least_room)))
    while True:
        ticks, step_s = ticks_s(window, zero_s, at_most)
        labels = (tick_label(tick, step_s, language) for tick in ticks.tolist())
        widest = max(map(measures.horizontalAdvance, labels), default=0.0) + theme.px(LABEL_GAP)
        if widest <= width * step_s / window.span_s or at_most == FEWEST:
            return ticks, step_s
        at_most -= 1


def paint_time_axis(
    painter: QPainter, theme: Theme, plot: QRectF, span_s: float, language: str
) -> None:
    """Paint the axis of a plot that shows so many seconds from the beginning of ``main()``."""
    paint.hairline(painter, theme, plot.bottomLeft(), plot.bottomRight())
    window = Window(0.0, span_s)
    ticks, step_s = fitting_ticks_s(theme, language, window, 0.0, plot.width(), TICK_ROOM)
    high, free = paint.text_height(theme, "text"), plot.left()
    for tick in ticks.tolist():
        x = plot.left() + plot.width() * tick / span_s
        text = tick_label(tick, step_s, language)
        width = paint.metrics(theme, "text").horizontalAdvance(text) + theme.px(4)
        left = min(max(x - width / 2, plot.left()), plot.right() - width + theme.px(8))
        if left >= free:  # the first one is moved inwards, towards the next
            box = QRectF(left, plot.bottom() + theme.px(4), width, high)
            paint.write(painter, theme, box, text, colour=theme.muted)
            free = left + width
