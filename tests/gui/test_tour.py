"""The tour: every demo for real, a picture of the window for each."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
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
sys.exit(tour.tour(Path(sys.argv[2]), sys.argv[3:]))
"""


STUCK = """
from concurrent import futures

EXECUTOR = futures.ThreadPoolExecutor

def inner():
    return 1

def outer(executor):
    return executor.submit(inner).result()

def main():
    with EXECUTOR(1) as executor:
        print(executor.submit(outer, executor).result())

if __name__ == "__main__": main()
"""
STUCK_CARD = """
order = 3
modes = ["threads"]
default_mode = "threads"
tasks = ["outer"]
views = ["timeline"]
title = { en = "Stuck", ja = "動けない" }
summary = { en = "It waits for itself.", ja = "自分を待ちます。" }
"""


def make_tour(demos: Path, folder: Path, *names: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", SMALL, str(demos), str(folder), *names],
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
        told, complaints = process.communicate(timeout=250)
    assert (process.returncode, complaints) == (0, b"")
    assert sorted(map(Path, told.decode().split())) == sorted(folder.iterdir())
    sizes = {(1920, 1080), (1024, 768)}
    for look, theme in (("light", LIGHT), ("dark", DARK)):
        for width, height in sizes:
            picture = QImage(str(folder / f"count-{width}x{height}-{look}.png"))
            assert (picture.width(), picture.height()) == (width, height)
            assert picture.pixelColor(width // 2, 3).name().upper() == theme.paper


@pytest.mark.slow
def test_a_tour_can_visit_some_demos_and_turns_their_pages(
    small_demos: tuple[Demo, ...], tmp_path: Path
) -> None:
    demos, folder = small_demos[0].path.parent, tmp_path / "tour"
    card = demos / "count.toml"
    views = 'views = ["comparison", "timeline"]'
    text = card.read_text(encoding="utf-8")
    assert views in text
    card.write_text(text.replace(views, 'views = ["comparison"]\npages = ["timeline"]'))
    with ended(make_tour(demos, folder, "count")) as process:
        told, complaints = process.communicate(timeout=250)
    assert (process.returncode, complaints) == (0, b"")
    names = sorted(path.name for path in folder.iterdir())
    assert names == sorted(Path(line).name for line in told.decode().splitlines())
    assert len(names) == 8
    for size in ("1920x1080-light", "1024x768-dark"):
        run, page = (QImage(str(folder / f"count{page}-{size}.png")) for page in ("", "-timeline"))
        assert not run.isNull()
        assert run != page


@pytest.mark.slow
def test_a_demo_that_stands_still_is_pictured_and_not_waited_for(
    small_demos: tuple[Demo, ...], tmp_path: Path
) -> None:
    demos, folder = small_demos[0].path.parent, tmp_path / "tour"
    (demos / "stuck.py").write_text(STUCK, encoding="utf-8")
    (demos / "stuck.toml").write_text(STUCK_CARD, encoding="utf-8")
    with ended(make_tour(demos, folder, "stuck")) as process:
        _, complaints = process.communicate(timeout=250)  # less than what a demo may take
    assert (process.returncode, complaints) == (0, b"")
    assert len(list(folder.iterdir())) == 4


@pytest.mark.slow
def test_a_demo_whose_needs_are_missing_is_left_out(
    small_demos: tuple[Demo, ...], tmp_path: Path
) -> None:
    demos, folder = small_demos[0].path.parent, tmp_path / "tour"
    card = demos / "forever.toml"
    text = card.read_text(encoding="utf-8")
    card.write_text('needs = ["no_such_module"]\n' + text, encoding="utf-8")
    with ended(make_tour(demos, folder)) as process:
        _, complaints = process.communicate(timeout=250)
    assert process.returncode == 0
    assert complaints.startswith(b"Left out: ")
    assert b"no_such_module" in complaints
    assert {path.name.partition("-")[0] for path in folder.iterdir()} == {"count"}


def test_a_demo_that_there_is_not_gets_a_sentence(
    small_demos: tuple[Demo, ...], tmp_path: Path
) -> None:
    with ended(make_tour(small_demos[0].path.parent, tmp_path / "tour", "cuont")) as process:
        told, complaints = process.communicate(timeout=250)
    assert (process.returncode, told) == (2, b"")
    assert complaints == b"There is no demo named 'cuont'; choose one of count, forever.\n"


@pytest.mark.slow
def test_a_tour_can_be_stopped(small_demos: tuple[Demo, ...], tmp_path: Path) -> None:
    folder = tmp_path / "tour"
    with ended(make_tour(small_demos[0].path.parent, folder)) as process:
        wait_until(lambda: len(list(folder.glob("*.png"))) == 4, 100)  # the next one never ends
        process.send_signal(signal.SIGINT)
        _, complaints = process.communicate(timeout=250)
    assert process.returncode == 3
    assert complaints == b"The tour was stopped; the pictures made so far are there.\n"


def test_a_folder_that_cannot_be_made_gets_a_sentence(
    small_demos: tuple[Demo, ...], tmp_path: Path
) -> None:
    taken = tmp_path / "taken"
    taken.write_text("")
    with ended(make_tour(small_demos[0].path.parent, taken / "tour")) as process:
        _, complaints = process.communicate(timeout=250)
    assert process.returncode == 2
    assert complaints.count(b"\n") == 1
    assert str(taken).encode() in complaints
