"""Sweeps in the window: asked for by the dialog, run one after the other, drawn on their page."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QDialog, QLabel, QPushButton, QSpinBox
from pytestqt.qtbot import QtBot

from core.demos import Demo
from core.own_card import own_card
from core.refusals import JobProblem
from core.sweep import SweepPlan
from gui.app import Application
from gui.charts import SpeedupChart
from gui.session import Session
from gui.sweeps import Sweeps
from gui.telling import message_of
from gui.texts import LANGUAGES, Texts
from tests.gui.conftest import RUN_MS
from tests.gui.idle_bridge import IdleBridge, recording_of
from tests.gui.test_layout import cramped, overlapping, settle

NAPS = """from concurrent import futures
from time import sleep

MAX_WORKERS = 2
TASKS = 4
EXECUTOR = futures.ThreadPoolExecutor

def work(number):
    sleep(0.05)

def main():
    with EXECUTOR(MAX_WORKERS) as executor:
        list(executor.map(work, range(TASKS)))

if __name__ == "__main__": main()
"""
FRAME_PX, TITLE_PX = 10, 30
"""What a window manager draws around a dialog."""
PLAN = SweepPlan("MAX_WORKERS", "threads", (1, 2, 4))


def own(text: str = NAPS) -> Demo:
    return Demo("own.py", Path("own.py"), text, own_card("own.py", text))


@pytest.fixture
def sweeps(session: Session) -> Sweeps:
    session.open(own())
    return Sweeps(session)


def play(bridge: IdleBridge, outcome: str = "done") -> None:
    """Let the next run of the batch begin and end."""
    makers, _ = bridge.batches[-1]
    recording = recording_of(makers.pop(0)(), outcome)
    bridge.run_started.emit(recording)
    bridge.run_ended.emit(recording)


def test_what_can_be_swept(session: Session) -> None:
    sweeps = Sweeps(session)
    assert sweeps.may_ask
    assert not sweeps.is_possible  # the card of this demo names no workers
    assert sweeps.why_not is not None
    session.open(own())
    assert sweeps.is_possible
    assert sweeps.knobs == ("MAX_WORKERS",)
    assert sweeps.modes == ("threads",) or "sequential" not in sweeps.modes
    session.script.edit("def (")
    assert not sweeps.may_ask


def test_each_run_has_its_workers_and_the_text_comes_back(
    sweeps: Sweeps, session: Session, bridge: IdleBridge, texts: Texts
) -> None:
    sweeps.start(PLAN)
    for workers in (1, 2, 4):
        assert session.runner.sweeping
        assert not session.runner.comparing
        assert message_of(session, texts).heading.startswith("Sweep over workers: run")
        play(bridge)
        assert session.script.values["MAX_WORKERS"] == workers
    bridge.batch_ended.emit()
    assert session.script.text == NAPS
    assert not session.runner.busy
    assert not session.runner.sweeping
    assert not session.runner.compared
    sweep = sweeps.shown
    assert sweep is not None
    assert [point.workers for point in sweep.points] == [1, 2, 4]
    assert sweep.is_over
    assert not sweep.why_ended


@pytest.mark.parametrize("outcome", ["failed", "stopped"])
def test_a_run_that_does_not_end_well_ends_the_sweep(
    sweeps: Sweeps, bridge: IdleBridge, outcome: str
) -> None:
    sweeps.start(PLAN)
    assert bridge.while_done
    play(bridge)
    play(bridge, outcome)
    assert bridge.stops == 1
    bridge.batch_ended.emit()
    sweep = sweeps.shown
    assert sweep is not None
    assert (sweep.why_ended, sweep.ended_at, sweep.done) == (outcome, 2, 1)


def test_a_refused_run_ends_the_sweep_and_is_told(
    sweeps: Sweeps, session: Session, bridge: IdleBridge
) -> None:
    sweeps.start(PLAN)
    play(bridge)
    why = JobProblem("There is too little of everything.")
    bridge.run_refused.emit(why)
    bridge.batch_ended.emit()
    sweep = sweeps.shown
    assert sweep is not None
    assert (sweep.why_ended, sweep.ended_at) == (why, 2)
    assert session.refusal is why
    assert session.script.text == NAPS


def test_a_later_run_is_no_part_of_the_sweep(
    sweeps: Sweeps, session: Session, bridge: IdleBridge
) -> None:
    sweeps.start(SweepPlan("MAX_WORKERS", "threads", (1,)))
    play(bridge)
    bridge.batch_ended.emit()
    session.runner.run()
    play(bridge)
    bridge.batch_ended.emit()
    assert sweeps.shown is not None
    assert sweeps.shown.done == 1


def test_each_script_keeps_its_own_sweep(sweeps: Sweeps, session: Session) -> None:
    sweeps.start(PLAN)
    assert sweeps.shown is not None
    session.runner.batch_size = 0  # as if it were over
    session.open_named(next(iter(session.shelf.demos)))
    assert sweeps.shown is None


def test_where_there_is_nothing_to_sweep_the_entry_of_the_menu_says_why(
    parts: Application,
) -> None:
    session, window = parts.session, parts.window
    (action,) = (each for each in window.findChildren(QAction) if "Sweep" in each.text())
    session.open(own("N = 2\nEXECUTOR = None\nprint(EXECUTOR is None)\n"))
    assert action.isEnabled()
    action.trigger()
    assert window.findChild(QDialog, "sweep_dialog") is None
    told = window.findChild(QLabel, "explanation")
    assert told is not None
    assert told.text().startswith("This script has no mode with workers")
    session.script.edit("def (")
    assert not action.isEnabled()


def test_a_knob_that_may_be_the_number_of_workers_is_named(parts: Application) -> None:
    shared = NAPS.replace("MAX_WORKERS = 2\n", "").replace(
        "EXECUTOR(MAX_WORKERS)", "EXECUTOR(TASKS)"
    )
    parts.session.open(own(shared))
    parts.window.sweep.ask()
    knob = parts.window.findChild(QComboBox, "sweep_knob")
    assert knob is not None
    assert knob.isVisible()
    assert knob.currentText() == "TASKS"


def test_the_dialog_runs_a_real_sweep_and_its_page_comes_to_front(
    parts: Application, qtbot: QtBot, run_out: Callable[[Application], None]
) -> None:
    session, window = parts.session, parts.window
    session.open(own())
    window.sweep.ask()
    dialog = window.findChild(QDialog, "sweep_dialog")
    assert dialog is not None
    most, repeats = (dialog.findChild(QSpinBox, f"sweep_{name}") for name in ("most", "repeats"))
    knob = dialog.findChild(QComboBox, "sweep_knob")
    start = dialog.findChild(QPushButton, "sweep_start")
    assert most is not None
    assert repeats is not None
    assert knob is not None
    assert start is not None
    assert not knob.isVisible()  # there is nothing to choose
    assert repeats.value() == 3
    most.setValue(4)
    repeats.setValue(2)
    QTest.mouseClick(start, Qt.MouseButton.LeftButton)
    chart = window.views.charts.one_in_front(SpeedupChart)
    assert chart is not None
    qtbot.waitUntil(lambda: not session.runner.busy, timeout=RUN_MS)
    run_out(parts)
    sweep = window.sweep.sweeps.shown
    assert sweep is not None
    assert [(point.workers, point.runs) for point in sweep.points] == [(1, 2), (2, 2), (4, 2)]
    assert all(point.median > 0 for point in sweep.points)  # what was measured, whatever it is
    assert chart.message() == ""
    assert "Amdahl" in chart.accessibleDescription()
    assert session.script.text == NAPS
    session.runner.run()  # no part of the sweep: its charts are those of the run
    run_out(parts)
    assert window.views.charts.one_in_front(SpeedupChart) is None


def test_a_sweep_leaves_its_page_in_front_while_it_runs(
    parts: Application, run_out: Callable[[Application], None]
) -> None:
    parts.session.open(own())
    in_front: list[bool] = []
    parts.session.runner.run_began.connect(
        lambda _: in_front.append(parts.window.views.charts.one_in_front(SpeedupChart) is not None)
    )
    parts.window.sweep.sweeps.start(PLAN)
    run_out(parts)
    assert in_front == [True] * 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_dialog_has_room_on_a_small_projector_at_the_largest_zoom(
    parts: Application, language: str
) -> None:
    parts.appearance.set_zoom(2.5)
    parts.appearance.set_language(language)
    parts.window.resize(1024, 768)
    parts.session.open(own(NAPS + "OTHERS = 4\n"))
    parts.window.sweep.ask()
    dialog = parts.window.findChild(QDialog, "sweep_dialog")
    assert dialog is not None
    settle()
    assert dialog.width() <= parts.window.width() - FRAME_PX
    assert dialog.height() <= parts.window.height() - TITLE_PX
    assert cramped(dialog) == []
    assert overlapping(dialog) == []
    dialog.reject()


def test_a_real_run_that_fails_keeps_what_was_measured(
    parts: Application, run_out: Callable[[Application], None]
) -> None:
    session, sweeps = parts.session, parts.window.sweep.sweeps
    failing = NAPS.replace(
        "        list(", "        assert executor._max_workers < 2\n        list("
    )
    session.open(own(failing))
    sweeps.start(PLAN)
    run_out(parts)
    sweep = sweeps.shown
    assert sweep is not None
    assert (sweep.done, sweep.why_ended, sweep.ended_at) == (1, "failed", 2)
    assert math.isnan(sweep.serial)
    chart = parts.window.views.charts.one_in_front(SpeedupChart)
    assert chart is not None
    assert chart.early_sentence().startswith("The sweep ended with 2 workers")
