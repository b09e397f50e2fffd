"""The runs of a session: the newest of each script, and all that count for comparisons."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from core.card import SCRIPT_MODE, Card
from core.comparison import Comparison, RunSummary, Workload, summary_of
from core.facts import facts_of
from core.jobs import expected_values
from core.recording import Recording
from core.run_facts import Header


class Results:
    """Keeps recordings by the name of their script, and compares finished runs."""

    def __init__(self) -> None:
        self.comparison = Comparison()
        self._newest: dict[str, Recording] = {}
        self._pythons: dict[str, tuple[str, bool]] = {}

    def newest(self, script: str) -> Recording | None:
        """Return the newest run of a script."""
        return self._newest.get(script)

    def begin(self, script: str, recording: Recording) -> None:
        """Take a run that just began."""
        self._newest[script] = recording

    def forget(self, script: str) -> None:
        """Forget the newest run of a script: another one has that name now."""
        self._newest.pop(script, None)

    def finish(self, recording: Recording, card: Card, python: str) -> None:
        """Compare a run that ended; ``python`` is the path of what it ran on."""
        header = recording.header
        if header.python:
            self._pythons[python] = header.python, header.free_threaded
        self.comparison.add(_summary(recording, card))

    def facts(self, recording: Recording, card: Card) -> dict[str, object]:
        """Return what is known about a run, the others included."""
        return facts_of(recording, _summary(recording, card), self.comparison)

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
