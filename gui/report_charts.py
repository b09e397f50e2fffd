"""The charts of a report: drawn anew for each run, at one size, never shown on the screen."""

from collections.abc import Iterator, Sequence
from typing import Final

from core.card import Card
from core.comparison import Comparison, Workload
from core.exports.html import Picture
from core.jobs import expected_values
from core.recording import Recording
from core.sweep import Sweep
from gui import pictures
from gui.aims import tell_aim
from gui.charts import CHARTS, Chart, ComparisonChart, ComparisonRow, SpeedupChart
from gui.telling import mode_label
from gui.texts import Texts
from gui.theme import LIGHT

WIDTH: Final = 900
"""As wide as the text of a report: nothing is scaled on the screen, and little in print."""

HEIGHT: Final = 1.5
"""How much higher than comfortable charts may be: nothing else shares the page with them."""

ENTRIES_A_DRAW: Final = 2_000
"""The fewest entries of a recording that any chart takes in at once."""

_ENTRIES_A_TASK: Final = 4

_FACTORIES: Final = {kind.name: kind.factory for kind in CHARTS}


def run_pictures(
    recording: Recording, card: Card, comparison: Comparison, texts: Texts
) -> list[Picture]:
    """Return pictures of the charts of one run."""
    return [_picture(chart) for chart in run_charts(recording, card, comparison, texts)]


def run_charts(
    recording: Recording,
    card: Card,
    comparison: Comparison,
    texts: Texts,
    *,
    names: Sequence[str] = (),
    empty_as_well: bool = False,
) -> Iterator[Chart]:
    """Yield the charts of one run, in the order of the card, or those of some names.

    Left out are the comparison, which is about more than one run, charts that show no run, and
    those that only say that there is nothing to show, unless ``empty_as_well``.
    """
    expected = expected_values(card, recording.header.knobs)
    runs = comparison.runs_of(Workload.of(recording.header))
    for name in names or (*card.views, *card.pages):
        chart = _FACTORIES[name]() if name in _FACTORIES else None
        if chart is None or chart.gives_way or isinstance(chart, ComparisonChart):
            continue
        _dress(chart, texts)
        tell_aim(chart, card, expected, runs)
        _draw_all(chart, recording)
        if empty_as_well or not chart.message():
            yield chart


def comparison_pictures(
    card: Card, comparison: Comparison, workload: Workload, texts: Texts
) -> list[Picture]:
    """Return the comparison of the runs of a workload.

    None if the card asks for none, or if all ran in one mode, which is compared with nothing.
    """
    if ComparisonChart.kind not in card.views or len(comparison.modes_of(workload)) < 2:
        return []
    chart = comparison_chart(comparison, workload, texts)
    return [] if chart.message() else [_picture(chart)]


def comparison_chart(comparison: Comparison, workload: Workload, texts: Texts) -> Chart:
    """Return the comparison of the runs of a workload, empty if none of them counts."""
    chart = ComparisonChart()
    _dress(chart, texts)
    chart.set_rows(
        [
            ComparisonRow(
                mode=mode,
                label=mode_label(mode, texts),
                median_s=result.median_s,
                runs_s=tuple(run.elapsed_s for run in result.runs),
                speedup=result.speedup,
            )
            for mode, result in comparison.modes_of(workload).items()
        ]
    )
    return chart


def sweep_pictures(sweep: Sweep | None, texts: Texts) -> list[Picture]:
    """Return the speed-up against the workers; none without a sweep that measured something."""
    if sweep is None:
        return []
    chart = SpeedupChart()
    _dress(chart, texts)
    chart.set_sweep(sweep)
    return [] if chart.message() else [_picture(chart)]


def _dress(chart: Chart, texts: Texts) -> None:
    chart.set_theme(LIGHT)
    chart.set_language(texts.language)
    chart.resize(WIDTH, round(chart.comfortable_px * HEIGHT))


def _picture(chart: Chart) -> Picture:
    try:
        return Picture(chart.accessibleName(), pictures.svg([chart], trimmed=True))
    finally:
        chart.deleteLater()


def _draw_all(chart: Chart, recording: Recording) -> None:
    """Draw as often as it takes: a chart takes in a bounded number of entries at once."""
    changes = sum(len(track.at_s) for track in recording.activity())
    entries = _ENTRIES_A_TASK * len(recording) + changes
    for _ in range(1 + entries // ENTRIES_A_DRAW):
        chart.draw(recording)
