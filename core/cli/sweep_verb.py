"""``sweep``: run a demo with 1, 2, 4 ... workers and compare the times."""

import argparse
import math
from functools import partial
from typing import Any, Final

import numpy as np

from core import amdahl
from core.cli import report
from core.cli.choice import Choice, chosen, in_mode, problems_told
from core.cli.problems import DONE, STATUS, Problem
from core.cli.progress import ProgressLine
from core.cli.session import Finished, Session, faults_told
from core.cli.terminal import complain, say, show
from core.number_format import count, percent, ratio, seconds
from core.script import find_knobs
from core.sweep import (
    Sweep,
    SweepPlan,
    SweepProblem,
    candidates,
    plan_for,
    sweep_modes,
    text_with,
    usual_most,
    why_nothing,
    worker_counts,
)
from core.sweep_remarks import remarks

UNKNOWN = float("nan")

REMARKS: Final[dict[str, str]] = {
    "failed": "Tasks failed in {number} of the runs, so the times may say nothing about the work.",
    "idle": "The script gave no task to an executor, so more workers could change nothing.",
    "unequal": "The runs had from {number} to {most} tasks; compare their times only if the work "
    "was the same in all of them.",
    "slower": "It was slower with {workers} workers than with one, which the law cannot express.",
    "beyond": "It was faster than ideal with {workers} workers, which the law cannot express; "
    "something else may have held up the runs with one.",
    "cores": "There are {number} cores here, and {workers} workers were no faster than that many; "
    "s counts this as serial.",
    "uneven": "{number} tasks cannot be shared out evenly among {workers} workers; what that costs "
    "is in s as well.",
}


def main(asked: argparse.Namespace) -> int:
    """Run the sweep, print what was measured; return the exit status."""
    with faults_told():
        choice = chosen(asked.demo, asked.knobs)
    plan = _plan(choice, asked)
    sweep, runs, status = _run_all(choice, plan)
    if asked.json:
        say(report.as_json(_object(choice, sweep, runs)))
    else:
        _show(choice, sweep)
    return status


def _plan(choice: Choice, asked: argparse.Namespace) -> SweepPlan:
    """Return what to run; before anything does."""
    demo, text = choice.demo, choice.text
    modes = sweep_modes(demo.card)
    usual = demo.card.default_mode if demo.card.default_mode in modes else next(iter(modes), "")
    mode = asked.mode or usual
    with problems_told():
        nothing = why_nothing(demo, {knob.name: knob.value for knob in find_knobs(text)})
        if nothing is not None:
            raise Problem(str(nothing)) from nothing
        in_mode(demo, text, mode)
        knob = asked.knob or _knob(choice)
        workers = asked.workers or worker_counts(usual_most(demo.card, knob))
        try:
            return plan_for(demo, text, mode, workers, asked.repeat, knob)
        except SweepProblem as problem:
            raise Problem(str(problem)) from problem


def _knob(choice: Choice) -> str:
    """Return the knob that is the number of workers, unless it has to be asked for."""
    values = {knob.name: knob.value for knob in find_knobs(choice.text)}
    found = candidates(choice.demo, values)
    if len(found) > 1 and choice.demo.card.workers is None:
        raise Problem(
            f"{choice.demo.name} does not show which of its constants is the number of workers; "
            f"say it: --knob {found[0]} (or {', '.join(found[1:])})"
        )
    return next(iter(found), "")


def _run_all(choice: Choice, plan: SweepPlan) -> tuple[Sweep, list[Finished], int]:
    """Run everything until something does not end well; return that as the exit status."""
    sweep, runs, status = Sweep(plan), list[Finished](), DONE
    total = len(plan.runs)
    with ProgressLine(total) as line, Session() as session:
        for place, workers in enumerate(plan.runs):
            these = f"{count(workers)} worker{'' if workers == 1 else 's'}"
            text = f"run {place + 1} of {total}: {these}"
            try:
                one = Choice(choice.demo, text_with(choice.demo, choice.text, plan, workers))
                run = session.start(one)
            except Problem as problem:
                complain(f"The sweep ends at {these}: {problem}")
                status = problem.status
                break
            runs.append(session.follow(one, run, partial(line.update, text, place)))
            ending = runs[-1].ending
            status = STATUS[ending.outcome]
            if status != DONE:
                why = ending.message or f"the run was {ending.outcome}."
                complain(f"The sweep ends at {these}: {why}")
                break
            summary = runs[-1].summary
            sweep = sweep.with_run(workers, summary.elapsed_s, summary.tasks, summary.failed)
    return sweep, runs, status


def _object(choice: Choice, sweep: Sweep, runs: list[Finished]) -> dict[str, Any]:
    return {
        "demo": choice.demo.name,
        "mode": sweep.plan.mode,
        "knob": sweep.plan.knob,
        "runs": [report.run_object(run.recording, run.summary) for run in runs],
        "workers": {
            str(point.workers): {
                "runs": point.runs,
                "median_s": point.median_s,
                "speedup": report.known(point.median),
                "lowest": report.known(point.low),
                "highest": report.known(point.high),
            }
            for point in sweep.points
        },
        "serial_fraction": report.known(sweep.serial),
    }


def _show(choice: Choice, sweep: Sweep) -> None:
    from rich.table import Table

    title = f"{choice.demo.card.title.en}: {sweep.plan.mode}, {sweep.plan.knob}"
    table = Table(title=title, title_justify="left")
    for name in ("Workers", "Runs", "Median", "Speed-up", "Lowest", "Highest", "Amdahl"):
        table.add_column(name, justify="right")
    serial = sweep.serial
    points = {point.workers: point for point in sweep.points}
    for workers in sweep.plan.workers:
        point = points.get(workers)
        law = float(amdahl.speedups(np.array([workers], dtype=np.float64), serial)[0])
        measured = (
            (point.median_s, point.median, point.low, point.high) if point else (UNKNOWN,) * 4
        )
        table.add_row(
            count(workers),
            count(point.runs if point else 0),
            seconds(measured[0]),
            *(ratio(value) for value in measured[1:]),
            ratio(law),
        )
    show(table)
    if not math.isnan(serial):
        say(
            f"Amdahl's law (1967), {amdahl.FORMULA}, comes nearest to the medians with a serial "
            f"fraction s of {percent(100 * serial)}."
        )
    for remark in remarks(sweep):
        listed = " and ".join(", ".join(map(count, remark.workers)).rsplit(", ", 1))
        words = REMARKS[remark.kind]
        say(words.format(number=count(remark.number), most=count(remark.most), workers=listed))
