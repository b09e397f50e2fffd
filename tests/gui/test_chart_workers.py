"""The chart of the workers: steps, marks and lines, and never more than was seen."""

import itertools
import math

import pytest
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from core import events
from core.recording import Recording
from gui.charts import WorkersChart
from gui.charts.workers_frame import MAX_LOG_PER_FRAME, Signs, WorkersFrame, ticks
from gui.theme import DARK, LIGHT
from tests.core.recordings import MAIN_PID, at, finish, recording, start, submit


@pytest.fixture
def chart(qtbot: QtBot) -> WorkersChart:
    """Return a chart of a usual size."""
    chart = WorkersChart()
    qtbot.addWidget(chart)
    chart.resize(640, 260)
    chart.show()
    return chart


def run(mode: str = "threads", most: int = 4, tasks: int = 6) -> Recording:
    record = recording(mode=mode)
    record.apply(MAIN_PID, events.MainStarted(at(0.5)))
    record.apply(MAIN_PID, events.Executor(1, mode, most, "", at(0.5)))
    submit(record, *((task, 0.5) for task in range(tasks)))
    return record


def thread(record: Recording, number: int, begun_s: float, set_up_s: float = 0.0) -> None:
    if set_up_s:
        begun, ended = at(begun_s), at(begun_s + set_up_s)
        record.apply(MAIN_PID, events.Initialized(9000 + number, begun, ended, True))
    first = at(begun_s + set_up_s)
    record.apply(MAIN_PID, events.Worker(number, 9000 + number, "w", first))


def process(record: Recording, pid: int, begun_s: float, ended_s: float | None = None) -> None:
    record.apply(pid, events.Process(pid, MAIN_PID, "worker", at(begun_s), "3.11.7", False))
    if ended_s is not None:
        record.apply(pid, events.Goodbye(at(ended_s)))


def over(record: Recording, at_s: float) -> Recording:
    record.apply(MAIN_PID, events.MainEnded(at(at_s)))
    record.finish("done", 0, "", at(at_s))
    return record


def frame_of(record: Recording, cursor_s: float = math.inf) -> WorkersFrame:
    signs = Signs(record)
    while signs.follow():
        pass
    return WorkersFrame.of(signs, cursor_s)


def three_threads() -> Recording:
    record = run()
    for number, begun_s in enumerate((0.6, 0.9, 1.2)):
        thread(record, number, begun_s, set_up_s=0.2)
    return over(record, 2.5)


def picture(chart: WorkersChart) -> QImage:
    return chart.grab().toImage()


def colours(image: QImage) -> set[str]:
    return {
        image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())
    }


def test_before_a_run_it_says_what_will_appear(chart: WorkersChart) -> None:
    assert chart.message().startswith("Press Run")
    chart.draw(run(), 0.5)
    assert chart.message() == "Waiting for the first worker …"
    chart.draw(three_threads())
    assert chart.message() == ""
    chart.clear()
    assert chart.message().startswith("Press Run")


def test_a_run_in_which_no_worker_came_up_says_so(chart: WorkersChart) -> None:
    chart.draw(over(run(most=2, tasks=4), 1.0))
    assert chart.message() == "No worker came up in this run (max_workers 2, tasks 4)."


def test_it_tells_how_many_came_and_what_was_allowed(chart: WorkersChart) -> None:
    chart.draw(three_threads())
    assert chart.note() == "workers that came: 3, most at a time: 3"
    assert "Allowed at most: 4. Tasks: 6." in chart.accessibleDescription()
    chart.set_language("ja")
    assert chart.note() == "現れたワーカー 3、同時に最大 3"


def test_an_earlier_cursor_shows_the_workers_of_then(chart: WorkersChart) -> None:
    record = three_threads()
    chart.draw(record, 1.0)
    assert chart.note() == "workers that came: 2, most at a time: 2"
    chart.draw(record, 0.55)
    assert chart.note() == ""
    assert frame_of(record, 1.0).now_s == pytest.approx(1.0)


def test_processes_that_go_make_room_for_others(chart: WorkersChart) -> None:
    record = run("processes", most=2)
    for pid, begun_s, ended_s in ((201, 0.6, 0.9), (202, 0.7, 1.1), (203, 1.0, 1.5)):
        process(record, pid, begun_s, ended_s)
    chart.draw(over(record, 1.6))
    assert chart.note() == "workers that came: 3, most at a time: 2"
    frame = frame_of(record)
    assert frame.count.tolist() == [1, 2, 1, 2, 1, 0]
    assert frame.levels.tolist() == [1, 2, 2]
    assert not frame.own_levels


def test_the_end_of_a_thread_is_not_drawn_as_known(chart: WorkersChart) -> None:
    frame = frame_of(three_threads())
    assert frame.count.tolist() == [1, 2, 3]
    assert frame.known_s == pytest.approx(1.4)
    assert frame.now_s == pytest.approx(2.5)
    full = LIGHT.mode_colour("threads")
    pale = LIGHT.softened(full, 0.6)
    chart.draw(three_threads())
    right_half = picture(chart).copy(chart.width() * 3 // 4, 0, chart.width() // 4, chart.height())
    assert full.name() not in colours(right_half)
    assert pale.name() in colours(right_half)


def test_initializers_are_hatched(chart: WorkersChart) -> None:
    waiting = QColor(LIGHT.waiting).name()
    record = run()
    thread(record, 0, 0.6)
    chart.draw(over(record, 2.5))
    assert waiting not in colours(picture(chart))
    chart.draw(three_threads())
    assert waiting in colours(picture(chart))


def test_the_scale_does_not_move_while_workers_come() -> None:
    record = run(most=6)
    tops = set()
    for number in range(6):
        thread(record, number, 0.6 + number * 0.1)
        tops.add(frame_of(record).top)
    assert tops == {9}


def test_a_bound_far_above_does_not_flatten_the_steps() -> None:
    record = run(most=10_000)
    thread(record, 0, 0.6)
    thread(record, 1, 0.7)
    assert frame_of(record).top <= 8


def test_only_tasks_that_a_worker_ran_are_signs_of_one() -> None:
    record = run(tasks=2)
    thread(record, 0, 0.6)
    start(record, MAIN_PID, (0, 0, 0.6))
    finish(record, (0, 0.9), (1, 1.5))  # nobody ever ran task 1
    assert frame_of(record).known_s == pytest.approx(0.9)


def test_an_end_that_comes_before_its_start_is_a_sign_too() -> None:
    record = run(tasks=1)
    thread(record, 0, 0.6)
    finish(record, (0, 0.9))
    signs = Signs(record)
    signs.follow()
    assert WorkersFrame.of(signs, math.inf).known_s == pytest.approx(0.6)
    start(record, MAIN_PID, (0, 0, 0.6))
    signs.follow()
    assert WorkersFrame.of(signs, math.inf).known_s == pytest.approx(0.9)


def test_a_long_log_is_taken_in_over_several_frames(chart: WorkersChart, qtbot: QtBot) -> None:
    tasks = MAX_LOG_PER_FRAME + 100
    record = run(tasks=tasks)
    thread(record, 0, 0.6)
    chart.draw(over(record, 1.0))
    assert str(tasks) not in chart.accessibleDescription().replace(",", "")
    qtbot.waitUntil(lambda: str(tasks) in chart.accessibleDescription().replace(",", ""))


@pytest.mark.parametrize("top", [1, 2, 3, 9, 24, 61, 1_000, 10_000])
@pytest.mark.parametrize("at_most", [0, 2, 5, 12])
def test_the_scale_has_few_whole_numbers(top: int, at_most: int) -> None:
    numbers = ticks(top, at_most)
    assert numbers[0] == 0
    assert numbers[-1] <= top
    assert len(numbers) <= max(2, at_most)
    assert len({later - earlier for earlier, later in itertools.pairwise(numbers)}) <= 1


@pytest.mark.parametrize("theme", [LIGHT, DARK, LIGHT.zoomed(2.5)], ids=["light", "dark", "large"])
@pytest.mark.parametrize(
    "size", [(240, 120), (390, 200), pytest.param((1_900, 900), marks=pytest.mark.slow)]
)
def test_many_workers_can_be_drawn_at_any_size(
    chart: WorkersChart, theme: object, size: tuple[int, int]
) -> None:
    record = run("processes", most=3, tasks=500)
    for place in range(300):
        process(record, 1_000 + place, 0.6 + place * 0.01, 0.62 + place * 0.01)
    chart.set_theme(LIGHT if theme is LIGHT else DARK if theme is DARK else LIGHT.zoomed(2.5))
    chart.resize(*size)
    chart.draw(over(record, 4.0))
    assert len(colours(picture(chart))) > 2


def test_a_replay_that_begins_does_not_say_that_no_worker_came(chart: WorkersChart) -> None:
    record = run()
    thread(record, 1, begun_s=1.0)
    finish(record, (0, 1.5))
    chart.draw(over(record, 2.0), 0.6)
    assert chart.message() == "Waiting for the first worker …"
    chart.draw(over(run(), 2.0))
    assert chart.message().startswith("No worker came up")
