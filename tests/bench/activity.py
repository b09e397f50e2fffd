"""What a frame of the activity chart costs: pixels, not the length of the run."""

import math
import os
import statistics
import time
from collections.abc import Iterator
from typing import Final

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core import events
from core.recording import Recording
from gui.charts.activity import ActivityChart
from tests.bench.figure import Figure
from tests.core.recordings import MAIN_PID, at, recording

THREADS: Final = 32
SECONDS: Final = 60
CHANGES: Final = 62_500
"""Of each thread: 2 million in all."""

FRAME_MS: Final = 16.0
_FRAMES: Final = 60


def figures() -> Iterator[Figure]:
    """Yield the cost of a frame while a saved run is taken in, when replayed, and when zoomed."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    _app = QApplication.instance() or QApplication([])
    record = long_run()
    chart = ActivityChart()
    chart.resize(900, 900)
    taking_in = [_frame_ms(chart, record)]
    while chart.catching_up:
        taking_in.append(_frame_ms(chart, record))
    cursors_s = np.linspace(0, SECONDS, _FRAMES).tolist()
    replayed = [_frame_ms(chart, record, cursor_s) for cursor_s in cursors_s]
    zoomed = []
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Down) * (_FRAMES // 2):
        QTest.keyClick(chart, key)  # every frame shows another stretch, nothing can be kept
        zoomed.append(_frame_ms(chart, record))
    size = f"{SECONDS} s of {THREADS} threads, {THREADS * CHANGES:,} changes, 900 x 900 pixels"
    parts = {"while taken in": taking_in, "replayed": replayed, "zoomed": zoomed}
    for name, times_ms in parts.items():
        value, note = statistics.median(times_ms), f"worst {max(times_ms):.1f} ms; {size}"
        yield Figure(f"activity: a frame, {name}", value, FRAME_MS, "ms", note)


def long_run() -> Recording:
    """Return a recording in which each thread changes about a thousand times a second."""
    record = recording(mode="threads")
    record.apply(MAIN_PID, events.MainStarted(at(0)))
    rng = np.random.default_rng(4)
    for number in range(THREADS):
        record.apply(MAIN_PID, events.Worker(number, 9000 + number, "w", at(0)))
        times = np.sort(rng.integers(at(0), at(SECONDS), CHANGES))
        same = np.full(CHANGES, MAIN_PID), np.full(CHANGES, 9000 + number)
        states = np.arange(CHANGES) % 3
        record.apply(MAIN_PID, events.Activity(*same, times, states))
    record.apply(MAIN_PID, events.Sampled(at(0), at(SECONDS), SECONDS * 1000))
    record.apply(MAIN_PID, events.MainEnded(at(SECONDS)))
    record.finish("done", 0, "", at(SECONDS))
    return record


def _frame_ms(chart: ActivityChart, record: Recording, cursor_s: float = math.inf) -> float:
    picture = QPixmap(chart.size())
    begun_s = time.perf_counter()
    chart.draw(record, cursor_s)
    chart.render(picture)
    return (time.perf_counter() - begun_s) * 1000
