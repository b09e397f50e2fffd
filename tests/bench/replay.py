"""Replays 100,000 tasks at the speed of the run in a real window, and steps through them."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from PySide6.QtCore import QEventLoop, QSettings, SignalInstance

from core.demos import demo_from_file
from gui.app import Application, make_qt_app
from gui.settings import Settings
from tests.bench.displays import display
from tests.bench.faithful import trivial
from tests.bench.figure import Figure

TASKS: Final = 100_000
P99_MS: Final = 33.0
FRAME_MS: Final = 16.0
_JUMPS: Final = 40


def figures() -> Iterator[Figure]:
    """Yield the gaps between the frames of a replay, and the cost of single frames."""
    with display() as environment, tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "trivial.py")
        path.write_text(trivial(TASKS, "threads"))
        command = [sys.executable, "-m", "tests.bench.replay", str(path)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    note = f"{found['frames']:.0f} frames, worst {found['worst_ms']:.0f} ms"
    name = f"replay: {TASKS:,} tasks at 1x"
    yield Figure(f"{name}, gaps, 99th percentile", found["p99_ms"], P99_MS, "ms", note)
    yield Figure(f"{name}, a frame", found["frame_ms"], FRAME_MS, "ms")
    yield Figure("replay: a jump back, a frame", found["jump_ms"], FRAME_MS, "ms", "median of 40")
    yield Figure("replay: a step to the next event", found["step_ms"], FRAME_MS, "ms")


def main(script: str) -> None:
    """Measure in this process, and print."""
    app = make_qt_app()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(QSettings(f"{folder}/settings.ini", QSettings.Format.IniFormat))
        parts = Application(app, settings)
        try:
            parts.session.open(demo_from_file(Path(script)))
            parts.window.resize(1600, 900)
            parts.window.show()
            _until(parts.bridge.runtimes_found)  # the looking for Pythons is over as well
            parts.session.runner.run()
            _until(parts.bridge.batch_ended)
            _wait_still(parts)
            print(json.dumps(_replayed(parts) | _jumped(parts)))
        finally:
            parts.close()


def _replayed(parts: Application) -> dict[str, float]:
    """Replay the run at its own speed; return the gaps and what a frame costs."""
    clock, replay, costs = parts.window.views.clock, parts.window.replay, []
    clock.gaps_ms.clear()
    clock.tick.disconnect(parts.window.views.tick)

    def tick() -> None:
        begun = time.perf_counter()
        parts.window.views.tick()
        parts.window.repaint()
        costs.append((time.perf_counter() - begun) * 1000)

    clock.tick.connect(tick)
    replay.transport.play()
    replay.moved.emit()
    _wait_still(parts)
    clock.tick.disconnect(tick)
    clock.tick.connect(parts.window.views.tick)
    gaps = list(clock.gaps_ms)
    return {
        "frames": len(gaps),
        "p99_ms": float(np.percentile(gaps, 99)),
        "worst_ms": max(gaps),
        "frame_ms": float(np.median(costs)),
    }


def _jumped(parts: Application) -> dict[str, float]:
    """Jump back through the run, then step; return what a frame of each costs."""
    transport = parts.window.replay.transport
    places = np.linspace(transport.end_s, transport.begin_s, _JUMPS + 1)[1:]
    jumps = [_cost(parts, partial(transport.seek, at_s)) for at_s in places.tolist()]
    transport.seek((transport.begin_s + transport.end_s) / 2)
    transport.step(forward=True)  # the first one sorts all events
    steps = [_cost(parts, partial(transport.step, forward=True)) for _ in range(_JUMPS)]
    return {"jump_ms": float(np.median(jumps)), "step_ms": float(np.median(steps))}


def _cost(parts: Application, move: Callable[[], object]) -> float:
    begun = time.perf_counter()
    move()
    parts.window.views.tick()
    parts.window.repaint()
    return (time.perf_counter() - begun) * 1000


def _wait_still(parts: Application) -> None:
    while parts.window.views.clock.running:
        _until(parts.window.views.clock.tick)


def _until(signal: SignalInstance) -> None:
    loop = QEventLoop()
    signal.connect(loop.quit)
    loop.exec()


if __name__ == "__main__":
    main(*sys.argv[1:])
