"""The tour: every demo for real, a picture of the window for each."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from PySide6.QtGui import QImage

from core.demos import Demo
from gui.theme import DARK, LIGHT
from tests.displays import ended
from tests.waiting import wait_until

PROJECT = Path(__file__).resolve().parents[2]

SMALL = """
import sys
from pathlib import Path
from core import demos
from gui import app, tour
app.all_demos = lambda: demos.all_demos(Path(sys.argv[1]))
sys.exit(tour.tour(Path(sys.argv[2])))
"""


def make_tour(demos: Path, folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", SMALL, str(demos), str(folder)],
        cwd=PROJECT,
        env={**os.environ, "QT_QPA_PLATFORM": "xcb"},  # the tour must not need a display
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_every_demo_is_run_and_pictured(small_demos: tuple[Demo, ...], tmp_path: Path) -> None:
    demos, folder = small_demos[0].path.parent, tmp_path / "new" / "tour"
    for name in ("forever.py", "forever.toml"):
        (demos / name).unlink()
    with ended(make_tour(demos, folder)) as process:
        told, complaints = process.communicate(timeout=100)
    assert (process.returncode, complaints) == (0, b"")
    assert sorted(map(Path, told.decode().split())) == sorted(folder.iterdir())
    sizes = {(1920, 1080), (1024, 768)}
    for look, theme in (("light", LIGHT), ("dark", DARK)):
        for width, height in sizes:
            picture = QImage(str(folder / f"count-{width}x{height}-{look}.png"))
            assert (picture.width(), picture.height()) == (width, height)
            assert picture.pixelColor(width // 2, 3).name().upper() == theme.paper


def test_a_tour_can_be_stopped(small_demos: tuple[Demo, ...], tmp_path: Path) -> None:
    folder = tmp_path / "tour"
    with ended(make_tour(small_demos[0].path.parent, folder)) as process:
        wait_until(lambda: len(list(folder.glob("*.png"))) == 4, 100)  # the next one never ends
        process.send_signal(signal.SIGINT)
        _, complaints = process.communicate(timeout=30)
    assert process.returncode == 3
    assert complaints == b"The tour was stopped; the pictures made so far are there.\n"


def test_a_folder_that_cannot_be_made_gets_a_sentence(
    small_demos: tuple[Demo, ...], tmp_path: Path
) -> None:
    taken = tmp_path / "taken"
    taken.write_text("")
    with ended(make_tour(small_demos[0].path.parent, taken / "tour")) as process:
        _, complaints = process.communicate(timeout=100)
    assert process.returncode == 2
    assert complaints.count(b"\n") == 1
    assert str(taken).encode() in complaints
