"""File > Export: what it offers when, what it writes, and what it says when it cannot."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QLabel, QMessageBox
from pytestqt.qtbot import QtBot

from core.exports import EXPORTS
from gui.app import Application
from tests.core.recordings import finished_run

WRITE_MS = 100_000
"""Only used up when something is wrong."""

RunOut = Callable[[Application], None]


def action(parts: Application, name: str) -> QAction:
    found = parts.window.findChild(QAction, f"export_{name}")
    assert found is not None
    return found


def told(parts: Application) -> str:
    label = parts.window.findChild(QLabel, "explanation")
    assert label is not None
    return label.text()


def is_told(parts: Application, words: str) -> bool:
    return words in told(parts)


def choose(monkeypatch: pytest.MonkeyPatch, path: Path | str) -> list[str]:
    """Answer the dialog; return what it proposed, when it was opened."""
    proposed: list[str] = []

    def answer(_window: object, _title: str, proposal: str, _filter: str) -> tuple[str, str]:
        proposed.append(proposal)
        return str(path), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    return proposed


def test_it_offers_every_format_once_there_is_a_run(parts: Application, run_out: RunOut) -> None:
    assert not any(action(parts, export.name).isEnabled() for export in EXPORTS)
    parts.session.runner.run()
    assert not action(parts, "csv").isEnabled(), "a run that goes on is not whole"
    run_out(parts)
    assert all(action(parts, export.name).isEnabled() for export in EXPORTS)
    parts.session.open_named("forever")
    assert not action(parts, "csv").isEnabled(), "another demo, which never ran"
    parts.session.open_named("count")
    assert action(parts, "csv").isEnabled()


def test_a_run_that_is_brought_back_is_taken_away(
    parts: Application, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded = finished_run(demo="count", script="NUMBERS = 9\n")
    parts.session.bring_back(parts.session.shelf.demos["count"], recorded)
    choose(monkeypatch, tmp_path / "back.py")
    action(parts, "script").trigger()
    qtbot.waitUntil((tmp_path / "back.py").exists, timeout=WRITE_MS)
    assert (tmp_path / "back.py").read_text() == "NUMBERS = 9\n"


def test_the_newest_run_is_written(
    parts: Application,
    qtbot: QtBot,
    run_out: RunOut,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    parts.session.script.set_knob("NUMBERS", 5)
    parts.session.runner.run()
    run_out(parts)
    ran = parts.session.script.text
    parts.session.script.set_knob("NUMBERS", 7)  # it is the run that is exported, not the screen
    proposed = choose(monkeypatch, tmp_path / "taken")
    for export in EXPORTS:
        action(parts, export.name).trigger()
    trace = tmp_path / "taken.trace.json"  # the last: they are written in the order asked
    qtbot.waitUntil(trace.exists, timeout=WRITE_MS)
    names = [Path(name).name for name in proposed]
    assert names == [f"count-threads{export.suffix}" for export in EXPORTS]
    assert (tmp_path / "taken.py").read_text() == ran
    with (tmp_path / "taken.csv").open(newline="") as stream:
        assert [row["result"] for row in csv.DictReader(stream)] == ["0", "2", "4", "6", "8"]
    whole = json.loads((tmp_path / "taken.json").read_text())
    assert whole["header"]["knobs"]["NUMBERS"] == 5
    assert json.loads(trace.read_text())["traceEvents"]


def test_a_place_that_cannot_be_written_gets_a_sentence(
    parts: Application,
    qtbot: QtBot,
    run_out: RunOut,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    parts.session.runner.run()
    run_out(parts)
    before = sorted(tmp_path.iterdir())
    choose(monkeypatch, "")  # a dialog that is left writes nothing, and is nothing to tell
    action(parts, "csv").trigger()
    for language, words in (("en", "cannot be saved"), ("ja", "保存できません")):
        parts.appearance.set_language(language)
        choose(monkeypatch, tmp_path / "no" / f"{language}.csv")
        action(parts, "csv").trigger()
        qtbot.waitUntil(partial(is_told, parts, f"{language}.csv"), timeout=WRITE_MS)
        assert words in told(parts)
    assert sorted(tmp_path.iterdir()) == before


def test_it_speaks_both_languages(parts: Application) -> None:
    for language in ("en", "ja"):
        parts.appearance.set_language(language)
        for export in EXPORTS:
            assert action(parts, export.name).text() == f"{export.label[language]}…"


@pytest.mark.parametrize("agreed", [True, False])
def test_a_large_file_is_asked_about(
    parts: Application,
    qtbot: QtBot,
    run_out: RunOut,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    agreed: bool,
) -> None:
    parts.session.runner.run()
    run_out(parts)
    asked: list[str] = []
    buttons = QMessageBox.StandardButton

    def answer(_window: object, _title: str, question: str) -> QMessageBox.StandardButton:
        asked.append(question)
        return buttons.Yes if agreed else buttons.No

    monkeypatch.setattr(QMessageBox, "question", answer)
    monkeypatch.setattr("gui.recordings.ASKED_BYTES", 10)
    choose(monkeypatch, tmp_path / "out.csv")
    action(parts, "csv").trigger()
    qtbot.waitUntil(lambda: bool(asked), timeout=WRITE_MS)
    assert re.fullmatch(r"out\.csv will take \d+ B\. Write it\?", asked[0])
    if agreed:
        qtbot.waitUntil((tmp_path / "out.csv").exists, timeout=WRITE_MS)
    else:
        assert not (tmp_path / "out.csv").exists()
