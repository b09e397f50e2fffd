"""The chart of a table: what it shows, marks, tells and lets be chosen."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core import events
from core.card import Localized, Watch
from core.recording import Recording
from gui.charts import TableChart, paint
from gui.charts.table_picture import wrapped
from gui.theme import DARK, LIGHT, Theme
from tests.core import recordings as by_hand
from tests.gui.charts_demo import MAIN_PID, empty_run, end

MESSAGE = "AttributeError: Can't pickle local object 'things.<locals>.<lambda>'"
HEADINGS = (
    Localized("thing", {"ja": "もの"}),
    Localized("run", {"ja": "実行"}),
    Localized("bytes", {"ja": "バイト"}),
    Localized("what Python says", {"ja": "メッセージ"}),
)
WATCH = Watch("crossings", "table", None, HEADINGS)
NUMBERS = Watch("numbers", "table", None, (Localized("in"), Localized("value")), equal=True)
ROWS: list[list[events.Cell]] = [
    ["named function", True, 1_234, None],
    ["lambda", False, None, MESSAGE],
    ["lock", False, None, "TypeError: cannot pickle '_thread.lock' object"],
]


@pytest.fixture
def chart(qtbot: QtBot) -> TableChart:
    """Return a table of a usual size."""
    chart = TableChart()
    qtbot.addWidget(chart)
    chart.resize(900, 400)
    chart.show()
    chart.set_watch(WATCH)
    return chart


def told(rows: list[list[events.Cell]], name: str = "crossings", at_s: float = 0.1) -> Recording:
    run = empty_run()
    run.apply(MAIN_PID, events.Table(name, by_hand.at(at_s), rows))
    return run


def place_of(chart: TableChart, row: int) -> QPointF:
    picture = chart._pictured()
    assert picture is not None
    return picture.row_box(chart._first, row).center()


def colours_at(image: QImage, point: QPointF, width: int = 1) -> set[str]:
    x, y = round(point.x()), round(point.y())
    return {image.pixelColor(x + step, y).name().upper() for step in range(width)}


def test_it_says_what_will_appear_and_what_did_not(chart: TableChart) -> None:
    assert chart.message().startswith("Press Run")
    run = empty_run()
    chart.draw(run, 0.05)
    assert chart.message().startswith("Waiting")
    chart.draw(end(run, 0.5))
    assert chart.message() == "This run put nothing into its table."
    chart.draw(told(ROWS))
    assert chart.message() == ""
    chart.draw(end(told(ROWS), 0.5), 0.05)  # a replay waits for nothing
    assert chart.message() == "No row had been seen by this moment."
    chart.clear()
    assert chart.message().startswith("Press Run")


def test_it_shows_the_table_of_the_moment(chart: TableChart) -> None:
    run = told(ROWS[:1], at_s=0.1)
    run.apply(MAIN_PID, events.Table("crossings", by_hand.at(0.2), ROWS))
    chart.draw(run, 0.05)
    assert chart.message()
    chart.draw(run, 0.15)
    assert "lambda" not in chart.accessibleDescription()
    chart.draw(run, 0.25)
    assert "lambda" in chart.accessibleDescription()
    chart.draw(run, 0.15)
    assert "lambda" not in chart.accessibleDescription()


def test_without_a_table_on_the_card_it_stays_empty(chart: TableChart) -> None:
    chart.set_watch(None)
    chart.draw(told(ROWS))
    assert chart.message()
    chart.grab()


def test_marks_are_told_in_words(chart: TableChart) -> None:
    chart.draw(told(ROWS))
    assert chart.accessibleDescription().startswith(
        f"named function, run: yes, bytes: 1,234; lambda, run: no, what Python says: {MESSAGE}"
    )
    chart.set_language("ja")
    assert chart.accessibleDescription().startswith("named function, 実行: はい")


def test_the_pointer_is_told_the_whole_row(chart: TableChart) -> None:
    chart.draw(told(ROWS))
    assert chart.hover_text(place_of(chart, 1)) == f"lambda\nrun: no\nwhat Python says: {MESSAGE}"
    assert chart.hover_text(QPointF(1, 1)) == ""


@pytest.mark.parametrize("theme", [LIGHT, DARK, LIGHT.zoomed(2.0)], ids=["light", "dark", "large"])
@pytest.mark.parametrize("width", [380, 900])
def test_ticks_and_crosses_have_different_shapes(
    chart: TableChart, theme: Theme, width: int
) -> None:
    chart.set_theme(theme)
    chart.resize(width, 500)
    chart.draw(told(ROWS))
    image = chart.grab().toImage()
    picture = chart._pictured()
    assert picture is not None
    reach = paint.metrics(theme, picture.size).capHeight() * 0.25
    # A cross has an arm from the middle to the left and up, a tick has nothing there.
    places = [
        picture.cell_box(picture.row_box(0, row), 1).center() - QPointF(reach, reach)
        for row in (0, 1)
    ]
    assert colours_at(image, places[0]) == {theme.paper}
    assert colours_at(image, places[1]) != {theme.paper}


def test_equal_values_share_colour_and_letter(chart: TableChart) -> None:
    chart.set_watch(NUMBERS)
    chart.draw(told([["one", 0.5], ["two", 0.25], ["three", 0.5]], "numbers"))
    picture = chart._pictured()
    assert picture is not None
    assert picture.groups == [0, 1, 0]
    image = chart.grab().toImage()
    grounds = []
    for row in range(3):
        box = picture.row_box(0, row)
        grounds.append(colours_at(image, QPointF(box.right() - 3, box.center().y())).pop())
    assert grounds[0] == grounds[2] != grounds[1]
    chips = []
    for row in range(3):
        cell = picture.cell_box(picture.row_box(0, row), 1).toRect()
        cell.setWidth(round(picture.chip_width - LIGHT.grid()))
        chips.append(image.copy(cell.adjusted(2, 2, -2, -2)))
    assert {QColor(LIGHT.value_colours[row]).name() for row in range(2)} == {
        chip.pixelColor(1, chip.height() // 2).name() for chip in chips
    }
    assert chips[0] == chips[2] != chips[1]


def test_a_small_table_is_written_large(chart: TableChart) -> None:
    chart.set_watch(NUMBERS)
    chart.draw(told([["one", 0.5], ["two", 0.25]], "numbers"))
    picture = chart._pictured()
    assert picture is not None
    assert picture.size == "elapsed"
    chart.draw(told([[f"row {row}", row] for row in range(40)], "numbers"))
    picture = chart._pictured()
    assert picture is not None
    assert picture.size == "text"


def test_keys_choose_a_row_and_show_the_whole_of_it(chart: TableChart) -> None:
    chart.draw(told(ROWS))
    QTest.keyClick(chart, Qt.Key.Key_Down)
    QTest.keyClick(chart, Qt.Key.Key_Down)
    assert chart.accessibleDescription().startswith("lambda, run: no")
    picture = chart._pictured()
    assert picture is not None
    assert picture.strip.height() > 0
    assert chart._strip(picture) == ("lambda", MESSAGE)
    QTest.keyClick(chart, Qt.Key.Key_Home)
    assert chart._strip(picture) == ("named function", "run: yes · bytes: 1,234")
    QTest.keyClick(chart, Qt.Key.Key_End)
    QTest.keyClick(chart, Qt.Key.Key_Down)
    assert chart.accessibleDescription().startswith("lock")
    QTest.keyClick(chart, Qt.Key.Key_Escape)
    assert chart.accessibleDescription().startswith("named function")
    picture = chart._pictured()
    assert picture is not None
    assert picture.strip.height() == 0


def test_a_click_chooses_and_a_second_one_lets_go(chart: TableChart) -> None:
    chart.draw(told(ROWS))
    for chosen in (1, None):
        place = place_of(chart, 1).toPoint()
        QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=place)
        assert chart._chosen == chosen


def test_where_texts_have_no_room_the_first_cross_is_told_below(chart: TableChart) -> None:
    chart.resize(380, 200)
    chart.draw(told(ROWS * 4))
    picture = chart._pictured()
    assert picture is not None
    assert picture.arrangement.place == "apart"
    assert chart._strip(picture) == ("lambda", MESSAGE)


def test_rows_beyond_the_room_are_reached_by_wheel_and_keys(chart: TableChart) -> None:
    chart.resize(380, 200)
    chart.draw(told([[f"row {row}", True, row, MESSAGE] for row in range(30)]))
    picture = chart._pictured()
    assert picture is not None
    assert chart._note(picture).startswith("rows 1 to ")
    _turn(chart, -120 * 100)
    assert picture.visible(chart._first).stop == 30
    _turn(chart, 120 * 100)
    assert chart._first == 0
    QTest.keyClick(chart, Qt.Key.Key_End)
    picture = chart._pictured()
    assert picture is not None
    assert 29 in picture.visible(chart._first)
    QTest.keyClick(chart, Qt.Key.Key_Home)
    assert chart._first == 0


def _turn(chart: TableChart, delta: int) -> None:
    wheel = QWheelEvent(
        QPointF(50, 100),
        QPointF(50, 100),
        QPoint(),
        QPoint(0, delta),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(chart, wheel)


def test_rows_may_be_ragged_or_empty(chart: TableChart) -> None:
    chart.draw(told([[], ["only a name"], ["more", True, 1, "text", "beyond the headings"]]))
    chart.grab()
    assert "beyond the headings" in chart.accessibleDescription()


@pytest.mark.parametrize("width", [40.0, 120.0, 500.0])
def test_wrapped_texts_keep_every_word(width: float, chart: TableChart) -> None:
    text = "A message with averyveryverylongwordthatnobodycouldeverbreak 日本語の文章です 𝄞 end"
    lines = wrapped(text, chart.font(), width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert len(lines) > 1 or width == 500.0
