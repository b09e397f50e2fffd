"""The registry of modes, in the order of their buttons.

A new mode is one file here and one entry in `MODES`.
"""

from core.modes import processes, sequential, threads
from core.modes._mode import Mode

__all__ = ["MODES", "Mode", "UnknownMode", "mode_named"]

MODES: tuple[Mode, ...] = (sequential.MODE, threads.MODE, processes.MODE)


class UnknownMode(ValueError):
    """There is no mode of that name; the text names those there are."""


def mode_named(name: str) -> Mode:
    """Return the mode of that name.

    Raises
    ------
    UnknownMode
        There is none.
    """
    for mode in MODES:
        if mode.name == name:
            return mode
    known = ", ".join(mode.name for mode in MODES)
    raise UnknownMode(f"There is no mode named {name!r}; choose one of {known}.")
