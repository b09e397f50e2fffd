"""What the futures show of one recording: the tasks, their counts, and where their cards are."""

import time

from PySide6.QtCore import QPointF, QRectF

from core.recording import Recording
from core.task_states import STATES, State, TaskState, moment_of, task_states
from gui.charts import futures_layout as layout
from gui.charts import paint
from gui.charts.futures_counts import state_counts
from gui.charts.futures_motion import Gliding
from gui.charts.futures_paint import LARGE, SMALL, Fonts, heading_height, measures
from gui.charts.timeline_frame import frame_at
from gui.charts.timeline_index import TimelineIndex
from gui.theme import Theme


class FuturesBoard:
    """Follows one recording.

    Attributes
    ----------
    now_s : float
        The moment that is shown.
    counts : dict[State, int]
        How many tasks are in each state.
    tasks : dict[int, TaskState]
        Those that get cards, by number; empty if there are too many.
    boxes : dict[int, Box]
        Where the cards are seen, those that lie on top last.
    behind : bool
        Whether the recording has more than could be taken in until now.
    """

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self.now_s = 0.0
        self.counts: dict[State, int] = dict.fromkeys(STATES, 0)
        self.tasks: dict[int, TaskState] = {}
        self.boxes: dict[int, layout.Box] = {}
        self.behind = False
        self._index = TimelineIndex(recording)
        self._gliding = Gliding()

    def follow(self, cursor_s: float) -> None:
        """Take in what is new, a bounded number of log entries, and look at a moment."""
        self.behind = self._index.follow()
        self.now_s = moment_of(self.recording, cursor_s)
        self.counts = state_counts(frame_at(self.recording, self._index, self.now_s))
        self.tasks = {}
        if sum(self.counts.values()) <= layout.MOST_CARDS and not self.behind:
            self._take(task_states(self.recording, self.now_s))

    def _take(self, tasks: list[TaskState]) -> None:
        self.tasks = {task.task: task for task in tasks}
        # Counted anew: the headings must not say other numbers than there are cards.
        self.counts = dict.fromkeys(STATES, 0)
        for task in tasks:
            self.counts[task.state] += 1

    def place(self, room: QRectF, theme: Theme, *, at_once: bool = False) -> bool:
        """Let the cards go on their way; return whether one has not arrived."""
        cards, _ = self.plan(room, theme)
        if cards is None or at_once:
            self._gliding.forget()
        if cards is None:
            self.boxes = {}
            return False
        boxes = columns(room, theme)
        targets = layout.places(self.by_state(), boxes, cards, theme.grid())
        self.boxes, moving = self._gliding.towards(targets, time.perf_counter())
        return moving

    def plan(self, room: QRectF, theme: Theme) -> tuple[layout.Plan | None, Fonts]:
        """Return the size of the cards and their fonts; None if there is no room for any."""
        column = next(iter(columns(room, theme).values()))
        cards = None
        for fonts in (LARGE, SMALL) if self.tasks else ():
            cards = layout.plan(len(self.tasks), column, measures(theme, fonts))
            if cards is not None and (fonts is SMALL or cards.abreast == 1):
                return cards, fonts
        return cards, SMALL

    def by_state(self) -> dict[State, list[int]]:
        """Return the tasks of each column, from top to bottom."""
        found: dict[State, list[int]] = {state: [] for state in STATES}
        for task in self.tasks.values():
            found[task.state].append(task.task)
        found["pending"].sort()  # in the order in which they will go
        return found

    def card_at(self, place: QPointF) -> int | None:
        """Return the task whose card is seen at a place; None if there is none."""
        on_top = reversed(list(self.boxes.items()))
        return next((task for task, box in on_top if box.holds(place.x(), place.y())), None)


def columns(room: QRectF, theme: Theme) -> dict[State, layout.Box]:
    """Return the columns of the states below the heading of the chart and their own."""
    top = paint.text_height(theme, "text") + theme.grid() + heading_height(theme)
    height = max(1.0, room.height() - top)
    box = layout.Box(room.left(), room.top() + top, room.width(), height)
    return layout.columns(box, theme.grid())
