"""Gaps between the frames of a real window while a run goes on, and its rest afterwards."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from core.demos import demo_named
from core.script import set_knob, set_mode
from tests.bench.displays import display
from tests.bench.faithful import trivial
from tests.bench.figure import Figure

P99_MS: Final = 33.0
WORST_MS: Final = 100.0
FRAME_MS: Final = 16.0
ALONE_PERCENT: Final = 1.0


def figures() -> Iterator[Figure]:
    """Yield the gaps for each workload, the cost of a frame of 100,000 tasks, and of a rest."""
    fibonacci = _fibonacci(8)
    race = set_knob(demo_named("race_counter").text, "INCREMENTS", 3_000_000)
    workloads = {
        "fibonacci.py": ("fibonacci in 8 threads", fibonacci),
        "trivial.py": ("100,000 trivial tasks", trivial(100_000, "threads")),
        "race_counter.py": ("the race", race),
    }
    with display() as environment, tempfile.TemporaryDirectory() as folder:
        for name, (title, text) in workloads.items():
            path = Path(folder, name)
            path.write_text(text)
            lab = _probe(path, "lab", environment)
            beside = _probe(path, "thread", environment)
            yield from _figures(title, lab, beside)
        yield _watched(Path(folder, "watched.py"), environment)
        yield _left_alone(Path(folder, "fibonacci.py"), environment)


def _fibonacci(threads: int) -> str:
    """Return the script of the demo with a task for each of so many threads."""
    text = set_mode(demo_named("fibonacci").text, "threads")
    return set_knob(set_knob(text, "TASKS", threads), "WORKERS", threads)


def _figures(title: str, lab: dict[str, float], beside: dict[str, float]) -> Iterator[Figure]:
    def note(kind: str) -> str:
        return f"{lab['frames']:.0f} frames; in the window's own process {beside[kind]:.0f} ms"

    yield Figure(f"smooth: {title}, 99th percentile", lab["p99_ms"], P99_MS, "ms", note("p99_ms"))
    yield Figure(f"smooth: {title}, worst", lab["worst_ms"], WORST_MS, "ms", note("worst_ms"))
    if lab["tasks"] >= 100_000:
        yield Figure(f"smooth: a frame of {title}", lab["frame_ms"], FRAME_MS, "ms")


def _watched(path: Path, environment: dict[str, str]) -> Figure:
    """Return the gaps while 32 threads compute, and the window shows what each of them does."""
    path.write_text(_fibonacci(32))
    lab = _probe(path, "watched", environment)
    name = "smooth: 32 threads, watched, 99th percentile"
    note = (
        f"{lab['frames']:.0f} frames of {lab['tracks']:.0f} threads, worst {lab['worst_ms']:.0f} ms"
    )
    return Figure(name, lab["p99_ms"], P99_MS, "ms", note)


def _left_alone(path: Path, environment: dict[str, str]) -> Figure:
    alone = _probe(path, "alone", environment)
    note = f"{alone['processes']:.0f} processes; the window's own {alone['window_percent']:.2f} %"
    return Figure(
        "smooth: a window left alone after a run, of a core",
        alone["percent"],
        ALONE_PERCENT,
        "%",
        note,
    )


def _probe(path: Path, where: str, environment: dict[str, str]) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.bench.window_probe", str(path), where]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result
