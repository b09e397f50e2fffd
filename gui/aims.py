"""What a chart has to be told besides the recording: which watch it shows, and its aim."""

from collections.abc import Mapping, Sequence

from core.card import Card
from core.comparison import RunSummary
from gui.charts import Chart, CounterChart, LatenessChart, TableChart


def tell_aim(
    chart: Chart, card: Card, expected: Mapping[str, float], runs: Sequence[RunSummary]
) -> None:
    """Tell a chart what no single recording knows; most charts need nothing.

    Parameters
    ----------
    expected
        The value that each watch should have in the end.
    runs
        The finished runs that did the same work.
    """
    tables = [watch for watch in card.watches if watch.columns]
    series = [watch for watch in card.watches if watch.series]
    numbers = [watch for watch in card.watches if not (watch.columns or watch.series)]
    if isinstance(chart, TableChart):
        chart.set_watch(tables[0] if tables else None)
    if isinstance(chart, LatenessChart) and series:
        chart.set_watch(series[0].name)
    if isinstance(chart, CounterChart) and numbers:
        name = numbers[0].name
        chart.set_watch(name, expected.get(name))
        chart.set_losses([(run.mode, run.lost(name)) for run in runs])
