"""Scripts of one's own: opened, dropped, pasted and saved. None of this runs anything."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from core.card import SCRIPT_MODE, Card, Localized
from core.demos import Demo, script_in
from core.exports.target import whole_file
from core.own_card import own_card
from core.run_facts import Header
from core.script import SyntaxProblem, is_long
from core.script.likeness import differ_in_knobs_only

PASTED: Final = "pasted.py"


def script_from_file(path: Path) -> Demo:
    """Return a file as a demo, even if Python cannot read it: it can be corrected on screen.

    Raises
    ------
    core.demos.UnreadableScript
        The file is not there, is no text, too large ...
    """
    text = script_in(path)
    return Demo(path.name, path, text, _card(path.name, text))


def script_from_text(text: str, name: str = PASTED) -> Demo:
    """Return a text as a demo, even if Python cannot read it."""
    return Demo(name, folder_here() / name, text, _card(name, text))


def script_of_recording(header: Header, demos: Mapping[str, Demo]) -> Demo:
    """Return the demo that was recorded, or its script as one of one's own if that is another."""
    demo = demos.get(header.demo)
    is_short = not is_long(header.script)
    if demo is not None and is_short and differ_in_knobs_only(demo.text, header.script):
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


def _card(name: str, text: str) -> Card:
    """Return what a script says of itself; one that is broken or long says nothing."""
    if is_long(text):
        return _bare_card(name)
    try:
        return own_card(name, text)
    except SyntaxProblem:
        return _bare_card(name)


def folder_here() -> Path:
    """Return the current folder, or the temporary one when it was deleted."""
    try:
        return Path.cwd()
    except OSError:
        return Path(tempfile.gettempdir())


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
