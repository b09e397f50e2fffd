"""Pages: charts that have the column to themselves, behind tabs that the keyboard reaches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import combinations

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QSplitter,
    QTabBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from core.demos import Demo, demo_named
from core.recording import Recording
from gui.app import Application
from gui.charts import BytecodeChart, Chart, TimelineChart
from gui.charts.by_hand import ByHandChart
from gui.panels.chart_pages import ChartPages
from gui.panels.stage import Stage
from gui.settings import Settings
from gui.texts import LANGUAGES, Texts
from gui.theme import LIGHT
from tests.gui.conftest import shown
from tests.gui.test_main_window import find

Wait = Callable[[Application], None]
RUN, WHY, BY_HAND = range(3)


@pytest.fixture
def lab(
    qtbot: QtBot, qapp: QApplication, settings: Settings, small_demos: tuple[Demo, ...]
) -> Iterator[Application]:
    """Hand out the application with the race and demos without pages."""
    demos = (demo_named("race_counter"), *small_demos)
    with shown(qtbot, Application(qapp, settings, demos)) as parts:
        yield parts


@pytest.fixture
def bar(lab: Application) -> QTabBar:
    return find(lab, QTabBar, "chart_pages")


def chart(lab: Application, name: str) -> QWidget:
    return find(lab, QWidget, f"{name}_chart")


def seen(lab: Application) -> set[str]:
    """Return the names of the charts that can be seen."""
    charts = lab.window.findChildren(Chart)
    return {each.kind for each in charts if each.isVisible()}


def test_the_run_is_the_first_page_and_each_other_has_the_column_to_itself(
    lab: Application, bar: QTabBar
) -> None:
    assert [bar.tabText(page) for page in range(bar.count())] == [
        "The run",
        "Why",
        "By hand",
        "Activity",
    ]
    assert bar.accessibleName() == "Pages of charts"
    for page, names in (
        (BY_HAND, {"by_hand"}),
        (RUN, {"counter", "comparison", "timeline"}),
        (WHY, {"bytecode"}),
    ):
        bar.setCurrentIndex(page)
        assert seen(lab) == names


def test_a_demo_without_pages_has_no_tabs(lab: Application, bar: QTabBar) -> None:
    bar.setCurrentIndex(BY_HAND)
    lab.session.open_named("count")
    assert not bar.isVisible()
    assert seen(lab) == {"comparison", "timeline"}
    lab.session.open_named("race_counter")
    assert bar.isVisible()
    assert (bar.currentIndex(), bar.count()) == (RUN, 4)
    assert seen(lab) == {"counter", "comparison", "timeline"}


@pytest.mark.parametrize(("size", "columns"), [((1280, 900), 3), ((900, 768), 2), ((700, 900), 1)])
def test_pages_fill_the_column_in_every_arrangement(
    lab: Application,
    bar: QTabBar,
    qtbot: QtBot,
    size: tuple[int, int],
    columns: int,
) -> None:
    lab.window.resize(*size)
    qtbot.waitUntil(lambda: find(lab, Stage, "").column_count == columns)
    pages = find(lab, ChartPages, "")
    for page, name in ((WHY, "bytecode"), (BY_HAND, "by_hand")):
        bar.setCurrentIndex(page)
        qtbot.waitUntil(partial(fills, pages, chart(lab, name)))


def fills(pages: ChartPages, page: QWidget) -> bool:
    """Return whether a page has all the room below the tabs, and all that it needs."""
    place = QRect(page.mapTo(pages, QPoint(0, 0)), page.size())
    enough = page.height() >= page.minimumSizeHint().height()
    below = pages.rect().adjusted(0, pages.bar.geometry().bottom(), 0, 0)
    return enough and below.contains(place) and place.width() == pages.width()


def test_tabs_are_reached_and_turned_by_the_keyboard(lab: Application, bar: QTabBar) -> None:
    lab.window.activateWindow()
    widget: QWidget = find(lab, QWidget, "demo_list")
    reached = []
    for _ in range(200):
        widget = following(widget)
        if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            reached.append(widget)
    assert bar in reached
    bar.setFocus()
    QTest.keyClick(bar, Qt.Key.Key_Right)
    assert seen(lab) == {"bytecode"}
    QTest.keyClick(bar, Qt.Key.Key_Right)
    assert seen(lab) == {"by_hand"}
    QTest.keyClick(bar, Qt.Key.Key_Left)
    QTest.keyClick(bar, Qt.Key.Key_Left)
    assert seen(lab) == {"counter", "comparison", "timeline"}


def following(widget: QWidget) -> QWidget:
    """Return the widget to which Tab goes next, if that one takes the keyboard."""
    after = widget.nextInFocusChain()
    assert after is not None
    return after


def click(bar: QTabBar, page: int) -> None:
    place = bar.tabRect(page).center()
    QTest.mouseClick(bar, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)


def test_a_click_on_a_tab_hands_the_keyboard_to_a_page_with_keys(
    lab: Application, bar: QTabBar
) -> None:
    click(bar, BY_HAND)
    by_hand = chart(lab, "by_hand")
    assert isinstance(by_hand, ByHandChart)
    assert lab.window.focusWidget() is by_hand
    QTest.keyClick(by_hand, Qt.Key.Key_2)
    assert by_hand.history.moves == (2,)
    click(bar, RUN)
    assert bar.currentIndex() == RUN


def test_another_language_leaves_the_page_in_front(lab: Application, bar: QTabBar) -> None:
    bar.setCurrentIndex(BY_HAND)
    lab.appearance.set_language("ja")
    assert (bar.currentIndex(), bar.tabText(RUN), bar.tabText(BY_HAND)) == (
        *(BY_HAND, "実行"),
        "手で動かす",
    )
    assert seen(lab) == {"by_hand"}


def test_a_run_leaves_the_page_about_its_code_and_the_model_gives_way(
    lab: Application, bar: QTabBar, run_out: Wait
) -> None:
    lab.session.script.set_knob("INCREMENTS", 1_000)
    bar.setCurrentIndex(WHY)
    lab.session.runner.run()
    run_out(lab)
    assert bar.currentIndex() == WHY
    by_hand = chart(lab, "by_hand")
    assert isinstance(by_hand, ByHandChart)
    bar.setCurrentIndex(BY_HAND)
    by_hand.step(1)
    lab.session.runner.run()
    run_out(lab)
    assert bar.currentIndex() == RUN
    assert by_hand.history.moves == (1,)


def test_a_comparison_moves_nobody_in_its_middle(
    lab: Application, bar: QTabBar, run_out: Wait
) -> None:
    lab.session.script.set_knob("INCREMENTS", 1_000)
    began: list[int] = []

    def turn(_: Recording) -> None:
        began.append(bar.currentIndex())
        bar.setCurrentIndex(BY_HAND)

    bar.setCurrentIndex(BY_HAND)
    lab.session.runner.run_began.connect(turn)
    lab.session.runner.compare()
    run_out(lab)
    assert began == [RUN, BY_HAND, BY_HAND]


def test_only_what_can_be_seen_is_drawn(
    lab: Application, bar: QTabBar, run_out: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    for kind in (TimelineChart, ByHandChart, BytecodeChart):
        draw = kind.draw

        def note(self: Chart, *args: object, draw: Callable[..., None] = draw) -> None:
            drawn.append(self.kind)
            draw(self, *args)

        monkeypatch.setattr(kind, "draw", note)
    lab.session.script.set_knob("INCREMENTS", 1_000)
    bar.setCurrentIndex(WHY)
    lab.session.runner.run()
    run_out(lab)
    assert set(drawn) == {"bytecode"}
    timeline = chart(lab, "timeline")
    assert isinstance(timeline, TimelineChart)
    assert timeline.picture() is None
    bar.setCurrentIndex(RUN)  # what was missed is drawn now
    assert timeline.picture() is not None


def test_after_another_demo_a_page_shows_nothing_of_the_old_one(
    lab: Application, bar: QTabBar, run_out: Wait
) -> None:
    lab.session.script.set_knob("INCREMENTS", 1_000)
    lab.session.runner.run()
    run_out(lab)
    lab.session.open_named("forever")
    timeline = chart(lab, "timeline")
    assert isinstance(timeline, TimelineChart)
    assert timeline.picture() is None


@pytest.mark.parametrize("zoom", [1.0, 1.25, 2.5])
@pytest.mark.parametrize("size", [(1024, 768), (1920, 1080)])
def test_the_buttons_of_the_model_have_the_room_that_they_need(
    lab: Application, bar: QTabBar, qtbot: QtBot, size: tuple[int, int], zoom: float
) -> None:
    lab.appearance.set_zoom(zoom)
    lab.window.resize(*size)
    bar.setCurrentIndex(BY_HAND)
    by_hand, pages = chart(lab, "by_hand"), find(lab, ChartPages, "")
    assert isinstance(by_hand, ByHandChart)
    for language in LANGUAGES:
        lab.appearance.set_language(language)
        for locked in (False, True):
            find(lab, QCheckBox, "by_hand_lock").setChecked(locked)
            for _ in range(6):
                qtbot.waitUntil(partial(fills, pages, by_hand))
                qtbot.waitUntil(lambda: cramped_in(by_hand) == [])
                by_hand.step(1)


def cramped_in(chart: QWidget) -> list[str]:
    """Return the buttons that have less room than their texts need, or lie over each other."""
    buttons = chart.findChildren(QAbstractButton)
    found = [
        button.text()
        for button in buttons
        if button.width() < button.sizeHint().width()
        or not chart.rect().contains(button.geometry())
    ]
    return found + [
        f"{one.text()} over {other.text()}"
        for one, other in combinations(buttons, 2)
        if one.geometry().intersects(other.geometry())
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_alone_keep_their_order(qtbot: QtBot, language: str) -> None:
    pages = ChartPages()
    qtbot.addWidget(pages)
    pages.set_theme(LIGHT)
    pages.set_texts(Texts(language))
    one, other = ByHandChart(), BytecodeChart()
    first, second = QWidget(), QWidget()
    told: list[int] = []
    pages.page_changed.connect(told.append)
    pages.show()
    pages.show_charts([first, second], [("One", one), ("Other", other)])
    assert told == [RUN]
    assert pages.findChild(QSplitter, "chart_splitter") is pages.splitter
    pages.bar.setCurrentIndex(2)
    assert (one.isVisible(), other.isVisible(), first.isVisible()) == (False, True, False)
    pages.show_charts([first, second], [("Eins", one), ("Anders", other)])
    assert (pages.page, pages.bar.tabText(1)) == (2, "Eins")
    pages.show_charts([second], [("One", one)])
    assert (pages.page, pages.bar.count()) == (RUN, 2)
    assert (first.isVisible(), second.isVisible(), other.isVisible()) == (False, True, False)
    pages.begin_run()
    assert told == [RUN, 2, 2, RUN]
    other.setParent(pages)
