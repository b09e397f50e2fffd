"""A timeline to look at: shown, and where its things are."""

from PySide6.QtCore import QPointF
from pytestqt.qtbot import QtBot

from gui.charts import TimelineChart
from gui.charts.timeline_picture import TimelinePicture

WIDTH, HEIGHT = 700, 260


def shown_timeline(qtbot: QtBot) -> TimelineChart:
    """Return a timeline of a usual size, shown."""
    chart = TimelineChart()
    qtbot.addWidget(chart)
    chart.resize(WIDTH, HEIGHT)
    chart.show()
    return chart


def picture_of(chart: TimelineChart) -> TimelinePicture:
    """Return what the chart shows."""
    picture = chart.picture()
    assert picture is not None
    return picture


def place(chart: TimelineChart, lane: int, at_s: float) -> QPointF:
    """Return the middle of a lane at a moment."""
    picture = picture_of(chart)
    return QPointF(picture.x_of(at_s), picture.row_box(lane).bar.center().y())
