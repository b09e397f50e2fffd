"""Tells the bytecode of one marked line of a script on the Python that runs this file.

Stands alone: ``python -I bytecode.py`` reads one JSON object from stdin, ``{"text", "knob",
"name"}``, and prints one. The script is compiled and never run. What the instructions mean is
worked out by `core.bytecode`; only the Python itself knows which they are.

The answer has ``line``, ``code`` (the line without its mark), ``function`` and ``instructions``,
each with ``offset``, ``name``, ``argument`` (as `dis` writes it) and ``touches``: whether its
argument is the name that was asked about. If there is nothing to tell, it has ``problem``:
``"syntax"`` (with ``line`` and ``reason``) or ``"unmarked"``.
"""

from __future__ import annotations

import dis
import json
import re
import sys
import types
from typing import Any


def answer(question: dict[str, str]) -> dict[str, Any]:
    """Return what is to be printed about a question."""
    found: dict[str, Any] = {
        "python": "%d.%d.%d" % sys.version_info[:3],
        "implementation": sys.implementation.name,
        "gil": getattr(sys, "_is_gil_enabled", lambda: True)(),
    }
    try:
        code = compile(question["text"], "script", "exec", dont_inherit=True)
    except SyntaxError as problem:
        return dict(found, problem="syntax", line=problem.lineno, reason=problem.msg)
    except (ValueError, OverflowError, MemoryError, RecursionError) as problem:
        return dict(found, problem="syntax", line=None, reason=str(problem))
    line, source = marked_line(question["text"], question["knob"])
    places = [place for place in functions_of(code) if on_line(place, line)] if line else []
    if not places:
        return dict(found, problem="unmarked")
    # A function that is wholly on the line is part of what encloses it: take the one that is meant.
    name = question["name"]
    place = max(places, key=lambda each: touched(on_line(each, line), name))
    told = [
        {
            "offset": each.offset,
            "name": each.opname,
            "argument": argument_of(each),
            "touches": each.argval == name,
        }
        for each in on_line(place, line)
    ]
    return dict(found, line=line, code=source, function=place.co_name, instructions=told)


def marked_line(text: str, knob: str) -> tuple[int, str]:
    """Return the number and the code of the line that bears the mark of a knob; 0 without one."""
    mark = re.compile(r"^(?P<code>.*\S.*?)\s*#\s*knob:\s*%s\s*$" % re.escape(knob))
    # Not splitlines(): Python ends no line at a form feed and the like.
    for number, line in enumerate(re.split("\r\n|\r|\n", text), start=1):
        found = mark.match(line)
        if found:
            return number, found.group("code").strip()
    return 0, ""


def functions_of(code: types.CodeType) -> list[types.CodeType]:
    """Return a code object and all inside it, those outside first."""
    found = [code]
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            found += functions_of(constant)
    return found


def on_line(code: types.CodeType, line: int) -> list[dis.Instruction]:
    """Return the instructions of a line."""
    found: list[dis.Instruction] = []
    current: int | None = None
    for each in dis.get_instructions(code):
        if hasattr(each, "positions"):  # from 3.11 on, exactly
            current = each.positions.lineno if each.positions else None
        elif each.starts_line is not None:
            current = each.starts_line
        if current == line:
            found.append(each)
    return found


def touched(instructions: list[dis.Instruction], name: str) -> int:
    """Return how many instructions have a name as their argument."""
    return sum(each.argval == name for each in instructions)


def argument_of(instruction: dis.Instruction) -> str:
    """Return the argument of an instruction for people; empty if it has none."""
    if instruction.argrepr:
        return instruction.argrepr
    return "" if instruction.arg is None else str(instruction.arg)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(answer(json.load(sys.stdin))))
