"""What a demo needs of the Python and of the machine that run it, and whether it is there.

Looked up before anything is started, so that what is missing is one sentence and not a
traceback, or a machine that swaps.
"""

import json
from collections.abc import Mapping
from typing import Final

from core.asking import RuntimeProblem, answer_of
from core.card import Card
from core.expressions import ExpressionError, evaluate, names_in
from core.refusals import MissingModules, TooLittleMemory

PATIENCE_S: Final = 3.0
"""What a Python may take to say what it has. Closing the window may have to wait for it."""

# Nothing is imported that is asked for, and what lies in the current folder does not count.
_QUESTION: Final = """\
import sys
sys.path[:] = [entry for entry in sys.path if entry]
import json
from importlib.util import find_spec
def lacks(name):
    try:
        return find_spec(name) is None
    except (ImportError, ValueError):
        return True
name = sys.implementation.name.replace("cpython", "Python")
free = " free-threaded" * ("free-threading" in sys.version)
print(json.dumps({"label": name + " " + sys.version.split()[0] + free,
    "lacks": [name for name in sys.argv[1:] if lacks(name)]}))
"""

_complete: Final[set[tuple[str, tuple[str, ...]]]] = set()
"""Pythons that were seen to have certain modules; those that lack some are asked each time, for
somebody may have installed them meanwhile."""


def check_modules(card: Card, name: str, python: str) -> None:
    """Check that a Python has the modules that a demo of that name needs.

    A Python that does not say what it has passes: its run says best what is wrong with it.

    Raises
    ------
    core.refusals.MissingModules
        It lacks some.
    """
    if not card.needs or (python, card.needs) in _complete:
        return
    try:
        label, lacks = _answer(python, card.needs)
    except RuntimeProblem:
        return
    if lacks:
        raise MissingModules(name, card, label, python, lacks)
    _complete.add((python, card.needs))


def check_memory(card: Card, name: str, knobs: Mapping[str, object]) -> None:
    """Check that a run of a demo with these knobs fits into the memory that is free.

    Raises
    ------
    core.refusals.TooLittleMemory
        It does not.
    """
    if card.memory is None:
        return
    try:
        needed_bytes = evaluate(card.memory, knobs)
    except ExpressionError:
        return  # a knob that it needs was edited out of the script: then nothing is known
    if isinstance(needed_bytes, str):
        return
    free_bytes = _free_bytes()
    if needed_bytes > free_bytes:
        used = names_in(card.memory)
        decisive = [(knob, knobs[knob.name]) for knob in card.knobs if knob.name in used]
        raise TooLittleMemory(name, card, decisive, needed_bytes, free_bytes)


def needs_problem(card: Card, name: str, python: str) -> str:
    """Return what `check_modules` raises, for who goes on without the demo; empty if nothing."""
    try:
        check_modules(card, name, python)
    except MissingModules as problem:
        return str(problem)
    return ""


def _answer(python: str, names: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Return what people call a Python, and which of the modules it lacks.

    Its own site packages and variables count, as they do in the run.
    """
    answer = answer_of(python, ("-c", _QUESTION, *names), PATIENCE_S)
    try:
        told = json.loads(answer.splitlines()[-1])  # its site packages may have printed something
        return str(told["label"]), tuple(map(str, told["lacks"]))
    except (ValueError, TypeError, KeyError, IndexError) as error:
        raise RuntimeProblem(f"{python} is not a Python; choose a Python program.") from error


def _free_bytes() -> int:
    import psutil  # most demos need no memory to speak of, and the window opens without it

    return int(psutil.virtual_memory().available)
