"""What the timeline says: names of lanes, and all that is known of a task. No Qt."""

import math
from collections import Counter
from collections.abc import Sequence
from typing import Final

from core.columns import PENDING
from core.events import CANCELLED, FAILED
from core.number_format import count, seconds
from core.recording import Recording
from core.run_facts import Initialized
from core.workforce import Presence
from gui.charts.timeline_frame import Frame
from gui.charts.timeline_index import Lane
from gui.charts.words import word

LONGEST_TEXT: Final = 160
"""Characters of arguments or of a result in a tooltip."""


def lane_mode(frame: Frame, lane: Lane) -> str:
    """Return the mode of the executor that a lane works for."""
    mode = frame.recording.header.mode
    if not len(lane):
        return mode
    info = frame.recording.executors.get(int(frame.tasks.executor[lane.rows.view[0]]))
    return info.mode if info else mode


def idle_modes(recording: Recording, idle: Sequence[Presence]) -> list[str]:
    """Return the modes of workers that ran no task."""
    processes = {one.pid for one in list(recording.processes) if one.role == "worker"}
    return ["processes" if worker.pid in processes else "threads" for worker in idle]


def sample_label(frame: Frame, language: str) -> str:
    """Return a label as long as one of this run can be, to keep room for it."""
    if frame.recording.header.mode == "processes":
        return _process_label(language, 10, 1_000_000, 1)
    return _label(language, frame.recording.header.mode, 10)


def lane_labels(
    recording: Recording, modes: list[str], language: str, idle: Sequence[Presence] = ()
) -> list[str]:
    """Return a label for each lane, then for idle workers; all are counted from 1."""
    seen: Counter[str] = Counter()
    numbers: dict[int, int] = {}
    threads: Counter[int] = Counter()
    labels = []
    rows = [(worker.pid, mode) for worker, mode in zip(recording.workers, modes, strict=False)]
    rows += zip((one.pid for one in idle), idle_modes(recording, idle), strict=True)
    for pid, mode in rows:
        if mode == "processes":
            number = numbers.setdefault(pid, len(numbers) + 1)
            threads[pid] += 1
            labels.append(_process_label(language, number, pid, threads[pid]))
        else:
            seen[mode] += 1
            labels.append(_label(language, mode, seen[mode]))
    return labels


def _process_label(language: str, number: int, pid: int, thread: int) -> str:
    if thread > 1:
        return word(language, "lane_process_thread", number=number, thread=thread)
    return word(language, "lane_process", number=number, pid=pid)


def _label(language: str, mode: str, number: int) -> str:
    if mode == "sequential" and number == 1:
        return word(language, "lane_main")
    keys = {"interpreters": "lane_interpreter", "cluster": "lane_worker"}
    return word(language, keys.get(mode, "lane_thread"), number=number)


def summary(frame: Frame, language: str, key: str = "timeline_tasks") -> str:
    """Return how many tasks have ended, in the words of a key, and how many of them badly."""
    index = frame.index
    done = int(index.finished_s.view.searchsorted(frame.now_s, side="right"))
    parts = {"all": count(len(frame.recording)), "done": count(done)}
    text = [word(language, key, **parts)]
    failed, cancelled = bad_counts(frame)
    if failed:
        text.append(word(language, "timeline_failed", count=count(failed)))
    if cancelled:
        text.append(word(language, "timeline_cancelled", count=count(cancelled)))
    return " · ".join(text)


def bad_counts(frame: Frame) -> tuple[int, int]:
    """Return how many tasks had failed and how many were cancelled by the moment of the frame."""
    outcome = frame.tasks.outcome
    if not ((outcome == FAILED) | (outcome == CANCELLED)).any():
        return 0, 0
    by_now = outcome[frame.tasks.finished_s <= frame.now_s]
    return int((by_now == FAILED).sum()), int((by_now == CANCELLED).sum())


def bar_label(recording: Recording, task: int, failed: bool) -> str:
    """Return what tells a task from its neighbours: its error, its arguments or its function."""
    text = recording.result(task) if failed else ""
    return _short(text or recording.arguments(task) or recording.function_name(task))


def describe(frame: Frame, task: int, lane: str, language: str) -> list[str]:
    """Return the lines of a task's tooltip."""
    recording, tasks = frame.recording, frame.tasks
    call = f"{recording.function_name(task)}({_short(recording.arguments(task))})"
    times = [float(column[task]) for column in (tasks.submitted_s, tasks.started_s)]
    submitted_s, started_s = times
    ended_s = float(tasks.finished_s[task])
    has_ended = ended_s <= frame.now_s
    lines = [f"{call} · {word(language, 'task_number', number=task + 1)}"]
    if not math.isnan(started_s):
        lines.append(_when(frame, lane, started_s, ended_s if has_ended else math.nan, language))
    facts = [
        word(language, "task_waited", waited=seconds(max(0.0, started_s - submitted_s), language))
    ]
    cpu_s = float(tasks.cpu_s[task])
    if has_ended and not math.isnan(cpu_s):
        facts.append(word(language, "task_cpu", cpu=seconds(cpu_s, language)))
    lines.append(" · ".join(facts))
    lines.append(_outcome(frame, task, has_ended, language))
    return [line for line in lines if line]


def describe_initializer(frame: Frame, run: Initialized, lane: str, language: str) -> list[str]:
    """Return the lines of the tooltip of a worker's initializer."""
    name = word(language, "lane_initializer")
    lines = [name, _when(frame, lane, run.begun_s, run.ended_s, language)]
    return lines if run.done else [*lines, word(language, "lane_initializer_failed")]


def _when(frame: Frame, lane: str, started_s: float, ended_s: float, language: str) -> str:
    started = seconds(started_s - frame.zero_s, language)
    if math.isnan(ended_s):
        when = word(language, "task_from", lane=lane, started=started)
        took = word(language, "task_runs", took=seconds(frame.now_s - started_s, language))
    else:
        ended = seconds(ended_s - frame.zero_s, language)
        when = word(language, "task_from_to", lane=lane, started=started, ended=ended)
        took = word(language, "task_took", took=seconds(ended_s - started_s, language))
    return f"{when} · {took}"


def _outcome(frame: Frame, task: int, has_ended: bool, language: str) -> str:
    outcome = int(frame.tasks.outcome[task])
    if not has_ended or outcome == PENDING:
        return "" if frame.recording.running else word(language, "task_unfinished")
    if outcome == CANCELLED:
        return word(language, "task_cancelled")
    text = _short(frame.recording.result(task))
    return word(language, "task_error" if outcome == FAILED else "task_result", text=text)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_TEXT else line[: LONGEST_TEXT - 1] + "…"
