"""How many tasks are in each state: by binary searches, however many tasks there are. No Qt."""

import numpy as np

from core.task_states import STATES, State
from gui.charts.timeline_frame import Frame
from gui.charts.timeline_text import bad_counts


def state_counts(frame: Frame) -> dict[State, int]:
    """Return the number of tasks in each state at the moment of a frame."""
    index, now_s = frame.index, frame.now_s
    submitted = _by(index.submitted_s.view, now_s)
    ended = _by(index.finished_s.view, now_s)
    started = sum(_by(lane.start_s.view, now_s) for lane in index.lanes)
    unstarted = int(np.count_nonzero(frame.tasks.finished_s[index.left_unstarted()] <= now_s))
    failed, cancelled = bad_counts(frame)
    counts = (
        submitted - started - unstarted,
        started - (ended - unstarted),
        ended - failed - cancelled,
        failed,
        cancelled,
    )
    # Columns and log are read one after the other while others write: never less than none.
    return dict(zip(STATES, (max(0, count) for count in counts), strict=True))


def _by(times_s: np.ndarray[tuple[int], np.dtype[np.float64]], now_s: float) -> int:
    return int(times_s.searchsorted(now_s, side="right"))
