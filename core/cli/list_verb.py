"""``list``: the demos with their modes and knobs."""

import argparse
import json
from typing import Any

from core.cli import claims_verb
from core.cli.choice import problems_told
from core.cli.problems import DONE, Problem
from core.cli.terminal import say, show
from core.demos import Demo, all_demos
from core.quoting import shortened
from core.script import MODE_KNOB, find_knobs
from core.script.writing import as_code


def main(asked: argparse.Namespace) -> int:
    """Print the demos, or the claims of the tutorial; return the exit status."""
    if asked.claims:
        return claims_verb.main(asked)
    if asked.measure or asked.python:
        raise Problem("--measure and --python are for the claims; add --claims.")
    with problems_told():
        demos = all_demos()
    if asked.json:
        say(json.dumps([_object(demo) for demo in demos], default=list))
    else:
        _show(demos)
    return DONE


def _object(demo: Demo) -> dict[str, Any]:
    return {
        "name": demo.name,
        "title": demo.card.title.en,
        "modes": list(demo.card.modes),
        "knobs": _knobs(demo),
    }


def _knobs(demo: Demo) -> dict[str, Any]:
    return {knob.name: knob.value for knob in find_knobs(demo.text) if knob.name != MODE_KNOB}


def _show(demos: tuple[Demo, ...]) -> None:
    from rich.table import Column, Table

    names, modes = Column("Demo", no_wrap=True), Column("Modes", no_wrap=True)
    table = Table(names, "What it is", modes, Column("Knobs", overflow="fold"), show_lines=True)
    for demo in demos:
        knobs = [f"{name} = {shortened(as_code(value))}" for name, value in _knobs(demo).items()]
        table.add_row(demo.name, demo.card.title.en, "\n".join(demo.card.modes), "\n".join(knobs))
    show(table)
