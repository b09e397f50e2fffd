"""The chart of the time spent: what it says and paints, at every moment and size."""

import math

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from core import events
from core.activity import READY, RUNNING
from core.recording import Recording
from gui.charts import TimeSpentChart
from gui.charts.time_spent import MANY
from gui.theme import DARK, LIGHT, Theme
from tests.core.recordings import MAIN_PID, at, finish, start, submit
from tests.gui.charts_demo import empty_run, end, many


@pytest.fixture
def chart(qtbot: QtBot) -> TimeSpentChart:
    chart = TimeSpentChart()
    qtbot.addWidget(chart)
    chart.resize(640, 420)
    chart.show()
    return chart


def run(mode: str = "threads") -> Recording:
    """Return a run of 4 s with two workers: one computes for 1 s of 2 s, of the other nothing."""
    record = empty_run(mode, workers=2)
    for task, (from_s, to_s) in enumerate(((0.0, 2.0), (2.5, 3.0))):
        submit(record, (task, from_s))
        start(record, MAIN_PID, (task, task, from_s))
        finish(record, (task, to_s), cpu_s=1.0 if task == 0 else 0.25)
    return record


def unknown(record: Recording) -> Recording:
    submit(record, (2, 3.0))
    start(record, MAIN_PID, (2, 1, 3.0))
    cpu, outcome = [events.UNKNOWN_CPU], [events.DONE]
    record.apply(MAIN_PID, events.Finished([2], [at(3.5)], cpu, outcome, [""]))
    return record


def told(chart: TimeSpentChart) -> list[str]:
    return chart.accessibleDescription().splitlines()


def pixels(chart: TimeSpentChart, colour: QColor) -> int:
    """Return how many pixels have a colour."""
    image = chart.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    return int((np.frombuffer(image.constBits(), dtype=np.uint32) == colour.rgb()).sum())


def test_before_a_run_it_says_what_will_appear(chart: TimeSpentChart) -> None:
    assert chart.message().startswith("Press Run")
    chart.draw(end(empty_run(workers=0), 1.0))
    assert chart.message().startswith("No worker came up")
    chart.draw(end(run(), 4.0))
    assert chart.message() == ""
    chart.clear()
    assert chart.message().startswith("Press Run")


def test_it_tells_the_efficiency_with_its_formula_each_worker_and_the_slowest(
    chart: TimeSpentChart,
) -> None:
    chart.draw(end(run(), 4.0))
    first, everyone, one, other, heading, slowest, next_slowest = told(chart)
    assert first == "Efficiency 15.6 % = computing 1.25 s ÷ (2 workers × 4 s elapsed)"
    assert everyone.startswith("all 2 workers: waiting for a task 31.2 %, computing 15.6 %")
    assert one == "thread 1: computing 1 s, not computing 1 s, idle at the end 2 s"
    assert "waiting for a task 2.5 s" in other
    assert heading == "Slowest tasks"
    assert slowest == "task 1: n=0, thread 1, 2 s, CPU 1 s"
    assert next_slowest.startswith("task 2: n=1, thread 2, 0.5 s")


def test_it_speaks_japanese(chart: TimeSpentChart) -> None:
    chart.draw(end(run(), 4.0))
    chart.set_language("ja")
    assert told(chart)[0] == "効率 15.6% = 計算 1.25秒 ÷ （ワーカー 2 × 経過 4秒）"
    assert told(chart)[2] == "スレッド1: 計算 1秒, タスク中の待ち 1秒, 終了前の空き 2秒"


def test_what_is_not_known_is_named_and_hatched(chart: TimeSpentChart) -> None:
    hatching = LIGHT.softened(QColor(LIGHT.muted), 0.8)
    chart.draw(end(run(), 4.0))
    before = pixels(chart, hatching)  # letters have rims of all greys
    chart.draw(end(unknown(run()), 4.0))
    assert pixels(chart, hatching) > before + 300
    assert "unknown 0.5 s" in told(chart)[3]
    assert told(chart)[0].startswith("Efficiency at least")
    assert any(line.endswith("CPU unknown") for line in told(chart))


def test_where_somebody_watched_waiting_for_a_processor_is_told_apart(
    chart: TimeSpentChart,
) -> None:
    record = run()
    first = record.workers[0]
    pid, thread, moments = [first.pid] * 2, [first.thread] * 2, [at(0.5), at(1.25)]
    record.apply(MAIN_PID, events.Activity(pid, thread, moments, [READY, RUNNING]))
    record.apply(MAIN_PID, events.Sampled(at(0.0), at(4.0), 4000))
    chart.draw(end(record, 4.0))
    wanted = "thread 1: computing 1 s, waiting for a processor 0.75 s, not computing 0.25 s"
    assert told(chart)[2].startswith(wanted)
    stripes = pixels(chart, LIGHT.softened(QColor(LIGHT.attention), 0.7))
    chart.draw(end(run(), 4.0))
    assert stripes > pixels(chart, LIGHT.softened(QColor(LIGHT.attention), 0.7)) + 300


def test_an_efficiency_that_nobody_knows_is_none(chart: TimeSpentChart) -> None:
    chart.draw(run(), 1.0)
    assert told(chart)[0].startswith("Efficiency not known yet the CPU time")
    record = empty_run("threads", workers=2)
    chart.draw(end(unknown(record), 4.0))
    assert told(chart)[0].startswith("Efficiency not known no task")


def test_workers_stand_as_in_the_timeline(chart: TimeSpentChart) -> None:
    record = empty_run("processes", workers=0)
    joined = {203: 0.1, 202: 0.2, 201: 0.3, 204: 0.05}
    for pid, at_s in joined.items():
        record.apply(pid, events.Process(pid, MAIN_PID, "worker", at(at_s), "3.11.7", False))
    for pid in (201, 202, 203):  # the first to come was not the first to have a task
        record.apply(pid, events.Worker(0, pid, "w", at(0.4)))
    chart.draw(end(record, 1.0))
    rows = [line.partition(":")[0] for line in told(chart)[2:]]
    assert rows == [f"process {number} (20{number})" for number in (1, 2, 3, 4)]


def test_it_follows_the_cursor(chart: TimeSpentChart) -> None:
    record = end(run(), 4.0)
    chart.draw(record, 1.0)
    assert "thread 1: unknown 1 s" in told(chart)
    assert "Slowest tasks" not in told(chart)
    chart.draw(record, 2.25)
    assert "thread 1: waiting for a task 0.25 s, computing 1 s, not computing 1 s" in told(chart)
    chart.draw(record, math.inf)
    assert "idle at the end" in chart.accessibleDescription()


def test_of_many_tasks_the_last_moment_is_drawn_too(chart: TimeSpentChart, qtbot: QtBot) -> None:
    record = many(MANY + 1_000)
    chart.draw(record, 0.01)
    early = chart.accessibleDescription()
    for moment_s in (0.02, 0.03, 1.0):
        chart.draw(record, moment_s)
    qtbot.waitUntil(lambda: "idle at the end" in chart.accessibleDescription())
    assert chart.accessibleDescription() != early


@pytest.mark.parametrize("theme", [LIGHT, DARK, LIGHT.zoomed(2.5)], ids=["light", "dark", "large"])
@pytest.mark.parametrize("size", [(240, 220), (390, 300), (1_800, 900)])
def test_many_workers_can_be_drawn_at_any_size(
    chart: TimeSpentChart, theme: Theme, size: tuple[int, int]
) -> None:
    chart.set_theme(theme)
    chart.resize(*size)
    chart.draw(many(2_000, workers=61))
    paper = QColor(theme.paper)
    assert 0 < pixels(chart, paper) < size[0] * size[1]
