"""Writing to the terminal, or to whatever stands in its place."""

import contextlib
import difflib
import io
import os
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, TextIO

from core.cli.problems import SCRIPT_FAILED, Problem, ReaderGone

if TYPE_CHECKING:  # rich takes a tenth of a second to import, and most answers need none
    from rich.console import Console, RenderableType

_LONGEST_WORD = 100
"""Comparing a longer one with what is known takes too long, and finds nothing."""


def set_up() -> None:
    """Let no character that the terminal does not know stop a command."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # not every object that takes their place has it
            stream.reconfigure(errors="backslashreplace")


def say(text: str) -> None:
    """Write a line to stdout at once.

    Raises
    ------
    ReaderGone
        If nobody reads it.
    Problem
        If it cannot be written, to a full disk for example.
    """
    try:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
    except OSError as error:
        _point_at_nothing(sys.stdout)
        if isinstance(error, BrokenPipeError):
            raise ReaderGone from error
        raise Problem(
            f"The output cannot be written ({error.strerror}); make room, or send it elsewhere.",
            SCRIPT_FAILED,
        ) from error


def complain(text: str) -> None:
    """Write a line to stderr; a reader that is gone changes nothing."""
    try:
        sys.stderr.write(text + "\n")
        sys.stderr.flush()
    except OSError:
        _point_at_nothing(sys.stderr)  # there is no other place to say so


def show(*renderables: "RenderableType") -> None:
    """Write tables and styled texts to stdout, as wide as the terminal is."""
    # Into a text first: rich itself would end the program when the pipe is broken.
    written = io.StringIO()
    console = console_on(written, is_terminal=sys.stdout.isatty())
    for renderable in renderables:
        console.print(renderable)
    say(written.getvalue().removesuffix("\n"))


def console_on(stream: TextIO, *, is_terminal: bool) -> "Console":
    """Return a console that writes texts as they are: a script's output is no markup."""
    from rich.console import Console

    return Console(
        file=stream, force_terminal=is_terminal, markup=False, highlight=False, emoji=False
    )


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return ``"; did you mean 'fibonacci'?"`` when a known word is near, else an empty text."""
    if len(word) > _LONGEST_WORD:
        return ""
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f"; did you mean {near[0]!r}?" if near else ""


def _point_at_nothing(stream: TextIO) -> None:
    """Send what is still buffered nowhere, or the interpreter complains of it when it ends."""
    with contextlib.suppress(OSError):  # a stream without descriptor has nothing to flush to
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, stream.fileno())
        os.close(nothing)
