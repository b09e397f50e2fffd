"""The demos there are: scripts with their cards, and scripts of one's own.

A demo of the lab is two files in `FOLDER`, ``<name>.py`` and ``<name>.toml``. Any other script
gets a card made from what it says itself, see `core.own_card`.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from core.card import Card, CardError, CardKnob
from core.card_reader import read_card
from core.knob_values import check_value
from core.own_card import own_card
from core.quoting import shortened, shown_path, squeezed
from core.script import KnobValue, ScriptError, find_knobs, mode_of, set_knob, task_functions

FOLDER: Final = Path(__file__).resolve().parent.parent / "resources" / "demos"

LARGEST_BYTES: Final = 1_000_000
"""Nobody reads a longer script on a projector; a file of this size is something else."""


class UnknownDemo(ValueError):
    """There is no demo of that name; the text names those there are."""


class UnreadableScript(ValueError):
    """A file that cannot be read as a script; the text is one sentence."""


@dataclass(frozen=True, slots=True)
class Demo:
    """A script and its card.

    Attributes
    ----------
    name : str
        ``race_counter``, or the file name of a script of one's own.
    path : Path
        The script's file.
    text : str
        The script, with the special defaults of its card applied: not always what is in the file.
    """

    name: str
    path: Path
    text: str
    card: Card


def all_demos(folder: Path = FOLDER) -> tuple[Demo, ...]:
    """Return the demos of a folder in the order of their cards.

    Raises
    ------
    CardError
        A card has faults, is missing, or does not fit its script.
    UnreadableScript, core.script.ScriptError
        A script has.
    """
    scripts = folder.glob("*.py")
    return tuple(sorted(map(_demo, scripts), key=lambda demo: (demo.card.order, demo.name)))


def demo_named(name: str, folder: Path = FOLDER) -> Demo:
    """Return the demo of that name.

    Raises
    ------
    UnknownDemo
        There is none.
    """
    demos = all_demos(folder)
    for demo in demos:
        if demo.name == name:
            return demo
    names = ", ".join(demo.name for demo in demos)
    raise UnknownDemo(
        f"There is no demo named '{shortened(name)}'; choose one of {names}, or give a script."
    )


def demo_from_file(path: Path) -> Demo:
    """Return a script of one's own as a demo.

    Raises
    ------
    UnreadableScript
        The file is not there, is no text, too large ...
    core.script.SyntaxProblem
        It is not a Python script.
    """
    text = script_in(path)
    return Demo(path.name, path, text, own_card(path.name, text))


def find(name_or_path: str, folder: Path = FOLDER) -> Demo:
    """Return the demo of that name or, if it looks like a file or is one, that script.

    Raises
    ------
    UnknownDemo, UnreadableScript, core.script.SyntaxProblem
        As in `demo_named` and `demo_from_file`.
    """
    path = Path(name_or_path)
    looks_like_a_file = path.suffix in (".py", ".pyw") or len(path.parts) > 1
    if looks_like_a_file:
        return demo_from_file(path)
    try:
        return demo_named(name_or_path, folder)
    except UnknownDemo:
        if is_file(path):
            return demo_from_file(path)
        raise


def is_file(path: Path) -> bool:
    """Return whether there is such a file; a name that no file can have is none."""
    try:
        return path.is_file()
    except OSError:
        return False


def usable_cores() -> int:
    """Return how many processor cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _demo(path: Path) -> Demo:
    text = script_in(path)
    card = read_card(path.with_suffix(".toml"))
    _check_agreement(card, text, path.with_suffix(".toml").name)
    for knob in card.knobs:
        if knob.default == "cores":
            text = set_knob(text, knob.name, _cores_for(knob))
    return Demo(path.stem, path, text, card)


def _cores_for(knob: CardKnob) -> int:
    low, high = knob.minimum, knob.maximum
    cores = usable_cores() if low is None else max(usable_cores(), int(low))
    return cores if high is None else min(cores, int(high))


def _check_agreement(card: Card, text: str, name: str) -> None:
    """Check that card and script speak of the same knobs, mode and tasks."""
    knobs: dict[str, KnobValue] = {knob.name: knob.value for knob in find_knobs(text)}
    faults = [
        f"{name}: knob {knob.name} is not in the script."
        for knob in card.knobs
        if knob.name not in knobs
    ]
    if mode_of(text) != card.default_mode:
        faults.append(f"{name}: default_mode is {card.default_mode}, the script's {mode_of(text)}.")
    tasks = task_functions(text)
    faults += [
        f"{name}: tasks has {task}, which the script hands to no executor."
        for task in card.tasks
        if task not in tasks
    ]
    for knob in card.knobs:
        if knob.name in knobs:
            faults += _fault_of_value(knob, knobs[knob.name], name)
    if faults:
        raise CardError(tuple(faults))


def _fault_of_value(knob: CardKnob, value: KnobValue, name: str) -> list[str]:
    try:
        check_value(knob, value)
    except ScriptError as problem:
        return [f"{name}: the script's value does not fit: {problem}"]
    return []


def script_in(path: Path) -> str:
    """Return the text of a script, exactly as it is in its file.

    Raises
    ------
    UnreadableScript
        The file is not there, is no text, too large ...
    """
    try:
        if not path.exists():
            raise UnreadableScript(f"There is no file {squeezed(path)}; check its name and folder.")
        if not path.is_file():
            raise UnreadableScript(f"{shown_path(path)} is not a file; give a Python script.")
        with path.open("rb") as file:
            content = file.read(LARGEST_BYTES + 1)
    except OSError as problem:
        raise UnreadableScript(
            f"{squeezed(path)} cannot be read ({problem.strerror})."
        ) from problem
    if len(content) > LARGEST_BYTES:
        raise UnreadableScript(
            f"{shown_path(path)} is larger than a megabyte; give a Python script."
        )
    if b"\0" in content:
        raise UnreadableScript(f"{shown_path(path)} is not a text; give a Python script.")
    try:
        # Bytes, so that line ends stay: the text has to be exactly what is in the file.
        return content.decode("utf-8")
    except UnicodeDecodeError as problem:
        raise UnreadableScript(
            f"{shown_path(path)} is not UTF-8 text; save it as UTF-8."
        ) from problem
