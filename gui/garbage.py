"""Python's cyclic garbage is collected in the window's thread only.

Left alone, the collector runs in whichever thread happens to allocate: one of the bridge's that
came upon a dialog, say, would take its widgets apart outside of the thread that they live in, which
crashes.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from PySide6.QtCore import QTimer

EVERY_MS: Final = 2_000
"""Often enough for cycles of a busy window, and next to nothing for one that is left alone."""


@contextmanager
def collected_here() -> Iterator[None]:
    """Within the block, collect from the event loop of this thread, and nowhere else."""
    was_enabled = gc.isenabled()
    gc.disable()
    gc.freeze()  # what the imports left is no garbage, and looking through it takes 30 ms
    timer = QTimer()
    timer.timeout.connect(collect)
    timer.start(EVERY_MS)
    try:
        yield
    finally:
        timer.stop()
        gc.unfreeze()
        if was_enabled:
            gc.enable()


def collect() -> None:
    """Collect those generations that Python would collect by its own thresholds; often none."""
    counts, thresholds = gc.get_count(), gc.get_threshold()
    due = [
        generation
        for generation, (count, most) in enumerate(zip(counts, thresholds, strict=True))
        if count > most > 0
    ]
    if due:
        gc.collect(max(due))
