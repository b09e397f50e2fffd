"""Nothing is cut off and nothing overlaps when there is a run: its pages, its claim, a pin."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QLabel, QTabBar, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from core.demos import Demo
from core.recording_file import save
from gui.app import Application
from gui.texts import LANGUAGES
from tests.gui.conftest import RUN_MS
from tests.gui.test_layout import SMALLEST, ZOOMS, cramped, overlapping, settle

Wait = Callable[[Application], None]

SIZES = (SMALLEST, (1920, 1080), (3840, 2160))
QUICK = {
    "downloads": {},
    "race_counter": {"INCREMENTS": 1_000},
    "completion_order": {},
    "pickle_limits": {},
    "fibonacci": {"N": 5_000},
    "encryption": {"ROUNDS": 1_000},
    "heartbeat": {"N": 200_000},
}
"""Demos with different charts, tables and pages, and knobs that make their runs short."""


def run_with_pin(parts: Application, demo: Demo, run_out: Wait) -> None:
    """Run a demo in its first mode, pin that, and run its last one."""
    session = parts.session
    session.open(demo)
    for name, value in QUICK.get(demo.name, {}).items():
        session.script.set_knob(name, value)
    for mode in dict.fromkeys((session.script.modes[0], session.script.modes[-1])):
        session.script.set_mode(mode)
        session.runner.run()
        run_out(parts)
        pin = parts.window.findChild(QToolButton, "replay_pin")
        assert pin is not None
        if not pin.isChecked():
            pin.click()
    assert session.recording is not None
    assert session.recording.ending is not None
    assert session.recording.ending.outcome == "done"


def problems(parts: Application) -> list[str]:
    """Return what has no room, on each page of charts."""
    bar = parts.window.findChild(QTabBar, "chart_pages")
    assert bar is not None
    found = []
    for page in range(max(1, bar.count())):
        bar.setCurrentIndex(page)
        settle()
        found += [f"page {page}: {each}" for each in cramped(parts.window)]
        found += [f"page {page}: {each}" for each in overlapping(parts.window)]
    return found + hidden_tabs(bar)


def hidden_tabs(bar: QTabBar) -> list[str]:
    """Return the tabs that do not stand wholly in their bar."""
    tabs = [bar.tabText(tab) for tab in range(bar.count())] if bar.isVisible() else []
    return [text for tab, text in enumerate(tabs) if not bar.rect().contains(bar.tabRect(tab))]


def check(
    parts: Application,
    what: str,
    sizes: Sequence[tuple[int, int]] = SIZES,
    zooms: Sequence[float] = ZOOMS,
) -> None:
    """Look at a window in each size, zoom and language."""
    for size in sizes:
        parts.window.resize(*size)
        for zoom in zooms:
            parts.appearance.set_zoom(zoom)
            for language in LANGUAGES:
                parts.appearance.set_language(language)
                assert problems(parts) == [], (what, size, zoom, language)


def test_after_a_run_everything_has_its_room(parts: Application, run_out: Wait) -> None:
    run_with_pin(parts, next(iter(parts.session.shelf.demos.values())), run_out)
    verdict = parts.window.findChild(QLabel, "claim_verdict")
    assert verdict is not None
    assert verdict.isVisible()
    check(parts, "a run", [SMALLEST], [1.0, 2.5])


@pytest.mark.slow
def test_an_opened_recording_has_its_room(
    parts: Application, run_out: Wait, qtbot: QtBot, tmp_path: Path
) -> None:
    parts.session.runner.run()
    run_out(parts)
    assert parts.session.recording is not None
    path = tmp_path / "run.jsonl"
    save(parts.session.recording, path)
    parts.window.open_file(path)
    heading = parts.window.findChild(QLabel, "explanation_heading")
    assert heading is not None
    qtbot.waitUntil(lambda: heading.text().startswith("Recording"), timeout=RUN_MS)
    check(parts, "a recording")


def test_the_line_of_the_transport_is_in_sight_on_a_small_projector(
    parts: Application, run_out: Wait
) -> None:
    parts.session.runner.run()
    run_out(parts)
    parts.window.resize(*SMALLEST)
    settle()
    for name in ("replay_play", "replay_slider", "replay_time", "replay_pin", "output_log"):
        widget = parts.window.findChild(QWidget, name)
        assert widget is not None
        place = QRect(widget.mapTo(parts.window, QPoint(0, 0)), widget.size())
        assert parts.window.rect().contains(place), name


@pytest.mark.slow
@pytest.mark.parametrize("name", QUICK)
def test_after_a_run_of_each_kind_of_demo_everything_has_its_room(
    lab: Application, run_out: Wait, name: str
) -> None:
    run_with_pin(lab, lab.session.shelf.demos[name], run_out)
    check(lab, name)
