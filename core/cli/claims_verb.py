"""``list --claims``: what the tutorial claims, and what this machine and Python showed."""

import argparse
import json
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from core.card import Claim, Holds
from core.claims import Judgement, figures_of
from core.cli.choice import problems_told
from core.cli.problems import DONE, Problem
from core.cli.terminal import say, show
from core.demos import Demo, all_demos, usable_cores
from core.numbers_alone import import_numpy
from core.script import MODE_KNOB, find_knobs

if TYPE_CHECKING:  # it imports subprocess, which a list without measuring has no need of
    from core.runtimes import Runtime

NOT_MEASURED: Final = "not measured"

HOLDS: Final[dict[Holds, str]] = {
    "yes": "holds",
    "partly": "holds in part",
    "no": "does not hold",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What is known about a claim.

    Attributes
    ----------
    judgement : Judgement or None
        None when no run judged it.
    why_not : str
        Why none did, in one sentence; empty as long as nothing was run for it.
    status : int
        What that means for the exit status.
    """

    demo: Demo
    claim: Claim
    judgement: Judgement | None = None
    why_not: str = ""
    status: int = DONE


def main(asked: argparse.Namespace) -> int:
    """Print the claims, measured if that is asked for; return the exit status."""
    if asked.python and not asked.measure:
        raise Problem("Without --measure nothing is run, so --python has no meaning; add it.")
    with problems_told():
        demos = all_demos()
    findings = [Finding(demo, claim) for demo in demos for claim in demo.card.claims]
    runtime = None
    if asked.measure:
        # Only here: numpy and the laboratory take a while to import.
        import_numpy()
        from core.cli import measuring

        runtime, findings = measuring.measured(findings, asked.python or sys.executable)
    if asked.json:
        say(json.dumps([_object(finding, runtime) for finding in findings]))
    else:
        _show(findings, runtime)
    return max((finding.status for finding in findings), default=DONE)


def _object(finding: Finding, runtime: "Runtime | None") -> dict[str, Any]:
    claim, judgement = finding.claim, finding.judgement
    return {
        "claim": claim.name,
        "demo": finding.demo.name,
        "mode": claim.mode,
        "text": claim.text.en,
        "figures": _figures(finding),
        "python": runtime.version if runtime else None,
        "free_threaded": runtime.free_threaded if runtime else None,
        "machine": {"cores": usable_cores(), "system": sys.platform},
        "holds": judgement.holds if judgement else None,
        "measured": judgement.measured.en if judgement else None,
        "why_not": finding.why_not or None,
    }


def _figures(finding: Finding) -> list[dict[str, Any]]:
    knobs: dict[str, Any] = {knob.name: knob.value for knob in find_knobs(finding.demo.text)}
    knobs.pop(MODE_KNOB, None)
    figures = figures_of(finding.claim, finding.demo.card, knobs | dict(finding.claim.knobs))
    return [
        {"name": figure.name, "mode": figure.mode, "value": figure.value, "unit": figure.unit}
        for figure in figures
    ]


def _show(findings: list[Finding], runtime: "Runtime | None") -> None:
    from rich.table import Table

    table = Table(title=_title(runtime), title_justify="left", show_lines=True)
    table.add_column("Claim", ratio=1, overflow="fold")
    table.add_column("Demo", no_wrap=True)
    if runtime is not None:
        table.add_column("Here", no_wrap=True)
    table.add_column("Measured", ratio=1 if runtime else None, overflow="fold")
    for finding in findings:
        cells = [finding.claim.text.en, finding.demo.name, *_here(finding, runtime)]
        table.add_row(*cells)
    show(table)


def _title(runtime: "Runtime | None") -> str:
    if runtime is None:
        return "The claims of the tutorial"
    cores = f"{usable_cores()} cores" if usable_cores() > 1 else "1 core"
    return f"The claims of the tutorial, on {runtime.label}, {cores}, {sys.platform}"


def _here(finding: Finding, runtime: "Runtime | None") -> list[str]:
    if runtime is None:
        return [NOT_MEASURED]
    if finding.judgement is None:
        return ["not known", finding.why_not]
    return [HOLDS[finding.judgement.holds], finding.judgement.measured.en]
