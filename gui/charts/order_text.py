"""What the chart of orders says: labels, states and all that is known of a task. No Qt."""

import math
from typing import Final

from core.number_format import count, seconds
from core.orders import Stage
from gui.charts.order_frame import OrderFrame
from gui.charts.order_index import NOWHERE
from gui.charts.timeline_text import bar_label
from gui.charts.words import word

OPEN: Final = {
    Stage.WAITING: "order_waiting",
    Stage.RUNNING: "order_running",
    Stage.READY: "order_ready",
    Stage.CANCELLED: "order_cancelled",
    Stage.UNTAKEN: "order_untaken",
    Stage.UNENDED: "order_unended",
}
"""The words of the stages in which a task has no end on the right."""

MOST_TOLD: Final = 30
"""Results that screen readers are told one by one."""

_MILLISECONDS_BELOW_S: Final = 0.1


def name(frame: OrderFrame, place: int) -> str:
    """Return what tells a task from the others."""
    return bar_label(frame.recording, int(frame.task[place]), failed=False)


def clock(frame: OrderFrame, time_s: float, language: str) -> str:
    """Return a moment from the start of ``main()``, all of one run equally exact."""
    since_s = time_s - frame.zero_s
    if frame.bounds.span_s < _MILLISECONDS_BELOW_S:
        return word(language, "unit_ms", value=f"{since_s * 1e3 + 0.0:,.2f}")
    return word(language, "unit_s", value=f"{since_s + 0.0:,.2f}")


def parts_of_summary(frame: OrderFrame, language: str) -> list[str]:
    """Return what is to be said of all tasks, the most important first."""
    done, total = count(frame.delivered_count), count(frame.total)
    parts = [word(language, "order_summary", done=done, all=total)]
    if frame.overtaken_count:
        parts.append(word(language, "order_overtaken", count=count(frame.overtaken_count)))
    if frame.delivered_count:
        longest = seconds(frame.longest_held_s, language)
        parts.append(word(language, "order_longest", time=longest))
    return parts


def state(frame: OrderFrame, place: int, language: str) -> str:
    """Return how far a task has come whose result was not delivered; empty for the others."""
    key = OPEN.get(Stage(int(frame.stage[place])))
    return word(language, key) if key else ""


def held(frame: OrderFrame, place: int, language: str) -> str:
    """Return how long a result was ready and not taken."""
    return word(language, "order_held", time=seconds(float(frame.held_s[place]), language))


def described(frame: OrderFrame, language: str) -> str:
    """Return the picture in words, for screen readers."""
    told = [" · ".join(parts_of_summary(frame, language))]
    if frame.total <= MOST_TOLD:
        came = [place for place in range(len(frame)) if frame.right[place] != NOWHERE]
        came.sort(key=lambda place: int(frame.right[place]))
        for place in came:
            when = clock(frame, float(frame.delivered_s[place]), language)
            told.append(f"{int(frame.right[place]) + 1}: {name(frame, place)} {when}")
    return "; ".join(told)


def hover_lines(frame: OrderFrame, place: int, language: str) -> list[str]:
    """Return the lines of a task's tooltip."""
    lines = [name(frame, place)]
    number = count(int(frame.left[place]) + 1)
    when = clock(frame, float(frame.submitted_s[place]), language)
    lines.append(word(language, "order_was_submitted", number=number, time=when))
    if not math.isnan(float(frame.held_s[place])):
        when = clock(frame, float(frame.finished_s[place]), language)
        lines.append(word(language, "order_was_ready", time=when))
    if frame.right[place] != NOWHERE:
        number = count(int(frame.right[place]) + 1)
        when = clock(frame, float(frame.delivered_s[place]), language)
        lines.append(word(language, "order_was_delivered", number=number, time=when))
        lines.append(held(frame, place, language))
    else:
        lines.append(state(frame, place, language))
    return [line for line in lines if line]
