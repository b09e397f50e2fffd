"""What is under the pointer on the timeline, and what there is to tell about it."""

from typing import Final

import numpy as np
from PySide6.QtCore import QPointF

from core.number_format import count, seconds
from gui.charts import timeline_layout, timeline_text
from gui.charts.timeline_picture import TimelinePicture
from gui.charts.words import word

POINTER_SLACK: Final = 4
"""Pixels by which the pointer may miss a bar."""


def task_at(picture: TimelinePicture, place: QPointF) -> tuple[int, int] | None:
    """Return the task under the pointer and its lane."""
    lane = picture.lane_at(place.y())
    if lane is None or place.x() < picture.plot.left() - POINTER_SLACK:
        return None
    slack_s = picture.theme.px(POINTER_SLACK) * picture.window.span_s / picture.plot.width()
    frame = picture.frame
    at_s = picture.time_at(place.x())
    task = timeline_layout.task_at(picture.contents[lane], frame.tasks, at_s, slack_s, frame.now_s)
    return None if task is None else (task, lane)


def hover_lines(picture: TimelinePicture, place: QPointF) -> list[str]:
    """Return what is to be told about the thing under the pointer, line by line."""
    found = task_at(picture, place)
    if found:
        task, lane = found
        return timeline_text.describe(picture.frame, task, picture.labels[lane], picture.language)
    lines = _initializer_lines(picture, place)
    if lines:
        return lines
    if picture.queue.contains(place):
        return _queue_lines(picture, picture.time_at(place.x()))
    if not picture.plot.top() <= place.y() <= picture.queue.bottom():
        return [word(picture.language, "timeline_help")]
    return []


def _initializer_lines(picture: TimelinePicture, place: QPointF) -> list[str]:
    row = picture.lane_at(place.y())
    run = None if row is None else picture.staff.initializers.get(row)
    if row is None or run is None or not run.begun_s <= picture.time_at(place.x()) <= run.ended_s:
        return []
    return timeline_text.describe_initializer(
        picture.frame, run, picture.labels[row], picture.language
    )


def _queue_lines(picture: TimelinePicture, at_s: float) -> list[str]:
    frame = picture.frame
    if at_s > frame.now_s:
        return []
    waiting = int(timeline_layout.waiting_count(frame.index, frame.tasks, np.array([at_s]))[0])
    time = seconds(at_s - frame.zero_s, picture.language)
    return [word(picture.language, "queue_waiting", count=count(waiting), time=time)]
