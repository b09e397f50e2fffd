"""Only the value's characters change, and they are good Python."""

from typing import Any

import pytest

from core.script import (
    BadKnobValue,
    DottedName,
    KnobValue,
    SyntaxProblem,
    UnknownKnob,
    find_knobs,
    set_knob,
)


@pytest.mark.parametrize(
    ("before", "old", "after"),
    [
        ("A = ", "1", "  # why  \n"),
        ("A = ", "1", ""),
        ("A=", "1", "# why"),
        ("A = ", "1", "; B = 2\n"),
        ("B = 'é🎈漢'; A = ", "1", "; C = '🎈'\n"),
        ("A: 'Final[int]' = ", "1", "\t \n\n\f"),
        ("A = \\\n    ", "1", " \\\n\n"),
        ("A = (  # why\n    ", "1", "\n    # and\n)"),
        ("\ufeffA = ", "1", "\r\nB = 2\r\n"),
        ("\fA = ", "1", "\n"),
        ("# \u2028 \x0b \x0c \x1c \x85\nA = ", "1", "\n"),
        ("x = '''\r\n'''\rA\t=\t", "1", "\r"),
        ("if x:\n\ty\n\nA = ", "1", "\n  \nif x:\n\ty"),
    ],
)
def test_everything_around_the_value_stays(before: str, old: str, after: str) -> None:
    assert set_knob(before + old + after, "A", 20) == f"{before}20{after}"


@pytest.mark.parametrize(
    ("old", "value", "new"),
    [
        ("3", 4, "4"),
        ("3", -4, "-4"),
        ("1_000", 2_000, "2000"),
        ("1_000_000", 20_000, "20_000"),
        ("200000", 300_000, "300_000"),
        ("3", -1_234_567, "-1_234_567"),
        ("3", True, "True"),
        ("1", 1.0, "1.0"),
        ("True", 1, "1"),
        ("0.5", 1e30, "1e+30"),
        ("0.0", -0.0, "-0.0"),
        ("None", DottedName("futures.ThreadPoolExecutor"), "futures.ThreadPoolExecutor"),
        ("futures.ThreadPoolExecutor", None, "None"),
        ("a.b", "a.b", '"a.b"'),
        ("'x'", "y", "'y'"),
        ('"x"', "y", '"y"'),
        ('"x"', 'say "y"', "'say \"y\"'"),
        ("'x'", "it's", '"it\'s"'),
        ('"x"', 'it\'s "y"', "'it\\'s \"y\"'"),
        ('"x"', "日本\n🎈\\\ud800", '"日本\\n🎈\\\\\\ud800"'),
        ("'''x\ny'''", "z", "'z'"),
        ("3", "z", '"z"'),
        ("1, 2", (3,), "(3,)"),
        ("[1]", (), "()"),
        ("{2, 1}", {10, 9}, "{9, 10}"),
        ("{1}", {"b", 1, None}, '{"b", 1, None}'),
        ("{1}", set(), "set()"),
        ("{'a': 1}", {"b": [1, {"c": 2.5}], None: ()}, "{'b': [1, {'c': 2.5}], None: ()}"),
        ("(1)", 2, "(2)"),
    ],
)
def test_a_value_is_written_as_good_python(old: str, value: KnobValue, new: str) -> None:
    assert set_knob(f"A = {old}\n", "A", value) == f"A = {new}\n"


def test_a_whole_number_too_long_for_decimal_digits_is_written_in_hexadecimal() -> None:
    changed = set_knob("A = 0xF\n", "A", 1 << 20_000)
    assert changed == f"A = {1 << 20_000:#x}\n"
    assert set_knob(changed, "A", 3) == "A = 3\n"


@pytest.mark.parametrize(
    "text", ["A = 0x10  # hex\n", "A = 1_6\n", "A = [  # all\n    16,\n]\n", "A = 'a' 'b'\n"]
)
def test_a_value_that_is_there_already_is_left_as_written(text: str) -> None:
    [knob] = find_knobs(text)
    assert set_knob(text, "A", knob.value) == text


URLS = """URLS = [
    "http://a",  # first
    "http://b",
]
N = 2
"""


def test_a_list_of_an_item_a_line_stays_one() -> None:
    assert set_knob(URLS, "URLS", ["x", "y", "z"]) == (
        'URLS = [\n    "x",\n    "y",\n    "z",\n]\nN = 2\n'
    )


def test_an_emptied_list_is_a_pair_of_brackets() -> None:
    assert set_knob(URLS, "URLS", []) == "URLS = []\nN = 2\n"


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("A = [\n  1,\n  2\n]\n", "A = [\n  3,\n  4,\n]\n"),
        ("A = [\n\t1,\n\t]\n", "A = [\n\t3,\n\t4,\n\t]\n"),
        ("A = [\r\n 1,\r\n]\r\n", "A = [\r\n 3,\r\n 4,\r\n]\r\n"),
        ("A = [\r 1,\r]", "A = [\r 3,\r 4,\r]"),
        ("A = [1,\n     2]\n", "A = [\n    3,\n    4,\n]\n"),
        ("x = 1\r\nA = [1]; B = [\n]", "x = 1\r\nA = [3, 4]; B = [\n]"),
    ],
)
def test_a_broken_list_keeps_its_indentation_and_line_ends(text: str, changed: str) -> None:
    assert set_knob(text, "A", [3, 4]) == changed


def test_a_list_breaks_when_its_line_would_pass_72_columns() -> None:
    fits, long = ["x" * 31, "y" * 29], ["x" * 31, "y" * 30]
    assert len(set_knob("A = []", "A", fits)) == 72
    assert set_knob("A = []\r\n", "A", long) == (
        f'A = [\r\n    "{long[0]}",\r\n    "{long[1]}",\r\n]\r\n'
    )


def test_a_long_list_in_a_list_breaks_too() -> None:
    changed = set_knob("A = {}\n", "A", {"short": [1], "long": ["x" * 40, "y" * 40], "empty": []})
    assert changed.splitlines() == [
        "A = {",
        '    "short": [1],',
        '    "long": [',
        f'        "{"x" * 40}",',
        f'        "{"y" * 40}",',
        "    ],",
        '    "empty": [],',
        "}",
    ]


RACE = "class C:\n\tdef up(self):\n\t\tself.n = int(self.n) + 1 \t # knob: step \r\n\tN = 1\n"


def test_a_marked_line_keeps_its_indentation_and_its_mark() -> None:
    changed = set_knob(RACE, "step", "self.n += 1; f('#')")
    assert changed == RACE.replace("self.n = int(self.n) + 1", "self.n += 1; f('#')")


def test_a_marked_line_can_open_a_block_if_it_did() -> None:
    text = "with lock:  # knob: guard\n    x = 1\n"
    assert set_knob(text, "guard", "if True:") == "if True:  # knob: guard\n    x = 1\n"


@pytest.mark.parametrize(
    "code",
    [
        "",
        "  ",
        "a\nb",
        "a\rb",
        "x = (",
        "x = '''",
        "x = 1  # why",
        "# why",
        "x = 1 \\",
        " x = 1",
        "x = 1 ",
        "\fx = 1",
        "if x:",
        "x = = 1",
        "x\0",
        "'\ud800'",
        "x = 1  # knob: other",
        3,
        None,
    ],
)
def test_a_marked_line_refuses_what_is_not_one_line_of_code(code: Any) -> None:
    with pytest.raises(BadKnobValue, match=r"\Astep cannot have this value: .+\.\Z"):
        set_knob(RACE + "x = '''\n'''\ny = (\n)\n", "step", code)


def test_a_marked_line_may_not_take_another_knob_away() -> None:
    with pytest.raises(BadKnobValue, match="it would change N too"):
        set_knob("N = 1\nx = 1  # knob: line\n", "line", "N = 2")


@pytest.mark.parametrize(
    "value",
    [
        float("inf"),
        float("nan"),
        b"x",
        3j,
        object(),
        frozenset({1}),
        [DottedName("a.b")],
        DottedName("a"),
        DottedName("a.b()"),
        DottedName("a.b\nx"),
        DottedName("a.class"),
        DottedName("a.\u210c"),  # Python reads this letter as an H
        ["x" * 300_000],
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_a_script_cannot_hold_is_refused_in_a_sentence(value: Any) -> None:
    with pytest.raises(BadKnobValue, match=r"\AA cannot have this value: .+\.\Z") as refused:
        set_knob("A = None\n", "A", value)
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize("depth", [21, 100_000])
def test_a_value_nested_too_deeply_is_refused(depth: int) -> None:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    with pytest.raises(BadKnobValue):
        set_knob("A = 1\n", "A", value)
    while value:  # taken apart by hand: its own end would be as deep a recursion
        value = value.pop()


def test_an_unknown_knob_is_refused_with_the_names_of_the_known_ones() -> None:
    with pytest.raises(UnknownKnob) as refused:
        set_knob("A = 1\nx = 1  # knob: line\n", "WORKER", 3)
    assert str(refused.value) == "This script has no knob named WORKER; it has A, line."
    assert refused.value.known == ("A", "line")


def test_an_unknown_knob_of_a_script_without_knobs_says_what_knobs_are() -> None:
    with pytest.raises(UnknownKnob, match="no CAPITAL constant and no line marked '# knob: name'"):
        set_knob("x = 1", "x", 3)


def test_a_long_list_of_known_knobs_is_cut() -> None:
    with pytest.raises(UnknownKnob, match=r"A0, .*, A19 and 80 more\.\Z"):
        set_knob("".join(f"A{i} = 1\n" for i in range(100)), "B", 3)


def test_a_text_that_is_no_script_is_refused() -> None:
    with pytest.raises(SyntaxProblem):
        set_knob("A = (", "A", 3)
