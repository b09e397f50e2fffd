"""Where cards stand, how they glide, and what they say: pure, without a window."""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import events
from core.recording import Recording
from core.task_states import STATES, State, task_states
from gui.charts import futures_text as text
from gui.charts.futures_layout import (
    MOST_CARDS,
    Box,
    Measures,
    columns,
    dot_pitch,
    dots_in,
    neighbour,
    places,
    plan,
    seen_lines,
    tasks_a_dot,
)
from gui.charts.futures_motion import Gliding
from gui.charts.words import LANGUAGES
from tests.core.recordings import MAIN_PID, at
from tests.gui.charts_demo import TaskTimes, add, empty_run, end

NEED = Measures(line=16.0, pad=3.0, gap=8.0, narrowest=30.0)
ROOM = Box(8.0, 50.0, 364.0, 250.0)
COLUMN = columns(ROOM, NEED.gap)["pending"]


def test_columns_share_the_room() -> None:
    found = list(columns(ROOM, NEED.gap).values())
    assert {box.width for box in found} == {COLUMN.width}
    assert found[-1].left + found[-1].width == pytest.approx(ROOM.left + ROOM.width)
    assert all(b.left - a.left == a.width + NEED.gap for a, b in itertools.pairwise(found))


@given(tasks=st.integers(1, 80), height=st.floats(20, 900), width=st.floats(10, 400))
def test_cards_that_were_planned_all_fit_with_their_first_lines(
    tasks: int, height: float, width: float
) -> None:
    column = Box(0.0, 0.0, width, height)
    cards = plan(tasks, column, NEED)
    if cards is None:
        one_line = NEED.line + 2 * NEED.pad
        fits_one = height >= one_line and width >= NEED.narrowest
        assert tasks > 1 or not fits_one
        return
    assert tasks <= MOST_CARDS
    found = places({"failed": range(tasks)}, {"failed": column}, cards, NEED.gap)
    assert len(found) == tasks
    for box in found.values():
        assert -0.01 <= box.top <= height - cards.height + 0.01
        assert box.left + box.width <= width + 0.01
    order = list(found.values())
    for number, box in enumerate(order):
        assert seen_lines(box, order[number + 1 :], cards, NEED.pad) >= 1


def test_few_cards_are_large_and_do_not_overlap() -> None:
    cards = plan(3, COLUMN, NEED)
    assert cards is not None
    assert (cards.lines, cards.abreast) == (4, 1)
    order = list(places({"running": [4, 1, 2]}, {"running": COLUMN}, cards, NEED.gap).values())
    assert [seen_lines(box, order[n + 1 :], cards, NEED.pad) for n, box in enumerate(order)] == [
        4
    ] * 3


def test_the_size_depends_on_how_many_there_are_not_on_where_they_are() -> None:
    cards = plan(12, COLUMN, NEED)
    assert cards is not None
    boxes = columns(ROOM, NEED.gap)
    apart = places({"pending": [0, 1], "failed": [2]}, boxes, cards, NEED.gap)
    together = places({"failed": list(range(12))}, boxes, cards, NEED.gap)
    sizes = {(box.width, box.height) for box in (*apart.values(), *together.values())}
    assert len(sizes) == 1


def test_many_tasks_get_no_cards() -> None:
    assert plan(MOST_CARDS + 1, Box(0, 0, 5_000, 5_000), NEED) is None


CARDS: dict[State, list[int]] = {"pending": [7, 8, 9], "running": [3], "failed": [1, 2]}


@pytest.mark.parametrize(
    ("chosen", "across", "down", "abreast", "expected"),
    [
        (7, 0, 1, 1, 8),
        (7, 0, -1, 1, 7),
        (9, 0, 1, 1, 9),
        (9, 1, 0, 1, 3),
        (3, 1, 0, 1, 1),
        (2, -1, 0, 1, 3),
        (1, 1, 0, 1, 1),
        (7, 1, 0, 2, 8),
        (7, 0, 1, 2, 9),
    ],
)
def test_arrows_lead_to_the_neighbour(
    chosen: int, across: int, down: int, abreast: int, expected: int
) -> None:
    assert neighbour(chosen, CARDS, across, down, abreast) == expected


@given(tasks=st.integers(1, 10**6), dots=st.integers(1, 5_000))
def test_dots_have_room_and_stand_for_round_numbers(tasks: int, dots: int) -> None:
    each = tasks_a_dot(tasks, dots)
    assert math.ceil(tasks / each) <= dots
    assert str(each).rstrip("0") in ("1", "2", "5")
    assert tasks > dots or each == 1


def test_few_dots_are_large() -> None:
    assert dot_pitch(COLUMN, 4, 9, 24) == 24
    pitch = dot_pitch(COLUMN, 100, 9, 24)
    assert 9 < pitch < 24
    assert math.prod(dots_in(COLUMN, pitch)) >= 100
    assert dot_pitch(COLUMN, 10**6, 9, 24) == 9


def test_a_card_glides_and_arrives() -> None:
    gliding, here, there = Gliding(), Box(0, 0, 50, 20), Box(300, 40, 50, 20)
    assert gliding.towards({0: here}, 1.0) == ({0: here}, False)
    seen, moving = gliding.towards({0: there}, 1.016)
    assert moving
    assert 0 < seen[0].left < 300
    lefts = []
    for frame in range(100):
        seen, moving = gliding.towards({0: there}, 1.032 + frame * 0.016)
        lefts.append(seen[0].left)
        if not moving:
            break
    assert seen == {0: there}
    assert lefts == sorted(lefts)
    assert len(lefts) < 60


def test_cards_of_another_size_and_new_ones_are_at_once_where_they_belong() -> None:
    gliding = Gliding()
    gliding.towards({0: Box(0, 0, 50, 20)}, 1.0)
    targets = {0: Box(300, 0, 60, 20), 1: Box(200, 0, 60, 20)}
    assert gliding.towards(targets, 1.016) == (targets, False)


def test_a_long_pause_is_no_jump() -> None:
    gliding = Gliding()
    gliding.towards({0: Box(0, 0, 50, 20)}, 1.0)
    seen, moving = gliding.towards({0: Box(300, 0, 50, 20)}, 99.0)
    assert moving
    assert seen[0].left < 200


def detail(record: Recording, task: int, cursor_s: float, language: str = "en") -> str:
    state = next(one for one in task_states(record, cursor_s) if one.task == task)
    return text.detail_of(record, state, cursor_s, language)


def told_run() -> Recording:
    record = empty_run()
    add(
        record,
        TaskTimes(0, 0, 0.0, 1.0, 2.0, arguments="7", result="49"),
        TaskTimes(1, 1, 0.0, 1.0, 2.0, events.FAILED, result="ValueError: no"),
        TaskTimes(2, 0, 0.0, None, 1.5, events.CANCELLED),
        TaskTimes(3, 0, 0.0, 2.0),
    )
    for task, moment in ((0, 1.2), (3, 1.6), (0, 2.5)):
        record.apply(MAIN_PID, events.Cancel(task, at(moment), False))
    return record


def test_cards_say_what_is_known() -> None:
    record = told_run()
    assert detail(record, 0, 1.1) == ""
    assert detail(record, 0, 1.3) == "cancel() → False: it runs"
    assert detail(record, 3, 1.7) == "cancel() → False: a worker has it already"
    assert detail(record, 0, 2.1) == "→ 49"
    assert detail(record, 0, 2.6) == "cancel() → False: it has ended"
    assert detail(record, 0, 2.6 + text.ANSWER_SHOWN_S) == "→ 49"
    assert detail(record, 1, 2.1) == "ValueError: no"
    assert detail(record, 2, 2.1) == "never ran"
    assert detail(end(record, 2.7), 0, 2.7) == "→ 49"


def test_a_stalled_card_says_what_it_waits_for() -> None:
    record = told_run()
    waits = [events.Wait(3, 0, "result()", 12)]
    record.apply(MAIN_PID, events.Stalled(at(2.2), waits))
    assert detail(record, 3, 2.3) == "waits for task 1"
    record.apply(MAIN_PID, events.Stalled(at(2.4), [events.Wait(3, -1, "lock", 12)]))
    assert detail(record, 3, 2.5) == "waits for lock"
    assert "lock" in detail(record, 3, 2.5, "ja")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_counts_are_told_in_words(language: str) -> None:
    counts = dict.fromkeys(STATES, 0) | {"pending": 3}
    told = text.told(counts, language)
    assert told.count("0") == 4
    assert text.state_word("pending", language) + " 3" in told
