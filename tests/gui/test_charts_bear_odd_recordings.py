"""A file that opens may still hold what no run did; every chart bears what passes."""

from __future__ import annotations

import base64
import json
import math
from pathlib import Path
from random import Random
from typing import Any, Final

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from core.recording import Recording
from core.recording_file import RecordingFileProblem, open_recording, save
from gui.charts import CHARTS
from tests.core.odd_recordings import rich_recording
from tests.core.recordings import at

ROUNDS: Final = 100

COLUMNS: Final = {
    **dict.fromkeys(("submitted_s", "started_s", "finished_s", "delivered_s", "cpu_s"), "<f8"),
    **dict.fromkeys(("worker", "executor", "function"), "<i4"),
    "outcome": "u1",
}
WATCHER: Final = [
    ["activity", [100, 100, 200], [100, 100, 200], [at(0), at(0.5), at(1)], [0, 2, 1]],
    ["sampled", at(0), at(2), 2_000],
    ["cores", at(1), [0.5, 0.6], 0.7],
]


def lines_of_a_run(path: Path) -> list[Any]:
    save(rich_recording(), path)
    first, *others = [json.loads(line) for line in path.read_bytes().splitlines()]
    return [first, *({"type": "events", "pid": 0, "events": [each]} for each in WATCHER), *others]


def change(line: dict[str, Any], random: Random) -> None:
    """Put something else into a line."""
    if line["type"] == "tasks":
        name = random.choice(list(COLUMNS))
        column = np.frombuffer(base64.b64decode(line[name]), COLUMNS[name]).copy()
        odd = [0, 1, -1, 1e7, -1e7, 1e-9, math.nan] if name.endswith("_s") else [0, 1, 2, 7]
        column[random.randrange(len(column))] = random.choice(odd)
        line[name] = base64.b64encode(column.tobytes()).decode()
    elif line["type"] == "log":
        kinds = bytearray(base64.b64decode(line["kind"]))
        random.shuffle(kinds)
        line["kind"] = base64.b64encode(kinds).decode()
    elif line["type"] == "events":
        inside: Any = random.choice(line["events"])
        place = random.randrange(1, len(inside))
        if isinstance(inside[place], list) and inside[place]:
            inside, place = inside[place], random.randrange(len(inside[place]))
        numbers = [0, 1, at(0), at(-5), 10**15, 999_999, 100, -5.0]
        texts = ["", "\0\n", "x" * 1_999, "threads"]
        inside[place] = random.choice(texts if isinstance(inside[place], str) else numbers)


def odd_recording(lines: list[Any], path: Path, random: Random) -> Recording | None:
    """Return a recording of changed lines; None when it is refused, which is as well."""
    lines = json.loads(json.dumps(lines))
    for line in random.choices(lines[1:-1], k=random.randint(1, 3)):
        change(line, random)
    path.write_bytes(b"".join(json.dumps(line).encode() + b"\n" for line in lines))
    try:
        return open_recording(path)
    except RecordingFileProblem:
        return None


@pytest.mark.slow
def test_charts_bear_odd_recordings(tmp_path: Path, qtbot: QtBot) -> None:
    lines, random = lines_of_a_run(tmp_path / "run"), Random(4)
    charts = [kind.factory() for kind in CHARTS]
    for chart in charts:
        qtbot.addWidget(chart)
        chart.resize(600, 300)
    found = [odd_recording(lines, tmp_path / "x", random) for _ in range(ROUNDS)]
    opened = [record for record in found if record is not None]
    assert ROUNDS / 5 < len(opened) < ROUNDS
    for record in opened:
        for chart in charts:
            for cursor_s in (math.inf, 1.0):
                chart.draw(record, cursor_s)
                chart.grab()
