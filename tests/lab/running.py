"""Runs scripts in the lab, and plainly, for tests that look at what became of them."""

from __future__ import annotations

import itertools
import os
import re
import subprocess
import textwrap
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from core.laboratory import Job, Laboratory
from core.recording import Recording
from core.run import Run
from core.run_facts import Ending
from core.task_log import DELIVERED, FINISHED, STARTED, SUBMITTED
from tests.pythons import Python

PATIENCE_S = 250.0  # a run that is still going on then is stopped: better one failure than a hang

_ADDRESS = re.compile(r"0x[0-9a-fA-F]+")


@dataclass(frozen=True, slots=True)
class Said:
    """What a script did for all to see."""

    stdout: list[str]
    stderr: list[str]
    exit_code: int | None


def write_script(folder: Path, text: str, name: str = "script.py") -> Path:
    """Write a script, its indentation in the test taken away."""
    path = folder / name
    path.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
    return path


def program(path: Path, text: str) -> Path:
    """Write an executable shell script."""
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def job(path: Path, mode: str = "script", **fields: Any) -> Job:
    """Return the job that runs a file as it is."""
    return Job("test", path.read_text(encoding="utf-8"), path, mode, **fields)


@contextmanager
def started(python: str, job: Job) -> Iterator[Run]:
    """Start a run, and see to it that it ends with the block."""
    with Laboratory(python) as laboratory:
        run = laboratory.start(job)
        try:
            yield run
        finally:
            run.stop()
            run.wait()


def ended(run: Run) -> Ending:
    """Wait for a run to end by itself; one that does not is stopped and says so."""
    patience = threading.Timer(PATIENCE_S, run.stop, ["timed out"])
    patience.start()
    try:
        return run.wait()
    finally:
        patience.cancel()
        patience.join()


def in_lab(
    python: Python,
    path: Path,
    mode: str = "script",
    during: Callable[[Run], object] | None = None,
    **fields: Any,
) -> Recording:
    """Run a script in the lab to its end; ``during`` is called while it runs."""
    with started(python.path, job(path, mode, **fields)) as run:
        if during is not None:
            during(run)
        ended(run)
        return run.recording


def done_in_lab(python: Python, path: Path, mode: str = "script", **fields: Any) -> Recording:
    """Run a script that has to end well, and about which nothing may be wrong."""
    recording = in_lab(python, path, mode, **fields)
    assert recording.ending is not None
    assert (recording.ending.outcome, lines(recording, "stderr")) == ("done", [])
    assert recording.troubles == []
    return recording


def plainly(python: Python, path: Path, *arguments: str) -> Said:
    """Run ``python script.py`` as anybody would, its output going into pipes."""
    ran = subprocess.run(
        [python.path, str(path), *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=PATIENCE_S,
        check=False,
        # Unbuffered: on a terminal as in the lab a line is out when it is printed.
        env={**os.environ, "PYTHONIOENCODING": "utf-8", "PYTHONUNBUFFERED": "1"},
    )
    return Said(_lines_of(ran.stdout), _lines_of(ran.stderr), ran.returncode)


def said(recording: Recording) -> Said:
    """Return the same of a run in the lab."""
    assert recording.ending is not None
    return Said(
        [_comparable(line) for line in lines(recording, "stdout")],
        [_comparable(line) for line in lines(recording, "stderr")],
        recording.ending.exit_code,
    )


def lines(recording: Recording, stream: str = "stdout") -> list[str]:
    """Return what a script wrote to one stream."""
    return [line.text for line in recording.output if line.stream == stream]


def _lines_of(data: bytes) -> list[str]:
    text = data.decode("utf-8", "replace").removesuffix("\n")
    return [_comparable(line) for line in text.split("\n")] if text else []


def _comparable(line: str) -> str:
    return _ADDRESS.sub("0x…", line)


def assert_complete(recording: Recording) -> None:
    """Assert that every task has gone through all its stages, in their order."""
    rows = recording.tasks
    stages = [rows.submitted_s, rows.started_s, rows.finished_s, rows.delivered_s]
    for number, (earlier, later) in enumerate(itertools.pairwise(stages)):
        missing = np.flatnonzero(~(earlier <= later))  # NaN is never less or equal
        assert missing.size == 0, f"stage {number} of tasks {missing[:10].tolist()}"


def logged(recording: Recording) -> dict[str, list[int]]:
    """Return the tasks in the order in which each thing happened to them."""
    log, _ = recording.since(0)
    names = {
        "submitted": SUBMITTED,
        "started": STARTED,
        "finished": FINISHED,
        "delivered": DELIVERED,
    }
    return {name: log.task[log.kind == kind].tolist() for name, kind in names.items()}


def results(recording: Recording) -> list[str]:
    """Return the shortened result of every task."""
    return [recording.result(task) for task in range(len(recording))]


def functions(recording: Recording) -> list[str]:
    """Return the function name of every task."""
    return [recording.function_name(task) for task in range(len(recording))]


def outcomes(recording: Recording) -> list[int]:
    """Return the outcome of every task."""
    return [int(outcome) for outcome in recording.tasks.outcome]


def alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Return those that still run; one that has ended may wait to be reaped by somebody else."""
    return [one for one in processes if one.is_running() and not _is_dead(one)]


def _is_dead(process: psutil.Process) -> bool:
    try:
        return bool(process.status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


def start_methods(python: Python) -> list[str]:
    """Return the ways in which a Python can start processes on this machine."""
    code = "import multiprocessing as m; print(*m.get_all_start_methods())"
    answer = subprocess.run([python.path, "-c", code], capture_output=True, text=True, check=True)
    return answer.stdout.split()
