"""The chart of the bytecode: what it says for each verdict, and that nothing is cut off."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from core.bytecode import Instruction, LineCode, LineProblem, ProblemKind, Role
from core.switches import Reason
from gui.charts import BytecodeChart
from gui.charts.bytecode_paint import MOST_ROWS
from gui.charts.words import LANGUAGES, word
from gui.theme import DARK, LIGHT, Theme
from tests.gui.charts_demo import empty_run, end

PLAIN: list[tuple[str, str, Role]] = [
    ("LOAD_FAST", "self", "take"),
    ("LOAD_ATTR", "count", "read"),
    ("LOAD_CONST", "1", "take"),
    ("BINARY_OP", "+", "add"),
    ("LOAD_FAST", "self", "take"),
    ("STORE_ATTR", "count", "write"),
    ("RETURN_CONST", "None", "return"),
]


@pytest.fixture
def chart(qtbot: QtBot) -> BytecodeChart:
    chart = BytecodeChart()
    qtbot.addWidget(chart)
    chart.resize(600, 500)
    chart.show()
    return chart


def code(
    *switches: int, reason: Reason = "call", gil: bool = True, known: bool = True, more: int = 0
) -> LineCode:
    """Return the tutorial's line with places for a switch after some of its instructions."""
    rows = [*PLAIN, *([("NOP", "", "other")] * more)]
    made = tuple(
        Instruction(2 * place, name, argument, role, reason if place in switches else None)  # type: ignore[arg-type] # the list is of two kinds
        for place, (name, argument, role) in enumerate(rows)
    )
    source = "self.count = self.count + 1"
    return LineCode("3.9.18" if gil else "3.13.0", gil, known, 13, source, "count", made)


def ink(image: QImage, colour: str) -> int:
    """Return how much of a colour there is in a picture."""
    wanted = QColor(colour).name()
    across = range(image.width())
    return sum(
        image.pixelColor(x, y).name() == wanted for x in across for y in range(image.height())
    )


def test_before_the_first_answer_it_says_what_will_appear(chart: BytecodeChart) -> None:
    assert chart.message().startswith("The bytecode of the marked line appears here")
    chart.show_waiting()
    assert chart.message().startswith("Asking the chosen Python")
    chart.show_nothing()
    assert chart.message().startswith("This script has no line")


@pytest.mark.parametrize(
    ("shown", "begin"),
    [
        (code(1, 3, 5), "Python 3.9.18 may switch threads in 2 places between reading and writing"),
        (code(3), "Python 3.9.18 may switch threads in one place between reading"),
        (code(0, 5), "Python 3.9.18 has no place between reading and writing count"),
        (code(*range(7), reason="anywhere", gil=False), "Without the GIL, threads really run at"),
    ],
)
def test_what_follows_is_said_in_plain_words(
    chart: BytecodeChart, shown: LineCode, begin: str
) -> None:
    chart.show_line(shown, "increment")
    assert chart.message() == ""
    assert begin in chart.accessibleDescription()
    assert "STORE_ATTR count: writes count" in chart.accessibleDescription()


def test_a_line_that_reads_or_writes_nothing_is_said_to_show_nothing(chart: BytecodeChart) -> None:
    made = LineCode("3.11.7", True, True, 1, "pass", "count", code().instructions[:1])
    chart.show_line(made, "increment")
    assert "does not both read and write count" in chart.accessibleDescription()


def test_places_in_between_look_unlike_all_others(chart: BytecodeChart) -> None:
    pictures = []
    for shown in (code(), code(0, 5), code(3)):
        chart.show_line(shown, "increment")
        pictures.append(chart.grab().toImage())
    none, outside, between = (ink(picture, LIGHT.attention_text) for picture in pictures)
    assert none == outside == 0
    assert between > 0
    assert pictures[0] != pictures[1]  # outside there is a mark too


def test_a_python_that_was_not_looked_up_is_said_to_be_unknown(chart: BytecodeChart) -> None:
    pictures = []
    for known in (True, False):
        chart.show_line(code(known=known), "increment")
        pictures.append(chart.grab().toImage())
    assert pictures[0] != pictures[1]
    assert "{" not in word("en", "bytecode_unknown", python="3.13")


@pytest.mark.parametrize("kind", ["syntax", "unmarked", "missing", "late", "broken", "foreign"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_problem_is_one_sentence(
    chart: BytecodeChart, kind: ProblemKind, language: str
) -> None:
    chart.set_language(language)
    chart.show_line(LineProblem(kind, 3, "the reason"), "increment")
    assert chart.code is None
    assert chart.message().endswith((".", "。"))
    assert chart.message() == chart.accessibleDescription()
    named = {"unmarked": "increment", "late": "", "broken": ""}.get(kind, "the reason")
    assert named in chart.message()


def test_a_problem_without_a_line_names_none(chart: BytecodeChart) -> None:
    chart.show_line(LineProblem("syntax", None, "null bytes"), "increment")
    assert "None" not in chart.message()


def test_while_another_python_is_asked_the_old_answer_stays(chart: BytecodeChart) -> None:
    chart.show_line(code(3), "increment")
    assert not chart.waiting
    chart.show_waiting()
    assert chart.waiting
    assert chart.code == code(3)
    chart.show_line(code(1), "increment")
    assert not chart.waiting


def test_a_run_changes_nothing(chart: BytecodeChart) -> None:
    chart.show_line(code(3), "increment")
    chart.draw(end(empty_run(), 1.0))
    chart.clear()
    assert chart.code == code(3)


def test_it_asks_for_the_room_that_its_instructions_need(chart: BytecodeChart) -> None:
    chart.show_line(code(), "increment")
    low = chart.minimumSizeHint().height()
    chart.show_line(code(1, 3), "increment")
    higher = chart.minimumSizeHint().height()
    chart.show_line(code(1, 3, more=20), "increment")
    highest = chart.minimumSizeHint().height()
    assert low < higher < highest
    chart.show_line(code(1, 3, more=200), "increment")
    assert chart.minimumSizeHint().height() < highest * (MOST_ROWS + 5) / 27


@pytest.mark.parametrize("theme", [LIGHT, DARK, LIGHT.zoomed(2.5)], ids=lambda each: each.name)
@pytest.mark.parametrize("size", [(8, 8), (240, 300), (380, 430), (1_400, 900)])
@pytest.mark.parametrize("more", [0, 100])
def test_it_can_be_drawn_in_any_look_at_any_size(
    chart: BytecodeChart, theme: Theme, size: tuple[int, int], more: int
) -> None:
    chart.set_theme(theme)
    chart.resize(*size)
    chart.show_line(code(0, 3, 5, more=more), "increment")
    image = chart.grab().toImage()
    assert image.pixelColor(image.width() - 1, image.height() - 1).name().upper() == theme.paper
