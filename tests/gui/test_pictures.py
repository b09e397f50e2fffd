"""Charts as PNG and SVG: what they hold, what they look like, and how people get them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QByteArray, QPoint
from PySide6.QtGui import QAction, QColor, QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QFileDialog, QLabel, QMenu, QWidget
from pytestqt.qtbot import QtBot

from core import events
from core.recording import Recording
from gui import pictures
from gui.app import Application
from gui.charts import CHARTS, Chart, ChartKind, TimelineChart
from gui.theme import DARK, LIGHT
from tests.core.recordings import MAIN_PID, announce, at, finished_run, recording, start, submit

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def timeline(qtbot: QtBot) -> TimelineChart:
    chart = TimelineChart()
    qtbot.addWidget(chart)
    chart.resize(600, 200)
    chart.draw(finished_run())
    return chart


def texts_of(svg: str) -> list[str]:
    return [each.text or "" for each in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def hostile_run() -> Recording:
    """Return a run whose result is markup, with characters that no XML document may hold."""
    record = recording()
    announce(record, (MAIN_PID, 0))
    submit(record, (0, 0.0))
    start(record, MAIN_PID, (0, 0, 0.0))
    result = "</text><script>\x00\x1b&\ufffe"
    record.apply(MAIN_PID, events.Finished([0], [at(1.0)], [0], [events.DONE], [result]))
    record.finish("done", 0, "", at(1.0))
    return record


@pytest.mark.parametrize("kind", CHARTS, ids=lambda kind: kind.name)
def test_every_chart_is_svg_with_text_that_is_text(qtbot: QtBot, kind: ChartKind) -> None:
    chart = kind.factory()
    qtbot.addWidget(chart)
    chart.resize(700, 300)
    chart.set_language("ja")
    chart.draw(finished_run())
    text = pictures.svg([chart])
    root = ElementTree.fromstring(text)
    assert (root.get("width"), root.get("height")) == ("700", "300")
    assert texts_of(text)
    # Buttons are drawn by their style, as images; nothing that a chart itself paints is.
    assert "<image" not in text or chart.findChildren(QWidget)
    assert QSvgRenderer(QByteArray(text.encode())).isValid()


def test_a_picture_is_twice_as_large_and_light(timeline: TimelineChart) -> None:
    timeline.set_theme(DARK)
    image = QImage.fromData(pictures.png([timeline]))
    assert (image.width(), image.height()) == (1200, 400)
    assert image.pixelColor(0, 0) == QColor(LIGHT.paper)
    colours = {image.pixelColor(x, y).name() for x in range(0, 1200, 3) for y in range(0, 400, 3)}
    assert LIGHT.threads.lower() in colours
    assert DARK.paper.lower() not in colours
    assert timeline.grab().toImage().pixelColor(0, 0) == QColor(DARK.paper)


def test_charts_stand_one_below_the_other(timeline: TimelineChart) -> None:
    image = pictures.image([timeline, timeline])
    one = pictures.image([timeline])
    assert (image.width(), image.height()) == (1200, 800)
    assert image.copy(0, 400, 1200, 400) == image.copy(0, 0, 1200, 400)
    assert one.copy(0, 0, 1200, 400) == image.copy(0, 0, 1200, 400)


def test_empty_paper_at_the_lower_end_is_left_out_if_asked(timeline: TimelineChart) -> None:
    timeline.resize(600, 800)
    whole, trimmed = (pictures.svg([timeline], trimmed=trim) for trim in (False, True))
    assert ElementTree.fromstring(whole).get("height") == "800"
    height = int(ElementTree.fromstring(trimmed).get("height", "0"))
    assert 50 < height < 400
    assert texts_of(trimmed) == texts_of(whole)


class _Clipped(TimelineChart):
    """Paints all over, of which the left half is to be seen."""

    def paintEvent(self, _event: object) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.setClipRect(0, 0, 300, 200)
        painter.fillRect(self.rect(), QColor("#123456"))
        painter.end()


def test_what_a_chart_does_not_show_is_not_in_the_picture(qtbot: QtBot) -> None:
    chart = _Clipped()
    qtbot.addWidget(chart)
    chart.resize(600, 200)
    root = ElementTree.fromstring(pictures.svg([chart]))
    parents = {child: parent for parent in root.iter() for child in parent}
    (painted,) = [each for each in root.iter(f"{SVG}g") if each.get("fill") == "#123456"]
    clip = parents[painted].get("clip-path", "").removeprefix("url(#").removesuffix(")")
    (area,) = [each for each in root.iter(f"{SVG}clipPath") if each.get("id") == clip]
    numbers = re.findall(r"[ML](\d+),\d+", area[0].get("d", ""))
    assert max(map(int, numbers)) == 300


def test_what_a_script_returns_is_text_in_the_picture(timeline: TimelineChart) -> None:
    timeline.draw(hostile_run())
    svg = pictures.svg([timeline])
    assert "<script>" not in svg
    assert "\x00" not in svg
    assert ElementTree.fromstring(svg) is not None


def test_the_focus_is_not_in_the_picture(qtbot: QtBot, timeline: TimelineChart) -> None:
    before = pictures.image([timeline])
    with qtbot.waitExposed(timeline):
        timeline.show()
    timeline.activateWindow()
    timeline.setFocus()
    qtbot.waitUntil(timeline.hasFocus)
    assert pictures.image([timeline]) == before
    assert timeline.hasFocus()


def test_texts_end_where_they_end_here_whatever_fonts_there_are(timeline: TimelineChart) -> None:
    svg = pictures.svg([timeline])
    for text in ElementTree.fromstring(svg).iter(f"{SVG}text"):
        assert float(text.get("textLength", "nan")) >= 0
        assert re.search(r",(sans-serif|monospace)$", text.get("font-family", ""))


# -- in the window -------------------------------------------------------------


def shown_timeline(parts: Application, run_out: Callable[[Application], None]) -> Chart:
    parts.session.runner.run()
    run_out(parts)
    chart = parts.window.views.charts.one_in_front(TimelineChart)
    assert chart is not None
    return chart


def choose(monkeypatch: pytest.MonkeyPatch, path: Path | str, kind: str = "") -> list[str]:
    """Let every dialog be answered with a path; return the names that were proposed."""
    proposed: list[str] = []

    def answer(_window: object, _title: str, name: str, _filters: str) -> tuple[str, str]:
        proposed.append(Path(name).name)
        return str(path), kind

    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    return proposed


def click_in_menu(chart: Chart, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask a chart for its menu and choose something; the off-screen platform shows no menus."""
    shown: list[QMenu] = []
    monkeypatch.setattr(QMenu, "popup", lambda menu, _place: shown.append(menu))
    chart.customContextMenuRequested.emit(QPoint(5, 5))
    (menu,) = shown
    next(each for each in menu.actions() if each.text() == text).trigger()
    menu.deleteLater()


def test_a_chart_is_saved_and_copied_by_its_menu(
    parts: Application,
    run_out: Callable[[Application], None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    chart = shown_timeline(parts, run_out)
    proposed = choose(monkeypatch, tmp_path / "mine")
    for text, name in (("Save as PNG…", "mine.png"), ("Save as SVG…", "mine.svg")):
        click_in_menu(chart, text, monkeypatch)
        assert (tmp_path / name).stat().st_size > 0
    assert proposed == ["count-timeline.png", "count-timeline.svg"]
    assert QImage(str(tmp_path / "mine.png")).width() == 2 * chart.width()
    click_in_menu(chart, "Copy picture", monkeypatch)
    clipboard = QGuiApplication.clipboard()
    assert clipboard.image().width() == 2 * chart.width()
    copied = clipboard.mimeData().data(pictures.SVG_TYPE).data()
    assert bytes(copied) == (tmp_path / "mine.svg").read_bytes()
    clipboard.clear()


def test_all_charts_are_saved_by_the_menu_of_the_window(
    parts: Application,
    run_out: Callable[[Application], None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown_timeline(parts, run_out)
    proposed = choose(monkeypatch, tmp_path / "all", "SVG (*.svg)")
    (entry,) = [a for a in parts.window.findChildren(QAction) if "p&icture" in a.text()]
    entry.trigger()
    texts = texts_of((tmp_path / "all.svg").read_text())
    assert "Comparison" in " ".join(texts)
    assert "Timeline" in texts
    assert proposed == ["count-comparison-timeline.png"]


def test_a_place_that_cannot_be_written_gets_a_sentence(
    parts: Application, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(monkeypatch, tmp_path / "no" / "all.png")
    (entry,) = [a for a in parts.window.findChildren(QAction) if "p&icture" in a.text()]
    entry.trigger()
    label = parts.window.findChild(QLabel, "explanation")
    assert label is not None
    assert label.text().startswith("all.png cannot be saved (No such file or directory)")
