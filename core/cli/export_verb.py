"""``export``: take a saved recording away in another format."""

import argparse
import math
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeAlias

from core.cli.destination import destination
from core.cli.interrupts import interruptible
from core.cli.options import CHARTS, PROGRAM
from core.cli.problems import DONE, WRONG_USAGE, Problem
from core.cli.terminal import complain, did_you_mean, say
from core.exports import DRAWN, EXPORTS, PICTURES, Export, ExportProblem, NothingToShow, TooLarge
from core.number_format import count, size
from core.quoting import shortened, shown_path
from core.recording import Recording
from core.recording_file import RecordingFileProblem, open_recording
from core.run_facts import CUT_OFF

Draw: TypeAlias = Callable[[Recording, str, Path, str, int], int]
"""Writes a recording, or one chart of it, in a format that holds charts; returns the status."""

_LARGE_BYTES: Final = 10_000_000
"""The size of such a file is told before it is written."""

_COUNTED_TIMES: Final = 20
"""So many times the limit is counted: who raises it needs to know to what."""


def main(asked: argparse.Namespace, draw: Draw) -> int:
    """Write the file that was asked for; return the exit status."""
    export = None if asked.to in DRAWN else _export(asked.to)
    if asked.chart:
        _check_chart(asked.chart, asked.to)
    recording = _opened(asked.recording)
    if _is_same(asked.out, asked.recording):
        raise Problem(f"{asked.out} is the recording itself; name another file for the export.")
    most_bytes = round(asked.most_mb * 1_000_000)
    try:
        if export is not None:
            _tell_size(export, recording, asked.out, most_bytes)
        with destination(asked.out) as out:
            if export is not None:
                export.write(recording, out, most_bytes)
            elif draw(recording, asked.to, out, asked.chart, most_bytes) != DONE:
                return WRONG_USAGE  # why, was told by who cannot draw
    except TooLarge as problem:
        raise Problem(_too_large(asked.out, problem)) from problem
    except (ExportProblem, NothingToShow) as problem:
        raise Problem(str(problem)) from problem
    header = recording.header
    if recording.ending is not None and recording.ending.outcome == CUT_OFF:
        complain(recording.ending.message)
    done = f"{asked.out}: {header.demo}, {header.mode}, {_tasks(recording)}"
    (say if out == asked.out else complain)(done)  # the output may be what the export went to
    return DONE


def _tell_size(export: Export, recording: Recording, path: Path, most_bytes: int) -> None:
    """Say of a large file, before it is written, what it takes.

    Raises
    ------
    TooLarge
        It takes too much.
    """
    counted = _COUNTED_TIMES * most_bytes
    with interruptible():
        takes = export.size_bytes(recording, counted)
    if takes > most_bytes:
        raise TooLarge(path, min(takes, counted), most_bytes)
    if takes >= _LARGE_BYTES:
        complain(f"{shown_path(path)} takes {size(takes)}.")


def _too_large(path: Path, problem: TooLarge) -> str:
    takes, most = problem.size_bytes, problem.most_bytes
    at_least = "at least " if takes >= _COUNTED_TIMES * most else ""
    return (
        f"{shown_path(path)} would take {at_least}{size(takes)}, and the limit is {size(most)}; "
        f"nothing was written. To raise the limit: --most-mb {math.ceil(takes / 1e6)}"
    )


def without_qt(_recording: Recording, form: str, _path: Path, _chart: str, _most: int) -> int:
    """Refuse a format that holds charts."""
    raise Problem(f"Nothing here can draw {form!r}; start {PROGRAM} itself.")


def _export(name: str) -> Export:
    for export in EXPORTS:
        if export.name == name:
            return export
    names = [*(export.name for export in EXPORTS), *DRAWN]
    advice = did_you_mean(name, names) or f"; the formats are {', '.join(names)}."
    raise Problem(f"There is no format {shortened(repr(name))}{advice}")


def _check_chart(name: str, form: str) -> None:
    if form not in PICTURES:
        raise Problem(f"--chart goes with {' or '.join(PICTURES)}, not with {form}; leave it out.")
    if name not in CHARTS:
        advice = did_you_mean(name, CHARTS) or f"; the charts are {', '.join(CHARTS)}."
        raise Problem(f"There is no chart {shortened(repr(name))}{advice}")


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
