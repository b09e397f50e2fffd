"""The elapsed time of a run in words, as the clock of the run bar shows it."""

import math
import time
from typing import Final

from core import number_format
from core.recording import Recording
from gui.texts import Texts

_LONG_S: Final = 100
"""From here on hundredths only flicker."""


def elapsed_text(recording: Recording, texts: Texts, cursor_s: float = math.inf) -> str:
    """Return how long ``main()`` took, or had taken at the cursor."""
    if cursor_s >= recording.main_ended_s and not math.isnan(recording.elapsed_s):
        return number_format.seconds(recording.elapsed_s, texts.language)
    if math.isnan(recording.main_started_s):
        return ""
    until_s = recording.ending.at_s if recording.ending else _now_s(recording)
    elapsed_s = max(0.0, min(until_s, cursor_s) - recording.main_started_s)
    value = f"{elapsed_s:,.2f}" if elapsed_s < _LONG_S else f"{elapsed_s:,.1f}"
    return texts("run_bar.seconds", value=value)


def _now_s(recording: Recording) -> float:
    return (time.perf_counter_ns() - recording.origin_ns) * 1e-9
