"""The bytecode of a marked line, as each Python tells it, and what it means for updates."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from core.bytecode import (
    Instruction,
    LineCode,
    LineProblem,
    Question,
    Role,
    question_about,
    understood,
)
from core.bytecode_reader import BytecodeReader
from core.card_reader import read_card
from core.own_card import own_card
from core.switches import NEWEST, Reason, is_known, switch_after
from tests.core.cards import card_text
from tests.pythons import Python

METHOD = """
class Counter:
    count = 0
    def increment(self):
        {line}  # knob: increment
"""
GLOBAL = """
total = 0
def increment():
    global total
    {line}  # knob: increment
"""


def read(
    python: Python, line: str, frame: str = METHOD, name: str = "count", attribute: bool = True
) -> LineCode:
    text = frame.format(line=line)
    found = BytecodeReader().read(Question(python.path, text, "increment", name, attribute)).found
    assert isinstance(found, LineCode), found
    return found


def problem(python: str, text: str, **reader: Any) -> LineProblem:
    found = BytecodeReader(**reader).read(Question(python, text, "increment", "count", True)).found
    assert isinstance(found, LineProblem), found
    return found


def roles(code: LineCode) -> list[Role]:
    """Return what the line does, without what only moves values about."""
    return [
        each.role for each in code.instructions if each.role in ("read", "add", "call", "write")
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("self.count = self.count + 1", ["read", "add", "write"]),
        ("self.count += 1", ["read", "add", "write"]),
        ("self.count = sum([self.count, 1])", ["read", "call", "write"]),
        ("n = self.count; print(n); self.count = n + 1", ["read", "call", "add", "write"]),
        ("count = self.count; self.count = count + 1", ["read", "add", "write"]),
        ("self.count = self.other[0]", ["write"]),
        ("self.count = -self.count", ["read", "add", "write"]),
        ("return self.count", ["read"]),
        ("self.add(1)", ["call"]),
    ],
)
def test_every_python_says_what_a_line_does(
    line: str, expected: list[Role], each_python: Python
) -> None:
    code = read(each_python, line)
    assert roles(code) == expected
    assert (code.line, code.source) == (5, line)
    assert code.python.startswith(each_python.version.removesuffix("t"))
    assert code.gil is not each_python.version.endswith("t")


def test_a_global_is_watched_by_its_name(each_python: Python) -> None:
    code = read(each_python, "total = total + self.total", GLOBAL, "total", attribute=False)
    assert roles(code) == ["read", "add", "write"]


def test_a_function_that_stands_wholly_on_the_line_is_looked_into(each_python: Python) -> None:
    frame = "class Counter:\n    def increment(self): {line}  # knob: increment\n"
    assert roles(read(each_python, "self.count = self.count + 1", frame)) == [
        *("read", "add", "write")
    ]


def test_a_line_that_calls_a_getter_shows_no_reading(each_python: Python) -> None:
    code = read(each_python, "self.count = self.get() + 1")
    assert code.span is None
    assert code.verdict == "unseen"


def test_the_script_is_read_and_not_run(each_python: Python, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    frame = f"open({str(trace)!r}, 'w').close()\n{METHOD}"
    assert roles(read(each_python, "self.count += 1", frame)) == ["read", "add", "write"]
    assert not trace.exists()


def test_lines_are_counted_as_python_counts_them(each_python: Python) -> None:
    assert read(each_python, "self.count += 1", METHOD.replace("\n", "\r\n")).line == 5
    assert read(each_python, "self.count += 1", f"x = '\f\u2028'\n{METHOD}").line == 6


@pytest.mark.parametrize(
    ("text", "kind", "line"),
    [
        ("def f(:\n", "syntax", 1),
        ("\n\nx = = 1\n", "syntax", 3),
        ("x = '\0'\n", "syntax", None),
        ("x = '\udc80'\n", "syntax", None),
        ("x = 1\n", "unmarked", None),
        ("# knob: increment\n", "unmarked", None),
        ("x = 1  # knob: other\n", "unmarked", None),
        ("", "unmarked", None),
    ],
)
def test_a_script_without_such_a_line_is_a_problem_with_a_name(
    text: str, kind: str, line: int | None
) -> None:
    found = problem(sys.executable, text)
    assert found.kind == kind
    if line is not None:
        assert found.line == line
    assert bool(found.reason) is (kind == "syntax")


def test_a_problem_with_the_python_has_a_name(tmp_path: Path) -> None:
    assert problem(str(tmp_path / "nowhere"), "").kind == "missing"
    assert problem("a\0b", "").kind == "missing"
    told = {"say": "echo hello", "crash": "kill -9 $$", "empty": "echo {}", "hang": "exec sleep 60"}
    programs = {}
    for name, line in told.items():
        programs[name] = tmp_path / name
        programs[name].write_text(f"#!/bin/sh\n{line}\n")
        programs[name].chmod(0o755)
    for name in ("say", "crash", "empty"):
        assert problem(str(programs[name]), METHOD).kind == "broken"
    assert problem(str(programs["hang"]), METHOD, timeout_s=0.2).kind == "late"


def test_after_closing_nothing_is_asked(tmp_path: Path) -> None:
    reader = BytecodeReader()
    reader.close()
    question = Question(str(tmp_path / "nowhere"), "", "increment", "count", True)
    assert reader.read(question).found == LineProblem("broken")


def code_of(*instructions: tuple[Role, Reason | None], gil: bool = True) -> LineCode:
    made = tuple(Instruction(0, "X", "", role, switch) for role, switch in instructions)
    return LineCode("3.11.7", gil, True, 1, "", "count", made)


def test_only_a_switch_between_reading_and_writing_counts() -> None:
    quiet = code_of(("take", "call"), ("read", None), ("add", None), ("write", "call"))
    assert (quiet.switches_between, quiet.verdict) == ((), "none")
    at_once = code_of(("read", "call"), ("write", None))
    assert (at_once.switches_between, at_once.verdict) == ((0,), "between")
    anywhere = code_of(("read", "anywhere"), ("write", "anywhere"), gil=False)
    assert anywhere.verdict == "anywhere"
    backwards = code_of(("write", "call"), ("read", "call"))
    assert (backwards.span, backwards.verdict) == (None, "unseen")


def test_no_cpython_is_told_apart() -> None:
    question = Question("python", "", "increment", "count", True)
    found = understood(question, {"implementation": "pypy", "python": "3.10.0", "gil": True})
    assert found == LineProblem("foreign", reason="pypy")


@pytest.mark.parametrize("told", [{}, {"implementation": "cpython"}, [], None])
def test_what_is_no_answer_is_refused(told: Any) -> None:
    question = Question("python", "", "increment", "count", True)
    with pytest.raises((KeyError, TypeError, ValueError)):
        understood(question, told)


def test_the_question_is_about_the_marked_line_and_the_watched_number() -> None:
    card = card_text("""
[[watch]]
name = "rows"
read = "table"
columns = [{ en = "A", ja = "あ" }]
[[watch]]
name = "sum"
read = "account.balance"
""")
    line = """
[[knob]]
name = "step"
kind = "line"
label = { en = "L", ja = "行" }
help = { en = "H", ja = "助" }
alternatives = [{ name = "a", code = "pass", label = { en = "A", ja = "あ" } }]
"""
    asked = question_about(read_card(card + line), "text", "python")
    assert asked == Question("python", "text", "step", "balance", is_attribute=True)
    assert question_about(read_card(card), "text", "python") is None
    flat = card.replace("account.balance", "balance")
    asked = question_about(read_card(flat + line), "text", "python")
    assert asked is not None
    assert not asked.is_attribute
    assert question_about(own_card("own.py", "x = 1\n"), "x = 1\n", "python") is None


# Where a version may switch.


@pytest.mark.parametrize(
    ("version", "name", "following", "reason"),
    [
        ((3, 9), "LOAD_ATTR", "LOAD_CONST", "instruction"),
        ((3, 9), "BINARY_ADD", "LOAD_FAST", "instruction"),
        ((3, 9), "LOAD_FAST", "LOAD_CONST", None),
        ((3, 9), "LOAD_GLOBAL", "SETUP_WITH", None),
        ((3, 9), "RETURN_VALUE", "", None),
        ((3, 10), "LOAD_ATTR", "LOAD_CONST", None),
        ((3, 10), "CALL_FUNCTION", "LOAD_FAST", "call"),
        ((3, 10), "CALL_FUNCTION", "SETUP_FINALLY", None),
        ((3, 10), "JUMP_ABSOLUTE", "", "jump"),
        ((3, 11), "PRECALL", "CALL", None),
        ((3, 11), "CALL", "LOAD_FAST", "call"),
        ((3, 12), "BINARY_OP", "LOAD_FAST", None),
        ((3, 12), "JUMP_BACKWARD", "", "jump"),
        ((3, 13), "CALL_KW", "POP_TOP", "call"),
        ((3, 13), "STORE_ATTR", "", None),
    ],
)
def test_each_version_has_its_places(
    version: tuple[int, int], name: str, following: str, reason: Reason | None
) -> None:
    assert switch_after(version, True, name, following) == reason
    assert switch_after(version, False, name, following) == "anywhere"


def test_a_newer_version_is_taken_for_like_the_newest_and_said_to_be_unknown() -> None:
    later = (NEWEST[0], NEWEST[1] + 1)
    assert is_known(NEWEST)
    assert not is_known(later)
    assert switch_after(later, True, "CALL", "") == "call"


def test_the_calls_that_a_python_has_are_those_that_the_tables_know(each_python: Python) -> None:
    ask = "import dis, json; print(json.dumps(sorted(dis.opmap)))"
    answer = subprocess.run([each_python.path, "-I", "-c", ask], capture_output=True, check=True)
    names = json.loads(answer.stdout)
    version = (3, int(each_python.version.removesuffix("t").partition(".")[2]))
    # INTRINSIC: not calls of anything that a script defines; they do not look at the eval breaker.
    calls = [name for name in names if name.startswith("CALL") and "INTRINSIC" not in name]
    assert calls
    assert all(switch_after(version, True, name, "") for name in calls)
