"""The cursor that all views follow: live, paused, or replaying at a speed. No widget, no Qt.

Live means "as new as there is": the moment of the call while a run goes on, everything once
it is over. Whoever asks for an earlier moment pauses; whoever comes to the end is live again.
"""

import math
import time
from collections.abc import Callable
from typing import Final, Literal

from core.moments import Moments
from core.recording import Recording

State = Literal["live", "paused", "replaying"]

SPEEDS: Final = (1, 4, 16, 64)
"""A replay takes so many times as long as the run did."""

_SECOND_NS: Final = 1_000_000_000


class Transport:
    """Where the cursor stands, and how it moves.

    Parameters
    ----------
    now_ns : callable
        The clock of the recordings, in nanoseconds.

    Attributes
    ----------
    state : State
        ``live``, ``paused`` or ``replaying``.
    slowness : int
        One of `SPEEDS`.
    """

    def __init__(self, now_ns: Callable[[], int] = time.perf_counter_ns) -> None:
        self.state: State = "live"
        self.slowness = SPEEDS[0]
        self._now_ns = now_ns
        self._recording: Recording | None = None
        self._moments: Moments | None = None
        self._at_s = 0.0
        self._since_ns = 0

    # -- where it stands -------------------------------------------------------

    @property
    def recording(self) -> Recording | None:
        """Return what is followed."""
        return self._recording

    @property
    def begin_s(self) -> float:
        """Return where a replay begins: with ``main()``, or with the first task before it."""
        if self._recording is None or self._moments is None:
            return 0.0
        main_s = self._recording.main_started_s
        bounds = None if self._recording.running else self._moments.bounds()
        first_s = bounds[0] if bounds else math.nan
        return min((at_s for at_s in (first_s, main_s) if not math.isnan(at_s)), default=0.0)

    @property
    def end_s(self) -> float:
        """Return where all has been shown: now, or when the last task of a run was over."""
        if self._recording is None or self._moments is None:
            return 0.0
        ending, main_s = self._recording.ending, self._recording.main_ended_s
        if ending is None:
            return max(self.begin_s, (self._now_ns() - self._recording.origin_ns) / _SECOND_NS)
        bounds = self._moments.bounds()
        over_s = ending.at_s if math.isnan(main_s) else main_s
        return max(over_s, bounds[1] if bounds else over_s, self.begin_s)

    @property
    def place_s(self) -> float:
        """Return the moment that is shown, within begin and end: for people."""
        return self.end_s if self.state == "live" else self._place_s()

    @property
    def cursor_s(self) -> float:
        """Return the moment up to which views draw; infinity shows all of a run that is over."""
        if self._recording is None:
            return math.inf
        if self.state == "live":
            return self.end_s if self._recording.running else math.inf
        return self._place_s()

    @property
    def moving(self) -> bool:
        """Return whether time passes by itself: something goes on, or is replayed."""
        running = self._recording is not None and self._recording.running
        return self.state == "replaying" or running

    @property
    def plays(self) -> bool:
        """Return whether what is seen moves, so that it could be paused."""
        return self.moving and self.state != "paused"

    def _place_s(self) -> float:
        if self.state != "replaying":
            return self._at_s
        passed_s = (self._now_ns() - self._since_ns) / _SECOND_NS
        return min(self._at_s + passed_s / self.slowness, self.end_s)

    # -- how it moves ----------------------------------------------------------

    def follow(self, recording: Recording | None) -> None:
        """Follow another recording, live; nothing changes if it is the same."""
        if recording is not self._recording:
            self._recording = recording
            self._moments = Moments(recording) if recording is not None else None
            self.state = "live"

    def tick(self) -> None:
        """Come to an end: a replay that has shown everything is live again."""
        if self.state == "replaying" and self._place_s() >= self.end_s:
            self.state = "live"

    def play(self) -> None:
        """Replay from where it stands; from the beginning if all is shown."""
        recording = self._recording
        if recording is None or self.plays:
            return
        self._replay_from(self.begin_s if self.state == "live" else self._at_s)

    def pause(self) -> None:
        """Stand still; what runs goes on underneath."""
        if self._recording is not None and self.plays:
            self._at_s, self.state = self.place_s, "paused"

    def toggle(self) -> None:
        """Play what stands still, pause what plays."""
        if self.plays:
            self.pause()
        else:
            self.play()

    def go_live(self) -> None:
        """Show what is newest from now on."""
        self.state = "live"

    def set_slowness(self, slowness: int) -> None:
        """Replay at another speed; of a run that goes on, slow motion begins now."""
        assert slowness in SPEEDS  # noqa: S101 - the buttons know no other
        if self.state == "replaying":
            self._replay_from(self._place_s())
        elif self.state == "live" and self.moving and slowness > 1:
            self._replay_from(self.end_s)
        self.slowness = slowness

    def seek(self, at_s: float) -> None:
        """Show a moment and stay there; at the end everything, live."""
        if self._recording is None:
            return
        end_s = self.end_s
        self._at_s = min(max(at_s, self.begin_s), end_s)
        self.state = "live" if at_s >= end_s else "paused"

    def step(self, forward: bool) -> None:
        """Show the next or the previous moment at which something happened to a task."""
        if self._recording is None or self._moments is None:
            return
        at_s = self.place_s
        to_s = self._moments.after(at_s) if forward else self._moments.before(at_s)
        if to_s is None:
            to_s = self.end_s if forward else self.begin_s
        self.seek(to_s)

    def to_begin(self) -> None:
        """Show the beginning and stay there."""
        self.seek(self.begin_s)

    def _replay_from(self, at_s: float) -> None:
        self._at_s, self._since_ns, self.state = at_s, self._now_ns(), "replaying"
