"""Exports of a recording that are drawn: made off-screen, without a window."""

import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Literal, TypeAlias

from core.comparison import Workload
from core.demos import all_demos
from core.exports import MOST_BYTES, NothingToShow, html
from core.recording import Recording
from gui import pictures
from gui.app import make_qt_app
from gui.charts import CHARTS, Chart
from gui.report import report_of
from gui.report_charts import comparison_chart, run_charts
from gui.results import Results
from gui.scripts import script_of_recording
from gui.texts import Texts, system_language

DrawnForm: TypeAlias = Literal["html"] | pictures.Form


def export(
    recording: Recording,
    form: DrawnForm,
    path: Path,
    chart: str = "",
    most_bytes: int = MOST_BYTES,
) -> None:
    """Write a finished recording to a file, in the language of the system.

    Parameters
    ----------
    form : {"html", "svg", "png"}
        A report, or all charts of the run in one picture.
    chart : str
        In a picture: the only chart to draw.
    most_bytes : int
        What the file may take.

    Raises
    ------
    core.exports.ExportProblem
        It cannot be written there, or would take more.
    core.exports.NothingToShow
        The run has nothing for that chart.
    """
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    app = make_qt_app()
    write(recording, form, path, chart, most_bytes)
    app.processEvents()  # what was drawn is put away


def write(
    recording: Recording,
    form: DrawnForm,
    path: Path,
    chart: str = "",
    most_bytes: int = MOST_BYTES,
) -> None:
    """Do what `export` does in a process that has a `QApplication` already."""
    demos = {demo.name: demo for demo in all_demos()}
    card = script_of_recording(recording.header, demos).card
    results = Results()
    results.finish(recording, card, "")
    texts = Texts(system_language())
    if form == "html":
        html.save(report_of(results, texts, texts("report.title_run")), path, most_bytes)
        return
    draw = partial(run_charts, recording, card, results.comparison, texts)
    compared = comparison_chart(results.comparison, Workload.of(recording.header), texts)
    charts = _only(chart, draw, compared) if chart else _all(draw)
    pictures.save(charts, path, form, trimmed=True, most_bytes=most_bytes)


def _all(draw: Callable[..., Iterator[Chart]]) -> list[Chart]:
    """Return the charts that show something; if none does, those that say so."""
    return list(draw()) or list(draw(empty_as_well=True))


def _only(name: str, draw: Callable[..., Iterator[Chart]], compared: Chart) -> list[Chart]:
    """Return one chart, also one that the card does not name."""
    of_comparison = [] if compared.message() else [compared]
    drawn = of_comparison if name == compared.kind else list(draw(names=[name]))
    if not drawn:
        others = [*of_comparison, *draw(names=[kind.name for kind in CHARTS])]
        raise NothingToShow(name, tuple(chart.kind for chart in others))
    return drawn
