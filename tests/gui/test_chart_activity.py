"""The strips of the threads: who ran when, how much at once, and what there is instead."""

import itertools
import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core import events
from core.activity import GONE, READY, RUNNING, WAITING, Track, busy_share
from core.recording import Recording
from gui.charts import ActivityChart
from gui.charts.activity_cpu import slowest
from gui.charts.activity_image import STRIPE_PX, Layer, pixels, stacked
from gui.charts.activity_index import CHANGES_PER_FRAME, Together
from gui.charts.activity_strips import PALE
from gui.theme import DARK, LIGHT, Theme
from tests.core.recordings import MAIN_PID, at, finish, recording, start, submit

SLICE_S = 0.005
"""How long a thread keeps the GIL while others want it."""

Change = tuple[int, int, float, int]
"""Process, thread, moment, state."""


@pytest.fixture
def chart(qtbot: QtBot) -> ActivityChart:
    """Return a chart of a usual size."""
    chart = ActivityChart()
    qtbot.addWidget(chart)
    chart.resize(900, 500)
    chart.show()
    return chart


def see(record: Recording, changes: Sequence[Change], until_s: float) -> None:
    """Let the watcher see changes; those of one thread stand together."""
    pid, thread, times, state = zip(*changes, strict=True)
    moments = np.array([at(moment) for moment in times])
    record.apply(
        MAIN_PID,
        events.Activity(np.array(pid), np.array(thread), moments, np.array(state)),
    )
    record.apply(MAIN_PID, events.Sampled(at(0), at(until_s), round(until_s * 1000)))


def begun(mode: str = "threads") -> Recording:
    record = recording(mode=mode)
    record.apply(MAIN_PID, events.Process(MAIN_PID, 1, "main", at(0), "3.11.7", False))
    record.apply(MAIN_PID, events.MainStarted(at(0.1)))
    return record


def workers(record: Recording, count: int, pid: int = MAIN_PID) -> None:
    for number in range(count):
        record.apply(pid, events.Worker(number, 9000 + number, "w", at(0.1)))


def over(record: Recording, ended_s: float) -> Recording:
    record.apply(MAIN_PID, events.MainEnded(at(ended_s)))
    record.finish("done", 0, "", at(ended_s + 0.05))
    return record


def by_turns(threads: int = 3, lasting_s: float = 0.9, *, ended: bool = True) -> Recording:
    """Return a run in which one thread runs at a time, as with the GIL."""
    record = begun()
    workers(record, threads)
    changes = [(MAIN_PID, MAIN_PID, 0.0, RUNNING), (MAIN_PID, MAIN_PID, 0.1, WAITING)]
    for thread in range(threads):
        for turn in range(round(lasting_s / SLICE_S)):
            state = RUNNING if turn % threads == thread else WAITING
            changes.append((MAIN_PID, 9000 + thread, 0.1 + turn * SLICE_S, state))
        changes.append((MAIN_PID, 9000 + thread, 0.1 + lasting_s, GONE))
    see(record, changes, 0.1 + lasting_s)
    return over(record, 0.1 + lasting_s) if ended else record


def at_once() -> Recording:
    """Return a run of two processes that both run half of the time, one waits to be let run."""
    record = begun("processes")
    changes = []
    for pid in (201, 202):
        record.apply(pid, events.Process(pid, MAIN_PID, "worker", at(0.1), "3.11.7", False))
        record.apply(pid, events.Worker(0, pid, "w", at(0.1)))
        second = READY if pid == 201 else RUNNING
        changes += [(pid, pid, 0.1, RUNNING), (pid, pid, 0.6, second), (pid, pid, 1.1, GONE)]
    see(record, changes, 1.1)
    return over(record, 1.1)


def picture(chart: ActivityChart) -> npt.NDArray[np.uint32]:
    """Return the colours of all pixels, shape (height, width)."""
    image = chart.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    shape = image.height(), image.width()
    return np.frombuffer(image.constBits(), dtype=np.uint32).reshape(shape).copy()


def lit(chart: ActivityChart, number: int, colour: QColor) -> list[bool]:
    """Return for each column of a strip whether it is mostly of a colour."""
    shown, image = chart.picture(), picture(chart)
    assert shown is not None
    box = shown.strip_box(number).toAlignedRect()
    inside = image[box.top() + 4 : box.bottom() - 8, box.left() + 1 : box.right() - 1]
    columns: list[bool] = ((inside == colour.rgb()).mean(axis=0) > 0.5).tolist()
    return columns


def switches(row: list[bool]) -> int:
    return sum(one != other for one, other in itertools.pairwise(row))


# -- words ---------------------------------------------------------------------


def test_before_a_run_it_says_what_will_appear(chart: ActivityChart) -> None:
    assert chart.message().startswith("Press Run")
    chart.draw(begun(), 0.5)
    assert chart.message() == "Waiting for the first look at the threads …"
    chart.draw(over(begun(), 0.2))
    assert chart.message() == "Nobody saw a thread of this run: it was over too soon."
    chart.draw(by_turns())
    assert chart.message() == ""
    chart.clear()
    assert chart.message().startswith("Press Run")


def test_threads_are_called_as_in_the_timeline(chart: ActivityChart) -> None:
    chart.draw(by_turns())
    assert "Strips: thread 1, thread 2, thread 3, main thread." in chart.accessibleDescription()
    chart.draw(at_once())
    assert "Strips: process 1 (201), process 2 (202)." in chart.accessibleDescription()
    chart.set_language("ja")
    assert "プロセス1 (201)" in chart.accessibleDescription()


def labels(chart: ActivityChart) -> list[str]:
    told = chart.accessibleDescription()
    begin = told.index("Strips: ") + len("Strips: ")
    return told[begin : told.index(".", begin)].split(", ")


def test_the_threads_of_the_script_have_strips_though_they_run_no_task(
    chart: ActivityChart,
) -> None:
    record = by_turns(ended=False)
    see(record, [(MAIN_PID, 7777, 0.2, WAITING), (201, 7778, 0.2, WAITING)], 1.0)
    record.apply(MAIN_PID, events.Thread(7777, "Thread-1 (tick)", True))
    record.apply(201, events.Thread(7778, "helper", True))
    chart.draw(record)
    assert labels(chart)[3:] == ["main thread", "Thread-1 (tick)", "helper (201)"]


def test_threads_that_python_needs_for_itself_have_strips_once_they_ran(
    chart: ActivityChart,
) -> None:
    record = by_turns(ended=False)
    others = [(MAIN_PID, 7777), (MAIN_PID, 7778), (300, 300)]
    see(record, [(*other, 0.2, WAITING) for other in others], 1.0)
    record.apply(MAIN_PID, events.Thread(7777, "QueueFeederThread", False))
    chart.draw(record)
    assert labels(chart)[3:] == ["main thread"]
    ran = [(*other, 1.0 + begun, state) for other in others for begun, state in RAN]
    see(record, ran, 1.2)
    chart.draw(record)
    wanted = ["main thread", "Python's QueueFeederThread", "system thread 7778"]
    assert labels(chart)[3:] == [*wanted, "other process (300)"]


RAN = ((0.0, RUNNING), (0.03, WAITING))


def test_a_worker_that_ran_no_task_has_a_strip(chart: ActivityChart) -> None:
    record = at_once()
    record.apply(203, events.Process(203, MAIN_PID, "worker", at(0.2), "3.11.7", False))
    see(record, [(203, 203, 0.2, WAITING)], 1.1)
    chart.draw(record)
    assert labels(chart) == [f"process {number} (20{number})" for number in (1, 2, 3)]


def test_before_the_first_word_of_the_watcher_nothing_is_known(chart: ActivityChart) -> None:
    record = begun()
    record.apply(MAIN_PID, events.Activity([MAIN_PID], [MAIN_PID], [at(0.1)], [RUNNING]))
    chart.draw(record, 0.2)  # a live frame, and what was seen has come only in part
    picture(chart)  # any warning fails the test
    assert chart.message() == "Waiting for the first look at the threads …"


@pytest.mark.parametrize(
    ("record", "note"),
    [(by_turns(), "two or more at once: 0 %"), (at_once(), "two or more at once: 50 %")],
    ids=["by turns", "at once"],
)
def test_the_heading_says_how_long_two_or_more_ran(
    chart: ActivityChart, record: Recording, note: str
) -> None:
    chart.draw(record)
    assert chart.note() == note


@pytest.mark.parametrize(
    ("cores", "note"),
    [(1.5, "50 %"), (1.3, "30 % to 50 %"), (0.2, "0 % to 50 %"), (2.0, "50 %")],
)
def test_what_clocks_contradict_is_told_as_a_range(
    chart: ActivityChart, cores: float, note: str
) -> None:
    record = at_once()  # one and a half run, if the looks were right
    for moment in (0.1, 0.2, 1.1):
        record.apply(MAIN_PID, events.Cores(at(moment), [0.9, 0.9], cores))
    chart.draw(record)
    assert chart.note() == f"two or more at once: {note}"


# -- strips --------------------------------------------------------------------


def test_by_turns_one_strip_is_lit_at_a_time(chart: ActivityChart) -> None:
    chart.draw(by_turns())
    chart.setFocus()
    for _ in range(8):
        QTest.keyClick(chart, Qt.Key.Key_Up)
    blue = LIGHT.mode_colour("threads")
    rows = [lit(chart, number, blue) for number in range(3)]
    assert all(sum(column) == 1 for column in zip(*rows, strict=True) if sum(column) != 0)
    assert all(switches(row) >= 4 for row in rows)  # single hand-overs can be told
    assert sum(map(sum, rows)) > 0.95 * len(rows[0])


def test_at_once_all_strips_are_lit_and_waiting_for_a_processor_is_hatched(
    chart: ActivityChart,
) -> None:
    chart.draw(at_once())
    orange = LIGHT.mode_colour("processes")
    first, second = (lit(chart, number, orange) for number in range(2))
    columns = len(first)
    assert all(first[5 : round(columns * 0.45)])
    assert not any(first[round(columns * 0.55) :])
    assert all(second[5 : round(columns * 0.95)])
    image = picture(chart)
    shown = chart.picture()
    assert shown is not None
    box = shown.strip_box(0).toAlignedRect()
    middle = image[box.center().y(), box.left() : box.right()]
    found = set(middle[round(columns * 0.7) : round(columns * 0.9)].tolist())
    attention = QColor(LIGHT.attention)
    assert found == {attention.rgb(), LIGHT.softened(attention, PALE).rgb()}


def test_an_earlier_cursor_shows_no_more_than_there_was(chart: ActivityChart) -> None:
    record = at_once()
    chart.draw(record)
    chart.draw(record, 0.6)
    orange = LIGHT.mode_colour("processes")
    row = lit(chart, 1, orange)
    assert all(row[5 : round(len(row) * 0.45)])
    assert not any(row[round(len(row) * 0.55) :])
    assert chart.note() == "two or more at once: 100 %"
    chart.draw(record)
    row = lit(chart, 1, orange)
    assert all(row[5 : round(len(row) * 0.95)])


def test_it_follows_a_run_that_goes_on(chart: ActivityChart) -> None:
    record = begun()
    workers(record, 1)
    blue = LIGHT.mode_colour("threads")
    see(record, [(MAIN_PID, 9000, 0.1, RUNNING)], 0.2)
    chart.draw(record, 0.2)
    early = sum(lit(chart, 0, blue))
    see(record, [(MAIN_PID, 9000, 0.45, WAITING)], 0.5)
    chart.draw(record, 0.5)
    later = lit(chart, 0, blue)
    assert 0 < early < sum(later)
    assert not any(later[-10:])


# -- zoom ----------------------------------------------------------------------


def test_wheel_keys_and_dragging_move_along_time_and_home_shows_all(
    chart: ActivityChart,
) -> None:
    chart.draw(by_turns())

    def window() -> tuple[float, float]:
        view = chart.time_view()
        assert view is not None
        return view.window

    whole = window()
    place = QPointF(500, 200)
    for _ in range(60):
        QApplication.sendEvent(
            chart,
            QWheelEvent(
                place, place, QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
                Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
            ),
        )  # fmt: skip
    closest = window()
    assert closest[1] - closest[0] == pytest.approx(chart.closest_s)
    left = Qt.MouseButton.LeftButton
    QTest.mousePress(chart, left, pos=QPoint(500, 200))
    QTest.mouseMove(chart, QPoint(400, 200))
    QTest.mouseRelease(chart, left, pos=QPoint(400, 200))
    assert window()[0] > closest[0]
    before = window()
    QTest.keyClick(chart, Qt.Key.Key_Left)
    assert window()[0] < before[0]
    QTest.keyClick(chart, Qt.Key.Key_Home)
    assert window() == whole


def test_of_many_strips_all_are_right_a_few_frames_after_a_zoom(
    chart: ActivityChart, qtbot: QtBot
) -> None:
    chart.draw(by_turns(threads=40, lasting_s=0.4))
    before = picture(chart)
    QTest.keyClick(chart, Qt.Key.Key_Up)
    first = picture(chart)
    assert (first != before).any()
    qtbot.waitUntil(lambda: not chart.catching_up)
    later = picture(chart)
    fresh = ActivityChart()
    qtbot.addWidget(fresh)
    fresh.resize(chart.size())
    fresh.draw(by_turns(threads=40, lasting_s=0.4))
    QTest.keyClick(fresh, Qt.Key.Key_Up)
    inside = np.s_[4:-4, 4:-4]  # the rim of the focus is another matter
    assert (picture(fresh)[inside] == later[inside]).all()
    assert (first[inside] != later[inside]).any()  # the frame of the zoom had not the time for all


def test_many_threads_can_be_scrolled(chart: ActivityChart) -> None:
    chart.draw(by_turns(threads=60))
    chart.resize(400, 200)
    view = chart.time_view()
    assert view is not None
    assert view.seen < view.rows == 61
    place = QPointF(200, 100)
    wheel = QWheelEvent(
        place, place, QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.ShiftModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(chart, wheel)
    shown = chart.picture()
    assert shown is not None
    assert shown.rows.first == 1


# -- without activity ----------------------------------------------------------


@pytest.mark.parametrize("reason", ["off", "system", "failed"])
def test_without_activity_it_says_why_and_shows_cpu_times(
    chart: ActivityChart, reason: str
) -> None:
    record = begun()
    workers(record, 1)
    record.apply(MAIN_PID, events.Unwatched(reason))  # type: ignore[arg-type]  # one of its words
    submit(record, (0, 0.1))
    start(record, MAIN_PID, (0, 0, 0.1))
    finish(record, (0, 1.1), cpu_s=0.5)
    chart.draw(over(record, 1.1))
    assert chart.message().endswith(("not watched.", "themselves measured."))
    assert LIGHT.mode_colour("threads").rgb() in picture(chart)


def test_of_many_tasks_the_slowest_are_shown() -> None:
    record = begun()
    workers(record, 1)
    submit(record, *((task, 0.1) for task in range(50)))
    start(record, MAIN_PID, *((task, 0, 0.1) for task in range(50)))
    finish(record, *((task, 0.2 + (task % 7) * 0.1) for task in range(49)))
    times, ended = slowest(record, math.inf, 7)
    assert ended == 49
    assert [each.task % 7 for each in times] == [6] * 7
    assert slowest(record, 0.25, 100)[1] == 7


@pytest.mark.parametrize("theme", [LIGHT, DARK, LIGHT.zoomed(2.5)], ids=["light", "dark", "large"])
@pytest.mark.parametrize("size", [(240, 130), (380, 420), (1_900, 900)])
def test_it_can_be_drawn_in_any_look_at_any_size(
    chart: ActivityChart, theme: Theme, size: tuple[int, int]
) -> None:
    chart.set_theme(theme)
    chart.resize(*size)
    chart.draw(by_turns(threads=32))
    assert len(np.unique(picture(chart))) > 2


# -- sums ----------------------------------------------------------------------


def random_tracks(changes: int, threads: int = 4) -> tuple[Track, ...]:
    rng = np.random.default_rng(7)
    tracks = []
    for thread in range(threads):
        times = np.sort(rng.uniform(0, 10, changes))
        state = rng.integers(0, 3, changes).astype(np.uint8)
        tracks.append(Track(1, thread, times, state))
    return tuple(tracks)


def cut(tracks: Sequence[Track], until_s: float) -> tuple[Track, ...]:
    stops = [int(np.searchsorted(track.at_s, until_s, side="right")) for track in tracks]
    return tuple(
        Track(track.pid, track.thread, track.at_s[:stop], track.state[:stop])
        for track, stop in zip(tracks, stops, strict=True)
    )


def test_the_time_together_is_that_of_the_whole_recording_however_it_arrives() -> None:
    tracks = random_tracks(300)
    together = Together()
    for until_s in (0.5, 3.0, 3.0, 7.5, 10.0):
        assert not together.follow(cut(tracks, until_s), until_s)
    for from_s, to_s in ((0.0, 10.0), (1.0, 4.0), (6.2, 6.3)):
        wanted = busy_share(tracks, from_s, to_s)
        assert together.share(from_s, to_s) == pytest.approx(wanted, abs=1e-9)


def test_a_long_recording_is_taken_in_over_several_frames() -> None:
    tracks = random_tracks(5 * CHANGES_PER_FRAME)
    together = Together()
    frames = 1
    while together.follow(tracks, 10.0):
        frames += 1
    assert frames >= 5
    assert together.share(0.0, 10.0) == pytest.approx(busy_share(tracks, 0.0, 10.0), abs=1e-3)


def test_other_threads_or_late_changes_begin_the_sum_anew() -> None:
    tracks = random_tracks(100)
    together = Together()
    together.follow(tracks[:2], 10.0)
    together.follow(tracks, 10.0)
    assert together.share(0.0, 10.0) == pytest.approx(busy_share(tracks, 0.0, 10.0), abs=1e-9)
    late = Together()
    late.follow((*tracks[:3], cut(tracks[3:], 2.0)[0]), 10.0)
    late.follow(tracks, 10.0)
    assert late.share(0.0, 10.0) == pytest.approx(busy_share(tracks, 0.0, 10.0), abs=1e-9)


def test_stripes_go_on_where_the_columns_before_ended(qapp: QApplication) -> None:
    heights = np.full(20, 10, dtype=np.int32)
    layer = Layer(heights, QColor("#000000"), QColor("#ffffff"))
    whole = pixels([layer], 10)
    part = pixels([layer._replace(height_px=heights[7:])], 10, 7)
    assert (whole[:, 7:] == part).all()
    assert STRIPE_PX < 20
    image = stacked([layer], 10)
    assert (image.width(), image.height()) == (20, 10)
