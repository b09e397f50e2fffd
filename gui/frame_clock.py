"""One timer for everything that moves; it runs only while something does.

Views connect to `FrameClock.tick` and draw a frame there. An idle window does not tick:
it costs no processor time and leaves the measurement alone.
"""

import time
from collections import deque
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal

FRAME_MS: Final = 16
"""About 60 frames a second."""

KEPT_GAPS: Final = 36_000
"""Gaps kept for the benchmark: ten minutes of frames."""


class FrameClock(QObject):
    """Ticks 60 times a second between `start` and `stop`.

    Parameters
    ----------
    parent : QObject, optional
        The owner.
    now : callable
        A clock in seconds; only the gaps between its readings matter.

    Attributes
    ----------
    tick : Signal
        Emitted once a frame, with no arguments.
    gaps_ms : deque of float
        Milliseconds from each tick to the next, the newest last, at most `KEPT_GAPS`.
        Time in which the clock stood still is no gap.
    """

    tick = Signal()

    def __init__(
        self, parent: QObject | None = None, now: Callable[[], float] = time.perf_counter
    ) -> None:
        super().__init__(parent)
        self.gaps_ms: deque[float] = deque(maxlen=KEPT_GAPS)
        self._now = now
        self._last_s: float | None = None
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self._on_timeout)

    @property
    def running(self) -> bool:
        """Return whether it ticks."""
        return self._timer.isActive()

    def start(self) -> None:
        """Begin to tick; does nothing when it ticks already."""
        if not self.running:
            self._last_s = None
            self._timer.start()

    def stop(self) -> None:
        """Tick no more; does nothing when it stands still already."""
        self._timer.stop()

    def _on_timeout(self) -> None:
        now_s = self._now()
        if self._last_s is not None:
            self.gaps_ms.append((now_s - self._last_s) * 1000)
        self._last_s = now_s
        self.tick.emit()
