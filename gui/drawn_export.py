"""Exports of a recording that are drawn: made off-screen, without a window."""

import os
from functools import partial
from pathlib import Path
from typing import Literal, TypeAlias

from core.card import Card
from core.demos import all_demos
from core.exports import html
from core.recording import Recording
from gui import pictures
from gui.app import make_qt_app
from gui.charts import Chart
from gui.report import report_of
from gui.report_charts import run_charts
from gui.results import Results
from gui.scripts import script_of_recording
from gui.texts import Texts, system_language

DrawnForm: TypeAlias = Literal["html"] | pictures.Form


def export(recording: Recording, form: DrawnForm, path: Path) -> None:
    """Write a finished recording to a file, in the language of the system.

    Parameters
    ----------
    form : {"html", "svg", "png"}
        A report, or all charts of the run in one picture.

    Raises
    ------
    core.exports.ExportProblem
        It cannot be written there.
    """
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    app = make_qt_app()
    write(recording, form, path)
    app.processEvents()  # what was drawn is put away


def write(recording: Recording, form: DrawnForm, path: Path) -> None:
    """Do what `export` does in a process that has a `QApplication` already."""
    demos = {demo.name: demo for demo in all_demos()}
    card = script_of_recording(recording.header, demos).card
    results = Results()
    results.finish(recording, card, "")
    texts = Texts(system_language())
    if form == "html":
        html.save(report_of(results, texts, texts("report.title_run")), path)
    else:
        pictures.save(_charts(recording, card, results, texts), path, form, trimmed=True)


def _charts(recording: Recording, card: Card, results: Results, texts: Texts) -> list[Chart]:
    """Return the charts that show something; if none does, those that say so."""
    draw = partial(run_charts, recording, card, results.comparison, texts)
    return list(draw()) or list(draw(empty_as_well=True))
