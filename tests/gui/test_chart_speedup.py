"""The chart of a sweep: what it says, and that it can be painted at any size."""

from typing import get_args

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from core.card import SCRIPT_MODE
from core.sweep import Sweep, SweepPlan
from core.sweep_remarks import Kind
from gui.charts import SpeedupChart
from gui.charts.speedup_paint import SpeedupPainter
from gui.charts.words import LANGUAGES, word
from gui.theme import DARK, LIGHT, Theme


@pytest.fixture
def chart(qtbot: QtBot) -> SpeedupChart:
    chart = SpeedupChart()
    qtbot.addWidget(chart)
    chart.resize(640, 420)
    chart.show()
    return chart


def sweep(workers: tuple[int, ...] = (1, 2, 4), serial: float = 0.25, repeats: int = 2) -> Sweep:
    """Return a sweep whose times follow the law, the second round 10 % slower."""
    made = Sweep(SweepPlan("MAX_WORKERS", "processes", workers, repeats))
    for place, count in enumerate(made.plan.runs):
        slower = 1.1 if place >= len(workers) else 1.0
        made = made.with_run(count, slower * 2.0 * (serial + (1 - serial) / count))
    return made


def test_before_a_sweep_it_says_how_to_make_one(chart: SpeedupChart) -> None:
    assert "Sweep over workers" in chart.message()
    chart.set_sweep(Sweep(SweepPlan("MAX_WORKERS", "threads", (1, 2))))
    assert chart.message() == "The sweep begins with one worker …"
    chart.set_sweep(sweep())
    assert chart.message() == ""
    chart.clear()  # a single run changes nothing
    assert chart.message() == ""


def test_it_names_the_serial_fraction_the_formula_and_the_baseline(chart: SpeedupChart) -> None:
    chart.set_sweep(sweep())
    told = chart.accessibleDescription()
    assert "Processes, MAX_WORKERS; 2 runs each" in told
    assert "Measured against one worker, which took 2.1 s (median)." in told
    assert "Serial fraction s = 25 %" in told
    assert "Amdahl's law (1967), S(n) = 1 / (s + (1 − s) / n)" in told
    assert "4: × 2.29 (× 2.18 – × 2.4)" in told


def test_it_speaks_japanese(chart: SpeedupChart) -> None:
    chart.set_language("ja")
    chart.set_sweep(sweep(repeats=1))
    assert "逐次部分の割合 s = 25%" in chart.accessibleDescription()
    assert "プロセス、MAX_WORKERS、各1回" in chart.accessibleDescription()


def test_one_worker_alone_has_no_serial_fraction(chart: SpeedupChart) -> None:
    chart.set_sweep(sweep((1,)))
    assert "Serial fraction" not in chart.accessibleDescription()
    assert not chart.grab().isNull()


@pytest.mark.parametrize(
    ("why", "sentence"),
    [
        ("failed", "The sweep ended with 4 workers, where the run failed"),
        ("stopped", "The sweep was stopped at 4 workers"),
        ("timed out", "The sweep ended with 4 workers, where the run took too long"),
        (ValueError("No room."), "The sweep ended at 4 workers: No room."),
    ],
)
def test_an_early_end_is_told_with_and_without_measurements(
    chart: SpeedupChart, why: str | Exception, sentence: str
) -> None:
    chart.set_sweep(sweep().ended_by(why, 4))
    assert chart.early_sentence().startswith(sentence)
    assert chart.early_sentence().endswith(" What was measured before is shown.")
    assert sentence in chart.accessibleDescription()
    chart.set_sweep(Sweep(SweepPlan("MAX_WORKERS", "threads", (1, 4))).ended_by(why, 4))
    assert chart.message().startswith(sentence)
    assert "measured" not in chart.message()
    chart.set_sweep(Sweep(SweepPlan("MAX_WORKERS", "threads", (1, 4))).ended_by(why, 1))
    assert chart.message().startswith(sentence.replace("4 workers", "one worker"))


@pytest.mark.parametrize("theme", [LIGHT, DARK, LIGHT.zoomed(2.5)], ids=["light", "dark", "large"])
@pytest.mark.parametrize("size", [(8, 8), (240, 220), (900, 700)])
@pytest.mark.parametrize(
    "shown", [sweep(), sweep((1,)), sweep(tuple(range(1, 62)), 0.0, 1), sweep((1, 2), 1.0)]
)
def test_any_sweep_can_be_painted_at_any_size(
    chart: SpeedupChart, theme: Theme, size: tuple[int, int], shown: Sweep
) -> None:
    chart.set_theme(theme)
    chart.resize(*size)
    chart.set_sweep(shown)
    image = chart.grab().toImage()
    assert image.pixelColor(image.width() - 1, image.height() - 1) == QColor(theme.paper)


def painted(image: QImage, colour: str, row: int | None = None) -> int:
    """Return how many pixels of a picture, or of one row of it, have a colour."""
    rows = range(image.height()) if row is None else [row]
    wanted = QColor(colour)
    return sum(image.pixelColor(x, y) == wanted for y in rows for x in range(image.width()))


def test_what_leads_astray_is_said(chart: SpeedupChart) -> None:
    slow = Sweep(SweepPlan("WORKERS", SCRIPT_MODE, (1, 2, 3, 4)))
    for count in slow.plan.runs:
        slow = slow.with_run(count, 1.0 + count, tasks=4)
    chart.set_sweep(slow)
    assert chart.remarks() == [
        "It was slower with 2, 3 and 4 workers than with one, which the law cannot express.",
        "4 tasks cannot be shared out evenly among 3 workers; what that costs is in s as well.",
    ]
    assert all(sentence in chart.accessibleDescription() for sentence in chart.remarks())
    assert "as written, WORKERS; one run each" in chart.accessibleDescription()
    chart.set_language("ja")
    assert "ワーカー数 2、3、4 では1つのときより遅く" in chart.accessibleDescription()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", get_args(Kind))
def test_there_are_words_for_each_remark(language: str, kind: Kind) -> None:
    assert word(language, f"speedup_but_{kind}", number="2", most="3", workers="4")


@pytest.mark.parametrize(("size", "zoom"), [((380, 220), 1.0), ((380, 460), 2.0)])
def test_the_sentences_leave_room_for_the_picture(
    chart: SpeedupChart, size: tuple[int, int], zoom: float
) -> None:
    theme = LIGHT.zoomed(zoom)
    chart.set_theme(theme)
    chart.resize(*size)
    chart.set_sweep(sweep(repeats=1).ended_by("failed", 8))
    image = chart.grab().toImage()
    assert painted(image, theme.mode_colour("processes").name()) > 50
    assert painted(image, theme.attention_text) > 20  # and for what warns


def test_the_curve_ends_where_it_leaves_the_picture(qtbot: QtBot) -> None:
    image = QImage(600, 400, QImage.Format.Format_RGB32)
    image.fill(QColor(LIGHT.paper))
    shown = Sweep(SweepPlan("WORKERS", "processes", (1, 2, 16)))
    for count in (1, 2):
        shown = shown.with_run(count, 1.0 / count)
    with QPainter(image) as painter:
        picture = SpeedupPainter(painter, LIGHT, "en", shown, QRectF(0, 0, 600, 400))
        picture.paint()
    assert painted(image, LIGHT.ink) > 100
    for row in range(int(picture.plot.top()) - 2, int(picture.plot.top()) + 3):
        assert painted(image, LIGHT.ink, row) < 30
