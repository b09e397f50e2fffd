"""``export``: take a saved recording away in another format."""

import argparse
from pathlib import Path

from core.cli.problems import DONE, Problem
from core.cli.terminal import did_you_mean, say
from core.exports import EXPORTS, Export, ExportProblem
from core.number_format import count
from core.recording import Recording
from core.recording_file import RecordingFileProblem, open_recording


def main(asked: argparse.Namespace) -> int:
    """Write the file that was asked for; return the exit status."""
    export = _export(asked.to)
    recording = _opened(asked.recording)
    if asked.out.exists() and asked.out.samefile(asked.recording):
        raise Problem(f"{asked.out} is the recording itself; name another file for the export.")
    try:
        export.write(recording, asked.out)
    except ExportProblem as problem:
        raise Problem(str(problem)) from problem
    header = recording.header
    say(f"{asked.out}: {header.demo}, {header.mode}, {_tasks(recording)}")
    return DONE


def _export(name: str) -> Export:
    for export in EXPORTS:
        if export.name == name:
            return export
    names = [export.name for export in EXPORTS]
    advice = did_you_mean(name, names) or f"; the formats are {', '.join(names)}."
    raise Problem(f"There is no format {name!r}{advice}")


def _opened(path: Path) -> Recording:
    try:
        return open_recording(path)
    except RecordingFileProblem as problem:
        raise Problem(str(problem)) from problem


def _tasks(recording: Recording) -> str:
    return "1 task" if len(recording) == 1 else f"{count(len(recording))} tasks"
