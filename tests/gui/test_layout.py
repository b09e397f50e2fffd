"""Nothing is cut off and nothing overlaps, at any size, zoom and language, in any demo."""

from __future__ import annotations

import re
from itertools import combinations

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QLabel,
    QScrollBar,
    QWidget,
)

from gui.app import Application
from gui.charts import Chart
from gui.panels.explanation import ClaimLine, ExplanationPanel
from gui.texts import LANGUAGES, Texts

ZOOMS = (1.0, 1.25, 1.75, 2.5)
EACH_ZOOM = (1.0, pytest.param(1.25, marks=pytest.mark.slow), 1.75, 2.5)
FIELD = re.compile(r"{[^}]*}")
SMALLEST = (1024, 768)
DEMOS = ("downloads", "race_counter", "fibonacci")
"""Where there is more room than on the smallest screen, these stand for all demos."""


def cramped(window: QWidget) -> list[str]:
    """Return the texts that have less room than they need."""
    found = []
    for widget in window.findChildren(QWidget):
        if not widget.isVisible() or not isinstance(widget, QAbstractButton | QLabel | QComboBox):
            continue
        if isinstance(widget.parentWidget(), Chart):
            continue  # a chart fits its own digits
        if isinstance(widget, QLabel) and widget.wordWrap():
            if widget.height() < widget.heightForWidth(widget.width()):
                found.append(f"{name_of(widget)} is too low")
        elif widget.width() < widget.sizeHint().width():
            needs = widget.sizeHint().width()
            found.append(f"{name_of(widget)} is too narrow: {widget.width()}, needs {needs}")
        elif widget.height() < widget.sizeHint().height():
            found.append(f"{name_of(widget)} is too low")
    return found


def overlapping(window: QWidget) -> list[str]:
    """Return the neighbours that lie over each other, and what sticks out of its parent."""
    found = []
    for parent in window.findChildren(QWidget):
        inside = isinstance(parent, Chart | QAbstractScrollArea)
        if inside or not parent.isVisible() or parent.layout() is None:
            continue
        children = [
            child
            for child in parent.children()
            if isinstance(child, QWidget) and child.isVisible() and not child.isWindow()
        ]
        found += [
            f"{name_of(one)} over {name_of(other)}"
            for one, other in combinations(children, 2)
            if one.geometry().intersects(other.geometry())
        ]
        found += [
            f"{name_of(child)} sticks out"
            for child in children
            if not parent.rect().contains(child.geometry())
        ]
    return found


def name_of(widget: QWidget) -> str:
    text = widget.text() if isinstance(widget, QAbstractButton | QLabel) else ""
    return f"{type(widget).__name__} {widget.objectName()} {text!r}"


def settle() -> None:
    """Let all layouts that wait be done."""
    for _ in range(5):
        QApplication.sendPostedEvents()
        QApplication.processEvents()


@pytest.mark.parametrize("zoom", EACH_ZOOM)
@pytest.mark.parametrize("size", [SMALLEST, (1920, 1080), (3840, 2160)])
def test_everything_has_the_room_that_it_needs(
    lab: Application, size: tuple[int, int], zoom: float
) -> None:
    lab.appearance.set_zoom(zoom)
    lab.window.resize(*size)
    lab.window.show()
    for language in LANGUAGES:
        lab.appearance.set_language(language)
        for demo in lab.session.shelf.demos if size == SMALLEST else DEMOS:
            lab.session.open(lab.session.shelf.demos[demo])
            settle()
            assert (lab.window.width(), lab.window.height()) == size
            assert cramped(lab.window) == [], (language, demo)
            assert overlapping(lab.window) == [], (language, demo)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_claim_and_its_verdict_are_in_sight_on_a_small_projector(
    lab: Application, language: str
) -> None:
    lab.appearance.set_language(language)
    lab.appearance.set_zoom(1.0)
    lab.window.resize(1024, 768)
    lab.window.show()
    panel = lab.window.findChild(ExplanationPanel)
    assert panel is not None
    texts = Texts(language)
    for demo in lab.session.shelf.demos.values():
        lab.session.open(demo)
        for claim in demo.card.claims:
            sentence = texts("explanation.claim", claim=claim.text.in_language(language))
            for verdict in claim.verdicts:
                words = texts(f"explanation.holds_{verdict.holds}")
                measured = FIELD.sub("0.927 s", verdict.text.in_language(language))
                panel.show_claim(ClaimLine(sentence, verdict.holds, words, measured))
                settle()
                label = panel.findChild(QLabel, "claim_verdict")
                assert label is not None
                bottom = label.mapTo(panel.viewport(), QPoint(0, label.height())).y()
                assert bottom <= panel.viewport().height(), (demo.name, claim.name, measured)
                assert cramped(panel) == [], (demo.name, claim.name, measured)


@pytest.mark.parametrize("zoom", EACH_ZOOM)
def test_a_sentence_at_a_knob_finds_room(lab: Application, zoom: float) -> None:
    lab.session.open(lab.session.shelf.demos["downloads"])
    lab.appearance.set_zoom(zoom)
    lab.window.resize(1024, 768)
    lab.window.show()
    lab.session.script.set_knob(
        "URLS", ["file:///a/long/address/that/is/not/on/the/web", "http://b"]
    )
    settle()
    problem = lab.window.findChild(QLabel, "problem_URLS")
    assert problem is not None
    assert problem.isVisible()
    assert cramped(lab.window) == []
    assert overlapping(lab.window) == []


def test_the_run_bar_is_wholly_in_the_window_at_the_largest_zoom(lab: Application) -> None:
    lab.appearance.set_zoom(2.5)
    lab.window.resize(1024, 768)
    lab.window.show()
    settle()
    for name in ("run_button", "stop_button", "compare_button", "elapsed_display", "runtime_box"):
        widget = lab.window.findChild(QWidget, name)
        assert widget is not None
        place = QRect(widget.mapTo(lab.window, QPoint(0, 0)), widget.size())
        assert lab.window.rect().contains(place), name


@pytest.mark.parametrize("demo", DEMOS)
def test_a_whole_line_of_a_demo_fits_on_a_full_hd_screen(lab: Application, demo: str) -> None:
    lab.session.open(lab.session.shelf.demos[demo])
    lab.appearance.set_zoom(1.25)
    lab.window.resize(1920, 1080)
    lab.window.show()
    settle()
    code = lab.window.findChild(QAbstractScrollArea, "code_view")
    assert code is not None
    bar: QScrollBar = code.horizontalScrollBar()
    assert bar.maximum() == 0
