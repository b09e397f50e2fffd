"""Scripts put together at random: a knob changes, and not a character besides."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from core.script import (
    BadKnobValue,
    DottedName,
    KnobValue,
    ScriptError,
    changed_lines,
    find_knobs,
    has_main,
    mode_of,
    parse_value,
    set_knob,
    set_mode,
    task_functions,
)
from core.script.writing import as_code

small = settings(max_examples=60, deadline=None)

texts = st.text(max_size=12)
numbers = (
    st.integers()
    | st.integers(-(10**6), 10**6)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.booleans()
)
keys = texts | numbers | st.none()
plain_values = st.recursive(
    keys,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(keys, inner, max_size=3)
        | st.sets(keys, max_size=3)
    ),
    max_leaves=8,
)
dotted_names = st.sampled_from(["futures.ThreadPoolExecutor", "a.b.c", "文.名"]).map(DottedName)
knob_values = plain_values | dotted_names
codes = st.sampled_from(
    ["x = int(x) + 1", "x+=1", "print('# knob: no', '🎈')", "x = '漢'; y = [1, 2]", "f(x, *y)"]
)


@dataclass(frozen=True)
class Piece:
    """A part of a script: a knob's value between what stands around it, or neither."""

    before: str
    name: str = ""
    code: str = ""
    after: str = ""

    @property
    def text(self) -> str:
        """The whole of it, as it stands in the script."""
        return f"{self.before}{self.code}{self.after}"


@st.composite
def constants(draw: st.DrawFn) -> Piece:
    name = draw(st.sampled_from(["A", "B", "N_2", "LONG_NAME", "É"]))
    before, after = draw(
        st.sampled_from(
            [
                ("{} = ", "\n"),
                ("{}=", "# é\n"),
                ("{}\t:\t'型'  = ", "  # knob or not \n"),
                ("{} = (  # (\n    ", "\n\n# )\n\t)\n"),
                ("{} = \\\n  ", "  \\\n\n"),
                ("x = '🎈漢'; {} = ", "; y = '🎈'\n"),
                ("\f{} = ", "\t;\n"),
                ("'''\n{0} = 1 # knob: {0}\n'''; {0} = ", "\n\f\n"),
            ]
        )
    )
    return Piece(before.format(name), name, draw(written_values()), after)


@st.composite
def written_values(draw: st.DrawFn) -> str:
    value = draw(knob_values)
    if not isinstance(value, list) or not value or not draw(st.booleans()):
        return as_code(value, draw(st.sampled_from("'\"")))
    space = draw(st.sampled_from(["  ", "\t", ""]))
    lines = [f"{space}{as_code(item)},  # item '\n" for item in value]
    return "".join(["[ # (\n", *lines, space, "]"])


@st.composite
def marked_lines(draw: st.DrawFn) -> Piece:
    name = draw(st.sampled_from(["step", "way-2", "行"]))
    opening = draw(st.sampled_from(["", "def f(x):\n\t", "if x:\n    # why '''\n    ", "\f"]))
    gap = draw(st.sampled_from(["", " ", " \t"]))
    return Piece(opening, name, draw(codes), f"{gap}# knob: {name} \n")


fillers = st.sampled_from(
    [
        "\n",
        "# A = 1\n",
        "def g():\n    A = 1\n\n",
        "x = [\n1, # knob: no\n]\n",
        "\f\n \t\n",
        "'漢'\n",
    ]
).map(Piece)


@st.composite
def scripts(draw: st.DrawFn) -> list[Piece]:
    pieces = draw(st.lists(constants() | marked_lines(), min_size=1, max_size=4, unique_by=_name))
    mixed = [part for piece in pieces for part in (draw(fillers), piece)]
    line_end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    first = Piece(draw(st.sampled_from(["", "\ufeff"])))
    last = Piece(draw(st.sampled_from(["", "\n", "# no line end", "if x:\n  y"])))
    return [
        Piece(*(part.replace("\n", line_end) for part in (p.before, p.name, p.code, p.after)))
        for p in [first, *mixed, last]
    ]


def _name(piece: Piece) -> str:
    return piece.name


def script(pieces: list[Piece]) -> str:
    return "".join(piece.text for piece in pieces)


def knobs_of(text: str) -> dict[str, tuple[str, str]]:
    return {knob.name: (knob.kind, as_code(knob.value)) for knob in find_knobs(text)}


@small
@given(scripts())
def test_every_knob_is_found_in_its_place(pieces: list[Piece]) -> None:
    text = script(pieces)
    names = [piece.name for piece in pieces if piece.name]
    knobs = find_knobs(text)
    assert [knob.name for knob in knobs] == names
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for knob in knobs:
        assert knob.name in "".join(lines[knob.first_line - 1 : knob.last_line])


@small
@given(scripts(), st.data())
def test_only_the_characters_of_the_value_change(pieces: list[Piece], data: st.DataObject) -> None:
    text = script(pieces)
    knobs = find_knobs(text)
    index = data.draw(st.sampled_from([i for i, piece in enumerate(pieces) if piece.name]))
    piece = pieces[index]
    [knob] = [knob for knob in knobs if knob.name == piece.name]
    value = data.draw(codes if knob.kind == "line" else knob_values)

    changed = set_knob(text, piece.name, value)

    before = script(pieces[:index]) + piece.before
    after = piece.after + script(pieces[index + 1 :])
    assert changed.startswith(before)
    assert changed.endswith(after)
    assert len(changed) >= len(before) + len(after)
    assert knobs_of(changed) == knobs_of(text) | {piece.name: (knob.kind, as_code(value))}
    assert set_knob(changed, piece.name, value) == changed
    line_ends = {"\r\n" in text, "\r" in text.replace("\r\n", "")}
    assert {"\r\n" in changed, "\r" in changed.replace("\r\n", "")} == line_ends
    assert back_again(text, changed, piece.name)
    ast.parse(changed.removeprefix("\ufeff"))


def back_again(text: str, changed: str, name: str) -> bool:
    """Return whether the old value, set again, restores what the script said."""
    [knob] = [knob for knob in find_knobs(text) if knob.name == name]
    return knobs_of(set_knob(changed, name, knob.value)) == knobs_of(text)


@small
@given(scripts(), st.sampled_from(["x = ", "(", "'''", "if x:", "A = 2", "x # knob: A", "\\"]))
def test_a_refused_line_is_refused_as_such(pieces: list[Piece], code: str) -> None:
    text = script(pieces)
    for knob in find_knobs(text):
        if knob.kind == "line":
            try:
                changed = set_knob(text, knob.name, code)
            except BadKnobValue:
                continue
            assert knobs_of(changed) == knobs_of(text) | {knob.name: ("line", as_code(code))}


@small
@given(plain_values)
def test_a_value_written_is_the_value_read(value: KnobValue) -> None:
    read = ast.literal_eval(as_code(value))
    assert read == value
    assert type(read) is type(value)


@small
@given(plain_values)
def test_a_typed_literal_means_itself(value: KnobValue) -> None:
    assert as_code(parse_value(as_code(value), value)) == as_code(value)


pythonic = st.lists(
    st.sampled_from([*"=()[]{}'\"#\\:;,.*-\n\r\t\f\0 ", "A", "B = 1\n", "# knob: k\n", "def ", "é"])
    | st.characters(),
    max_size=25,
).map("".join)


def everything_with(text: str, value: KnobValue) -> Iterator[Any]:
    yield lambda: find_knobs(text)
    yield lambda: set_knob(text, "A", value)
    yield lambda: set_knob("x = 1  # knob: k\n" + text, "k", text)
    yield lambda: set_knob("A = 1\n", "A", DottedName(text))
    yield lambda: mode_of(text)
    yield lambda: set_mode("EXECUTOR = None\n" + text, "threads")
    yield lambda: changed_lines(text, text[::-1])
    yield lambda: task_functions(text)
    yield lambda: has_main(text)
    yield lambda: parse_value(text, value)


@settings(max_examples=200, deadline=None)
@given(pythonic | texts, knob_values)
def test_whatever_the_text_the_only_errors_are_ours(text: str, value: KnobValue) -> None:
    for attempt in everything_with(text, value):
        try:
            attempt()
        except ScriptError as refused:
            sentence = str(refused)
            assert sentence.endswith((".", "'."))
            assert "\n" not in sentence


@small
@given(st.lists(st.sampled_from("ab")), st.lists(st.sampled_from("abc")))
def test_the_lines_that_have_not_changed_are_lines_of_the_old_text(
    old: list[str], new: list[str]
) -> None:
    changed = changed_lines("\n".join(old), "\n".join(new))
    kept = iter(old)
    for number, line in enumerate(new, start=1):
        assert number in changed or line in kept
