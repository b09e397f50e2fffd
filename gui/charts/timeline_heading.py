"""The heading of the timeline: its title, and beside it as much as fits."""

from typing import Final

from PySide6.QtGui import QPainter

from gui.charts import paint, timeline_text
from gui.charts.timeline_picture import TimelinePicture
from gui.charts.words import word

TITLE_BOLDER: Final = 1.1
"""The title is so much wider for being bold."""


def paint_heading(painter: QPainter, picture: TimelinePicture) -> None:
    """Paint the title and what stands beside it."""
    title = word(picture.language, "timeline_title")
    paint.head(painter, picture.theme, picture.box, title, note_of(picture))


def note_of(picture: TimelinePicture) -> str:
    """Return what stands beside the title: as much as fits."""
    title, measures = word(picture.language, "timeline_title"), paint.metrics(picture.theme, "note")
    width = paint.metrics(picture.theme, "text").horizontalAdvance(title) * TITLE_BOLDER
    room = picture.box.width() - width - picture.theme.grid(2)
    notes = _notes(picture)
    return next((one for one in notes if measures.horizontalAdvance(one) <= room), notes[-1])


def _notes(picture: TimelinePicture) -> list[str]:
    """Return what could stand beside the title, the longest first: one of them will fit."""
    language, rows = picture.language, picture.rows
    summary = timeline_text.summary(picture.frame, language)
    brief = timeline_text.summary(picture.frame, language, "timeline_tasks_brief")
    lanes = ""
    if rows.stop - rows.first < picture.lanes:
        places = {"first": rows.first + 1, "last": rows.stop, "all": picture.lanes}
        lanes = word(language, "timeline_lanes", **places)
    notes: list[tuple[str, ...]] = [(lanes, summary), (lanes, brief), (summary,), (brief,)]
    if picture.ghost is not None:
        ghost = picture.ghost.note(language)
        at_now = picture.ghost.progress(picture.frame, language)
        notes = [(lanes, at_now, summary), (at_now, brief), (ghost, brief), (at_now,), (ghost,)]
    return [" · ".join(filter(None, parts)) for parts in notes]
