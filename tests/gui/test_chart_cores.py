"""The load of the cores: the run's part, the rest of the machine, and each core by itself."""

import math

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from core import events
from core.recording import Recording
from gui.charts import CoresChart
from gui.charts.cores_frame import in_columns
from gui.theme import DARK, LIGHT, Theme
from tests.core.recordings import MAIN_PID, at, recording


@pytest.fixture
def chart(qtbot: QtBot) -> CoresChart:
    """Return a chart of a usual size."""
    chart = CoresChart()
    qtbot.addWidget(chart)
    chart.resize(700, 500)
    chart.show()
    return chart


def run(*loads: list[float], lab: float = 1.0, ended: bool = True) -> Recording:
    """Return a run of a second in ten samples, each load for as many as its share of them."""
    record = recording(mode="threads")
    record.apply(MAIN_PID, events.MainStarted(at(0.0)))
    for number in range(11):
        load = loads[min(number * len(loads) // 11, len(loads) - 1)]
        record.apply(MAIN_PID, events.Cores(at(number * 0.1), load, lab))
    if ended:
        record.apply(MAIN_PID, events.MainEnded(at(1.0)))
        record.finish("done", 0, "", at(1.1))
    return record


def pixels(chart: CoresChart) -> npt.NDArray[np.uint32]:
    image = chart.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    shape = image.height(), image.width()
    return np.frombuffer(image.constBits(), dtype=np.uint32).reshape(shape).copy()


def column(chart: CoresChart, at_s: float) -> npt.NDArray[np.uint32]:
    """Return the colours of the area of all cores at a moment, from the top down."""
    shown = chart.picture()
    assert shown is not None
    box = shown.total_box.toAlignedRect()
    x = round(shown.axis.x_of(at_s)) + 3
    return pixels(chart)[box.top() + 2 : box.bottom() - 2, x]


def share(colours: npt.NDArray[np.uint32], colour: QColor) -> float:
    return float((colours == colour.rgb()).mean())


def test_before_a_run_it_says_what_will_appear(chart: CoresChart) -> None:
    assert chart.message().startswith("Press Run")
    empty = recording(mode="threads")
    chart.draw(empty)
    assert chart.message() == "Waiting for the first look at the cores …"
    empty.finish("done", 0, "", at(1.0))
    chart.draw(empty)
    assert chart.message() == "Nobody saw the cores during this run: it was over too soon."
    chart.draw(run([1.0, 0.5]))
    assert chart.message() == ""
    chart.clear()
    assert chart.message().startswith("Press Run")


@pytest.mark.parametrize(
    ("why", "told"),
    [("off", "not watched"), ("system", "Linux only"), ("failed", "not be started")],
)
def test_it_says_why_nobody_looked(chart: CoresChart, why: events.WhyUnwatched, told: str) -> None:
    record = recording(mode="threads")
    record.apply(MAIN_PID, events.Unwatched(why))
    for _ in ("while it runs", "after it"):
        chart.draw(record)
        assert told in chart.message()
        record.finish("done", 0, "", at(1.0))


def test_the_part_of_the_run_is_told_apart(chart: CoresChart) -> None:
    chart.draw(run([1.0, 0.6], lab=1.0))
    assert chart.note() == "on average 1.0 of 2 cores by this run, 0.6 by other programs"
    assert chart.note() in chart.accessibleDescription()
    blue = LIGHT.mode_colour("threads")
    colours = column(chart, 0.5)
    assert share(colours, blue) == pytest.approx(0.5, abs=0.03)
    stripes = share(colours, QColor(LIGHT.muted))  # a third of the hatched part
    assert stripes == pytest.approx(0.3 / 3, abs=0.04)
    chart.set_language("ja")
    assert "他のプログラム 0.6" in chart.note()


def test_an_earlier_cursor_shows_and_tells_the_loads_of_then(chart: CoresChart) -> None:
    record = run([0.0, 0.0], [1.0, 1.0], lab=0.0)
    chart.draw(record, 0.4)
    assert chart.note().endswith("0.0 by other programs")
    assert share(column(chart, 0.8), QColor(LIGHT.muted)) == 0
    chart.draw(record)
    assert not chart.note().endswith("0.0 by other programs")
    assert share(column(chart, 0.8), QColor(LIGHT.muted)) > 0.2


def test_it_follows_a_run_that_goes_on(chart: CoresChart) -> None:
    record = run([1.0, 1.0], lab=2.0, ended=False)
    blue = LIGHT.mode_colour("threads")
    chart.draw(record, 1.3)
    assert share(column(chart, 1.2), blue) == 0
    for number in (11, 12, 13):
        record.apply(MAIN_PID, events.Cores(at(number * 0.1), [1.0, 1.0], 2.0))
    chart.draw(record, 1.3)
    assert share(column(chart, 1.2), blue) > 0.9


def test_each_core_has_a_strip_unless_there_are_too_many(chart: CoresChart) -> None:
    chart.draw(run([1.0, 0.0]))
    shown = chart.picture()
    assert shown is not None
    image = pixels(chart)
    busy, idle = (shown.core_box(core).center().toPoint() for core in range(2))
    paper = QColor(LIGHT.paper).rgb()
    assert image[busy.y(), busy.x() + 5] != paper
    assert image[idle.y(), idle.x() + 5] == paper
    chart.draw(run([0.5] * 256, lab=100.0))
    many = chart.picture()
    assert many is not None
    assert many.total_box.height() > shown.total_box.height()


def test_keys_come_closer_and_home_shows_all(chart: CoresChart) -> None:
    chart.draw(run([1.0, 0.5]))
    whole = chart.time_view()
    assert whole is not None
    for _ in range(20):
        QTest.keyClick(chart, Qt.Key.Key_Up)
    closer = chart.time_view()
    assert closer is not None
    assert closer.window.span_s == pytest.approx(chart.closest_s)
    assert closer.bounds == whole.window
    QTest.keyClick(chart, Qt.Key.Key_Home)
    assert chart.time_view() == whole


@pytest.mark.parametrize("theme", [LIGHT, DARK, LIGHT.zoomed(2.5)], ids=["light", "dark", "large"])
@pytest.mark.parametrize("size", [(240, 130), (380, 420), (1_900, 900)])
@pytest.mark.parametrize("cores", [1, 2, 64])
def test_it_can_be_drawn_in_any_look_at_any_size(
    chart: CoresChart, theme: Theme, size: tuple[int, int], cores: int
) -> None:
    chart.set_theme(theme)
    chart.resize(*size)
    chart.draw(run([0.5] * cores, lab=0.25))
    assert len(np.unique(pixels(chart))) > 2


def test_a_column_is_the_average_of_its_time() -> None:
    at_s = np.array([0.0, 1.0, 2.0, 3.0])
    values = np.array([9.0, 1.0, 0.0, math.nan])  # the first stands for a time nobody knows
    columns = in_columns(at_s, values, np.array([-1.0, 0.0, 1.0, 1.5, 2.5, 3.0]))
    np.testing.assert_allclose(columns, [math.nan, 1.0, 0.0, 0.0, math.nan])
    whole = in_columns(at_s[:3], values[:3], np.array([0.0, 2.0]))
    np.testing.assert_allclose(whole, [0.5])
    assert np.isnan(in_columns(at_s[:1], values[:1], np.array([0.0, 1.0]))).all()


def test_what_is_dragged_moves_along(chart: CoresChart) -> None:
    chart.draw(run([1.0, 0.5]))
    for _ in range(3):
        QTest.keyClick(chart, Qt.Key.Key_Up)
    before = chart.time_view()
    left, place = Qt.MouseButton.LeftButton, QPointF(400, 200).toPoint()
    QTest.mousePress(chart, left, pos=place)
    QTest.mouseMove(chart, QPointF(300, 200).toPoint())
    QTest.mouseRelease(chart, left, pos=QPointF(300, 200).toPoint())
    after = chart.time_view()
    assert before is not None
    assert after is not None
    assert after.window.begin_s > before.window.begin_s
