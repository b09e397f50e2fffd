"""From the command to a painted window, and from Run to the first event."""

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from core.laboratory import Job, Laboratory
from tests.bench.displays import display
from tests.bench.faithful import trivial
from tests.bench.figure import Figure

_ROUNDS: Final = 9
_ROOT: Final = Path(__file__).resolve().parents[2]

_BARE: Final = """\
import pyqtgraph
from PySide6.QtWidgets import QApplication, QMainWindow

app = QApplication([])
window = QMainWindow()
window.setCentralWidget(pyqtgraph.PlotWidget())
window.resize(1600, 900)
window.show()
app.exec()
"""

_TOLD: Final = "Flushing"
"""Qt says this, when asked to, each time that a window's picture goes to the screen."""


def figures() -> Iterator[Figure]:
    """Yield the start of the window against a bare one, and the wait for the first event."""
    ours, bare = [], []
    with display() as environment:
        environment["QT_LOGGING_RULES"] = "qt.widgets.painting=true"
        for _ in range(_ROUNDS):
            bare.append(_until_painted([sys.executable, "-c", _BARE], environment))
            ours.append(_until_painted([str(_ROOT / "run")], environment))
    ratio = statistics.median(a / b for a, b in zip(ours, bare, strict=True))
    note = f"{statistics.median(ours):.2f} s; bare {statistics.median(bare):.2f} s"
    yield Figure("start: ./run to a painted window", ratio, 1.3, note=note)
    waits = list(_first_event_ms())
    yield Figure("start: from Run to the first event", statistics.median(waits), 150, "ms")


def _until_painted(command: list[str], environment: dict[str, str]) -> float:
    begun = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    try:
        for line in process.stderr:
            if _TOLD in line:
                return time.perf_counter() - begun
    finally:
        process.terminate()
        process.communicate()
    raise AssertionError(f"{command[0]} ended without having painted")


def _first_event_ms() -> Iterator[float]:
    text = trivial(10, "threads")
    with Laboratory() as laboratory:
        for _ in range(_ROUNDS):
            laboratory.prepare()
            # The spare is started when the last run ends; a person needs a moment as well.
            time.sleep(0.5)
            run = laboratory.start(Job("bench", text, Path("trivial.py"), "threads"))
            run.wait()
            yield run.recording.processes[0].joined_s * 1000
