"""What becomes of a recording that was written while its run went on and has no end."""

import os
from typing import BinaryIO, Final

from core.recording import Recording
from core.run_facts import CUT_OFF
from core.storage.lock import is_locked

_ABANDONED: Final = (
    "The recording ends early: the program that recorded the run was killed, or had no room left "
    "on the disk; what had arrived until then is kept."
)
_GOES_ON: Final = (
    "The recording ends early: the run is still being recorded; open it again when it is over."
)


def end_early(recording: Recording, latest_ns: int, stream: BinaryIO) -> None:
    """End a recording at the last moment that it knows of; ``stream`` is the file it is in."""
    is_growing = os.name == "posix" and is_locked(stream.fileno())
    recording.finish(CUT_OFF, None, _GOES_ON if is_growing else _ABANDONED, latest_ns)


def forget_missing_tasks(recording: Recording) -> None:
    """Forget what is told of tasks that never came themselves."""
    known = len(recording)
    recording.cancels = [one for one in recording.cancels if one.task < known]
    recording.stalls = [
        stall
        for stall in recording.stalls
        if all(max(one.task, one.awaited) < known for one in stall.waits)
    ]
