"""The frames of the lab, and only those, go out of a traceback."""

from __future__ import annotations

import traceback
from collections.abc import Callable

from core.lab import tracebacks

# Functions whose code says that it stands in the lab's folder.
_OURS = """
def call(function):
    return function()

def call_twice(function):
    return call(function)
"""
_lab: dict[str, Callable[[Callable[[], object]], object]] = {}
exec(compile(_OURS, tracebacks._FOLDER + "made_up.py", "exec"), _lab)  # made for the test


def fail() -> object:
    raise ValueError("deep")


def fail_through_the_lab() -> object:
    return _lab["call_twice"](fail)


def fail_because() -> object:
    try:
        return fail_through_the_lab()
    except ValueError as error:
        raise KeyError("high") from error


def caught(function: Callable[[], object]) -> Exception:
    try:
        function()
    except (ValueError, KeyError, TypeError) as error:
        return error
    raise AssertionError("it did not fail")


def frames(error: BaseException) -> list[str]:
    return [frame.name for frame in traceback.extract_tb(error.__traceback__)]


def test_frames_of_the_lab_are_known_by_their_place() -> None:
    assert tracebacks.is_ours(tracebacks.prune.__code__)
    assert not tracebacks.is_ours(fail.__code__)


def test_prune_takes_them_out_of_the_middle_and_keeps_the_rest() -> None:
    error = caught(fail_through_the_lab)
    assert frames(error) == ["caught", "fail_through_the_lab", "call_twice", "call", "fail"]
    tracebacks.prune(error)
    assert frames(error) == ["caught", "fail_through_the_lab", "fail"]


def test_prune_takes_them_off_the_top_and_the_end() -> None:
    def call_nothing() -> object:
        return _lab["call"](None)  # type: ignore[arg-type] # that is what fails, inside the lab

    error = caught(lambda: _lab["call"](call_nothing))
    for _ in range(2):  # the frames of this test
        tracebacks.drop_first(error)
    assert frames(error) == ["call", "call_nothing", "call"]
    tracebacks.prune(error)
    assert frames(error) == ["call_nothing"]


def test_prune_follows_causes_and_contexts_and_circles() -> None:
    error = caught(fail_because)
    assert error.__cause__ is not None
    error.__cause__.__context__ = error  # a circle
    tracebacks.prune(error)
    assert "call" not in frames(error.__cause__)
    assert frames(error) == ["caught", "fail_because"]


def test_prune_leaves_an_error_without_traceback_alone() -> None:
    error = ValueError()
    tracebacks.prune(error)
    assert error.__traceback__ is None


def test_drop_first_forgets_the_newest_frame_only() -> None:
    error = caught(fail_through_the_lab)
    tracebacks.drop_first(error)
    assert frames(error) == ["fail_through_the_lab", "call_twice", "call", "fail"]
    tracebacks.drop_first(ValueError())  # of none there is none to forget
