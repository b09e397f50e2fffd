"""``run``: run a demo or a script once."""

import argparse
import sys
from pathlib import Path

from core import metrics
from core.cli import report
from core.cli.choice import Choice, chosen
from core.cli.problems import SCRIPT_FAILED, STATUS, STOPPED, Problem, ReaderGone
from core.cli.progress import ProgressLine
from core.cli.session import Finished, Session, faults_told
from core.cli.terminal import complain, say
from core.incidents import stall_now
from core.number_format import count
from core.recording import Recording
from core.recording_file import RecordingFileProblem, check_target, save
from core.run_facts import Stall
from core.runtimes import probe


def main(asked: argparse.Namespace) -> int:
    """Run, print what comes and what it showed; return the exit status."""
    with faults_told():
        choice = chosen(asked.demo, asked.knobs, asked.mode)
        python = probe(asked.python).path if asked.python else sys.executable
        if asked.record:
            check_target(asked.record)
    with Session(python, is_watching=asked.record is not None) as session:
        run = session.start(choice, arguments=asked.arguments)
        output = _Output(run.recording, is_silent=asked.json)
        try:
            with ProgressLine() as line:
                finished = session.follow(choice, run, lambda: output.tick(line), asked.timeout)
        except ReaderGone:
            return STOPPED
        finally:
            if asked.record and run.recording.ending is not None:
                _save(run.recording, asked.record)
    _tell(choice, finished, is_json=asked.json)
    return STATUS[finished.ending.outcome]


class _Output:
    """Passes on what the script prints, as it comes."""

    def __init__(self, recording: Recording, *, is_silent: bool) -> None:
        self._recording = recording
        self._is_silent = is_silent
        self._lines_passed_on = 0
        self._stall: Stall | None = None

    def tick(self, line: ProgressLine) -> None:
        """Print the new lines, and that nothing goes on; say in ``line`` how far the run is."""
        if not self._is_silent:
            new = self._recording.output[self._lines_passed_on :]
            self._lines_passed_on += len(new)
            for printed in new:
                (say if printed.stream == "stdout" else complain)(printed.text)
        stall = stall_now(self._recording)
        if stall is not self._stall:
            self._stall = stall
            if stall is not None:
                complain(report.stall_sentence(self._recording, stall))
        counts = metrics.outcomes(self._recording)
        ended = sum(counts) - counts.pending
        line.update(f"{count(ended)} of {count(sum(counts))} tasks")


def _save(recording: Recording, path: Path) -> None:
    try:
        save(recording, path)
    except RecordingFileProblem as error:
        raise Problem(str(error), SCRIPT_FAILED) from error


def _tell(choice: Choice, finished: Finished, *, is_json: bool) -> None:
    recording, summary = finished.recording, finished.summary
    if recording.output_dropped:
        kept, more = count(len(recording.output)), count(recording.output_dropped)
        complain(f"The first {kept} lines of output are kept; {more} more were printed.")
    for trouble in recording.troubles:
        complain(trouble)
    if is_json:
        say(report.as_json(report.run_object(recording, summary)))
    else:
        sentences = report.told(choice.demo.card, recording, summary)
        say("\n".join(["", report.headline(summary), *sentences]))
    if finished.ending.message:
        complain(finished.ending.message)
