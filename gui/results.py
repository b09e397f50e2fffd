"""The runs of a session: the newest of each script, and all that count for comparisons."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final, NamedTuple
from weakref import WeakSet

from core.card import SCRIPT_MODE, Card
from core.comparison import Comparison, RunSummary, Workload, summary_of
from core.facts import facts_of
from core.jobs import expected_values
from core.recording import Recording
from core.run_facts import Header

MOST_FINISHED: Final = 12
"""Runs of one script that are kept for the report; a recording may be large."""


class Finished(NamedTuple):
    """A run that ended, and what was known about its script."""

    recording: Recording
    card: Card

    @property
    def alike(self) -> tuple[Workload, str]:
        """What runs share of which only the newest is kept: the work, and the mode."""
        return Workload.of(self.recording.header), self.recording.header.mode


class Results:
    """Keeps recordings by the name of their script, and compares finished runs."""

    def __init__(self) -> None:
        self.comparison = Comparison()
        self.opened = Comparison()
        """Runs from recordings: made on another day or machine, and compared among themselves."""
        self._newest: dict[str, Recording] = {}
        self._pythons: dict[str, tuple[str, bool]] = {}
        self._opened: WeakSet[Recording] = WeakSet()
        self._known: set[tuple[str, int]] = set()
        self._finished: dict[str, list[Finished]] = {}

    def newest(self, script: str) -> Recording | None:
        """Return the newest run of a script."""
        return self._newest.get(script)

    def begin(self, script: str, recording: Recording) -> None:
        """Take a run that just began."""
        self._newest[script] = recording

    def bring_back(self, script: str, recording: Recording, card: Card) -> None:
        """Take a run that was recorded; the same one brought back again counts once."""
        self._newest[script] = recording
        self._opened.add(recording)
        key = recording.header.made_at, recording.origin_ns
        if key not in self._known:
            self._known.add(key)
            self.opened.add(_summary(recording, card))

    def was_opened(self, recording: Recording | None) -> bool:
        """Return whether a run comes from a recording, and not from this session."""
        return recording in self._opened

    def comparison_of(self, recording: Recording | None) -> Comparison:
        """Return the runs that a run is compared with."""
        return self.opened if self.was_opened(recording) else self.comparison

    def forget(self, script: str) -> None:
        """Forget the newest run of a script: another one has that name now."""
        self._newest.pop(script, None)
        self._finished.pop(script, None)

    def scripts(self) -> tuple[str, ...]:
        """Return the names of the scripts of which a run ended, the first that did first."""
        return tuple(self._finished)

    def finished(self, script: str) -> tuple[Finished, ...]:
        """Return the newest run of each mode and each setting, in the order in which they ended.

        `MOST_FINISHED` of them: the newest.
        """
        return tuple(self._finished.get(script, ()))

    def finish(self, recording: Recording, card: Card, python: str) -> None:
        """Compare a run that ended; ``python`` is the path of what it ran on."""
        header = recording.header
        if header.python:
            self._pythons[python] = header.python, header.free_threaded
        self.comparison.add(_summary(recording, card))
        self._keep_finished(Finished(recording, card))

    def _keep_finished(self, run: Finished) -> None:
        runs = self._finished.setdefault(run.recording.header.demo, [])
        others = [each for each in runs if each.alike != run.alike]
        runs[:] = [*others, run][-MOST_FINISHED:]

    def facts(self, recording: Recording, card: Card) -> dict[str, object]:
        """Return what is known about a run, the others included."""
        comparison = self.comparison_of(recording)
        return facts_of(recording, _summary(recording, card), comparison)

    def workload_of(self, header: Header, python: str) -> Workload:
        """Return what a run is compared with, even before its Python has said what it is."""
        if not header.python and python in self._pythons:
            version, free_threaded = self._pythons[python]
            header = replace(header, python=version, free_threaded=free_threaded)
        return Workload.of(header)

    def workload(
        self, demo: str, mode: str | None, text: str, knobs: Mapping[str, Any], python: str
    ) -> Workload:
        """Return what a script would be compared with if it ran as it stands."""
        header = Header(demo, mode or SCRIPT_MODE, text, dict(knobs), "", False, {}, "")
        return self.workload_of(header, python)


def _summary(recording: Recording, card: Card) -> RunSummary:
    return summary_of(recording, expected_values(card, recording.header.knobs))
