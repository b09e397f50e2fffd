"""Runs one script in a real window and prints the gaps between its frames, as JSON.

``python -m tests.bench.window_probe SCRIPT lab|watched|thread|alone``: the script in the lab
process (watched: with the activity of its threads and the cores on show), or in a thread of this
very process, which is what a window without a lab does. The frames are drawn either way. Alone:
what the window and its processes use after the run, when nobody touches it.
"""

import json
import os
import runpy
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import psutil
from PySide6.QtCore import QEventLoop, QSettings, QTimer

from core.demos import demo_from_file, demo_named
from core.recording import Recording
from gui.app import Application, make_qt_app
from gui.settings import Settings

SETTLING_S: Final = 5.0
ALONE_S: Final = 60.0


def main(script: str, where: str) -> None:
    """Measure and print."""
    app = make_qt_app()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(QSettings(f"{folder}/settings.ini", QSettings.Format.IniFormat))
        parts = Application(app, settings)
        try:
            parts.session.open(_demo(script, where))
            parts.window.resize(1600, 900)
            parts.window.show()
            _until(parts.bridge.runtimes_found)  # the looking for Pythons is over as well
            print(json.dumps(_MEASURED[where](parts, script)))
        finally:
            parts.close()


def _demo(script: str, where: str) -> Any:
    """Return a script as a demo, with the card (and so the views) of the demo of its name."""
    own = demo_from_file(Path(script))
    if where == "watched":
        return replace(own, card=replace(own.card, views=("activity", "cores", "timeline")))
    names = {"race_counter.py": "race_counter", "fibonacci.py": "fibonacci"}
    known = names.get(own.name)
    if known is None:
        return own
    demo = demo_named(known)
    return type(demo)(demo.name, demo.path, own.text, demo.card)


def _in_lab(parts: Application, _script: str) -> dict[str, float]:
    clock = parts.window.views.clock
    parts.session.runner.run()
    _until(parts.bridge.batch_ended)
    recording = parts.session.recording
    assert recording is not None
    tracks = {"tracks": len(recording.activity())}
    return {**_summary(list(clock.gaps_ms)), **_frame_cost(parts, recording), **tracks}


def _left_alone(parts: Application, script: str) -> dict[str, float]:
    """Return what share of a core everything of the window takes after a run."""
    _in_lab(parts, script)
    _pass(SETTLING_S)  # the next lab process gets ready
    before, begun = _used_s(), time.perf_counter()
    _pass(ALONE_S)
    used, elapsed_s = _used_s(), time.perf_counter() - begun
    shares = {pid: (used[pid] - before.get(pid, 0.0)) / elapsed_s for pid in used}
    own = shares[os.getpid()]
    return {
        "percent": 100 * sum(shares.values()),
        "window_percent": 100 * own,
        "processes": len(shares),
    }


def _used_s() -> dict[int, float]:
    """Return the processor seconds that this process and each of its own have used."""
    ours = psutil.Process()
    times = {one.pid: one.cpu_times() for one in [ours, *ours.children(recursive=True)]}
    return {pid: each.user + each.system for pid, each in times.items()}


def _pass(seconds: float) -> None:
    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()


def _in_thread(parts: Application, script: str) -> dict[str, float]:
    clock = parts.window.views.clock
    clock.tick.disconnect(parts.window.views.tick)  # there is no recording that it could draw
    clock.tick.connect(parts.window.repaint)
    clock.start()
    namespace = runpy.run_path(script, run_name="in_the_window")
    thread = threading.Thread(target=namespace["main"])
    thread.start()
    while thread.is_alive():
        _pass(0.05)
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


_MEASURED: Final[dict[str, Callable[[Application, str], dict[str, float]]]] = {
    "lab": _in_lab,
    "watched": _in_lab,
    "thread": _in_thread,
    "alone": _left_alone,
}

if __name__ == "__main__":
    main(*sys.argv[1:])
