"""What a demo needs of a Python beyond the standard library, and whether it has it."""

import subprocess
from typing import Final

from core.card import Card
from core.runtimes import RuntimeProblem

_TIMEOUT_S: Final = 10.0  # as long as a Python may take to say what it is

# Nothing is imported that is asked for, and what lies in the current folder does not count.
_QUESTION: Final = """\
import sys
sys.path[:] = [entry for entry in sys.path if entry]
from importlib.util import find_spec
print(*[name for name in sys.argv[1:] if find_spec(name) is None], sep="\\n")
"""


def missing_modules(python: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of the modules that a Python cannot import.

    Raises
    ------
    RuntimeProblem
        It does not answer.
    """
    if not names:
        return ()
    try:
        answer = subprocess.run(  # noqa: S603 - running the chosen Python is the point
            [python, "-c", _QUESTION, *names],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
            timeout=_TIMEOUT_S,
            check=True,
        )
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        raise RuntimeProblem(
            f"{python} does not say what it has; choose another Python."
        ) from error
    return tuple(name for name in names if name in answer.stdout.split())


def needs_problem(card: Card, name: str, python: str) -> str:
    """Return why a demo of that name cannot run on a Python, in one sentence; empty if it can.

    Raises
    ------
    RuntimeProblem
        The Python does not answer.
    """
    missing = missing_modules(python, card.needs)
    if not missing:
        return ""
    what = " and ".join(missing)
    return (
        f"{name} needs {what}, which the Python at {python} does not have; install it there "
        f"({python} -m pip install {' '.join(missing)}) or choose another Python."
    )
