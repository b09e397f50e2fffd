"""Scripts of one's own: opened, dropped, pasted and saved. None of this runs anything."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from core.card import SCRIPT_MODE, Card, Localized
from core.demos import Demo, demo_from_file
from core.exports.target import whole_file
from core.own_card import own_card
from core.run_facts import Header
from core.script import SyntaxProblem
from core.script.likeness import differ_in_knobs_only

PASTED: Final = "pasted.py"


def script_from_file(path: Path) -> Demo:
    """Return a file as a demo, even if Python cannot read it: it can be corrected on screen.

    Raises
    ------
    core.demos.UnreadableScript
        The file is not there, is no text, too large ...
    """
    try:
        return demo_from_file(path)
    except SyntaxProblem:
        text = path.read_bytes().decode()  # so that it is read once more, as it was just read
        return Demo(path.name, path, text, _bare_card(path.name))


def script_from_text(text: str, name: str = PASTED) -> Demo:
    """Return a text as a demo, even if Python cannot read it."""
    path = Path.cwd() / name
    try:
        card = own_card(name, text)
    except SyntaxProblem:
        card = _bare_card(name)
    return Demo(name, path, text, card)


def script_of_recording(header: Header, demos: Mapping[str, Demo]) -> Demo:
    """Return the demo that was recorded, or its script as one of one's own if that is another."""
    demo = demos.get(header.demo)
    if demo is not None and differ_in_knobs_only(demo.text, header.script):
        return demo
    named = header.demo if header.demo.endswith((".py", ".pyw")) else f"{header.demo}.py"
    return script_from_text(header.script, named)


def save_script(path: Path, text: str) -> None:
    """Write a script as it stands, line ends included; the file changes as a whole or not at all.

    Raises
    ------
    core.exports.ExportProblem
        It cannot be written there.
    UnicodeEncodeError
        The text has characters that no file can hold.
    """
    content = text.encode()
    with whole_file(path) as stream:
        stream.write(content)


def _bare_card(title: str) -> Card:
    """Return the card of a script that says nothing about itself yet."""
    return Card(
        title=Localized(title),
        summary=own_card(title, "").summary,
        modes=(SCRIPT_MODE,),
        default_mode=SCRIPT_MODE,
        tasks=(),
        views=("comparison", "timeline"),
    )
