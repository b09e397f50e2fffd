"""The facts of one run, by the names that the explanations of a card know; see `core.explain`."""

import statistics
from collections.abc import Iterator
from dataclasses import replace

from core import metrics
from core.comparison import Comparison, ModeResult, RunSummary, Workload
from core.demos import usable_cores
from core.explain import table_facts, watch_facts
from core.incidents import incident_facts
from core.recording import Recording
from core.run_facts import Header
from core.script import ScriptError, set_knob

_MEDIANS = {"sequential": "sequential_s", "threads": "threads_s", "processes": "processes_s"}


def facts_of(
    recording: Recording, summary: RunSummary, comparison: Comparison | None = None
) -> dict[str, object]:
    """Return what is known about a run; what was not measured is NaN or not there.

    Parameters
    ----------
    summary
        Of the same recording; it has the expected values of the watches.
    comparison
        The finished runs of the session, for the facts about the other modes.
    """
    facts: dict[str, object] = dict(recording.header.knobs)
    facts |= {
        "mode": summary.mode,
        "outcome": summary.outcome,
        "elapsed_s": summary.elapsed_s,
        "tasks": summary.tasks,
        "workers": summary.workers,
        "failed": summary.failed,
        "cpu_s": metrics.cpu_s(recording),
        "python": ".".join(summary.python.split(".")[:2]),
        "free_threaded": summary.free_threaded,
        "cores": usable_cores(),
    }
    facts |= incident_facts(recording)
    if comparison is not None:
        facts |= _medians(comparison, summary.workload, summary.elapsed_s)
        facts |= _costs(comparison, recording.header, summary)
    for name, value in summary.watches.items():
        facts |= watch_facts(name, value, summary.expected.get(name))
    for name, spread in summary.spreads.items():
        facts |= {f"{name}_{part}": value for part, value in spread._asdict().items()}
    for name in recording.tables:
        version = recording.table(name)
        facts |= table_facts(name, version.rows if version else ())
    return facts


def _medians(comparison: Comparison, workload: Workload, elapsed_s: float) -> dict[str, object]:
    modes = comparison.modes_of(workload)
    facts: dict[str, object] = {
        fact: modes[mode].median_s for mode, fact in _MEDIANS.items() if mode in modes
    }
    for mode in modes.values():
        facts |= _usual(mode)
    if "sequential" in modes and elapsed_s > 0:
        facts["speedup"] = modes["sequential"].median_s / elapsed_s
    return facts


def _usual(mode: ModeResult) -> dict[str, float]:
    """Return the median of what each watch told in a mode: of its runs, the one in the middle."""
    return {
        f"{name}_{mode.mode}_median": statistics.median(
            run.spreads[name].median for run in mode.runs if name in run.spreads
        )
        for name in mode.runs[-1].spreads
    }


def _costs(comparison: Comparison, header: Header, run: RunSummary) -> dict[str, object]:
    """Return, for each switch of the script that is on, what runs took in which it was off.

    Everything else is the same there, the mode and the rest of the text as well.
    """
    facts: dict[str, object] = {}
    for name, workload in _with_one_off(header):
        runs = [each for each in comparison.runs_of(workload) if each.mode == run.mode]
        if runs:
            off_s = statistics.median(each.elapsed_s for each in runs)
            facts[f"{name}_off_s"] = off_s
            if off_s > 0:
                facts[f"{name}_times"] = run.elapsed_s / off_s
    return facts


def _with_one_off(header: Header) -> Iterator[tuple[str, Workload]]:
    for name, value in header.knobs.items():
        if value is True:
            try:
                text = set_knob(header.script, name, False)
            except ScriptError:
                continue  # the script has no such constant any more: there is nothing to compare
            yield (
                name,
                Workload.of(replace(header, script=text, knobs={**header.knobs, name: False})),
            )
