"""Two threads that add 1 each: every order, what it comes to, and the lock."""

from itertools import permutations
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.interleavings import (
    LOCKED_STEPS,
    NUMBERS,
    STEPS,
    History,
    Number,
    State,
    all_orders,
    other_than,
)

UNDO = 0
numbers = st.sampled_from(NUMBERS)


def played(moves: str, *, locked: bool = False) -> History:
    history = History.beginning(locked)
    for move in moves:
        history = history.stepped(1 if move == "1" else 2)
    return history


def test_there_are_as_many_orders_as_there_are_choices_of_the_moments_of_one_thread() -> None:
    orders = all_orders(locked=False)
    assert len(orders) == comb(2 * len(STEPS), len(STEPS)) == 20
    assert {order.moves for order in orders} == set(permutations((1, 1, 1, 2, 2, 2)))


def test_only_the_orders_in_which_nobody_gets_in_between_lose_nothing() -> None:
    kept = {order.moves for order in all_orders(locked=False) if not order.lost}
    assert kept == {(1, 1, 1, 2, 2, 2), (2, 2, 2, 1, 1, 1)}
    assert all(order.count + order.lost == 2 for order in all_orders(locked=False))


def test_an_order_loses_exactly_if_both_read_before_one_wrote() -> None:
    for order in all_orders(locked=False):
        reads = [order.moves.index(number) for number in NUMBERS]
        first_write = min(
            [place for place, move in enumerate(order.moves) if move == number][2]
            for number in NUMBERS
        )
        assert bool(order.lost) is (max(reads) < first_write)


def test_with_the_lock_two_orders_are_left_and_none_loses() -> None:
    orders = all_orders(locked=True)
    assert [order.lost for order in orders] == [0, 0]
    steps = len(LOCKED_STEPS)
    assert [order.moves for order in orders] == [
        (1,) * steps + (2,) * steps,
        (2,) * steps + (1,) * steps,
    ]


@pytest.mark.parametrize(("moves", "count"), [("111222", 2), ("112122", 1), ("121212", 1)])
def test_a_history_comes_to_what_its_order_comes_to(moves: str, count: int) -> None:
    history = played(moves)
    assert history.now.over
    assert (history.now.count, history.now.lost) == (count, 2 - count)
    assert history.overlapped is (count == 1)


def test_the_one_who_wants_the_lock_that_the_other_holds_is_blocked() -> None:
    history = played("112", locked=True)
    assert history.now.thread(2).blocked
    assert history.now.holder == 1
    assert not history.now.can_step(2)
    assert history.stepped(2) is history
    assert history.steps()[-1] == (2, None)
    released = played("112111", locked=True).now
    assert not released.thread(2).blocked
    assert released.holder is None
    assert released.after(2).holder == 2


def test_after_its_last_step_a_thread_has_none() -> None:
    history = played("1111")
    assert history.moves == (1, 1, 1)
    assert history.now.next_step(1) is None
    assert history.now.after(1) is history.now


def test_who_wrote_first_is_known_once_somebody_wrote() -> None:
    assert played("1212").first_writer is None
    assert played("12122").first_writer == 2
    assert played("212111").first_writer == 1


@given(st.booleans(), st.lists(numbers | st.just(UNDO)))
def test_undo_goes_back_through_exactly_what_was(locked: bool, moves: list[int]) -> None:
    history = History.beginning(locked)
    past: list[History] = []
    for move in moves:
        if move == UNDO:
            assert history.undone() == (past.pop() if past else history)
            history = history.undone()
        else:
            after = history.stepped(move)  # type: ignore[arg-type] # drawn from the numbers
            if after is not history:
                past.append(history)
            history = after
    for before in reversed(past):
        history = history.undone()
        assert history == before
    assert history == History.beginning(locked)


@given(st.booleans(), st.lists(numbers, max_size=20))
def test_whatever_is_stepped_the_model_stays_sound(locked: bool, moves: list[Number]) -> None:
    history = History.beginning(locked)
    for move in moves:
        history = history.stepped(move)
        now = history.now
        assert now.over or any(now.can_step(number) for number in NUMBERS)  # no deadlock
        assert sum(_inside(now, number) for number in NUMBERS) <= (1 if locked else 2)
        assert now.lost == (1 if now.over and history.overlapped else 0)
        assert not (locked and history.overlapped)
    assert history == _replayed(locked, history.moves)


@given(st.booleans(), st.lists(numbers, max_size=40))
def test_every_way_to_the_end_is_among_the_orders(locked: bool, moves: list[Number]) -> None:
    history = History.beginning(locked)
    for move in [*moves, *NUMBERS * 2 * len(LOCKED_STEPS)]:
        history = history.stepped(move)
    assert history.now.over
    real = tuple(number for number, step in history.steps() if step is not None)
    (order,) = [order for order in all_orders(locked) if order.moves == real]
    assert (order.count, order.lost) == (history.now.count, history.now.lost)


def test_the_other_of_two() -> None:
    assert [other_than(number) for number in NUMBERS] == [2, 1]


def _inside(state: State, number: Number) -> bool:
    done = state.thread(number).done
    return state.steps.index("read") < done <= state.steps.index("write")


def _replayed(locked: bool, moves: tuple[Number, ...]) -> History:
    history = History.beginning(locked)
    for move in moves:
        history = history.stepped(move)
    return history
