"""What a recording keeps of its threads and cores, and the pure functions on that."""

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import activity, activity_log, events
from core.activity import GONE, READY, RUNNING, WAITING, Track, busy_share, spent, strip
from core.recording import Recording
from core.recording_file import open_recording, save
from tests.core.recordings import MAIN_PID, at, recording


def track(*changes: tuple[float, int], thread: int = 1) -> Track:
    """Return a track of (second, state) pairs."""
    at_s, state = zip(*changes, strict=True)
    return Track(MAIN_PID, thread, np.array(at_s, float), np.array(state, np.uint8))


def see(record: Recording, thread: int, *changes: tuple[float, int]) -> None:
    """Let the watcher see changes of one thread."""
    times = [at(moment) for moment, _ in changes]
    states = [state for _, state in changes]
    pids, threads = [MAIN_PID] * len(times), [thread] * len(times)
    record.apply(0, events.Activity(pids, threads, times, states))


def watched() -> Recording:
    """Return a finished recording with activity."""
    record = recording()
    record.apply(7, events.Process(7, 1, "watcher", at(0), "3.11.7", False))
    see(record, 11, (0.25, RUNNING), (0.5, WAITING))
    record.apply(
        7, events.Activity([MAIN_PID] * 2, [12, 11], [at(0.5), at(0.75)], [RUNNING, RUNNING])
    )
    see(record, 12, (1.0, READY), (2.0, GONE))
    record.apply(7, events.Sampled(at(0.25), at(1), 750))
    record.apply(7, events.Sampled(at(1), at(2.25), 250))
    record.apply(7, events.Cores(at(0.1), [0.5], 0.25))
    record.apply(7, events.Cores(at(0.2), [0.5, 1.0], 1.25))
    record.finish("done", 0, "", at(3))
    return record


def check_equal(found: Recording, original: Recording) -> None:
    """Compare all that a reader can see of the activity."""
    pairs = zip(found.activity(), original.activity(), strict=True)
    for mine, other in pairs:
        assert (mine.pid, mine.thread) == (other.pid, other.thread)
        for name in ("at_s", "state", "spent_s"):
            np.testing.assert_array_equal(getattr(mine, name), getattr(other, name))
    for mine_, other_ in zip(found.cores(), original.cores(), strict=True):
        np.testing.assert_array_equal(mine_, other_)
    np.testing.assert_equal(found.activity_until_s, original.activity_until_s)
    np.testing.assert_equal(found.activity_rate_hz, original.activity_rate_hz)
    assert found.activity_note == original.activity_note


def test_threads_come_in_the_order_of_first_sight_and_the_watcher_is_none_of_them() -> None:
    record = watched()
    first, second = record.activity()
    assert (first.thread, first.at_s.tolist(), first.state.tolist()) == (
        11,
        [0.25, 0.5, 0.75],
        [RUNNING, WAITING, RUNNING],
    )
    assert (second.thread, second.at_s.tolist(), second.state.tolist()) == (
        12,
        [0.5, 1.0, 2.0],
        [RUNNING, READY, GONE],
    )
    assert record.processes == []
    assert record.activity_until_s == 2.25
    assert record.activity_rate_hz == 500


def test_a_core_that_came_later_was_not_there_before() -> None:
    cores = watched().cores()
    np.testing.assert_array_equal(cores.load, [[0.5, math.nan], [0.5, 1.0]])
    assert cores.lab.tolist() == [0.25, 1.25]


def test_activity_and_cores_come_back_from_a_file(tmp_path: Path) -> None:
    original = watched()
    save(original, tmp_path / "run.jsonl")
    check_equal(open_recording(tmp_path / "run.jsonl"), original)


@pytest.mark.parametrize("reason", [activity.OFF, activity.SYSTEM, activity.FAILED])
def test_why_there_is_none_comes_back_from_a_file(tmp_path: Path, reason: str) -> None:
    record = recording()
    (event,) = events.decode(f'[["unwatched","{reason}"]]'.encode())
    record.apply(0, event)
    record.finish("done", 0, "", at(3))
    save(record, tmp_path / "run.jsonl")
    found = open_recording(tmp_path / "run.jsonl")
    assert found.activity_note == reason
    assert (found.activity(), len(found.cores().at_s)) == ((), 0)
    assert math.isnan(found.activity_until_s)
    assert math.isnan(found.activity_rate_hz)


@pytest.mark.parametrize(
    "message",
    [
        b'[["activity",[1],[1],[5],[4]]]',
        b'[["activity",[1],[1],[5],[-1]]]',
        b'[["activity",[0],[1],[5],[1]]]',
        b'[["activity",[1],[2147483648],[5],[1]]]',
        b'[["activity",[1],[1],[-5],[1]]]',
        b'[["activity",[1,1],[1],[5],[1]]]',
        b'[["cores",5,[1.5],0]]',
        b'[["cores",5,[-0.5],0]]',
        b'[["cores",5,[null],0]]',
        b'[["cores",5,[0.5],1e999]]',
        b'[["sampled",5,-5,0]]',
        b'[["unwatched","because"]]',
        b'[["process",1,1,"onlooker",5,"3.11",false]]',
    ],
)
def test_what_is_out_of_bounds_is_refused(message: bytes) -> None:
    with pytest.raises(events.MalformedEvent):
        events.decode(message)


def test_a_thread_that_goes_back_in_time_is_refused() -> None:
    record = recording()
    see(record, 11, (1, RUNNING), (2, WAITING))
    with pytest.raises(events.MalformedEvent, match="back in time"):
        see(record, 11, (1.5, RUNNING))
    with pytest.raises(events.MalformedEvent, match="back in time"):
        see(record, 12, (2, RUNNING), (1, WAITING))
    (only,) = record.activity()
    assert only.at_s.tolist() == [1, 2]


def test_what_a_recording_keeps_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(activity_log, "MAX_TRACKS", 2)
    monkeypatch.setattr(activity_log, "MAX_CHANGES", 4)
    monkeypatch.setattr(activity_log, "MAX_CORE_SAMPLES", 1)
    record = recording()
    see(record, 11, (1, RUNNING))
    see(record, 12, (1, RUNNING))
    with pytest.raises(events.MalformedEvent, match="more than 2 threads"):
        see(record, 13, (1, RUNNING))
    with pytest.raises(events.MalformedEvent, match="more than 4 times"):
        see(record, 11, (2, WAITING), (3, RUNNING))
    record.apply(0, events.Cores(at(1), [1.0], 0.0))
    with pytest.raises(events.MalformedEvent, match="more than 1 times"):
        record.apply(0, events.Cores(at(2), [1.0], 0.0))
    assert [track.at_s.tolist() for track in record.activity()] == [[1], [1]]


TRACKS = st.lists(
    st.lists(
        st.tuples(st.integers(0, 1000), st.sampled_from([WAITING, RUNNING, READY, GONE])),
        min_size=1,
        max_size=20,
    ).map(lambda rows: track(*sorted((moment / 10, state) for moment, state in rows))),
    max_size=4,
)


@given(TRACKS, st.integers(-50, 1050), st.integers(1, 500), st.integers(1, 3))
def test_the_busy_share_is_what_looking_everywhere_finds(
    tracks: list[Track], begin: int, length: int, at_least: int
) -> None:
    moments = [(begin + index + 0.5) / 10 for index in range(length)]
    busy = [sum(_state_at(one, moment) == RUNNING for one in tracks) for moment in moments]
    expected = sum(count >= at_least for count in busy) / length
    found = busy_share(tuple(tracks), begin / 10, (begin + length) / 10, at_least)
    assert found == pytest.approx(expected, abs=1e-6)


def _state_at(one: Track, moment: float) -> int | None:
    row = int(np.searchsorted(one.at_s, moment, side="right")) - 1
    return None if row < 0 else int(one.state[row])


def test_an_empty_stretch_has_no_busy_share() -> None:
    assert math.isnan(busy_share((), 1.0, 1.0))
    assert math.isnan(busy_share((), math.nan, 1.0))


@given(TRACKS, st.integers(-50, 1050), st.integers(1, 40), st.integers(1, 200))
def test_a_strip_adds_up_to_what_is_known(
    tracks: list[Track], begin: int, columns: int, width: int
) -> None:
    edges_s = (begin + width * np.arange(columns + 1)) / 10
    for one in tracks:
        parts = strip(one, edges_s, until_s=80.0)
        with_sums = one._replace(spent_s=spent(one.at_s, one.state))
        np.testing.assert_allclose(strip(with_sums, edges_s, until_s=80.0), parts)
        known = np.clip(edges_s, one.at_s[0], max(80.0, one.at_s[0]))
        np.testing.assert_allclose(parts.sum(axis=1), np.diff(known) / (width / 10), atol=1e-9)
        assert parts.min() >= -1e-9


def test_a_strip_says_what_part_of_a_column_was_in_which_state() -> None:
    one = track((1.0, RUNNING), (1.5, WAITING), (2.75, READY))
    parts = strip(one, np.array([0.0, 1.0, 2.0, 3.0, 4.0]), until_s=3.5)
    expected = np.array([[0, 0, 0, 0], [0.5, 0.5, 0, 0], [0.75, 0, 0.25, 0], [0, 0, 0.5, 0]])
    np.testing.assert_allclose(parts, expected)
