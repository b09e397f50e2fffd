"""What runs at a moment of a recording: a pure function of its tasks."""

import math

import numpy as np

from core.recording import Recording


def running_functions(recording: Recording, cursor_s: float) -> dict[str, int]:
    """Return how many tasks of each function run at a moment, by the function's name.

    At infinity, which is after all, nothing runs.
    """
    ending = recording.ending
    if not math.isfinite(cursor_s) or (ending is not None and cursor_s >= ending.at_s):
        return {}
    tasks = recording.tasks
    runs = (tasks.started_s <= cursor_s) & ~(tasks.finished_s <= cursor_s)
    numbers, counts = np.unique(tasks.function[runs], return_counts=True)
    named = zip(numbers.tolist(), counts.tolist(), strict=True)
    found: dict[str, int] = {}
    for number, count in named:
        name = recording.functions.get(number, "")
        if name:
            found[name] = found.get(name, 0) + count
    return found
