"""The smaller panels: run bar, demo list, explanation, output, and where they stand."""

from __future__ import annotations

from itertools import combinations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QPlainTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from core import number_format
from core.card import Holds
from core.recording import MAX_OUTPUT_LINES
from core.runtimes import Runtime
from gui.panels.bottom_column import BottomColumn
from gui.panels.claim_mark import mark
from gui.panels.demo_list import DemoList, Entry
from gui.panels.explanation import ClaimLine, ExplanationPanel
from gui.panels.icons import icon, pixmap
from gui.panels.output_log import LINES_A_FRAME, LONGEST_LINE, OutputPanel
from gui.panels.run_bar import RunBar
from gui.panels.stage import BOTTOM_PX, ScriptColumn, Stage
from gui.panels.transport import TransportPanel
from gui.texts import LANGUAGES, Texts
from gui.theme import DARK, LIGHT, Theme
from tests.core.recordings import at, recording

PYTHONS = (
    Runtime("/a/python", "3.11.7", (3, 11, 7), False, "cpython"),
    Runtime("/b/python", "3.13.0", (3, 13, 0), True, "cpython"),
)


@pytest.fixture
def bar(qtbot: QtBot, texts: Texts) -> RunBar:
    bar = RunBar(LIGHT, texts)
    qtbot.addWidget(bar)
    bar.show()
    return bar


@pytest.fixture
def output(qtbot: QtBot, texts: Texts) -> OutputPanel:
    panel = OutputPanel(LIGHT, texts)
    qtbot.addWidget(panel)
    return panel


@pytest.fixture
def demos(qtbot: QtBot) -> DemoList:
    demos = some_demos()
    qtbot.addWidget(demos)
    return demos


def some_demos() -> DemoList:
    demos = DemoList(LIGHT, Texts("en"))
    demos.set_theme(LIGHT)
    titles = ("Downloads", "A race on one counter with many threads", "Fibonacci")
    demos.show_demos([Entry(title.lower(), title, "a tip") for title in titles], "downloads")
    return demos


def button(bar: RunBar, name: str) -> QAbstractButton:
    found = bar.findChild(QAbstractButton, name)
    assert isinstance(found, QAbstractButton)
    return found


def lines(panel: OutputPanel) -> list[str]:
    log = panel.findChild(QPlainTextEdit, "output_log")
    assert log is not None
    return log.toPlainText().split("\n")


@pytest.mark.parametrize(
    ("name", "signal"),
    [
        *(("run_button", "run_asked"), ("stop_button", "stop_asked")),
        *(("compare_button", "compare_asked"), ("mode_threads", "mode_chosen")),
    ],
)
def test_buttons_tell_that_they_were_pressed(
    qtbot: QtBot, bar: RunBar, name: str, signal: str
) -> None:
    bar.show_modes(["sequential", "threads"], "sequential")
    with qtbot.waitSignal(getattr(bar, signal)):
        button(bar, name).setEnabled(True)
        QTest.mouseClick(button(bar, name), Qt.MouseButton.LeftButton)


def test_no_mode_is_pressed_when_the_script_is_in_none(bar: RunBar) -> None:
    bar.show_modes(["sequential", "threads"], "threads")
    bar.show_modes(["sequential", "threads"], None)
    assert not any(button(bar, f"mode_{mode}").isChecked() for mode in ("sequential", "threads"))


@pytest.mark.parametrize("busy", [True, False])
def test_what_can_be_pressed_depends_on_what_goes_on(bar: RunBar, busy: bool) -> None:
    bar.show_state(busy=busy, can_run=True, can_compare=True)
    for name in ("run_button", "compare_button", "mode_threads"):
        assert button(bar, name).isEnabled() is not busy
    assert button(bar, "stop_button").isEnabled() is busy


def test_tooltips_tell_the_keys(bar: RunBar) -> None:
    keys = {"run_button": "Ctrl+R", "stop_button": "Esc", "mode_sequential": "Ctrl+1"}
    for name, key in keys.items():
        assert key in button(bar, name).toolTip()


def test_pythons_are_offered_and_chosen(qtbot: QtBot, bar: RunBar) -> None:
    bar.show_runtimes(PYTHONS, "/b/python")
    box = bar.findChild(QComboBox, "runtime_box")
    assert box is not None
    assert box.currentText() == "Python 3.13.0 free-threaded"
    with qtbot.waitSignal(bar.runtime_chosen) as told:
        QTest.keyClick(box, Qt.Key.Key_Up)
    assert told.args == ["/a/python"]


def test_the_bar_keeps_its_height_while_it_counts_and_compares(bar: RunBar) -> None:
    bar.resize(1000, 80)
    before = bar.sizeHint()
    bar.show_elapsed("1,234.5 s")
    bar.show_progress(1, 3)
    assert bar.sizeHint() == before


def test_output_is_shown_with_stderr_marked(output: OutputPanel) -> None:
    record = recording()
    record.add_output(at(0.1), "stdout", ["fine", ""])
    record.add_output(at(0.2), "stderr", ["wrong"])
    output.follow(record)
    assert lines(output) == ["fine", "", "! wrong"]


def test_a_frame_shows_a_bounded_number_of_lines(output: OutputPanel) -> None:
    record = recording()
    record.add_output(at(0.1), "stdout", [str(i) for i in range(LINES_A_FRAME * 2 + 10)])
    output.follow(record)
    assert len(lines(output)) == LINES_A_FRAME
    assert output.tick()
    assert not output.tick()
    assert lines(output)[-1] == str(LINES_A_FRAME * 2 + 9)


def test_what_was_not_kept_is_counted(output: OutputPanel) -> None:
    record = recording()
    record.add_output(at(0.1), "stdout", ["x"] * (MAX_OUTPUT_LINES + 1234))
    output.follow(record)
    while output.tick():
        pass
    note = output.findChild(QLabel, "output_note")
    assert note is not None
    assert note.text() == "1,234 more lines were not kept."
    assert len(lines(output)) == MAX_OUTPUT_LINES
    output.follow(None)
    assert note.text() == ""


@pytest.mark.parametrize("reading", ["the end", "the beginning"])
def test_what_was_read_last_stays_in_sight_in_less_room(output: OutputPanel, reading: str) -> None:
    record = recording()
    record.add_output(at(0.1), "stdout", [f"line {number}" for number in range(20)])
    output.resize(400, 300)
    output.show()
    output.follow(record)
    log = output.findChild(QPlainTextEdit, "output_log")
    assert log is not None
    bar = log.verticalScrollBar()
    assert bar.value() == bar.maximum() > 0
    if reading == "the beginning":
        bar.setValue(0)
    output.resize(400, 120)
    assert bar.value() == (bar.maximum() if reading == "the end" else 0)


def test_a_line_without_end_is_cut(output: OutputPanel) -> None:
    record = recording()
    record.add_output(at(0.1), "stdout", ["x" * 1_000_000])
    output.follow(record)
    assert len(lines(output)[0]) == LONGEST_LINE


def test_output_stays_in_another_theme(output: OutputPanel) -> None:
    record = recording()
    record.add_output(at(0.1), "stderr", ["wrong"])
    output.follow(record)
    output.set_theme(DARK)
    assert lines(output) == ["! wrong"]


def test_the_explanation_shows_text_as_it_is(qtbot: QtBot, texts: Texts) -> None:
    panel = ExplanationPanel(LIGHT, texts)
    qtbot.addWidget(panel)
    panel.show()
    panel.show_text("Heading", "<b>not bold</b>", attention=True)
    text, sign = panel.findChild(QLabel, "explanation"), panel.findChild(QLabel, "attention_sign")
    assert text is not None
    assert sign is not None
    assert text.text() == "<b>not bold</b>"
    assert text.textFormat() == Qt.TextFormat.PlainText
    assert sign.isVisible()
    panel.show_text("Heading", "fine")
    assert not sign.isVisible()


def label(panel: QWidget, name: str) -> QLabel:
    found = panel.findChild(QLabel, name)
    assert found is not None
    return found


def seen(holds: Holds, theme: Theme) -> QImage:
    """Return a mark as a label gives it back: at the resolution of the screen."""
    shown = QLabel()
    shown.setPixmap(mark(holds, theme))
    return shown.pixmap().toImage()


@pytest.mark.parametrize("holds", ["yes", "partly", "no"])
def test_a_claim_stands_above_the_explanation_with_a_mark_and_words(
    qtbot: QtBot, texts: Texts, holds: Holds
) -> None:
    panel = ExplanationPanel(LIGHT, texts)
    qtbot.addWidget(panel)
    panel.resize(480, 200)
    panel.show()
    panel.show_text("Threads", "And this is why.")
    panel.show_claim(ClaimLine("The tutorial says: <b>.", holds, "Holds & more:", "3 < 4."))
    claim, verdict, why = (label(panel, n) for n in ("claim", "claim_verdict", "explanation"))
    assert claim.text() == "The tutorial says: <b>."
    assert claim.textFormat() == Qt.TextFormat.PlainText
    assert verdict.text() == "<b>Holds &amp; more:</b> 3 &lt; 4."
    assert verdict.accessibleName() == "Holds & more: 3 < 4."
    assert label(panel, "claim_mark").accessibleName() == "Holds & more:"
    assert label(panel, "claim_mark").pixmap().toImage() == seen(holds, LIGHT)
    qtbot.waitUntil(lambda: claim.geometry().bottom() < verdict.geometry().top())
    assert verdict.geometry().bottom() < why.geometry().top()
    panel.set_theme(DARK)
    assert label(panel, "claim_mark").pixmap().toImage() == seen(holds, DARK)


def test_a_claim_without_a_verdict_has_no_mark_and_no_claim_leaves_no_gap(
    qtbot: QtBot, texts: Texts
) -> None:
    panel = ExplanationPanel(LIGHT, texts)
    qtbot.addWidget(panel)
    panel.show()
    panel.show_claim(ClaimLine("The tutorial says: so."))
    assert label(panel, "claim").isVisible()
    assert not label(panel, "claim_verdict").isVisible()
    assert not label(panel, "claim_mark").isVisible()
    panel.show_claim(None)
    assert not label(panel, "claim").isVisible()


def test_verdicts_are_told_apart_without_colour() -> None:
    def shape(holds: Holds) -> list[bool]:
        picture = mark(holds, LIGHT).toImage()
        paper = picture.pixelColor(0, 0)
        across = range(picture.width())
        middle = [picture.pixelColor(x, x) for x in across]
        assert paper.alpha() == 0
        inks = {colour.name() for colour in middle if colour.alpha() == 255}
        main = max(inks, key=[colour.name() for colour in middle].count)
        return [picture.pixelColor(x, y).name() == main for x in across for y in across]

    shapes = [shape("yes"), shape("partly"), shape("no")]
    for one, other in combinations(shapes, 2):
        assert sum(a != b for a, b in zip(one, other, strict=True)) > len(one) / 20


def test_a_demo_is_chosen_by_a_click(qtbot: QtBot, demos: DemoList) -> None:
    demos.resize(200, 300)
    demos.show()
    with qtbot.waitSignal(demos.demo_chosen) as told:
        place = demos.visualItemRect(demos.item(2)).center()
        QTest.mouseClick(
            demos.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place
        )
    assert told.args == ["fibonacci"]


def test_showing_demos_chooses_none(qtbot: QtBot, demos: DemoList) -> None:
    with qtbot.assertNotEmitted(demos.demo_chosen):
        demos.show_demos([Entry("a", "A", ""), Entry("b", "B", "")], "b")
    assert demos.currentRow() == 1


def test_long_titles_wrap_in_a_column(demos: DemoList) -> None:
    demos.resize(150, 400)
    demos.show()
    heights = [demos.visualItemRect(demos.item(row)).height() for row in range(3)]
    assert heights[1] >= 2 * heights[0] - 20
    assert heights[0] == heights[2]


@pytest.mark.parametrize("width", [300, 500, 900])
def test_a_strip_is_as_high_as_its_rows(demos: DemoList, width: int) -> None:
    demos.resize(width, 400)
    demos.show()
    demos.lie_down(True)
    for row in range(demos.count()):
        assert demos.viewport().rect().contains(demos.visualItemRect(demos.item(row)))
    demos.lie_down(False)
    assert demos.maximumHeight() > 10_000


def many_demos(qtbot: QtBot, lying: bool, zoom: float) -> tuple[QWidget, DemoList]:
    """Return a window with more demos in it than there is room for."""
    window = QWidget()
    qtbot.addWidget(window)
    demos = DemoList(LIGHT, Texts("en"))
    demos.setParent(window)
    demos.set_theme(LIGHT.zoomed(zoom))
    titles = [f"Title number {number} of many" for number in range(14)]
    demos.show_demos([Entry(title, title, "") for title in titles], titles[9])
    demos.lie_down(lying)
    window.resize(1000, 400)
    demos.resize(round((500 if lying else 130) * zoom), 380)
    window.show()
    return window, demos


def in_sight(demos: DemoList) -> bool:
    return demos.viewport().rect().contains(demos.visualItemRect(demos.currentItem()))


@pytest.mark.parametrize("lying", [False, True])
@pytest.mark.parametrize("zoom", [1.0, 1.75, 2.5])
def test_the_chosen_one_of_many_demos_is_always_in_sight(
    qtbot: QtBot, lying: bool, zoom: float
) -> None:
    window, demos = many_demos(qtbot, lying, zoom)
    qtbot.waitUntil(lambda: in_sight(demos))
    seen = {demos.currentRow()}
    for key in (Qt.Key.Key_Home, *[Qt.Key.Key_Right if lying else Qt.Key.Key_Down] * 20):
        QTest.keyClick(demos, key)
        qtbot.waitUntil(lambda: in_sight(demos))
        seen.add(demos.currentRow())
    assert {0, 9} <= seen
    assert demos.currentRow() > 0
    demos.resize(demos.width(), 300)
    window.resize(900, 350)
    demos.set_theme(LIGHT.zoomed(1.25))
    qtbot.waitUntil(lambda: in_sight(demos))


def test_a_strip_leaves_the_window_to_others(qtbot: QtBot) -> None:
    window, demos = many_demos(qtbot, lying=True, zoom=1.0)
    qtbot.waitUntil(lambda: in_sight(demos))
    assert demos.height() <= window.height() / 4
    whole_rows = {
        demos.visualItemRect(demos.item(row)).bottom() <= demos.viewport().height()
        for row in range(demos.count())
        if demos.visualItemRect(demos.item(row)).intersects(demos.viewport().rect())
    }
    assert whole_rows == {True}
    demos.setCurrentRow(0)
    qtbot.waitUntil(lambda: in_sight(demos))


def test_showing_the_same_demos_again_keeps_the_list_where_it_is(demos: DemoList) -> None:
    first = demos.item(0)
    titles = [demos.item(row).text() for row in range(demos.count())]
    demos.show_demos([Entry(title.lower(), title, "a tip") for title in titles], "fibonacci")
    assert demos.item(0) is first
    assert demos.currentItem().text() == "Fibonacci"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("elapsed_s", [1.234e-6, 0.00123, 0.0437, 0.8882, 8884.0, 123_456.0])
def test_every_time_has_its_room(qtbot: QtBot, language: str, elapsed_s: float) -> None:
    bar = RunBar(LIGHT, Texts(language))
    qtbot.addWidget(bar)
    bar.show_elapsed(number_format.seconds(elapsed_s, language))
    display = bar.findChild(QLabel, "elapsed_display")
    assert display is not None
    assert display.width() >= display.sizeHint().width()


def test_a_time_that_was_longer_leaves_no_trace(qtbot: QtBot) -> None:
    bar = RunBar(LIGHT, Texts("en"))
    qtbot.addWidget(bar)
    display = bar.findChild(QLabel, "elapsed_display")
    assert display is not None
    width = display.width()
    for elapsed_s in (0.0000888, 0.00123):
        bar.show_elapsed(number_format.seconds(elapsed_s))
        assert display.width() >= display.sizeHint().width()
    bar.set_texts(Texts("en"))  # a chance to become smaller
    assert display.width() == display.sizeHint().width() == width


@pytest.mark.parametrize("name", ["run", "stop", "compare", "attention"])
def test_signs_are_drawn_in_their_colour(qtbot: QtBot, name: str) -> None:
    colour = LIGHT.mode_colour("threads")
    picture = pixmap(name, LIGHT.zoomed(2), colour).toImage()
    assert picture.width() == 64
    colours = {
        picture.pixelColor(x, y).name()
        for x in range(picture.width())
        for y in range(picture.height())
        if picture.pixelColor(x, y).alpha() == 255
    }
    assert colour.name() in colours
    assert not icon(name, LIGHT, colour).isNull()


def stage_of(qtbot: QtBot) -> Stage:
    knobs, code, explanation, output = (QWidget() for _ in range(4))
    bottom = BottomColumn(TransportPanel(LIGHT, Texts("en")), output)
    stage = Stage(some_demos(), ScriptColumn(knobs, code, explanation), bottom)
    qtbot.addWidget(stage)
    stage.set_theme(LIGHT)
    stage.show_charts([QWidget(), QWidget()])
    return stage


@pytest.mark.parametrize(
    ("width", "zoom", "columns"),
    [(1024, 1.0, 3), (1920, 1.5, 3), (900, 1.0, 2), (1920, 2.5, 2), (600, 1.0, 1), (1024, 2.5, 1)],
)
def test_columns_are_as_many_as_there_is_room_for(
    qtbot: QtBot, width: int, zoom: float, columns: int
) -> None:
    stage = stage_of(qtbot)
    stage.resize(width, 700)
    stage.show()
    stage.set_theme(LIGHT.zoomed(zoom))
    assert stage.column_count == columns
    demos = stage.findChild(DemoList)
    assert demos is not None
    assert demos.isVisible()


def test_the_output_is_no_larger_after_another_number_of_columns(qtbot: QtBot) -> None:
    stage = stage_of(qtbot)
    stage.resize(700, 700)
    stage.show()
    stage.resize(1024, 700)
    qtbot.waitUntil(
        lambda: stage.column_count == 3 and stage.rows.sizes()[-1] == LIGHT.px(BOTTOM_PX)
    )


def test_sizes_that_somebody_chose_are_found_again(qtbot: QtBot) -> None:
    stage = stage_of(qtbot)
    stage.resize(1300, 700)
    stage.show()
    assert not any(state.size() for state in stage.state().values())
    stage.columns.setSizes([300, 500, 500])
    stage.columns.splitterMoved.emit(300, 1)
    chosen = stage.columns.sizes()
    stage.resize(1400, 800)
    stage.resize(1300, 700)
    other = stage_of(qtbot)
    other.restore(stage.state())
    other.resize(1300, 700)
    other.show()
    assert other.columns.sizes() == chosen


def test_hidden_charts_leave_their_place(qtbot: QtBot) -> None:
    stage = stage_of(qtbot)
    one, other = QWidget(), QWidget()
    stage.show_charts([one, other])
    stage.show_charts([other])
    stage.resize(1200, 700)
    stage.show()
    assert other.isVisible()
    assert not one.isVisible()


def test_results_come_into_sight_where_they_stand_below(qtbot: QtBot) -> None:
    stage = stage_of(qtbot)
    stage.resize(500, 300)
    stage.show()
    stage.charts.setMinimumHeight(900)
    QApplication.sendPostedEvents()
    stage.show_results()
    assert stage.charts.mapTo(stage.viewport(), QPoint(0, 0)).y() == 0
