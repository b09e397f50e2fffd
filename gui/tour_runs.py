"""Runs a demo for the tour until it has something to show: every mode, and a claim judged."""

import time
from collections.abc import Callable
from typing import Final

from core.card import Claim
from core.claims import claim_in_question
from core.incidents import stalled_for_s
from core.needs import needs_problem
from gui.session import Session

LIMIT_S: Final = 120
"""What all runs of one demo together may take; what is not over then is stopped."""

STOPPED_S: Final = 10
"""What a stopped run may take to end: far more than it ever does."""

STALL_S: Final = 6
"""After so long a standstill a run is ended; those that give up by themselves do so before."""


class DemoRuns:
    """The runs of one demo.

    Parameters
    ----------
    session : Session
        Where the demo is opened.
    wait : callable
        Lets the window live until a condition holds or so many seconds are over.
    """

    def __init__(self, session: Session, wait: Callable[[Callable[[], bool], float], bool]) -> None:
        self._session = session
        self._wait = wait
        self._late_s = time.monotonic() + LIMIT_S
        self._stood_still: set[str | None] = set()

    def lacking(self, name: str) -> str:
        """Return why a demo cannot run on the Python that is chosen; empty if it can."""
        session = self._session
        return needs_problem(session.shelf.demos[name].card, name, session.runner.python)

    def make(self, name: str) -> str:
        """Run a demo in all its modes; return what went wrong, empty if nothing did."""
        session = self._session
        session.open(session.shelf.demos[name])
        shown = session.script.mode
        session.runner.compare() if session.runner.can_compare else session.runner.run()
        problem = self._follow()
        if self._stood_still:  # that ended the comparison: go on with one mode at a time
            rest = [mode for mode in session.script.modes if mode not in self._stood_still]
            problem = self._run_each([mode for mode in rest if mode != shown])
            problem = problem or self._run_each([shown])
        return problem or self._let_a_claim_be_judged()

    def _run_each(self, modes: list[str | None]) -> str:
        for mode in modes:
            if mode is not None:
                self._session.script.set_mode(mode)
            self._session.runner.run()
            problem = self._follow()
            if problem:
                return problem
        return ""

    def _follow(self) -> str:
        """Wait for the end of what runs; a run that stands still is ended, that is no problem."""
        session = self._session
        still = False
        left_s = max(0.0, self._late_s - time.monotonic())
        in_time = self._wait(lambda: not session.runner.busy or self._stands_still, left_s)
        if session.runner.busy:
            still = in_time
            if still and session.recording is not None:
                self._stood_still.add(session.recording.header.mode)
            session.runner.stop()
            self._wait(lambda: not session.runner.busy, STOPPED_S)
        if session.refusal:
            return str(session.refusal)
        if not in_time:
            return f"its runs were stopped after {LIMIT_S} s."
        ending = session.recording.ending if session.recording else None
        if not still and (ending is None or ending.outcome == "stopped"):
            return "not every mode ran to its end."
        return ""

    @property
    def _stands_still(self) -> bool:
        recording = self._session.recording
        return recording is not None and stalled_for_s(recording) > STALL_S

    def _let_a_claim_be_judged(self) -> str:
        """Run what judges the first claim that can be judged, unless the newest run did."""
        for claim in self._session.script.demo.card.claims:
            if self._is_judged():
                return ""
            problem = self._run_for(claim)
            if problem:
                return problem
        return ""

    def _is_judged(self) -> bool:
        session = self._session
        return (
            claim_in_question(session.script.demo.card, session.facts(), session.script.mode)[1]
            is not None
        )

    def _run_for(self, claim: Claim) -> str:
        session = self._session
        for knob, value in claim.knobs.items():
            session.script.set_knob(knob, value)
        measured = session.results.comparison.modes_of(session.workload)
        missing = [mode for mode in claim.before if mode not in measured]
        return self._run_each([*missing, claim.mode])
