"""From the words of the command line to a demo and the text that is to run."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from core.card import SCRIPT_MODE, CardError
from core.cli.problems import SCRIPT_FAILED, Problem
from core.cli.terminal import did_you_mean
from core.demos import Demo, UnknownDemo, UnreadableScript, all_demos, find
from core.knob_values import check_value
from core.modes import UnknownMode
from core.own_card import own_card
from core.quoting import shortened
from core.refusals import NoSuchMode
from core.script import (
    MODE_KNOB,
    BadKnobValue,
    KnobValue,
    ScriptError,
    SyntaxProblem,
    find_knobs,
    parse_value,
    set_knob,
    set_mode,
)

_MOST_LISTED: Final = 20


@dataclass(frozen=True, slots=True)
class Choice:
    """A demo, and its script with the knobs as asked for."""

    demo: Demo
    text: str


@contextmanager
def problems_told() -> Iterator[None]:
    """Let what can be wrong with a demo, a script or a value be a `Problem`."""
    try:
        yield
    except (UnreadableScript, ScriptError, CardError, UnknownMode) as error:
        raise Problem(str(error)) from error


def chosen(
    name: str, assignments: Iterable[tuple[str, str]] = (), mode: str | None = None
) -> Choice:
    """Return the demo or script of that name, with knobs and mode as asked for.

    Raises
    ------
    Problem
        There is no such demo, file, knob or mode, or a value does not fit.
    """
    asked = list(assignments)
    with problems_told():
        try:
            demo = find(name)
        except UnknownDemo as error:
            raise Problem(f"{error}{_nearest_demo(name)}") from error
        except SyntaxProblem as error:
            if asked or mode is not None:
                raise Problem(str(error), SCRIPT_FAILED) from error
            return _unread(Path(name))
        text = demo.text
        for knob, value in asked:
            text = _with_knob(demo, text, knob, value)
        return Choice(demo, text if mode is None else in_mode(demo, text, mode))


def in_mode(demo: Demo, text: str, mode: str) -> str:
    """Return the text in another mode.

    Raises
    ------
    Problem
        The demo has no such mode.
    """
    modes = demo.card.modes
    if mode not in modes:
        if modes == (SCRIPT_MODE,):
            raise Problem(
                f"{demo.name} has no modes to choose from: it has no line "
                f"'{MODE_KNOB} = futures.ThreadPoolExecutor'; leave --mode out."
            )
        if mode in demo.card.why_not:
            raise Problem(str(NoSuchMode(demo.name, demo.card, mode)))
        near = did_you_mean(mode, modes)
        raise Problem(
            f"{demo.name} has no mode {shortened(repr(mode))}; "
            f"it has {', '.join(modes)}{near or '.'}"
        )
    with problems_told():
        return text if mode == SCRIPT_MODE else set_mode(text, mode)


def _nearest_demo(name: str) -> str:
    near = did_you_mean(name, (demo.name for demo in all_demos())).removeprefix("; ")
    return f" {near[:1].upper()}{near[1:]}" if near else ""


def _unread(path: Path) -> Choice:
    """Return a script that this Python cannot read, to be run as it is.

    The Python that runs it may be a newer one; if not, it says best what is wrong.
    """
    text = path.read_bytes().decode()  # it was read before, so it can be
    return Choice(Demo(path.name, path, text, own_card(path.name, "")), text)


def _with_knob(demo: Demo, text: str, name: str, typed: str) -> str:
    knobs = {knob.name: knob.value for knob in find_knobs(text)}
    if name == MODE_KNOB and SCRIPT_MODE not in demo.card.modes:
        raise Problem(f"{MODE_KNOB} is the mode; use --mode {'|'.join(demo.card.modes)}")
    if name not in knobs:
        known = [knob for knob in knobs if knob != MODE_KNOB]
        near = did_you_mean(name, known) or "."
        listed = f"it has {_listed(known)}{near}" if known else "it has none."
        raise Problem(f"{demo.name} has no knob {shortened(repr(name))}; {listed}")
    return set_knob(text, name, _value(demo, name, typed, knobs[name]))


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _MOST_LISTED} more" if len(names) > _MOST_LISTED else ""
    return ", ".join(map(shortened, names[:_MOST_LISTED])) + more


def _value(demo: Demo, name: str, typed: str, current: KnobValue) -> KnobValue:
    knob = demo.card.knob(name)
    for alternative in knob.alternatives if knob else ():
        if alternative.name == typed:  # a name is easier to type than a line of code
            return alternative.code
    try:
        value = parse_value(typed, current)
    except BadKnobValue as error:
        raise Problem(f"{shortened(name)}: {error}") from error
    if knob:
        check_value(knob, value)
    return value
