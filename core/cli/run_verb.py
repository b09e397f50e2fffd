"""``run``: run a demo or a script once."""

import argparse
import sys
from contextlib import nullcontext
from pathlib import Path

from core import metrics
from core.cli import report
from core.cli.choice import Choice, chosen
from core.cli.interrupts import interruptible
from core.cli.problems import DONE, SCRIPT_FAILED, STATUS, STOPPED, Problem, ReaderGone
from core.cli.progress import ProgressLine
from core.cli.session import Finished, Session, faults_told
from core.cli.terminal import complain, say
from core.incidents import stall_now
from core.number_format import count
from core.recording import Recording
from core.recording_file import RecordingFileProblem
from core.run_facts import Stall
from core.runtimes import probe
from core.storage.record_target import RecordTarget


def main(asked: argparse.Namespace) -> int:
    """Run, print what comes and what it showed; return the exit status."""
    with faults_told():
        choice = chosen(asked.demo, asked.knobs, asked.mode)
        python = probe(asked.python).path if asked.python else sys.executable
        target = _target(asked.record, choice) if asked.record else None
    with target or nullcontext(), Session(python, is_watching=target is not None) as session:
        begin_spool = target.begin if target is not None else None
        run = session.start(choice, arguments=asked.arguments, begin_spool=begin_spool)
        output = _Output(run.recording, is_silent=asked.json)
        is_saved = False
        try:
            with ProgressLine() as line:
                finished = session.follow(choice, run, lambda: output.tick(line), asked.timeout)
        except ReaderGone:
            return STOPPED
        finally:
            is_saved = target is None or _is_saved(target, run.recording)
    _tell(choice, finished, is_json=asked.json)
    return STATUS[finished.ending.outcome] or (DONE if is_saved else SCRIPT_FAILED)


def _target(path: Path, choice: Choice) -> RecordTarget:
    try:
        is_script = path.samefile(choice.demo.path)
    except OSError:
        is_script = False  # it is not there, or cannot be
    if is_script:
        raise Problem(f"{path} is the script itself; name another file for the recording.")
    return RecordTarget(path)


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


def _is_saved(target: RecordTarget, recording: Recording) -> bool:
    """Save a recording; return False when that cannot be, which is told. Signals end it."""
    if recording.running:
        return False  # the fault that ended this is told; what had arrived is in a file of its own
    try:
        with interruptible():
            target.save(recording)
    except RecordingFileProblem as problem:
        complain(str(problem))
        return False
    return True


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
