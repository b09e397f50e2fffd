"""Measures claims: runs what it takes to judge them, one demo after the other."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby
from typing import Final

from core.claims import Measurement, judge, measurements
from core.cli.choice import Choice, problems_told
from core.cli.claims_verb import Finding
from core.cli.problems import STATUS, STOPPED, Problem
from core.cli.progress import ProgressLine
from core.cli.session import Finished, Session, faults_told
from core.comparison import Comparison
from core.demos import Demo
from core.expressions import ExpressionError
from core.facts import facts_of
from core.incidents import stalled_for_s
from core.needs import needs_problem
from core.run import Run
from core.runtimes import Runtime, probe
from core.script import set_knob
from core.templates import TemplateError

LIMIT_S: Final = 60
"""What one run may take: several times what a demo takes on a slow machine."""

STALL_S: Final = 6
"""After so long a standstill a run is ended; those that give up by themselves do so before."""

_UNDECIDED: Final = "The runs did not decide it; measure again when the machine is less busy."
_STOPPED: Final = "Not measured: stopped before its turn."


def measured(findings: Sequence[Finding], python: str) -> tuple[Runtime, list[Finding]]:
    """Run what it takes and return the Python, and what the runs say about each claim.

    One demo that cannot be run does not keep the others from it; a signal ends everything.

    Raises
    ------
    Problem
        The Python cannot be used.
    """
    with faults_told():
        runtime = probe(python)
    by_demo = [list(group) for _, group in groupby(findings, lambda one: one.demo.name)]
    plans = {group[0].demo.name: measurements([one.claim for one in group]) for group in by_demo}
    total = sum(len(part.modes) for parts in plans.values() for part in parts)
    known = {(finding.demo.name, finding.claim.name): finding for finding in findings}
    with ProgressLine(total) as line, Session(runtime.path) as session:
        surveyor = _Surveyor(session, line, runtime.path)
        for group in by_demo:
            for part in plans[group[0].demo.name]:
                for finding in surveyor.findings(group[0].demo, part):
                    known[finding.demo.name, finding.claim.name] = finding
    return runtime, list(known.values())


class _Surveyor:
    """Runs measurements and judges by them."""

    def __init__(self, session: Session, line: ProgressLine, python: str) -> None:
        self._session = session
        self._line = line
        self._python = python
        self._runs_made = 0
        self._stopped = False

    def findings(self, demo: Demo, part: Measurement) -> Iterator[Finding]:
        """Yield what the runs of a measurement say about each of its claims."""
        runs: dict[str, Finished] = {}
        problem: Problem | None = None
        if not self._stopped:
            try:
                self._run(demo, part, runs)
            except Problem as fault:
                problem = fault
        for claim in part.claims:
            finding = self._judged(Finding(demo, claim), runs)
            if finding.judgement is None and problem is not None:
                finding = replace(finding, why_not=str(problem), status=problem.status)
            yield finding
        self._runs_made += len(part.modes) - len(runs)  # so that the bar goes on

    def _run(self, demo: Demo, part: Measurement, runs: dict[str, Finished]) -> None:
        with faults_told():
            lacking = needs_problem(demo.card, demo.name, self._python)
        if lacking:
            raise Problem(lacking, 0)
        choice = _choice(demo, part)
        for mode in part.modes:
            run = self._session.start(choice, mode=mode)
            tick = partial(self._tick, run, f"{demo.name}: {mode}")
            runs[mode] = finished = self._session.follow(choice, run, tick, LIMIT_S)
            self._runs_made += 1
            if finished.ending.outcome == "stopped":
                self._stopped = True
                return

    def _tick(self, run: Run, text: str) -> None:
        self._line.update(text, self._runs_made)
        if stalled_for_s(run.recording) > STALL_S:
            run.stop("timed out")

    def _judged(self, finding: Finding, runs: dict[str, Finished]) -> Finding:
        """Judge a claim by the runs that were made."""
        own = runs.get(finding.claim.mode)
        if self._stopped and (own is None or own.ending.outcome == "stopped"):
            return replace(finding, why_not=_STOPPED, status=STOPPED)
        if own is None:
            return finding
        comparison = Comparison()
        for run in runs.values():
            comparison.add(run.summary)
        card = finding.demo.card
        try:
            judgement = judge(finding.claim, card, facts_of(own.recording, own.summary, comparison))
        except (ExpressionError, TemplateError) as error:
            return replace(finding, why_not=f"The card cannot judge it: {error}", status=1)
        if judgement is not None:
            return replace(finding, judgement=judgement)
        return _undecided(finding, runs)


def _choice(demo: Demo, part: Measurement) -> Choice:
    text = demo.text
    with problems_told():
        for name, value in part.knobs.items():
            text = set_knob(text, name, value)
    return Choice(demo, text)


def _undecided(finding: Finding, runs: dict[str, Finished]) -> Finding:
    """Say why the runs do not judge a claim: the first that did not end well, or just that."""
    for mode, run in runs.items():
        outcome = run.ending.outcome
        if outcome != "done":
            told = run.ending.message or f"it was {outcome}."
            return replace(finding, why_not=f"In {mode}: {told}", status=STATUS[outcome])
    return replace(finding, why_not=_UNDECIDED)
