"""From a demo and a script text to the `Job` that the laboratory runs.

What the card knows is checked here, before anything is started: a wrong value gets its
sentence at once and not a traceback from the lab process.
"""

import re
import sys
from collections.abc import Mapping
from typing import Any, Final

from core.card import SCRIPT_MODE, Card
from core.demos import Demo
from core.expressions import ExpressionError, evaluate
from core.knob_values import check_value
from core.laboratory import Job
from core.local_sites import LocalSites
from core.needs import check_memory, check_modules
from core.refusals import JobProblem, NoSuchMode
from core.script import MODE_KNOB, SyntaxProblem, find_knobs, mode_of, set_mode, task_functions

_A_SITE: Final = r"(?=/[\w.-]*\?delay_ms=\d)"
"""What follows the port in the address of a local site, and in nobody else's: a recording that was
made while the usual port was taken speaks of another one, which serves nothing any more."""


def build_job(
    demo: Demo,
    text: str,
    *,
    mode: str | None = None,
    sites: LocalSites,
    python: str = sys.executable,
    arguments: tuple[str, ...] = (),
) -> Job:
    """Return the job that runs a text of a demo; ``Job.text`` is what really runs.

    Parameters
    ----------
    text
        The script, with the knobs as they are to be.
    mode
        Rewrites the script to that mode; None leaves it in the one that it is in.
    sites
        Started if the text speaks of the local sites, at whatever port they once were. If they
        had to take another port, the text that runs speaks of that one.
    python
        The Python that will run it; asked whether it has what the demo needs.
    arguments
        ``sys.argv[1:]`` of the script.

    Raises
    ------
    core.refusals.JobProblem
        The demo has no such mode, the Python lacks a module, the run would take more memory than
        is free, or the text cannot be written to a file.
    core.script.ScriptError
        A knob has a value that the card does not allow, or the mode cannot be set.
    core.sites.SitesError
        The local sites do not start.
    """
    card = demo.card
    if mode is not None:
        text = in_mode(demo, text, mode)
    _check_text(text)
    check_modules(card, demo.name, python)
    text = _with_sites(card, text, sites)
    knobs = _checked_knobs(card, text)
    check_memory(card, demo.name, knobs)
    return _job(demo, text, knobs, arguments)


def in_mode(demo: Demo, text: str, mode: str) -> str:
    """Return a text of a demo in another mode.

    Raises
    ------
    core.refusals.NoSuchMode
        The demo does not have it.
    core.script.ScriptError
        The text has no place for it.
    """
    if mode == SCRIPT_MODE and SCRIPT_MODE in demo.card.modes:
        return text
    if mode not in demo.card.modes:
        raise NoSuchMode(demo.name, demo.card, mode)
    return set_mode(text, mode)


def knobs_of(text: str) -> dict[str, Any]:
    """Return the values of a script's knobs; none when it is no script for this Python.

    Such a script runs all the same: the Python that runs it may be a newer one, and if it is
    not, it says best what it has against the script.
    """
    try:
        return {knob.name: knob.value for knob in find_knobs(text)}
    except SyntaxProblem:
        return {}


def expected_values(card: Card, knobs: Mapping[str, Any]) -> dict[str, float]:
    """Return what each watch should read in the end; without those that cannot be known."""
    expected: dict[str, float] = {}
    for watch in card.watches:
        if watch.expected is None:
            continue
        try:
            value = evaluate(watch.expected, knobs)
        except ExpressionError:
            continue  # a knob that it needs was edited out of the script: then nothing is expected
        if isinstance(value, int | float):
            expected[watch.name] = value
    return expected


def _job(demo: Demo, text: str, knobs: dict[str, Any], arguments: tuple[str, ...]) -> Job:
    card = demo.card
    return Job(
        demo=demo.name,
        text=text,
        path=demo.path,
        mode=_mode_of(demo, text),
        knobs=knobs,
        tasks=card.tasks or _tasks_of(text),
        watches={watch.name: watch.read for watch in card.watches},
        tables=tuple(watch.name for watch in card.watches if watch.columns),
        series=tuple(watch.name for watch in card.watches if watch.series),
        environment=dict(card.environment),
        arguments=arguments,
    )


def _checked_knobs(card: Card, text: str) -> dict[str, Any]:
    """Return the values in a text, all of which the card allows."""
    knobs = knobs_of(text)
    for knob in card.knobs:
        if knob.name in knobs:
            check_value(knob, knobs[knob.name])
    return knobs


def _check_text(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        raise JobProblem(
            f"Line {line} has a character that no file can hold; type that line anew."
        ) from error


def _with_sites(card: Card, text: str, sites: LocalSites) -> str:
    if card.sites is None:
        return text
    host = card.sites.rpartition(":")[0]
    spoken_of = re.compile(rf"{re.escape(card.sites)}(?!\d)|{re.escape(host)}:\d+{_A_SITE}")
    if not spoken_of.search(text):
        return text
    address = sites.address()
    return spoken_of.sub(lambda _: address, text)


def _mode_of(demo: Demo, text: str) -> str:
    try:
        mode = mode_of(text)
    except SyntaxProblem:
        return SCRIPT_MODE  # as in knobs_of
    if mode is None:
        return SCRIPT_MODE
    if mode not in demo.card.modes:
        raise NoSuchMode(demo.name, demo.card, mode, f", or change {MODE_KNOB}")
    return mode


def _tasks_of(text: str) -> tuple[str, ...]:
    try:
        return task_functions(text)
    except SyntaxProblem:
        return ()  # as in knobs_of
