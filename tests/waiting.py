"""Waiting for a condition, never for a time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

PATIENCE_S = 60.0
"""Only used up when something is wrong: on a busy machine a Python takes many seconds to start."""
PAUSE_S = 0.005  # between two looks: short beside what is waited for, long beside what a look costs


def wait_until(condition: Callable[[], T], timeout_s: float = PATIENCE_S, what: str = "") -> T:
    """
    Look again and again until a condition holds.

    Parameters
    ----------
    condition : callable
        Called without arguments; it holds when it returns something true.
    timeout_s : float
        A generous bound: it is only used up when something is wrong.
    what : str
        What is waited for, for the message of the failure.

    Returns
    -------
    The first true value that the condition returned.

    Raises
    ------
    AssertionError
        When the condition did not hold in time; it names what was waited for and the last value.
    """
    deadline_s = time.monotonic() + timeout_s
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() >= deadline_s:
            name = what or getattr(condition, "__qualname__", repr(condition))
            message = f"waited {timeout_s:g} s in vain for: {name} (last value: {value!r})"
            raise AssertionError(message)
        time.sleep(PAUSE_S)
