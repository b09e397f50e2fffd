"""What the charts are given: real runs, seen through what the charts tell screen readers."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from core import events
from core.demos import demo_named
from gui.app import Application
from gui.elapsed import elapsed_text
from gui.scripts import script_from_text
from gui.texts import Texts
from tests.core.recordings import MAIN_PID, at, finished_run, recording
from tests.gui.conftest import RUN_MS
from tests.gui.test_main_window import find

Wait = Callable[[Application], None]


def compared(parts: Application) -> str:
    """Return the comparison as a screen reader tells it, its times as ``#``."""
    text = find(parts, QWidget, "comparison_chart").accessibleDescription()
    return re.sub(r"[\d.,]+ [mµ]?s\b", "#", re.sub(r"× [\d.,]+", "×", text))


def test_runs_with_the_same_knobs_stand_side_by_side(parts: Application, run_out: Wait) -> None:
    parts.session.runner.run()
    run_out(parts)
    assert compared(parts) == "Sequential: not run yet; Threads: #"
    parts.session.script.set_mode("sequential")
    parts.session.runner.run()
    run_out(parts)
    assert compared(parts) == "Sequential: #, ×; Threads: #, ×"


def test_other_knobs_are_another_comparison_and_the_first_comes_back(
    parts: Application, run_out: Wait
) -> None:
    parts.session.runner.run()
    run_out(parts)
    parts.session.script.set_knob("NUMBERS", 9)
    assert compared(parts) == "Sequential: not run yet; Threads: not run yet"
    parts.session.script.set_knob("NUMBERS", 3)
    assert compared(parts) == "Sequential: not run yet; Threads: #"


def test_what_ran_before_stays_while_the_next_mode_runs(
    qtbot: QtBot, parts: Application, run_out: Wait
) -> None:
    told: list[str] = []
    parts.session.runner.compare()
    run_out(parts)
    parts.session.runner.run_began.connect(lambda _: told.append(compared(parts)))
    parts.session.runner.compare()
    run_out(parts)
    assert len(told) == 2
    assert not any("not run yet" in text for text in told)


def test_a_script_without_modes_is_compared_with_itself(parts: Application, run_out: Wait) -> None:
    parts.session.open(script_from_text("def main(): print('x')\nmain()\n"))
    parts.session.runner.run()
    run_out(parts)
    assert compared(parts).startswith("As written: #")


def test_the_aim_of_the_race_follows_the_knobs_until_it_runs(
    qtbot: QtBot, parts: Application, run_out: Wait
) -> None:
    parts.session.shelf.demos["race_counter"] = demo_named("race_counter")
    parts.session.open(parts.session.shelf.demos["race_counter"])
    parts.session.script.set_knob("INCREMENTS", 70)
    assert find(parts, QLabel, "counter_expected").text() == "140"
    parts.session.script.set_mode("sequential")
    parts.session.runner.run()
    run_out(parts)
    numbers = [find(parts, QLabel, f"counter_{name}").text() for name in NAMES]
    assert numbers == ["140", "140", "0"]
    parts.session.script.set_knob("INCREMENTS", 500)
    numbers = [find(parts, QLabel, f"counter_{name}").text() for name in NAMES]
    assert numbers == ["140", "140", "0"]


NAMES = ("expected", "actual", "lost")


def test_the_clock_stands_still_when_nothing_moves(parts: Application, run_out: Wait) -> None:
    clock = parts.window.views.clock
    assert not clock.running
    parts.session.runner.run()
    run_out(parts)
    assert not clock.running


def test_the_clock_ticks_while_something_runs(
    qtbot: QtBot, parts: Application, run_out: Wait
) -> None:
    parts.session.open(parts.session.shelf.demos["forever"])
    parts.session.runner.run()
    with qtbot.waitSignals([parts.window.views.clock.tick] * 3, timeout=RUN_MS):
        pass
    assert parts.window.views.clock.running
    parts.session.runner.stop()
    run_out(parts)


def test_another_demo_shows_empty_charts(parts: Application, run_out: Wait) -> None:
    parts.session.runner.run()
    run_out(parts)
    parts.session.open(parts.session.shelf.demos["forever"])
    chart = find(parts, QWidget, "timeline_chart")
    assert chart.picture() is None  # type: ignore[attr-defined] # it is a TimelineChart


def test_the_time_of_a_finished_run_is_that_of_main() -> None:
    assert elapsed_text(finished_run(elapsed_s=0.934), Texts("en")) == "0.934 s"


def test_before_main_began_no_time_is_shown() -> None:
    assert elapsed_text(recording(), Texts("en")) == ""


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.5, "0.50 s"), (99.9, "99.90 s"), (1234.56, "1,234.6 s")]
)
def test_a_run_that_was_stopped_shows_the_time_until_then(seconds: float, text: str) -> None:
    record = recording()
    record.apply(MAIN_PID, events.MainStarted(at(0.0)))
    record.finish("stopped", -2, "", at(seconds))
    assert math.isnan(record.elapsed_s)
    assert elapsed_text(record, Texts("en")) == text
    assert elapsed_text(record, Texts("ja")) == text.replace(" s", "秒")


def test_the_table_has_the_headings_of_the_card_in_the_language_of_the_window(
    parts: Application, run_out: Wait
) -> None:
    parts.session.shelf.demos["pickle_limits"] = demo_named("pickle_limits")
    parts.session.open(parts.session.shelf.demos["pickle_limits"])
    parts.session.script.set_mode("threads")
    parts.session.runner.run()
    run_out(parts)
    table = find(parts, QWidget, "table_chart")
    assert table.accessibleDescription().startswith("named function, run: yes, argument: yes")
    parts.appearance.set_language("ja")
    assert table.accessibleDescription().startswith("named function, 実行: はい, 引数: はい")
