"""The recordings that come with the program: threads against processes, and nobody's secrets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from core.activity import busy_share
from core.comparison import Workload
from core.demos import demo_named
from core.recording import Recording
from core.recording_file import open_recording, summary_of
from core.script.likeness import differ_in_knobs_only

FOLDER: Final = Path(__file__).resolve().parents[2] / "resources" / "recordings"
PATHS: Final = sorted(FOLDER.glob("*.jsonl"))


def of_mode(mode: str) -> Recording:
    return open_recording(FOLDER / f"fibonacci-{mode}.jsonl")


def test_there_are_two_of_one_workload() -> None:
    assert len(PATHS) == 2
    threads, processes = of_mode("threads"), of_mode("processes")
    assert Workload.of(threads.header) == Workload.of(processes.header)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_each_is_a_whole_run_of_the_demo(path: Path) -> None:
    found = open_recording(path)
    assert found.ending is not None
    assert found.ending.outcome == "done"
    assert not found.troubles
    assert summary_of(path).elapsed_s == found.elapsed_s
    now = demo_named(found.header.demo).text
    assert differ_in_knobs_only(now, found.header.script)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_none_tells_where_it_was_made(path: Path) -> None:
    first = json.loads(path.read_text().splitlines()[0])
    assert set(first["header"]["machine"]) == {"cores", "system"}
    text = path.read_text()
    assert not [name for name in ("/home/", "/root/", "/tmp/", "/usr/", "/Users/") if name in text]
    assert "Traceback" not in text


def test_they_show_what_they_are_there_for() -> None:
    threads, processes = of_mode("threads"), of_mode("processes")
    computed_s = float(np.nansum(threads.tasks.cpu_s))
    assert threads.elapsed_s > 0.9 * computed_s  # one after the other, whatever the threads
    assert processes.elapsed_s < 0.7 * threads.elapsed_s
    shares = [
        busy_share(run.activity(), run.main_started_s, run.main_ended_s)
        for run in (threads, processes)
    ]
    assert shares[0] < 0.2 < 0.6 < shares[1]
