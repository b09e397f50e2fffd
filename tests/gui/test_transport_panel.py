"""The line of the transport by itself: what it shows, and what its keys ask for."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QToolButton
from pytestqt.qtbot import QtBot

from gui.panels.transport import Moment, TransportPanel
from gui.panels.transport_slider import PLACES, TransportSlider
from gui.texts import LANGUAGES, Texts
from gui.theme import LIGHT


@pytest.fixture
def panel(qtbot: QtBot) -> TransportPanel:
    """Return a line, shown."""
    panel = TransportPanel(LIGHT, Texts("en"))
    qtbot.addWidget(panel)
    panel.setEnabled(True)
    panel.resize(900, 40)
    panel.show()
    return panel


def slider_of(panel: TransportPanel) -> TransportSlider:
    slider = panel.findChild(TransportSlider)
    assert slider is not None
    return slider


def moment(
    place_s: float, end_s: float, *, plays: bool = False, behind: bool = False, slowness: int = 1
) -> Moment:
    return Moment(place_s, end_s, place_s / end_s, plays, behind, slowness)


@pytest.mark.parametrize(
    ("place_s", "end_s", "text"),
    [
        (0.0000123, 0.02, "0.000012 / 0.020000 s"),
        (0.41, 0.8142, "0.4100 / 0.8142 s"),
        (1.5, 12.25, "1.500 / 12.250 s"),
        (8_000.0, 12_345.6, "8,000.0 / 12,345.6 s"),
    ],
)
def test_moments_are_as_exact_as_the_run_is_short_and_never_cut_off(
    panel: TransportPanel, place_s: float, end_s: float, text: str
) -> None:
    label = panel.findChild(QLabel, "replay_time")
    assert label is not None
    for language in LANGUAGES:
        panel.set_texts(Texts(language))
        panel.show_moment(moment(place_s, end_s))
        assert label.text() == (text if language == "en" else text.replace(" s", "秒"))
        assert label.fontMetrics().horizontalAdvance(label.text()) <= label.width()
        assert slider_of(panel).accessibleDescription() == label.text()


def test_what_is_shown_is_never_taken_for_something_asked(
    qtbot: QtBot, panel: TransportPanel
) -> None:
    with qtbot.assertNotEmitted(panel.sought), qtbot.assertNotEmitted(panel.slowness_chosen):
        panel.show_moment(moment(1.0, 4.0, slowness=16))
    assert slider_of(panel).value() == PLACES // 4


def test_the_play_button_says_what_it_will_do(panel: TransportPanel) -> None:
    play, live = (panel.findChild(QToolButton, f"replay_{name}") for name in ("play", "live"))
    assert play is not None
    assert live is not None
    assert (play.accessibleName(), live.isEnabled()) == ("Replay", False)
    panel.show_moment(moment(1.0, 4.0, plays=True, behind=True))
    assert (play.accessibleName(), live.isEnabled()) == ("Pause", True)


@pytest.mark.parametrize(
    ("key", "signal", "arguments"),
    [
        (Qt.Key.Key_Space, "toggled", []),
        (Qt.Key.Key_Left, "stepped", [False]),
        (Qt.Key.Key_Comma, "stepped", [False]),
        (Qt.Key.Key_Right, "stepped", [True]),
        (Qt.Key.Key_Period, "stepped", [True]),
        (Qt.Key.Key_Home, "sought", [0.0]),
        (Qt.Key.Key_End, "sought", [1.0]),
    ],
)
def test_keys_ask_for_what_they_are_said_to(
    qtbot: QtBot, panel: TransportPanel, key: Qt.Key, signal: str, arguments: list[object]
) -> None:
    with qtbot.waitSignal(getattr(panel, signal)) as asked:
        QTest.keyClick(slider_of(panel), key)
    assert asked.args == arguments


def test_after_a_click_the_keys_of_the_line_work(qtbot: QtBot, panel: TransportPanel) -> None:
    back, focused = panel.findChild(QToolButton, "replay_back"), panel.focusWidget()
    assert back is not None
    if focused is not None:  # as if the keyboard were elsewhere in the window
        focused.clearFocus()
    QTest.mouseClick(back, Qt.MouseButton.LeftButton)
    assert panel.focusWidget() is slider_of(panel)
