"""What one frame of the chart of orders shows: some tasks, their places and times. Pure, no Qt."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from core import orders
from core.columns import ByteArray, FloatArray, IntArray
from core.recording import Recording
from gui.charts.order_index import NOWHERE, OrderIndex
from gui.charts.time_axis import Window, live_span_s

MARGIN: Final = 1.02
"""A finished run ends a little left of the crossing lines."""


@dataclass(frozen=True, slots=True)
class OrderFrame:
    """A recording at a moment: arrays of shape (n,), one entry a task shown, as submitted.

    Attributes
    ----------
    total : int
        How many tasks there are; where they are too many only some are shown.
    left, right : IntArray
        Places of submission and of delivery; the latter `NOWHERE` before it.
    overtaken : array of bool
        Delivered after a task that was submitted later.
    held_s : FloatArray
        How long the result was ready and not taken; NaN before it was ready.
    batches : core.orders.Batches
        Results delivered together; empty where not all are shown.
    """

    recording: Recording
    total: int
    task: IntArray
    left: IntArray
    right: IntArray
    overtaken: npt.NDArray[np.bool_]
    stage: ByteArray
    outcome: ByteArray
    submitted_s: FloatArray
    started_s: FloatArray
    finished_s: FloatArray
    delivered_s: FloatArray
    held_s: FloatArray
    batches: orders.Batches
    now_s: float
    zero_s: float
    bounds: Window
    delivered_count: int
    overtaken_count: int
    longest_held_s: float

    def __len__(self) -> int:
        """Return how many tasks are shown."""
        return len(self.task)

    @property
    def sampled(self) -> bool:
        """Return whether only some of the tasks are shown."""
        return len(self) < self.total


def order_frame(
    recording: Recording, index: OrderIndex, cursor_s: float, at_most: int
) -> OrderFrame:
    """Return what to draw of a recording at a moment (infinity: all there is)."""
    tasks = recording.tasks
    main_s = recording.main_started_s
    zero_s = main_s if not math.isnan(main_s) else _or_zero(index.first_s)
    end_s = _end_s(recording, index)
    now_s = _now_s(index, cursor_s, end_s)
    over = not math.isnan(end_s) and now_s >= end_s
    left = orders.spread(len(index.submitted), at_most)
    rows = index.submitted.rows[left]
    stage = orders.stages(tasks, rows, now_s, over=over)
    right = _places(index, rows, stage)
    overtaken = np.zeros(len(rows), dtype=np.bool_)
    overtaken[right != NOWHERE] = index.is_overtaken(right[right != NOWHERE])
    delivered = index.delivered_by(now_s)
    complete = len(rows) == len(index.submitted)
    shown_s = index.delivered.times_s[: delivered if complete else 0]
    return OrderFrame(
        recording=recording,
        total=len(index.submitted),
        task=rows,
        left=left,
        right=right,
        overtaken=overtaken,
        stage=stage,
        outcome=tasks.outcome[rows],
        submitted_s=tasks.submitted_s[rows],
        started_s=tasks.started_s[rows],
        finished_s=tasks.finished_s[rows],
        delivered_s=tasks.delivered_s[rows],
        held_s=orders.held_s(tasks.finished_s[rows], tasks.delivered_s[rows], now_s),
        batches=orders.batches(shown_s),
        now_s=now_s,
        zero_s=zero_s,
        bounds=_bounds(index, zero_s, now_s, end_s),
        delivered_count=delivered,
        overtaken_count=index.overtaken_by(now_s),
        longest_held_s=index.held_by_s(now_s),
    )


def _places(index: OrderIndex, rows: IntArray, stage: ByteArray) -> IntArray:
    """Return where tasks stand among the delivered; mark as ready those not known there yet."""
    right = np.where(stage == orders.Stage.DELIVERED, index.delivered.places(rows), NOWHERE)
    # The log may not have been read up to a delivery that the columns have already.
    stage[(stage == orders.Stage.DELIVERED) & (right == NOWHERE)] = orders.Stage.READY
    return right.astype(np.int32)


def _end_s(recording: Recording, index: OrderIndex) -> float:
    """Return when the run was over, as far as orders are concerned; NaN while it goes on."""
    if recording.ending is None:
        return math.nan
    all_ended = index.finished >= len(index.submitted)
    last_s = _or_zero(index.last_s)
    return last_s if all_ended else max(last_s, recording.ending.at_s)


def _now_s(index: OrderIndex, cursor_s: float, end_s: float) -> float:
    if math.isnan(end_s):
        return cursor_s if math.isfinite(cursor_s) else _or_zero(index.last_s)
    return min(cursor_s, end_s)


def _bounds(index: OrderIndex, zero_s: float, now_s: float, end_s: float) -> Window:
    begin_s = min(zero_s, _or_zero(index.first_s)) if not math.isnan(index.first_s) else zero_s
    if math.isnan(end_s):
        return Window(begin_s, begin_s + live_span_s(max(now_s - begin_s, 0.0)))
    return Window(begin_s, begin_s + max(end_s - begin_s, 1e-6) * MARGIN)


def _or_zero(value: float) -> float:
    return 0.0 if math.isnan(value) else value
