"""Speed-up against workers: what a sweep measured, the ideal, and Amdahl's law fitted to it."""

import math
from typing import ClassVar, Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from core import amdahl
from core.card import SCRIPT_MODE
from core.number_format import count, percent, ratio, seconds
from core.recording import Recording
from core.sweep import Sweep
from core.sweep_remarks import Remark, remarks
from gui.charts import paint
from gui.charts.chart import Chart
from gui.charts.speedup_paint import SpeedupPainter
from gui.charts.words import mode_word

MOST_LISTED: Final = 6
"""Numbers of workers in one sentence."""

PICTURE_LINES: Final = 8
LEAST_LINES: Final = 6
"""So many lines of text high the picture is at least; the second, where a warning needs room."""

_OUTCOMES: Final = {"failed": "failed", "stopped": "stopped", "timed out": "late", "done": "failed"}


class SpeedupChart(Chart):
    """Draws the sweep that it is given by `set_sweep`; single runs change nothing in it."""

    kind: ClassVar[str] = "speedup"
    comfortable_px: ClassVar[int] = 420
    lowest_px: ClassVar[int] = 220
    gives_way: ClassVar[bool] = True

    def __init__(self, parent: QWidget | None = None) -> None:
        self._sweep: Sweep | None = None
        self._refusal = ""
        super().__init__(parent)

    def set_sweep(self, sweep: Sweep | None, refusal: str = "") -> None:
        """Show a sweep, as far as it has come; None when there was none.

        ``refusal`` is the sentence, in the language of the window, for one that was refused.
        """
        if sweep is not self._sweep or refusal != self._refusal:
            self._sweep, self._refusal = sweep, refusal
            self._name_for_readers()
            self.update()

    def clear(self) -> None:
        """Do nothing: a sweep is there until another one takes its place."""
        self.update()

    def draw(self, recording: Recording, cursor_s: float = math.inf) -> None:
        """Do nothing: a sweep is made of many runs, and none of them is drawn alone."""

    def message(self) -> str:
        """Return what the chart says instead of a picture; empty when there is one to show."""
        sweep = self._sweep
        if sweep is None:
            return self._word("speedup_empty")
        if sweep.points:
            return ""
        return self._early() or self._word("speedup_first")

    def sentences(self) -> list[str]:
        """Return what stands above the picture."""
        sweep = self._sweep
        if sweep is None or not sweep.points:
            return []
        alone = seconds(sweep.points[0].median_s, self._language)
        told = [self._word("speedup_base", seconds=alone)]
        if not math.isnan(sweep.serial):
            share = percent(100 * sweep.serial, self._language)
            told.append(self._word("speedup_fit", value=share, text=amdahl.FORMULA))
        return told

    def remarks(self) -> list[str]:
        """Return what would lead astray whoever looks at the picture alone."""
        return [self._remark(each) for each in remarks(self._sweep)] if self._sweep else []

    def _remark(self, remark: Remark) -> str:
        return self._word(
            f"speedup_but_{remark.kind}",
            number=count(remark.number),
            most=count(remark.most),
            workers=self._listed([count(workers) for workers in remark.workers]),
        )

    def _listed(self, numbers: list[str]) -> str:
        """Return numbers as they stand in a sentence, not too many of them."""
        if len(numbers) > MOST_LISTED:
            return self._word("speedup_comma").join([*numbers[:MOST_LISTED], "…"])
        *first, last = numbers or [""]
        if not first:
            return last
        return self._word("speedup_comma").join(first) + self._word("speedup_and") + last

    def early_sentence(self) -> str:
        """Return why the sweep ended early; empty when it did not, or when nothing is drawn."""
        early = self._early() if self._sweep is not None and self._sweep.points else ""
        return early and self._word("speedup_kept", text=early)

    def _early(self) -> str:
        """Return why the sweep ended early; empty when it did not."""
        sweep = self._sweep
        if sweep is None or not sweep.why_ended:
            return ""
        key = "speedup_count_one" if sweep.ended_at == 1 else "speedup_count"
        workers, why = self._word(key, count=count(sweep.ended_at)), sweep.why_ended
        if isinstance(why, str) and why in _OUTCOMES:
            return self._word(f"speedup_{_OUTCOMES[why]}", workers=workers)
        return self._word("speedup_refused", workers=workers, text=self._refusal or why)

    def _note(self) -> str:
        if self._sweep is None:
            return ""
        plan = self._sweep.plan
        as_written = plan.mode == SCRIPT_MODE
        mode = (
            self._word("speedup_as_written") if as_written else mode_word(self._language, plan.mode)
        )
        key = "speedup_note" if plan.repeats > 1 else "speedup_note_one"
        return self._word(key, name=plan.knob, text=mode, count=count(plan.repeats))

    def _name_for_readers(self) -> None:
        super()._name_for_readers()
        told = [self._note(), *self.sentences(), *self.remarks()]
        told += [self.early_sentence(), self.message()]
        for point in self._sweep.points if self._sweep is not None else ():
            spread = f" ({ratio(point.low)} – {ratio(point.high)})" if point.runs > 1 else ""
            told.append(f"{count(point.workers)}: {ratio(point.median)}{spread}")
        self.setAccessibleDescription("\n".join(part for part in told if part))

    # -- painting --------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name and argument
        """Paint the heading, what is to be said, and the curve."""
        theme = self._theme
        painter, box = self._begin(self._word("speedup_heading"), self._note())
        message = self.message()
        if message or self._sweep is None:
            paint.empty_note(painter, theme, box, message)
        else:
            for sentence, colour in self._shown(box):
                box = self._write(painter, box, sentence, colour)
            SpeedupPainter(painter, theme, self._language, self._sweep, box).paint()
        painter.end()

    def _shown(self, box: QRectF) -> list[tuple[str, str]]:
        """Return the sentences that leave room for the picture, with their colours.

        The law goes first, for the picture has its share as well; what warns goes last.
        """
        theme = self._theme
        base, *law = (each.replace(amdahl.FORMULA, self._formula()) for each in self.sentences())
        warnings = [text for text in (self.early_sentence(), *self.remarks()[:1]) if text]
        left, line = box.height(), paint.text_height(theme, "text")
        shown = []
        for text in (*warnings, base, *law):
            lines = LEAST_LINES if text in warnings else PICTURE_LINES
            left -= self._height(text, box.width())
            if left >= lines * line:
                shown.append(text)
        plain = [(text, theme.ink) for text in (base, *law) if text in shown]
        return plain + [(text, theme.attention_text) for text in warnings if text in shown]

    def _height(self, text: str, width: float) -> float:
        return paint.wrapped_height(self._theme.font("text"), text, width) + self._theme.px(4)

    def _formula(self) -> str:
        """Return the law so that it stays in one line, where a line is long enough."""
        whole = amdahl.FORMULA.replace(" ", "\N{NO-BREAK SPACE}")
        fits = paint.metrics(self._theme, "text").horizontalAdvance(whole) < self._room().width()
        return whole if fits else amdahl.FORMULA

    def _write(self, painter: QPainter, box: QRectF, text: str, colour: str) -> QRectF:
        """Write a sentence in as many lines as it takes; return the room below."""
        tall = self._height(text, box.width())
        painter.setFont(self._theme.font("text"))
        painter.setPen(QColor(colour))
        painter.drawText(
            QRectF(box.left(), box.top(), box.width(), tall), Qt.TextFlag.TextWordWrap, text
        )
        return box.adjusted(0, tall, 0, 0)
