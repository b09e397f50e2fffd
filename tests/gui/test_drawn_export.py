"""A recording as a report and as pictures, whatever ran."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import get_args
from xml.etree import ElementTree

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from core.cli import options
from core.demos import FOLDER, all_demos
from core.exports import DRAWN, PICTURES, ExportProblem, NothingToShow
from core.recording import Recording
from gui import drawn_export, pictures
from gui.charts import CHARTS
from tests.core.recordings import finished_run

TITLES = {
    kind.name: kind.title.values() for kind in CHARTS if kind.name in ("timeline", "comparison")
}


def write(recording: Recording, form: drawn_export.DrawnForm, folder: Path) -> Path:
    path = folder / "out"
    drawn_export.write(recording, form, path)
    return path


@pytest.fixture
def run(qtbot: QtBot) -> Recording:
    """Hand out a small run of a demo; ``qtbot`` is what drawing needs."""
    return finished_run(script=(FOLDER / "fibonacci.py").read_text(encoding="utf-8"))


def test_the_command_line_knows_what_is_drawn() -> None:
    html_form, *others = DRAWN
    assert html_form == "html"
    assert set(others) == set(PICTURES) == set(get_args(pictures.Form))


def test_the_charts_of_a_run_are_one_picture(run: Recording, tmp_path: Path) -> None:
    root = ElementTree.parse(write(run, "svg", tmp_path)).getroot()
    words = " ".join(root.itertext())
    assert "Timeline" in words or "タイムライン" in words
    image = QImage.fromData(write(run, "png", tmp_path).read_bytes())
    assert image.width() == 2 * int(root.get("width", "0"))
    assert image.height() == 2 * int(root.get("height", "0"))


def test_one_chart_is_a_picture_of_its_own(run: Recording, tmp_path: Path) -> None:
    for name in TITLES:
        drawn_export.write(run, "svg", tmp_path / name, name)
        words = " ".join(ElementTree.parse(tmp_path / name).getroot().itertext())
        told = {chart for chart, titles in TITLES.items() if any(each in words for each in titles)}
        assert told == {name}


def test_a_chart_that_has_nothing_to_show_is_refused(run: Recording, tmp_path: Path) -> None:
    told = "The chart 'table' has nothing to show of this run; choose one of: comparison, timeline"
    with pytest.raises(NothingToShow, match=told):
        drawn_export.write(run, "png", tmp_path / "out", "table")
    assert list(tmp_path.iterdir()) == []


def test_the_charts_of_the_command_line_are_those_of_the_window() -> None:
    kinds = {kind.name for kind in CHARTS}
    assert kinds - set(options.CHARTS) == {"by_hand", "bytecode", "speedup"}, "about no single run"
    assert set(options.CHARTS) <= kinds


def test_a_report_of_a_demo_has_its_title_and_of_another_script_its_name(
    run: Recording, tmp_path: Path
) -> None:
    page = write(run, "html", tmp_path).read_text(encoding="utf-8")
    titles = next(demo.card.title for demo in all_demos() if demo.name == "fibonacci").languages()
    assert any(f"<h2>{escape(title)}</h2>" in page for title in titles.values())
    own = finished_run(demo="fibonacci", script="print('my own')\n")
    page = write(own, "html", tmp_path).read_text(encoding="utf-8")
    assert "<h2>fibonacci.py</h2>" in page
    assert "print('my own')" in page


def test_a_run_without_tasks_is_drawn_as_such(qtbot: QtBot, tmp_path: Path) -> None:
    empty = finished_run(tasks=())
    assert ElementTree.parse(write(empty, "svg", tmp_path)) is not None


def test_a_place_that_cannot_be_written_is_refused(run: Recording, tmp_path: Path) -> None:
    with pytest.raises(ExportProblem, match="No such file or directory"):
        drawn_export.write(run, "png", tmp_path / "no" / "out")
