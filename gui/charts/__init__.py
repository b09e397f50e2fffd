"""The charts, in the order in which the window offers them.

A new chart is one module here, with a subclass of `Chart`, and one entry in `CHARTS`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from gui.charts.activity import ActivityChart
from gui.charts.by_hand import ByHandChart
from gui.charts.bytecode import BytecodeChart
from gui.charts.chart import Chart
from gui.charts.comparison import ComparisonChart
from gui.charts.comparison_layout import ComparisonRow
from gui.charts.cores import CoresChart
from gui.charts.counter import CounterChart
from gui.charts.futures import FuturesChart
from gui.charts.lateness import LatenessChart
from gui.charts.order import OrderChart
from gui.charts.speedup import SpeedupChart
from gui.charts.table import TableChart
from gui.charts.time_spent import TimeSpentChart
from gui.charts.timeline import TimelineChart
from gui.charts.words import LANGUAGES, word
from gui.charts.workers import WorkersChart

__all__ = [
    "CHARTS",
    "ActivityChart",
    "BytecodeChart",
    "Chart",
    "ChartKind",
    "ComparisonChart",
    "ComparisonRow",
    "CoresChart",
    "CounterChart",
    "FuturesChart",
    "LatenessChart",
    "OrderChart",
    "SpeedupChart",
    "TableChart",
    "TimeSpentChart",
    "TimelineChart",
    "WorkersChart",
]


@dataclass(frozen=True, slots=True)
class ChartKind:
    """One kind of chart.

    Attributes
    ----------
    name : str
        What cards call it (``"timeline"``); its widget is named this and ``_chart``.
    title : Mapping[str, str]
        What people read, by language.
    factory : callable
        Makes the widget.
    """

    name: str
    title: Mapping[str, str] = field(hash=False)
    factory: Callable[[], Chart]


def _kind(chart: type[Chart]) -> ChartKind:
    titles = {language: word(language, f"{chart.kind}_title") for language in LANGUAGES}
    return ChartKind(chart.kind, titles, chart)


CHARTS: Final[tuple[ChartKind, ...]] = (
    _kind(ComparisonChart),
    _kind(TimelineChart),
    _kind(CounterChart),
    _kind(WorkersChart),
    _kind(BytecodeChart),
    _kind(ByHandChart),
    _kind(FuturesChart),
    _kind(OrderChart),
    _kind(LatenessChart),
    _kind(TableChart),
    _kind(TimeSpentChart),
    _kind(SpeedupChart),
    _kind(ActivityChart),
    _kind(CoresChart),
)
