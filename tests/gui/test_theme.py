"""The look: contrast, fonts, style sheet, and that nothing else has a colour."""

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QFontInfo, QFontMetricsF, QPalette, QPixmap
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QListWidget,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

import gui
from gui.theme import DARK, LIGHT, MAX_ZOOM, TYPE_SCALE, Theme, apply_theme, contrast
from gui.theme_images import SHAPES, image_url

THEMES = (LIGHT, DARK)
HEX = re.compile(r"#[0-9A-Fa-f]{6}\b")
READABLE = 4.5  # WCAG 2, level AA, for text of any size

pytestmark = pytest.mark.usefixtures("qapp")


def colours_of(theme: Theme) -> dict[str, str]:
    """Return the fields of a theme that are colours."""
    values = dataclasses.asdict(theme)
    return {name: value for name, value in values.items() if HEX.fullmatch(str(value))}


@pytest.fixture
def dressed(qapp: QApplication) -> Iterator[QApplication]:
    """Return the application, and undress it after the test."""
    style, palette, font = qapp.style().objectName(), qapp.palette(), qapp.font()
    yield qapp
    qapp.setStyleSheet("")
    qapp.setStyle(style)
    qapp.setPalette(palette)
    qapp.setFont(font)


# -- colours ------------------------------------------------------------------------


def test_modes_have_the_same_colour_in_light_and_dark() -> None:
    assert LIGHT.mode_colours == DARK.mode_colours
    assert LIGHT.mode_colour("threads") == QColor("#0072B2")
    assert LIGHT.mode_colour("something new") == QColor(LIGHT.sequential)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("ink", ["ink", "muted", "attention_text"])
@pytest.mark.parametrize("ground", ["paper", "surface", "raised", "selection"])
def test_text_can_be_read(theme: Theme, ink: str, ground: str) -> None:
    colours = colours_of(theme)
    assert contrast(QColor(colours[ink]), QColor(colours[ground])) >= READABLE


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("ground", ["surface", "changed"])
def test_code_can_be_read(theme: Theme, ground: str) -> None:
    colours = colours_of(theme)
    for name in (name for name in colours if name.startswith("code_")):
        assert contrast(QColor(colours[name]), QColor(colours[ground])) >= READABLE, name


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_labels_on_bars_can_be_read(theme: Theme) -> None:
    for colour in (*theme.mode_colours.values(), theme.failure, theme.accent):
        assert contrast(theme.text_on(QColor(colour)), QColor(colour)) >= 4


def test_softening_goes_from_the_colour_to_the_paper() -> None:
    blue = QColor(LIGHT.threads)
    assert LIGHT.softened(blue, 0).name() == blue.name()
    assert LIGHT.softened(blue, 1).name() == QColor(LIGHT.paper).name()


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_the_palette_leaves_no_role_to_the_system(theme: Theme) -> None:
    palette = theme.palette()
    roles = [role for role in QPalette.ColorRole if role.name not in ("NoRole", "NColorRoles")]
    wearing = {QColor(colour).name() for colour in colours_of(theme).values()}
    for group in (QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive):
        assert {palette.color(group, role).name() for role in roles} <= wearing


def test_nothing_else_in_the_window_has_a_colour() -> None:
    """No hexadecimal colour and no named one outside the theme."""
    folder = Path(str(gui.__file__)).parent
    named = re.compile(r"GlobalColor\.(?!transparent)\w+|QColor\(\s*(?:[\"']|\d)|fromRgb\(")
    for path in folder.rglob("*.py"):
        if path.name != "theme.py":
            text = path.read_text(encoding="utf-8")
            assert not HEX.findall(text), path
            assert not named.findall(text), path


# -- sizes and fonts ----------------------------------------------------------------


def test_everything_scales_together() -> None:
    double = LIGHT.zoomed(2)
    assert double.px(7) == 2 * LIGHT.px(7)
    assert double.grid() == 16
    for kind in TYPE_SCALE:
        assert double.font(kind).pixelSize() == 2 * LIGHT.font(kind).pixelSize()


def test_the_zoom_stays_within_its_limits() -> None:
    assert LIGHT.zoomed(99).zoom == MAX_ZOOM
    assert LIGHT.zoomed(0.1).zoom == 1.0
    assert LIGHT.zoomed(2).zoomed(1.5).zoom == 1.5


@pytest.mark.parametrize("kind", list(TYPE_SCALE))
def test_digits_all_have_one_width(kind: str) -> None:
    font = next(LIGHT.font(each) for each in TYPE_SCALE if each == kind)
    digits = QFontMetricsF(font)
    assert len({digits.horizontalAdvance(digit) for digit in "0123456789"}) == 1


def test_code_is_set_in_a_real_monospace() -> None:
    code = LIGHT.font("code")
    letters = QFontMetricsF(code)
    assert letters.horizontalAdvance("i") == letters.horizontalAdvance("W")
    assert QFontInfo(code).fixedPitch()


def test_a_font_can_be_changed_without_changing_the_theme() -> None:
    LIGHT.font("text").setPixelSize(99)
    assert LIGHT.font("text").pixelSize() != 99


# -- the style sheet ----------------------------------------------------------------


@pytest.mark.parametrize("theme", [*THEMES, LIGHT.zoomed(2.5)], ids=lambda theme: theme.name)
def test_the_style_sheet_has_the_colours_of_the_theme_only(theme: Theme) -> None:
    on_fills = {theme.text_on(QColor(colour)).name() for colour in colours_of(theme).values()}
    wearing = {QColor(colour).name() for colour in colours_of(theme).values()} | on_fills
    assert {QColor(colour).name() for colour in HEX.findall(theme.style_sheet())} <= wearing


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_widgets_can_be_dressed(theme: Theme, dressed: QApplication, qtbot: QtBot) -> None:
    """Qt tells of a style sheet that it cannot read or a picture it cannot find: a failure here."""
    apply_theme(dressed, theme)
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    button = QPushButton("Run")
    button.setObjectName("run_button")
    for widget in (button, QSpinBox(), QComboBox(), QCheckBox("Lock")):
        column.addWidget(widget)
    window.show()
    image = window.grab().toImage()
    assert image.pixelColor(1, 1).name() == QColor(theme.paper).name()
    inside = button.geometry().topLeft() + button.rect().center()
    seen = {
        image.pixelColor(x, inside.y() - button.height() // 2 + 4).name()
        for x in range(button.x() + 10, button.geometry().right() - 10)
    }
    assert seen == {QColor(theme.accent).name()}


def test_rows_of_a_list_do_not_overlap(dressed: QApplication, qtbot: QtBot) -> None:
    apply_theme(dressed, LIGHT)
    rows = QListWidget()
    qtbot.addWidget(rows)
    rows.addItems(["one", "two", "three"])
    rows.resize(300, 300)
    rows.show()
    boxes = [rows.visualItemRect(rows.item(place)) for place in range(3)]
    qtbot.waitUntil(lambda: rows.visualItemRect(rows.item(2)).top() > 0)
    boxes = [rows.visualItemRect(rows.item(place)) for place in range(3)]
    assert not boxes[0].intersects(boxes[1])
    assert not boxes[1].intersects(boxes[2])


@pytest.mark.parametrize("shape", list(SHAPES))
def test_the_pictures_of_the_style_sheet_are_there(shape: str) -> None:
    picture = QPixmap(image_url(shape, LIGHT.accent)).toImage()
    assert picture.width() == 16
    seen = {
        picture.pixelColor(x, y).name()
        for x in range(picture.width())
        for y in range(picture.height())
        if picture.pixelColor(x, y).alpha() == 255
    }
    assert QColor(LIGHT.accent).name() in seen
