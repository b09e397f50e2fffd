"""What the timeline shows of workers besides their tasks. Pure, no Qt."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from core.recording import Recording
from core.run_facts import Initialized
from core.workforce import NO_LANE, Presence, presences


@dataclass(frozen=True, slots=True)
class Staff:
    """The workers of a recording, as the timeline needs them.

    Attributes
    ----------
    initializers : Mapping[int, Initialized]
        By the row of the worker that ran it.
    idle : tuple[Presence, ...]
        Workers that came and ran no task; their rows follow the lanes of the others. Known when
        the run is over only: before, a worker may just not have had its first task yet, and its
        row would jump.
    """

    initializers: Mapping[int, Initialized]
    idle: tuple[Presence, ...]

    @classmethod
    def of(cls, recording: Recording, lanes: int) -> Self:
        """Return the workers of a recording of which so many have lanes."""
        found = presences(recording)
        idle = tuple(one for one in found if one.lane == NO_LANE and not recording.running)
        rows = [(one.lane, one) for one in found if one.lane != NO_LANE]
        rows += list(enumerate(idle, start=lanes))
        initializers = {row: one.initialized for row, one in rows if one.initialized}
        return cls(initializers, idle)
