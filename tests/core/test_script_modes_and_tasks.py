"""The mode of a script, the lines that changed, its tasks and its main()."""

import pickle

import pytest

from core.modes import MODES, UnknownMode
from core.script import (
    BadKnobValue,
    ScriptError,
    SyntaxProblem,
    UnknownKnob,
    changed_lines,
    has_main,
    mode_of,
    set_mode,
    task_functions,
)

SCRIPT = "from concurrent import futures\n\nEXECUTOR = {}  # the mode\n"


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.name)
@pytest.mark.parametrize("old", ["None", "futures.ThreadPoolExecutor", "'other'"])
def test_a_mode_is_set_and_read_back(mode: object, old: str) -> None:
    [found] = [known for known in MODES if known is mode]
    changed = set_mode(SCRIPT.format(old), found.name)
    assert changed == SCRIPT.format(found.value)
    assert mode_of(changed) == found.name


@pytest.mark.parametrize(
    "text",
    [
        "",
        "EXECUTOR = futures.Executor",
        "EXECUTOR = 'None'",
        "EXECUTOR = 'futures.ThreadPoolExecutor'",
        "EXECUTOR = 1",
        "EXECUTOR = f()",
        "None  # knob: EXECUTOR",
    ],
)
def test_a_script_may_be_in_no_known_mode(text: str) -> None:
    assert mode_of(text) is None


def test_an_unknown_mode_is_refused() -> None:
    with pytest.raises(UnknownMode, match="choose one of sequential"):
        set_mode(SCRIPT.format("None"), "turbo")


def test_a_script_without_an_executor_constant_has_no_mode_to_set() -> None:
    with pytest.raises(UnknownKnob, match="no knob named EXECUTOR; it has N"):
        set_mode("N = 1\n", "threads")


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        ("", "", ()),
        ("a\nb\nc", "a\nb\nc", ()),
        ("a\nb\nc", "a\nB\nc", (2,)),
        ("a\nb\nc", "A\nb\nC", (1, 3)),
        ("a\nb", "a\nx\ny\nb", (2, 3)),
        ("a\nx\nb", "a\nb", ()),
        ("a\nx\nb\nc", "a\nb\nC", (3,)),
        ("a\na", "a\na\na", (3,)),
        ("a\r\nb", "a\nb", ()),
        ("", "a", (1,)),
        ("a", "", (1,)),
        ("a\f\u2028b\nc", "a\f\u2028b\nC", (2,)),
    ],
)
def test_changed_lines(old: str, new: str, lines: tuple[int, ...]) -> None:
    assert changed_lines(old, new) == lines


def test_texts_too_long_to_match_line_by_line_have_changed_as_a_whole() -> None:
    old = "same\n" + "old\n" * 1_001 + "same\n"
    new = "same\n" + "new\n" * 1_001 + "same\n"
    assert changed_lines(old, new) == tuple(range(2, 1_003))


def test_task_functions_are_the_modules_functions_that_are_handed_over() -> None:
    text = """
def first(x): ...
def second(x): ...
def called(x): ...
async def third(x): ...
class C:
    def method(self): ...
def main():
    def inner(x): ...
    with EXECUTOR() as pool:
        [pool.submit(second, x) for x in range(3)]
        list(pool.map(first, range(3), chunksize=2))
        pool.submit(inner, called(1))
        pool.submit(method)
        pool.submit(lambda: called(2))
        pool.submit()
        pool.other(called)
        map(called, range(3))
        submit(called)
        self.pools[0].submit(third)
        pool.submit(print, called)
"""
    assert task_functions(text) == ("first", "second", "third")


@pytest.mark.parametrize(
    ("text", "has"),
    [
        ("def main(): ...", True),
        ("x = 1\n@timed\ndef main(a=1): ...\n", True),
        ("async def main(): ...", False),
        ("main = 1", False),
        ("class C:\n    def main(self): ...", False),
        ("def f():\n    def main(): ...", False),
        ("", False),
    ],
)
def test_has_main(text: str, has: bool) -> None:
    assert has_main(text) is has


@pytest.mark.parametrize("ask", [mode_of, task_functions, has_main])
def test_a_text_that_is_no_script_is_refused(ask: object) -> None:
    assert callable(ask)
    with pytest.raises(SyntaxProblem):
        ask("x = (")


@pytest.mark.parametrize(
    "error",
    [
        SyntaxProblem("no", 3, "x"),
        UnknownKnob("A", ("B",)),
        BadKnobValue("A cannot."),
    ],
    ids=lambda error: type(error).__name__,
)
def test_errors_survive_a_trip_to_another_process(error: ScriptError) -> None:
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is type(error)
    assert (str(copy), vars(copy)) == (str(error), vars(error))
