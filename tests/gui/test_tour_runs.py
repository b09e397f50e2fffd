"""What the tour runs before it makes its picture."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.exceptions import TimeoutError as TooLate
from pytestqt.qtbot import QtBot

from core.demos import Demo, all_demos
from gui.app import Application
from gui.settings import Settings
from gui.tour_runs import DemoRuns
from tests.gui.conftest import put_away

Wait = Callable[[Callable[[], bool], float], bool]


@pytest.fixture
def wait(qtbot: QtBot) -> Wait:
    """Hand out the way in which the tour waits."""

    def until(condition: Callable[[], bool], limit_s: float) -> bool:
        try:
            qtbot.waitUntil(condition, timeout=round(limit_s * 1000))
        except TooLate:
            return False
        return True

    return until


def verdict(parts: Application) -> str:
    label = parts.window.findChild(QLabel, "claim_verdict")
    assert label is not None
    return label.text() if label.isVisible() else ""


def test_every_mode_has_run_and_a_claim_is_judged(parts: Application, wait: Wait) -> None:
    assert DemoRuns(parts.session, wait).make("count") == ""
    session = parts.session
    assert list(session.results.comparison.modes_of(session.workload)) == ["sequential", "threads"]
    assert session.runner.compared
    assert verdict(parts) == "<b>Holds here:</b> 3 &lt; 9 were doubled."


def test_a_claim_gets_the_knobs_and_the_runs_that_it_takes(
    qapp: QApplication, settings: Settings, small_demos: tuple[Demo, ...], wait: Wait
) -> None:
    card = small_demos[0].path.with_suffix(".toml")
    text = card.read_text(encoding="utf-8").replace("WORKERS == 2", "WORKERS == 7")
    knobs = 'before = ["sequential"]\nknobs = { WORKERS = 3 }\n'
    card.write_text(
        text.replace('mode = "threads"\n\n[[claim', f'mode = "threads"\n{knobs}\n[[claim')
    )
    parts = Application(qapp, settings, all_demos(card.parent))
    try:
        parts.window.show()
        assert DemoRuns(parts.session, wait).make("count") == ""
        assert parts.session.script.values["WORKERS"] == 3
        assert verdict(parts) == "<b>Holds in part:</b> 3 were doubled by three."
        modes = parts.session.results.comparison.modes_of(parts.session.workload)
        assert list(modes) == ["sequential", "threads"]
    finally:
        put_away(parts)


def test_a_value_that_keeps_a_demo_from_running_is_told(parts: Application, wait: Wait) -> None:
    session = parts.session
    session.script.edit(session.script.text.replace("WORKERS = 2", "WORKERS = 99"))
    problem = DemoRuns(session, wait).make("count")
    assert "WORKERS must be between 1 and 8" in problem
