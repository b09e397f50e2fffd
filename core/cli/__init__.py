"""The command line: ``list``, ``run``, ``compare``, ``export``; window and tour are handed in.

Nothing in here imports Qt. What only one verb needs (rich, numpy, the laboratory) is
imported by that verb, so that ``list`` and a wrong word answer at once.
"""

import argparse
from collections.abc import Callable
from importlib import import_module
from typing import Final

from core.cli import options, terminal
from core.cli.problems import DONE, STOPPED, Problem, ReaderGone, refusals_told
from core.numbers_alone import import_numpy
from core.quoting import squeezed

_VERBS: Final = {
    "list": "core.cli.list_verb",
    "run": "core.cli.run_verb",
    "compare": "core.cli.compare_verb",
    "sweep": "core.cli.sweep_verb",
}
"""The module of each verb; its ``main`` takes the options and returns the exit status."""

_LONGEST_WORD: Final = 300
"""As long as the path of a file may be that is still worth reading."""

_LONGEST_SENTENCE: Final = 2_000


def main(
    argv: list[str],
    open_window: Callable[[list[str]], int],
    make_tour: Callable[[str, list[str]], int],
    draw: Callable[..., int] | None = None,
) -> int:
    """Do what the arguments ask for and return the exit status.

    Parameters
    ----------
    argv
        The arguments after ``main.py``.
    open_window
        Opens the window; gets the script to show, or nothing.
    make_tour
        Makes the tour into a folder; gets the names of the demos too, none for all.
    draw
        Writes a recording as a report or a picture, see `core.cli.export_verb`; without it the
        formats that hold charts are refused.

    Returns
    -------
    0 done, 1 the script failed or its recording could not be saved, 2 wrong usage,
    3 timed out or stopped.
    """
    terminal.set_up()
    try:
        with refusals_told():
            asked = options.parse(argv)
            if asked.verb == "window":
                return open_window([asked.script] if asked.script else [])
            if asked.verb == "tour":
                return make_tour(asked.folder, asked.demos)
            if asked.verb == "export":
                return _export(asked, draw)
            return _do(asked)
    except Problem as problem:
        terminal.complain(_with_short_words(str(problem), argv))
        return problem.status
    except ReaderGone:
        return DONE  # as `head` has it: who closes the pipe has read enough
    except KeyboardInterrupt:
        return STOPPED  # before or after the time in which `core.cli.supervision` takes it


def _with_short_words(sentence: str, argv: list[str]) -> str:
    """Return a sentence that quotes no more than a little of any argument, in one line."""
    parts = {part for word in argv for part in (word, *word.split("=", 1))}
    for part in sorted(parts, key=len, reverse=True):
        if len(part) > _LONGEST_WORD:
            for quoted in (repr(part)[1:-1], part):
                sentence = sentence.replace(quoted, squeezed(part))
    return squeezed(sentence, _LONGEST_SENTENCE)


def _export(asked: argparse.Namespace, draw: Callable[..., int] | None) -> int:
    import_numpy()
    # Here, like the verbs: it brings what reads recordings.
    from core.cli import export_verb

    return export_verb.main(asked, draw or export_verb.without_qt)


def _do(asked: argparse.Namespace) -> int:
    if asked.verb != "list":
        import_numpy()
    status: int = import_module(_VERBS[asked.verb]).main(asked)
    return status
