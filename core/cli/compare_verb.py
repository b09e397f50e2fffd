"""``compare``: run a demo in every mode in turn and compare the times."""

import argparse
from collections.abc import Sequence
from functools import partial
from typing import Any

from core.card import SCRIPT_MODE
from core.cli import report
from core.cli.choice import Choice, chosen, in_mode
from core.cli.problems import DONE, SCRIPT_FAILED, STOPPED, Problem
from core.cli.progress import ProgressLine
from core.cli.session import Finished, Session, faults_told
from core.cli.terminal import complain, say, show
from core.comparison import Comparison, ModeResult
from core.number_format import count, ratio, seconds


def main(asked: argparse.Namespace) -> int:
    """Run every mode, print the comparison; return the exit status."""
    with faults_told():
        choice = chosen(asked.demo, asked.knobs)
    modes = _checked(choice, asked.modes or choice.demo.card.modes)
    runs = _run_all(choice, modes, asked.repeat)
    comparison = Comparison()
    for run in runs:
        comparison.add(run.summary)
    results = _results(comparison, runs)
    if asked.json:
        say(report.as_json(_object(choice, modes, runs, results)))
    else:
        _show(choice, modes, runs, results, comparison)
    return _status(runs)


def _checked(choice: Choice, modes: Sequence[str]) -> Sequence[str]:
    """Return the modes if the demo has them all; before anything runs."""
    if choice.demo.card.modes == (SCRIPT_MODE,):
        raise Problem(
            f"{choice.demo.name} has one mode only, so there is nothing to compare; run it."
        )
    for mode in modes:
        in_mode(choice.demo, choice.text, mode)
    return modes


def _run_all(choice: Choice, modes: Sequence[str], repeat: int) -> list[Finished]:
    """Run the modes in turn, so that a machine that slows down slows all of them down."""
    order = list(modes) * repeat
    runs: list[Finished] = []
    with ProgressLine(total=len(order)) as line, Session() as session:
        for mode in order:
            run = session.start(choice, mode=mode)
            done, text = len(runs), f"run {len(runs) + 1} of {len(order)}: {mode}"
            runs.append(session.follow(choice, run, partial(line.update, text, done)))
            ending = runs[-1].ending
            if ending.message:
                complain(f"{mode}: {ending.message}")
            if ending.outcome == "stopped":
                break
    return runs


def _results(comparison: Comparison, runs: Sequence[Finished]) -> dict[str, ModeResult]:
    """Return the result of each mode that was measured; all runs did the same work."""
    measured = [run.summary.workload for run in runs if run.summary.outcome == "done"]
    return comparison.modes_of(measured[0]) if measured else {}


def _status(runs: Sequence[Finished]) -> int:
    outcomes = {run.ending.outcome for run in runs}
    if "stopped" in outcomes:
        return STOPPED
    return SCRIPT_FAILED if "failed" in outcomes else DONE


def _object(
    choice: Choice,
    modes: Sequence[str],
    runs: Sequence[Finished],
    results: dict[str, ModeResult],
) -> dict[str, Any]:
    nothing = {"median_s": None, "min_s": None, "speedup": None}
    return {
        "demo": choice.demo.name,
        "runs": [report.run_object(run.recording, run.summary) for run in runs],
        "modes": {
            mode: {
                "median_s": results[mode].median_s,
                "min_s": results[mode].min_s,
                "speedup": results[mode].speedup,
            }
            if mode in results
            else nothing
            for mode in modes
        },
    }


def _show(
    choice: Choice,
    modes: Sequence[str],
    runs: Sequence[Finished],
    results: dict[str, ModeResult],
    comparison: Comparison,
) -> None:
    from rich.table import Table

    table = Table(title=choice.demo.card.title.en, title_justify="left")
    table.add_column("Mode")
    for name in ("Median", "Fastest", "Runs", "Speed-up"):
        table.add_column(name, justify="right")
    unknown = float("nan")
    for mode in modes:
        result = results.get(mode)
        table.add_row(
            mode,
            seconds(result.median_s if result else unknown),
            seconds(result.min_s if result else unknown),
            count(len(result.runs) if result else 0),
            ratio(result.speedup if result and result.speedup else unknown),
        )
    show(table)
    for sentence in _told(choice, runs, results, comparison):
        say(sentence)


def _told(
    choice: Choice,
    runs: Sequence[Finished],
    results: dict[str, ModeResult],
    comparison: Comparison,
) -> list[str]:
    """Return the sentences about the last run of the fastest mode."""
    if not results:
        return []
    fastest = min(results.values(), key=lambda result: result.median_s).mode
    last = [run for run in runs if run.summary.mode == fastest][-1]
    return report.told(choice.demo.card, last.recording, last.summary, comparison)
