"""Watched series: up to a moment, in few numbers, and as few entries as there are pixels."""

from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core import events
from core.recording import Recording
from core.recording_file import open_recording, save
from core.series import Entries, entries, largest_by_column, spread, spreads_of
from tests.core.recordings import MAIN_PID, at, recording


def told(*pairs: tuple[float, float]) -> Recording:
    """Return a recording with these entries of the watch ``late``."""
    record = recording()
    times = [at(moment) for moment, _ in pairs]
    record.apply(MAIN_PID, events.Watch("late", times, [value for _, value in pairs]))
    return record


def test_entries_stand_in_the_order_in_which_they_happened() -> None:
    record = told((0.3, 3), (0.1, 1), (0.2, 2))
    assert entries(record, "late").values.tolist() == [1, 2, 3]
    assert entries(record, "late", 0.2).values.tolist() == [1, 2]
    assert entries(record, "late", 0.05).values.tolist() == []
    assert entries(record, "another").values.tolist() == []


def test_a_series_in_three_numbers() -> None:
    assert spread(np.array([4.0, 1.0, 40.0])) == (3, 4.0, 40.0)
    assert spread(np.zeros(0)) is None
    assert spreads_of(told((0.1, 2), (0.2, 8))) == {"late": (2, 5.0, 8.0)}
    assert spreads_of(recording()) == {}


def test_a_saved_series_is_the_same_when_opened(tmp_path: Path) -> None:
    record = told((0.3, 3.25), (0.1, 1), (0.2, 2))
    record.finish("done", 0, "", at(1))
    save(record, tmp_path / "run.jsonl")
    opened = open_recording(tmp_path / "run.jsonl")
    for before, after in zip(record.watch("late"), opened.watch("late"), strict=True):
        assert before.tolist() == after.tolist()


@given(
    st.lists(st.tuples(st.floats(0, 10), st.floats(0, 1_000)), max_size=300),
    st.integers(1, 50),
)
def test_few_entries_keep_the_largest(pairs: list[tuple[float, float]], columns: int) -> None:
    pairs.sort()
    times, values = (np.array(side) for side in (zip(*pairs, strict=True) if pairs else ([], [])))
    shown = largest_by_column(Entries(times, values), 0.0, 10.0, columns)
    assert len(shown.at_s) <= columns
    assert set(zip(shown.at_s, shown.values, strict=True)) <= set(pairs)
    assert (np.diff(shown.at_s) >= 0).all()
    if pairs:
        assert shown.values.max() == values.max()


def test_what_is_outside_of_the_window_is_left_out() -> None:
    shown = largest_by_column(Entries(np.array([0.0, 1.0, 2.0]), np.ones(3)), 0.5, 1.5, 10)
    assert shown.at_s.tolist() == [1.0]
