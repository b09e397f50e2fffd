"""What is said while nothing goes on: which task waits for which."""

import math
from typing import Final

from core import number_format
from core.recording import Recording
from core.run_facts import Stall, Wait
from gui.texts import Texts

MOST_NAMED: Final = 4
"""Tasks whose waiting is told one by one; the charts show all."""


def stall_sentence(recording: Recording, stall: Stall, texts: Texts) -> str:
    """Return since when nothing goes on, and who waits for whom."""
    begun_s = recording.main_started_s
    since_s = stall.at_s - (0.0 if math.isnan(begun_s) else begun_s)
    named = [_wait(wait, texts) for wait in stall.waits[:MOST_NAMED]]
    more = len(stall.waits) - len(named)
    if more:
        named.append(texts("stall.more", count=number_format.count(more)))
    since = number_format.seconds(since_s, texts.language)
    return texts("stall.sentence", since=since, waits=texts("explanation.comma").join(named))


def _wait(wait: Wait, texts: Texts) -> str:
    key = "stall.itself" if wait.awaited == wait.task else "stall.wait"
    what = texts("stall.what", what=wait.what) if wait.what else ""
    # People count from 1, here as on the cards and bars of the charts.
    return texts(key, task=wait.task + 1, awaited=wait.awaited + 1, what=what)
