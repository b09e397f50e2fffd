"""Changing a knob: its value's characters change, and nothing else does."""

from difflib import SequenceMatcher

from core.modes import MODES, mode_named
from core.quoting import shortened
from core.script.errors import BadKnobValue, SyntaxProblem, UnknownKnob
from core.script.knobs import Place, ScriptKnob, find_knobs, places_in
from core.script.source import Source, lines_of, parse
from core.script.values import DottedName, KnobValue, NotAValue
from core.script.writing import as_code, manner_of, written

MODE_KNOB = "EXECUTOR"
"""The constant that holds the executor class of a script, or None."""

_MATCHED_LINES = 1_000  # beyond, telling moved lines apart takes longer than a blink


def set_knob(text: str, name: str, value: KnobValue) -> str:
    """Return the script with another value for a knob.

    A value that is there already is left as it is written. A marked line takes code that is
    one line, without indentation and without a comment.

    Raises
    ------
    SyntaxProblem
        The text is not a Python script.
    UnknownKnob
        It has no knob of that name.
    BadKnobValue
        With the value it would no longer be a script, or another knob would change.
    """
    source = parse(text)
    places = places_in(source)
    place = _place_named(name, places)
    try:
        new_code = _code(source, place, value)
    except NotAValue as problem:
        raise _refusal(name, str(problem)) from problem
    if new_code is None:
        return text
    changed = text[: place.start] + new_code + text[place.end :]
    _check(changed, [other.knob for other in places], name, value)
    return changed


def mode_of(text: str) -> str | None:
    """Return the name of the mode that a script is in, None if it has no (known) one.

    Raises
    ------
    SyntaxProblem
        The text is not a Python script.
    """
    for knob in find_knobs(text):
        if knob.name == MODE_KNOB and knob.kind == "constant":
            code = as_code(knob.value)
            return next((mode.name for mode in MODES if mode.value == code), None)
    return None


def set_mode(text: str, mode: str) -> str:
    """Return the script in another mode.

    Raises
    ------
    UnknownMode
        There is no such mode.
    ScriptError
        As in `set_knob`; `UnknownKnob` if the script has no constant ``EXECUTOR``.
    """
    code = mode_named(mode).value
    return set_knob(text, MODE_KNOB, None if code == "None" else DottedName(code))


def changed_lines(old: str, new: str) -> tuple[int, ...]:
    """Return the lines (from 1) of `new` that are not lines of `old`.

    A line that only moved has not changed, nor has one that got another line end.
    """
    before, after = lines_of(old), lines_of(new)
    shorter = min(len(before), len(after))
    head = next((i for i in range(shorter) if before[i] != after[i]), shorter)
    rest = range(shorter - head)
    tail = next((i for i in rest if before[-1 - i] != after[-1 - i]), len(rest))
    middle = before[head : len(before) - tail], after[head : len(after) - tail]
    if max(map(len, middle)) > _MATCHED_LINES:
        return tuple(range(head + 1, len(after) - tail + 1))
    steps = SequenceMatcher(None, *middle, autojunk=False).get_opcodes()
    return tuple(
        head + line + 1
        for step, _, _, first, end in steps
        if step != "equal"
        for line in range(first, end)
    )


def _place_named(name: str, places: tuple[Place, ...]) -> Place:
    for place in places:
        if place.knob.name == name:
            return place
    raise UnknownKnob(name, tuple(place.knob.name for place in places))


def _code(source: Source, place: Place, value: KnobValue) -> str | None:
    """Return the text for a value, None if the one that is there says the same."""
    now = source.text[place.start : place.end]
    if place.knob.kind == "line":
        code = _line_code(value)
        return None if code == now else code
    if as_code(value) == as_code(place.knob.value):
        return None
    line_start = max(start for start in source.starts if start <= place.start)
    line_end = source.line_end_at(place.start)
    manner = manner_of(now, place.knob.value, place.start - line_start, line_end)
    return written(value, manner)


def _line_code(value: KnobValue) -> str:
    if not isinstance(value, str) or not value.strip():
        raise NotAValue("it is a line of the script, so it needs Python code")
    if len(lines_of(value)) > 1:
        raise NotAValue("it is one line of the script, and this code has several")
    return str(value)


def _check(changed: str, knobs: list[ScriptKnob], name: str, value: KnobValue) -> None:
    """Read the changed script back: the knob has the value, and the others have theirs."""
    expected = {knob.name: (knob.kind, as_code(knob.value)) for knob in knobs}
    expected[name] = (expected[name][0], as_code(value))
    try:
        found = {knob.name: (knob.kind, as_code(knob.value)) for knob in find_knobs(changed)}
    except SyntaxProblem as problem:
        raise _refusal(name, f"the script would not parse ({problem.reason})") from problem
    if found.get(name) != expected[name]:
        raise _refusal(name, f"the script would not read back as '{_shown(value)}' there")
    if found != expected:
        others = sorted(key for key in found | expected if found.get(key) != expected.get(key))
        raise _refusal(name, f"it would change {', '.join(others)} too")


def _refusal(name: str, reason: str) -> BadKnobValue:
    return BadKnobValue(f"{name} cannot have this value: {reason}.")


def _shown(value: KnobValue) -> str:
    return shortened(value if isinstance(value, str) else as_code(value))
