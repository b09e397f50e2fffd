"""The bytecode on screen is that of the script and the Python on screen; nobody waits for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QTabBar
from pytestqt.qtbot import QtBot

from core.bytecode import LineAnswer, LineProblem, Question
from core.bytecode_reader import BytecodeReader
from core.demos import Demo, demo_named
from gui.app import Application
from gui.bridge import Bridge
from gui.charts import BytecodeChart
from gui.settings import Settings
from tests.gui.conftest import RUN_MS, shown
from tests.gui.test_main_window import find
from tests.lab.running import program
from tests.pythons import Python, installed_pythons

PLAIN = "self.count = self.count + 1"
RUN, WHY = 0, 1


@pytest.fixture
def lab(
    qtbot: QtBot, qapp: QApplication, settings: Settings, small_demos: tuple[Demo, ...]
) -> Iterator[Application]:
    """Hand out the application with the race and with a script that has no number to watch."""
    demos = (demo_named("race_counter"), *small_demos)
    with shown(qtbot, Application(qapp, settings, demos)) as parts:
        yield parts


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Question]:
    """Hand out what is asked of Pythons."""
    questions: list[Question] = []
    read = BytecodeReader.read

    def note(self: BytecodeReader, question: Question) -> LineAnswer:
        questions.append(question)
        return read(self, question)

    monkeypatch.setattr(BytecodeReader, "read", note)
    return questions


@pytest.fixture
def chart(lab: Application, qtbot: QtBot) -> BytecodeChart:
    """Hand out the chart with its first answer."""
    find(lab, QTabBar, "chart_pages").setCurrentIndex(WHY)
    chart = find(lab, BytecodeChart, "bytecode_chart")
    qtbot.waitUntil(lambda: chart.code is not None, timeout=RUN_MS)
    return chart


def shows(chart: BytecodeChart, python: Python, source: str) -> Callable[[], bool]:
    """Return a function that tells whether the chart shows a line as a Python sees it."""
    version = python.version.removesuffix("t")

    def is_so() -> bool:
        code = chart.code
        return code is not None and code.source == source and code.python.startswith(version)

    return is_so


@pytest.mark.slow
def test_the_window_has_not_settled_while_an_answer_is_awaited(
    lab: Application, qtbot: QtBot
) -> None:
    find(lab, QTabBar, "chart_pages").setCurrentIndex(WHY)
    chart = find(lab, BytecodeChart, "bytecode_chart")
    assert chart.code is None
    assert not lab.window.settled
    qtbot.waitUntil(lambda: lab.window.settled, timeout=RUN_MS)
    assert chart.code is not None
    lab.session.script.set_knob("increment", PLAIN)
    qtbot.waitUntil(lambda: lab.window.settled, timeout=RUN_MS)
    assert chart.code.source == PLAIN


def test_nobody_is_asked_before_somebody_looks(
    lab: Application, asked: list[Question], qtbot: QtBot
) -> None:
    lab.session.script.set_knob("increment", PLAIN)
    assert asked == []
    find(lab, QTabBar, "chart_pages").setCurrentIndex(WHY)
    qtbot.waitUntil(lambda: len(asked) == 1, timeout=RUN_MS)
    assert asked[0].knob == "increment"
    assert (asked[0].name, asked[0].is_attribute) == ("count", True)


def test_it_follows_the_knob_and_the_python(
    lab: Application, chart: BytecodeChart, qtbot: QtBot
) -> None:
    for python in (installed_pythons()[0], installed_pythons()[-1]):
        lab.session.runner.set_python(python.path)
        for line in (PLAIN, "self.count = sum([self.count, 1])"):
            lab.session.script.set_knob("increment", line)
            qtbot.waitUntil(shows(chart, python, line), timeout=RUN_MS)


def test_it_follows_a_line_that_is_typed(
    lab: Application, chart: BytecodeChart, qtbot: QtBot
) -> None:
    typed = "self.count -= 1"
    lab.session.script.set_knob("increment", typed)
    qtbot.waitUntil(lambda: chart.code is not None and chart.code.source == typed, timeout=RUN_MS)
    lab.session.script.edit(lab.session.script.text.replace("  # knob: increment", ""))
    qtbot.waitUntil(lambda: chart.message().startswith("No line of the script"), timeout=RUN_MS)
    lab.session.script.edit("def f(:\n")
    qtbot.waitUntil(lambda: chart.message().startswith("Python cannot read line 1"), timeout=RUN_MS)


def test_what_was_asked_before_is_there_at_once(
    lab: Application, chart: BytecodeChart, asked: list[Question], qtbot: QtBot
) -> None:
    first = lab.session.script.text
    lab.session.script.set_knob("increment", PLAIN)
    qtbot.waitUntil(lambda: chart.code is not None and chart.code.source == PLAIN, timeout=RUN_MS)
    lab.session.script.edit(first)
    assert chart.code is not None
    assert chart.code.source == "self.count = sum([self.count, 1])"
    assert [question.text == first for question in asked] == [False]


def test_who_turns_knobs_quickly_gets_the_last_answer(
    lab: Application, chart: BytecodeChart, asked: list[Question], qtbot: QtBot
) -> None:
    for number in range(2, 32):
        lab.session.script.set_knob("increment", f"self.count = self.count + {number}")
    qtbot.waitUntil(
        lambda: chart.code is not None and chart.code.source.endswith("+ 31"), timeout=RUN_MS
    )
    assert len(asked) <= 5


def test_a_python_that_is_gone_or_hangs_is_one_sentence(
    lab: Application, chart: BytecodeChart, qtbot: QtBot, tmp_path: Path
) -> None:
    lab.session.runner.set_python(str(tmp_path / "nowhere"))
    qtbot.waitUntil(
        lambda: chart.message().startswith("The chosen Python does not start"), timeout=RUN_MS
    )
    lab.session.runner.set_python(str(program(tmp_path / "mute", "exit 0")))
    qtbot.waitUntil(lambda: chart.message().startswith("The chosen Python gave"), timeout=RUN_MS)


def test_nothing_is_asked_for_a_script_without_the_page(
    lab: Application, chart: BytecodeChart, asked: list[Question]
) -> None:
    lab.session.open_named("count")
    lab.session.script.set_knob("line", "return number * 3")
    assert lab.window.views.charts.one_in_front(BytecodeChart) is None
    assert asked == []


def test_closing_ends_a_python_that_hangs(qtbot: QtBot, tmp_path: Path) -> None:
    bridge = Bridge()
    told: list[LineAnswer] = []
    bridge.line_read.connect(told.append)
    begun = tmp_path / "begun"
    hang = program(tmp_path / "hang", f"touch '{begun}'; exec sleep 600")
    bridge.read_line(Question(str(hang), "x = 1", "increment", "count", is_attribute=True))
    qtbot.waitUntil(begun.exists, timeout=RUN_MS)
    bridge.close()
    qtbot.waitUntil(lambda: bool(told))
    assert isinstance(told[0].found, LineProblem)
