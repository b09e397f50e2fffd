"""``export``: take a saved recording away in another format."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from core.cli.destination import destination
from core.cli.options import CHARTS, PROGRAM
from core.cli.problems import DONE, WRONG_USAGE, Problem
from core.cli.terminal import complain, did_you_mean, say
from core.exports import DRAWN, EXPORTS, PICTURES, Export, ExportProblem, NothingToShow
from core.number_format import count
from core.recording import Recording
from core.recording_file import RecordingFileProblem, open_recording
from core.run_facts import CUT_OFF

Draw: TypeAlias = Callable[[Recording, str, Path, str], int]
"""Writes a recording, or one chart of it, in a format that holds charts; returns the status."""


def main(asked: argparse.Namespace, draw: Draw) -> int:
    """Write the file that was asked for; return the exit status."""
    export = None if asked.to in DRAWN else _export(asked.to)
    if asked.chart:
        _check_chart(asked.chart, asked.to)
    recording = _opened(asked.recording)
    if _is_same(asked.out, asked.recording):
        raise Problem(f"{asked.out} is the recording itself; name another file for the export.")
    try:
        with destination(asked.out) as out:
            if export is not None:
                export.write(recording, out)
            elif draw(recording, asked.to, out, asked.chart) != DONE:
                return WRONG_USAGE  # why, was told by who cannot draw
    except (ExportProblem, NothingToShow) as problem:
        raise Problem(str(problem)) from problem
    header = recording.header
    if recording.ending is not None and recording.ending.outcome == CUT_OFF:
        complain(recording.ending.message)
    done = f"{asked.out}: {header.demo}, {header.mode}, {_tasks(recording)}"
    (say if out == asked.out else complain)(done)  # the output may be what the export went to
    return DONE


def without_qt(_recording: Recording, form: str, _path: Path, _chart: str) -> int:
    """Refuse a format that holds charts."""
    raise Problem(f"Nothing here can draw {form!r}; start {PROGRAM} itself.")


def _export(name: str) -> Export:
    for export in EXPORTS:
        if export.name == name:
            return export
    names = [*(export.name for export in EXPORTS), *DRAWN]
    advice = did_you_mean(name, names) or f"; the formats are {', '.join(names)}."
    raise Problem(f"There is no format {name!r}{advice}")


def _check_chart(name: str, form: str) -> None:
    if form not in PICTURES:
        raise Problem(f"--chart goes with {' or '.join(PICTURES)}, not with {form}; leave it out.")
    if name not in CHARTS:
        advice = did_you_mean(name, CHARTS) or f"; the charts are {', '.join(CHARTS)}."
        raise Problem(f"There is no chart {name!r}{advice}")


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False  # it is not there, or cannot be: what writes it says so


def _opened(path: Path) -> Recording:
    try:
        return open_recording(path)
    except RecordingFileProblem as problem:
        raise Problem(str(problem)) from problem


def _tasks(recording: Recording) -> str:
    return "1 task" if len(recording) == 1 else f"{count(len(recording))} tasks"
