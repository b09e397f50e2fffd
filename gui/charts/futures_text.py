"""What the cards of the futures say. No Qt."""

from collections.abc import Mapping
from typing import Final

from core.number_format import count, seconds
from core.recording import Recording
from core.task_states import STATES, State, TaskState
from gui.charts.words import word

LONGEST_TEXT: Final = 160
"""Characters of arguments or of a result."""

ANSWER_SHOWN_S: Final = 3.0
"""So long a future that has ended shows that it refused to be cancelled, instead of its result."""

ROUNDED_S: Final = 0.095
"""From here on a time is told with one decimal; shorter ones that are over in milliseconds."""

_REFUSED: Final[Mapping[State, str]] = {
    "pending": "futures_refused_pending",
    "running": "futures_refused_running",
}


def state_word(state: State, language: str) -> str:
    """Return the heading of a column."""
    return word(language, f"futures_{state}")


def number_of(task: TaskState) -> str:
    """Return the number of a task as people count: from 1, as on the timeline."""
    return str(task.task + 1)


def call_of(recording: Recording, task: int) -> str:
    """Return what tells a task from the others: its arguments, else its function."""
    return _short(recording.arguments(task) or recording.function_name(task))


def lasted(task: TaskState, language: str) -> str:
    """Return how long a task has been, or was, waiting or running: one decimal does not dance."""
    if task.state in ("pending", "running") or task.lasted_s >= ROUNDED_S:
        return word(language, "futures_seconds", value=f"{task.lasted_s:,.1f}")
    return seconds(task.lasted_s, language)


def detail_of(recording: Recording, task: TaskState, now_s: float, language: str) -> str:
    """Return what there is to say about a task besides its state; empty if nothing."""
    if task.wait is not None and task.state == "running":
        return _wait(task, language)
    if answers(task, now_s, recording.running):
        assert task.refused_as is not None  # noqa: S101 - it has answered
        return word(language, _REFUSED.get(task.refused_as, "futures_refused_ended"))
    if task.state in ("finished", "failed"):
        result = _short(recording.result(task.task))
        return f"→ {result}" if task.state == "finished" else result
    return word(language, "futures_never_ran") if task.state == "cancelled" else ""


def answers(task: TaskState, now_s: float, running: bool) -> bool:
    """Return whether a card shows that its future refused to be cancelled."""
    if task.refused_as is None or task.state == "cancelled":
        return False
    if task.state in ("pending", "running"):
        return True
    recent = now_s - task.refused_s < ANSWER_SHOWN_S
    return running and recent and task.refused_s >= task.since_s


def hover_lines(recording: Recording, task: TaskState, now_s: float, language: str) -> list[str]:
    """Return all that is known of a card's task, in lines."""
    name = f"{recording.function_name(task.task)}({_short(recording.arguments(task.task))})"
    title = f"{name} · {word(language, 'task_number', number=task.task + 1)}"
    state = f"{state_word(task.state, language)} · {lasted(task, language)}"
    return [line for line in (title, state, detail_of(recording, task, now_s, language)) if line]


def told(counts: Mapping[State, int], language: str) -> str:
    """Return how many tasks are in each state, for those who hear it."""
    return ", ".join(f"{state_word(state, language)} {count(counts[state])}" for state in STATES)


def _wait(task: TaskState, language: str) -> str:
    assert task.wait is not None  # noqa: S101 - the caller looked
    if task.wait.awaited >= 0:
        return word(language, "futures_waits_task", number=task.wait.awaited + 1)
    return word(language, "futures_waits", text=_short(task.wait.what))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_TEXT else line[: LONGEST_TEXT - 1] + "…"
