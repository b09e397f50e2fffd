"""What the window says and draws while nothing goes on."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from core import events
from core.recording import Recording
from gui.app import Application
from gui.charts import TimelineChart
from gui.scripts import script_from_text
from gui.stall_telling import MOST_NAMED, stall_sentence
from gui.telling import message_of
from gui.texts import LANGUAGES, Texts
from gui.theme import LIGHT
from tests.core.recordings import MAIN_PID, at, finished_run
from tests.gui.charts_demo import TaskTimes, add, empty_run
from tests.gui.conftest import RUN_MS
from tests.gui.test_main_window import find
from tests.gui.timelines import picture_of, shown_timeline

STUCK = """from concurrent import futures
EXECUTOR = futures.ThreadPoolExecutor

def outer():
    return executor.submit(print, 1).result()

with EXECUTOR(1) as executor:
    executor.submit(outer).result()
"""


def stalled(*waits: tuple[int, int]) -> Recording:
    record = finished_run()
    told = [events.Wait(task, awaited, "inner.result()", 5) for task, awaited in waits]
    record.apply(MAIN_PID, events.Stalled(at(0.75), told))
    return record


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sentence_says_since_when_and_who_waits_for_whom(language: str) -> None:
    record = stalled((0, 2), (1, 1))
    sentence = stall_sentence(record, record.stalls[0], Texts(language))
    # Counted from 1, as on the cards; and each in its place.
    places = [sentence.index(part) for part in ("0.25", "1", "3", "inner.result()", "2")]
    assert places[0] < places[2] < places[3]
    assert "{" not in sentence
    assert sentence[-1] in ".。"


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_many_tasks_the_first_are_named(language: str) -> None:
    record = stalled(*((task, task + 50) for task in range(40)))
    sentence = stall_sentence(record, record.stalls[0], Texts(language))
    assert sentence.count("inner.result()") == MOST_NAMED
    assert str(40 - MOST_NAMED) in sentence


def test_the_window_says_so_while_it_lasts(qtbot: QtBot, parts: Application, texts: Texts) -> None:
    session = parts.session
    session.open(script_from_text(STUCK))
    session.runner.run()
    panel = find(parts, QLabel, "explanation")
    assert not message_of(session, texts).attention
    qtbot.waitUntil(lambda: "task 1 waits for task 2" in panel.text(), timeout=RUN_MS)
    assert message_of(session, texts).attention
    session.runner.stop()
    qtbot.waitUntil(lambda: not session.runner.busy, timeout=RUN_MS)
    assert "waits for" not in panel.text()


def hatched(chart: TimelineChart, at_s: float) -> bool:
    """Return whether the colour of attention is around a moment of the first lane."""
    picture = picture_of(chart)
    image, box = chart.grab().toImage(), picture.row_box(0).bar
    left, top = round(picture.x_of(at_s)), round(box.top())
    places = itertools.product(range(left - 8, left + 8), range(top, round(box.bottom())))
    return any(image.pixelColor(x, y) == QColor(LIGHT.attention) for x, y in places)


def test_the_timeline_hatches_the_stretch_and_nothing_before_it(qtbot: QtBot) -> None:
    chart = shown_timeline(qtbot)
    record = empty_run("threads", workers=1)
    add(record, TaskTimes(0, 0, 0.0, 0.0, 4.0, arguments="'a'", result="1"))
    chart.draw(record)
    plain = hatched(chart, 1.0), hatched(chart, 3.0)
    waits = [events.Wait(0, 0, "lock", 5)]
    record.apply(MAIN_PID, events.Stalled(record.origin_ns + 2_000_000_000, waits))
    chart.draw(record)
    assert (*plain, hatched(chart, 1.0), hatched(chart, 3.0)) == (False, False, False, True)
    chart.draw(record, 1.9)  # before it began
    assert not hatched(chart, 1.0)
