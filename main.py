"""Futures Lab: the window, or a command-line verb. Qt is imported only for what is drawn.

This file is written so that any Python can read it: one that is too old gets a sentence
instead of a syntax error.
"""

import os
import sys

# Where PYTHONSAFEPATH is set, Python does not look beside the program.
HERE = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 - any Python reads this
if HERE not in sys.path:
    sys.path.insert(0, HERE)

MYPY = False
if MYPY:  # read by the type checker alone: the oldest Pythons have no such module
    from typing import Any  # noqa: F401 - the comments below name it

OLDEST = (3, 11)


def main(argv):
    # type: (list[str]) -> int
    """Do what the arguments ask for; return the exit status."""
    if sys.version_info < OLDEST:
        return _refuse(
            "Futures Lab needs Python 3.11 or newer, and this is Python {}.{}; start it with a "
            "newer one (scripts can still run on Python 3.9: choose it in the window or with "
            "--python).".format(*sys.version_info[:2])
        )
    from core import cli

    return cli.main(argv, _open_window, _tour, _draw)


def _open_window(argv):
    # type: (list[str]) -> int
    problem = _qt_problem()
    if problem:
        return _refuse(problem)
    import gc
    import signal

    from core import numbers_alone

    # Imports make no garbage, and looking for it takes a tenth of their time; see gui/garbage.py.
    gc.disable()
    before = signal.getsignal(signal.SIGINT)
    if before is signal.default_int_handler:
        # An import may lose KeyboardInterrupt, or abort; and there is nothing to clean up yet.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        numbers_alone.import_numpy()
        from gui import app

        return app.main(argv)
    finally:
        signal.signal(signal.SIGINT, before)


def _tour(folder, demos):
    # type: (str, list[str]) -> int
    problem = _qt_problem()
    if problem:
        return _refuse(problem)
    from pathlib import Path

    from core import numbers_alone

    numbers_alone.import_numpy()
    from gui import tour

    return tour.tour(Path(folder), demos)


def _draw(recording, form, path, chart, most_bytes):
    # type: (Any, Any, Any, str, int) -> int
    problem = _qt_problem()
    if problem:
        return _refuse(problem)
    from gui import drawn_export

    drawn_export.export(recording, form, path, chart, most_bytes)
    return 0


def _qt_problem():
    # type: () -> str
    """Return why Qt cannot be used here, empty when it can. Does not import it."""
    from importlib import metadata

    try:
        version = metadata.version("PySide6_Essentials")
    except metadata.PackageNotFoundError:
        return (
            "The window needs PySide6, which this Python does not have; start it with ./run, or "
            "install the requirements: " + sys.executable + " -m pip install -r requirements.txt"
        )
    # Every call that returns None takes one reference from None, until the interpreter aborts.
    # From Python 3.12 on None cannot be used up.
    if version.startswith("6.12.0") and sys.version_info < (3, 12):
        return (
            "PySide6 6.12.0 aborts on Python 3.11 (it uses up None); install another version: "
            + sys.executable
            + ' -m pip install "PySide6-Essentials>=6.11.3,<6.12"'
        )
    return ""


def _refuse(problem, status=2):
    # type: (str, int) -> int
    sys.stderr.write(problem + "\n")
    return status


def _reason(error):
    # type: (BaseException) -> str
    """Return what is at the bottom of an error, on one line."""
    while error.__cause__ or error.__context__:
        error = error.__cause__ or error.__context__  # type: ignore[assignment] # one is there
    return " ".join(str(error).split()) or type(error).__name__


def _fill_standard_streams():
    # type: () -> None
    """Let there be something behind the standard streams that were closed when this began.

    The next file opened would have the number of a closed one, and what is printed would go into
    that. Nothing reads from stdin, and stderr goes nowhere; but nothing can be written to stdout,
    so that whatever prints its result there says that it cannot.
    """
    for number, access in enumerate((os.O_RDONLY, os.O_RDONLY, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            opened = os.open(os.devnull, access)
            if opened != number:
                os.dup2(opened, number)
                os.close(opened)
    sys.stdin = sys.stdin or open(0, closefd=False)  # noqa: SIM115 - for as long as we run
    sys.stdout = sys.stdout or open(1, "w", closefd=False)  # noqa: SIM115 - for as long as we run
    sys.stderr = sys.stderr or open(2, "w", closefd=False)  # noqa: SIM115 - for as long as we run


def _start_again_without_prompt():
    # type: () -> None
    """Let this program, and the Pythons that it starts, end when they end.

    PYTHONINSPECT asks for a prompt instead. It is looked at when Python starts, so that is done
    once more without it.
    """
    words = getattr(sys, "orig_argv", None)
    if os.environ.pop("PYTHONINSPECT", "") and words and sys.executable and os.name == "posix":
        os.execv(sys.executable, [sys.executable, *words[1:]])  # noqa: S606 - this program itself


if __name__ == "__main__":
    _fill_standard_streams()
    _start_again_without_prompt()
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:  # so early that nothing had begun
        sys.exit(3)
    except (ImportError, MemoryError, OSError) as error:  # what follows the imports tells its own
        sys.exit(
            _refuse(
                "Futures Lab could not be loaded ("
                + _reason(error)
                + "); close other programs or raise the limits (ulimit -a), and start again.",
                1,
            )
        )
