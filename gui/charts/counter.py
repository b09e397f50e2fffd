"""The counter of a race: expected, actual and lost, large enough for the back row."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar, Final, NamedTuple

from PySide6.QtCore import QRectF
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QPaintEvent,
    QPalette,
    QResizeEvent,
)
from PySide6.QtWidgets import QLabel, QWidget

from core.number_format import UNKNOWN, count
from core.recording import Recording
from gui.charts import paint
from gui.charts.chart import Chart
from gui.charts.counter_layout import LINE, Measures, Numbers, arrange
from gui.charts.counter_paint import CounterPainter, Course, Loss
from gui.theme import Theme

CURVE_WIDTH: Final = 140
CURVE_HEIGHT: Final = 104
"""The least that the curve gets, at 100 %."""

KEPT_LOSSES: Final = 60
"""Runs shown as dots; of more the latest."""

SMALLEST_DIGITS: Final = 1.2
"""Size of the digits below which other things give way, as a multiple of the text."""

NUMBERS: Final = ("expected", "actual", "lost")


class Reading(NamedTuple):
    """The three numbers at a moment; NaN is not known."""

    expected: float
    actual: float
    lost: float


class CounterChart(Chart):
    """Shows a watched value beside what it should be, its course, and what each run lost.

    Say which watch by `set_watch` and give the losses of the runs with the same knobs by
    `set_losses`; the numbers are labels named ``counter_expected``, ``counter_actual`` and
    ``counter_lost``.
    """

    kind: ClassVar[str] = "counter"
    comfortable_px: ClassVar[int] = 260
    lowest_px: ClassVar[int] = 160

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._watch = ""
        self._reading = Reading(math.nan, math.nan, math.nan)
        self._losses: tuple[Loss, ...] = ()
        self._course: Course | None = None
        self._plot = QRectF()
        self._strip = 0.0
        self._captions = {name: QLabel(self) for name in NUMBERS}
        self._numbers = {name: QLabel(UNKNOWN, self) for name in NUMBERS}
        for name, number in self._numbers.items():
            number.setObjectName(f"counter_{name}")
        self._dress()

    # -- what to show ----------------------------------------------------------

    def set_watch(self, name: str, expected: float | None) -> None:
        """Show this watch; ``expected`` is what it should be at the end, None if not known."""
        self._watch = name
        self._reading = Reading(math.nan if expected is None else expected, math.nan, math.nan)
        self._course = None
        self._show()

    def set_losses(self, losses: Sequence[tuple[str, float]]) -> None:
        """Show the updates lost in each run with these knobs, as (mode, lost), oldest first."""
        known = [Loss(mode, lost) for mode, lost in losses if not math.isnan(lost)]
        self._losses = tuple(known[-KEPT_LOSSES:])
        self._show()

    def clear(self) -> None:
        """Show the empty state; the watch, what it should be and the losses stay."""
        self._reading = Reading(self._reading.expected, math.nan, math.nan)
        self._course = None
        self._show()

    def draw(self, recording: Recording, cursor_s: float = math.inf) -> None:
        """Show the watch up to a moment."""
        expected = self._reading.expected
        course = Course.of(recording, self._watch, expected, cursor_s)
        actual = course.last
        lost = expected - actual if course.over else math.nan  # before, the rest is yet to come
        self._course, self._reading = course, Reading(expected, actual, lost)
        self._show()

    def message(self) -> str:
        """Return what the chart says instead of a curve; empty when there is one to show."""
        if self._course is None:
            return self._word("counter_empty")
        if len(self._course.at_s):
            return ""
        return self._word("counter_none" if self._course.over else "counter_waiting")

    def _show(self) -> None:
        """Write the numbers, in digits that fit, and repaint the rest."""
        for name, value in zip(NUMBERS, self._reading, strict=True):
            text = count(value)
            self._numbers[name].setText(text)
            self._numbers[name].setAccessibleName(f"{self._word(f'counter_{name}')}: {text}")
        self._colour_lost()
        self._place()
        self.update()

    # -- look ------------------------------------------------------------------

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme, or the same at another zoom."""
        super().set_theme(theme)
        self._dress()

    def set_language(self, language: str) -> None:
        """Speak another language."""
        super().set_language(language)
        self._dress()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Fit the digits into the new size."""
        super().resizeEvent(event)
        self._place()

    def _dress(self) -> None:
        for name in NUMBERS:
            caption = self._captions[name]
            caption.setText(self._word(f"counter_{name}"))
            caption.setFont(self._theme.font("text"))
            _colour(caption, self._theme.muted)
            _colour(self._numbers[name], self._theme.ink)
        self._show()

    def _colour_lost(self) -> None:
        lost = self._reading.lost
        attention = not math.isnan(lost) and lost != 0
        _colour(self._numbers["lost"], self._theme.attention_text if attention else self._theme.ink)

    # -- where things are ------------------------------------------------------

    def _place(self) -> None:
        """Give numbers, captions and curve their room; the digits are what decides."""
        theme = self._theme
        margin = theme.grid()
        body = QRectF(self.rect()).adjusted(margin, margin, -margin, -margin)
        body.setTop(body.top() + paint.text_height(theme, "text") + theme.grid())
        upper, numbers = self._fitting(body)
        self._place_numbers(upper, numbers)
        if numbers.arrangement == "left of the curve":
            self._plot = upper.adjusted(numbers.width + theme.grid(3), 0, 0, 0)
        else:
            self._plot = upper.adjusted(0, numbers.height + theme.grid(), 0, 0)

    def _fitting(self, body: QRectF) -> tuple[QRectF, Numbers]:
        """Return the room above the dots, and how numbers fit there.

        In a small room dots, then the curve, give way: the numbers must be readable.
        """
        need = self._measures()
        smallest = self._theme.font("text").pixelSize() * SMALLEST_DIGITS
        strip = CounterPainter.strip_height(self._theme, self._losses)
        steps = [(strip, need.curve_height), (0.0, need.curve_height), (0.0, 0.0)]
        for self._strip, curve_height in steps:
            upper = body.adjusted(0, 0, 0, -self._strip)
            need = replace(need, curve_height=curve_height)
            numbers = arrange(upper.width(), upper.height(), need)
            if numbers.size >= smallest:
                break
        return upper, numbers

    def _measures(self) -> Measures:
        theme = self._theme
        captions = paint.metrics(theme, "text")
        words = [self._captions[name].text() for name in NUMBERS]
        texts = [number.text() for number in self._numbers.values()]
        font = theme.font("counter")
        digits = paint.metrics(theme, "counter")
        widest = max(digits.horizontalAdvance(text) for text in texts)
        return Measures(
            digits_em=(widest + theme.px(4)) / font.pixelSize(),
            caption_width=max(captions.horizontalAdvance(each) for each in words) + theme.px(4),
            caption_height=paint.text_height(theme, "text"),
            gap=theme.grid(2),
            largest=font.pixelSize(),
            curve_width=theme.px(CURVE_WIDTH),
            curve_height=theme.px(CURVE_HEIGHT),
        )

    def _place_numbers(self, room: QRectF, numbers: Numbers) -> None:
        font = self._theme.font("counter")
        font.setPixelSize(max(1, int(numbers.size)))
        digits = QFontMetricsF(font)
        side_by_side = numbers.arrangement == "side by side"
        boxes = self._columns if side_by_side else self._lines
        for name, (caption, line) in zip(NUMBERS, boxes(room, numbers), strict=True):
            # As high as the font asks for, with the digits in the middle: no comma is cut off.
            top = line.center().y() + digits.capHeight() / 2 - digits.ascent()
            box = QRectF(line.left(), top, line.width(), digits.height())
            number = self._numbers[name]
            number.setFont(font)
            number.setAlignment(paint.LEFT if side_by_side else paint.RIGHT)
            number.setGeometry(box.toAlignedRect())
            self._captions[name].setGeometry(caption.toAlignedRect())

    def _columns(self, room: QRectF, numbers: Numbers) -> list[tuple[QRectF, QRectF]]:
        """Return the boxes of each caption and, below it, its line of digits."""
        gap, high = self._theme.grid(2), numbers.size * LINE
        width, caption = (room.width() - 2 * gap) / 3, numbers.height - high
        lefts = [room.left() + place * (width + gap) for place in range(3)]
        return [
            (
                QRectF(left, room.top(), width, caption),
                QRectF(left, room.top() + caption, width, high),
            )
            for left in lefts
        ]

    def _lines(self, room: QRectF, numbers: Numbers) -> list[tuple[QRectF, QRectF]]:
        """Return the boxes of each caption and, at its right, its line of digits."""
        high, caption = numbers.size * LINE, self._measures().caption_width
        tops = [room.top() + place * high for place in range(3)]
        rest = numbers.width - caption
        return [
            (
                QRectF(room.left(), top, caption, high),
                QRectF(room.left() + caption, top, rest, high),
            )
            for top in tops
        ]

    # -- painting --------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name and argument
        """Paint the heading, the curve and the dots; the numbers are labels."""
        theme = self._theme
        painter, _ = self._begin(self._word("counter_title"), self._watch)
        artist = CounterPainter(painter, theme, self._language)
        message = self.message()
        if message or self._course is None:
            paint.empty_note(painter, theme, self._plot, message)
        else:
            artist.paint_course(self._plot, self._course)
        room = self._room()
        strip = QRectF(room.left(), self._plot.bottom(), room.width(), 0)
        strip.setBottom(room.bottom())
        if self._strip:
            artist.paint_losses(strip, self._losses, self._reading.expected)
        painter.end()


def _colour(label: QLabel, colour: str) -> None:
    palette = label.palette()
    if palette.color(QPalette.ColorRole.WindowText) != QColor(colour):
        palette.setColor(QPalette.ColorRole.WindowText, QColor(colour))
        label.setPalette(palette)
