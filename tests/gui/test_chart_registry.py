"""The registry of charts, and what every chart owes the window."""

import functools
import importlib
import inspect
import math
import pkgutil
import string
import tomllib

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

import gui.charts
from gui.charts import CHARTS, Chart, ChartKind
from gui.charts.words import FOLDER, LANGUAGES, keys, word
from gui.theme import DARK, LIGHT, Theme
from tests.gui.charts_demo import TaskTimes, add, empty_run, end, watched

THEMES = (LIGHT, DARK, LIGHT.zoomed(2.5))


def chart_classes() -> set[type[Chart]]:
    """Return every chart of every module of the package."""
    names = (module.name for module in pkgutil.iter_modules(gui.charts.__path__, "gui.charts."))
    modules = [importlib.import_module(name) for name in names]
    return {
        member
        for module in modules
        for _, member in inspect.getmembers(module, inspect.isclass)
        if issubclass(member, Chart) and hasattr(member, "kind")  # else it is a base of others
    }


def test_no_chart_is_left_out() -> None:
    assert {kind.factory for kind in CHARTS} == chart_classes()
    assert len({kind.name for kind in CHARTS}) == len(CHARTS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_everything(language: str) -> None:
    assert keys(language) == keys(LANGUAGES[0])
    for key in keys(language):
        assert _placeholders(_raw(language, key)) == _placeholders(_raw(LANGUAGES[0], key))


def _raw(language: str, key: str) -> str:
    """Return a text with its placeholders as they stand in the file."""
    names = {name for one in LANGUAGES for name in _placeholders(_texts(one)[key])}
    assert word(language, key, **dict.fromkeys(names, ""))
    return _texts(language)[key]


@functools.cache
def _texts(language: str) -> dict[str, str]:
    return tomllib.loads((FOLDER / f"{language}.toml").read_text("utf-8"))


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("kind", CHARTS, ids=lambda kind: kind.name)
def test_a_chart_is_named_for_tests_and_for_screen_readers(kind: ChartKind, qtbot: QtBot) -> None:
    chart = kind.factory()
    qtbot.addWidget(chart)
    assert chart.objectName() == f"{kind.name}_chart"
    for language in LANGUAGES:
        chart.set_language(language)
        assert chart.accessibleName() == kind.title[language]


@pytest.mark.parametrize("kind", CHARTS, ids=lambda kind: kind.name)
@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: f"{theme.name}-{theme.zoom:g}")
@pytest.mark.parametrize("size", [(8, 8), (120, 40), (390, 200), (1_400, 700)])
def test_a_chart_can_be_drawn_in_any_look_at_any_size(
    kind: ChartKind, theme: Theme, size: tuple[int, int], qtbot: QtBot
) -> None:
    chart = kind.factory()
    qtbot.addWidget(chart)
    chart.set_theme(theme)
    chart.resize(*size)
    running = empty_run("processes")
    add(running, TaskTimes(0, 0, 0.0, 0.1), TaskTimes(1, 1, 0.0, 0.1, 0.2, 1, result="no"))
    watched(running, (0.1, 1), (0.2, 7))
    for cursor_s in (0.0, 0.15, 0.3):
        chart.draw(running, cursor_s)
        assert _is_painted(chart, theme)
    chart.draw(end(running, 0.5), math.inf)
    assert _is_painted(chart, theme)
    chart.clear()
    assert _is_painted(chart, theme)
    assert chart.message()


def _is_painted(chart: QWidget, theme: Theme) -> bool:
    """Tell whether the chart has its own paper up to the last corner."""
    image = chart.grab().toImage()
    return image.pixelColor(image.width() - 1, image.height() - 1).name().upper() == theme.paper
