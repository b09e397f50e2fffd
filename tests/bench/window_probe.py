"""Runs one script in a real window and prints the gaps between its frames, as JSON.

``python -m tests.bench.window_probe SCRIPT lab|thread``: the script in the lab process, or
in a thread of this very process, which is what a window without a lab does. The frames are
drawn either way.
"""

import json
import runpy
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QEventLoop, QSettings, QTimer

from core.demos import demo_from_file, demo_named
from core.recording import Recording
from gui.app import Application, make_qt_app
from gui.settings import Settings


def main(script: str, where: str) -> None:
    """Measure and print."""
    app = make_qt_app()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(QSettings(f"{folder}/settings.ini", QSettings.Format.IniFormat))
        parts = Application(app, settings)
        try:
            parts.session.open(_demo(script))
            parts.window.resize(1600, 900)
            parts.window.show()
            _until(parts.bridge.runtimes_found)  # the looking for Pythons is over as well
            run = _in_lab if where == "lab" else _in_thread
            print(json.dumps(run(parts, script)))
        finally:
            parts.close()


def _demo(script: str) -> Any:
    """Return a script as a demo, with the card (and so the views) of the demo of its name."""
    own = demo_from_file(Path(script))
    names = {"race_counter.py": "race_counter", "fibonacci.py": "fibonacci"}
    known = names.get(own.name)
    if known is None:
        return own
    demo = demo_named(known)
    return type(demo)(demo.name, demo.path, own.text, demo.card)


def _in_lab(parts: Application, _script: str) -> dict[str, float]:
    clock = parts.window.views.clock
    parts.session.run()
    _until(parts.bridge.batch_ended)
    recording = parts.session.recording
    assert recording is not None
    return {**_summary(list(clock.gaps_ms)), **_frame_cost(parts, recording)}


def _in_thread(parts: Application, script: str) -> dict[str, float]:
    clock = parts.window.views.clock
    clock.tick.disconnect(parts.window.views.tick)  # there is no recording that it could draw
    clock.tick.connect(parts.window.repaint)
    clock.start()
    namespace = runpy.run_path(script, run_name="in_the_window")
    thread = threading.Thread(target=namespace["main"])
    thread.start()
    while thread.is_alive():
        loop = QEventLoop()
        QTimer.singleShot(50, loop.quit)
        loop.exec()
    clock.stop()
    return _summary(list(clock.gaps_ms))


def _summary(gaps_ms: list[float]) -> dict[str, float]:
    assert gaps_ms, "no frame was drawn"
    return {
        "frames": len(gaps_ms),
        "median_ms": float(np.median(gaps_ms)),
        "p99_ms": float(np.percentile(gaps_ms, 99)),
        "worst_ms": max(gaps_ms),
    }


def _frame_cost(parts: Application, recording: Recording) -> dict[str, float]:
    """Return what drawing a frame of the finished recording costs, repaint included."""
    costs = []
    for _ in range(20):
        begun = time.perf_counter()
        parts.window.views.tick()
        parts.window.repaint()
        costs.append((time.perf_counter() - begun) * 1000)
    return {"frame_ms": float(np.median(costs)), "tasks": len(recording)}


def _until(signal: Any) -> None:
    loop = QEventLoop()
    signal.connect(loop.quit)
    loop.exec()


if __name__ == "__main__":
    main(*sys.argv[1:])
