"""What ``run`` and ``compare`` share: a laboratory, the local sites, and ears for signals."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from core import explain
from core.cli.choice import Choice, problems_told
from core.cli.problems import SCRIPT_FAILED, Problem, refusals_told
from core.cli.supervision import signals_caught, supervise
from core.comparison import RunSummary, summary_of
from core.jobs import build_job, expected_values
from core.laboratory import BeginSpool, LabError, Laboratory
from core.local_sites import LocalSites
from core.recording import Recording
from core.recording_file import RecordingFileProblem
from core.refusals import JobProblem
from core.run import Run
from core.run_facts import Ending
from core.runtimes import RuntimeProblem
from core.sites import SitesError


@contextmanager
def faults_told() -> Iterator[None]:
    """Let what can be wrong around a run be a `Problem`."""
    try:
        with refusals_told(), problems_told():
            yield
    except (JobProblem, RuntimeProblem, RecordingFileProblem) as error:
        raise Problem(str(error)) from error
    except (LabError, SitesError) as error:
        raise Problem(str(error), SCRIPT_FAILED) from error


@dataclass(frozen=True, slots=True)
class Finished:
    """A run that is over."""

    recording: Recording
    ending: Ending
    summary: RunSummary


class Session:
    """Runs choices one after the other; leaves nothing behind.

    Parameters
    ----------
    python
        The interpreter that the scripts run on.
    is_watching
        Whether what the threads of each run do is recorded, too.
    """

    def __init__(self, python: str = sys.executable, *, is_watching: bool = False) -> None:
        self._python = python
        self._is_watching = is_watching
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        """Begin: from now on signals stop the run in progress, or the next one."""
        with ExitStack() as stack:
            self._inbox = stack.enter_context(signals_caught())
            self._sites = stack.enter_context(LocalSites())
            laboratory = Laboratory(self._python, is_watching=self._is_watching)
            self._laboratory = stack.enter_context(laboratory)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End all processes, then let signals be what they were."""
        self._stack.close()

    def start(
        self,
        choice: Choice,
        *,
        mode: str | None = None,
        arguments: tuple[str, ...] = (),
        begin_spool: BeginSpool | None = None,
    ) -> Run:
        """Start a run; it has to be followed. For ``begin_spool`` see `Laboratory.start`.

        Raises
        ------
        Problem
            It cannot be started as asked.
        """
        with faults_told():
            explain.read_ahead()
            job = build_job(
                choice.demo,
                choice.text,
                mode=mode,
                sites=self._sites,
                python=self._python,
                arguments=arguments,
            )
            return self._laboratory.start(job, begin_spool)

    def follow(
        self,
        choice: Choice,
        run: Run,
        on_tick: Callable[[], None],
        timeout_s: float | None = None,
    ) -> Finished:
        """Stay with a run to its end, see `supervise`."""
        ending = supervise(run, self._inbox, on_tick, timeout_s)
        expected = expected_values(choice.demo.card, run.recording.header.knobs)
        return Finished(run.recording, ending, summary_of(run.recording, expected))
