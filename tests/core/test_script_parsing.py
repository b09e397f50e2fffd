"""What people type for a value."""

from typing import Any

import pytest

from core.script import BadKnobValue, DottedName, KnobValue, parse_value


@pytest.mark.parametrize(
    ("text", "current", "value"),
    [
        ("4", 3, 4),
        (" 1_000_000 ", 3, 1_000_000),
        ("-4", 3, -4),
        ("0x10", 3, 16),
        ("2.5", 0.5, 2.5),
        ("2", 0.5, 2.0),
        ("-1e3", 0.5, -1000.0),
        ("true", False, True),
        ("False", True, False),
        (" TRUE", False, True),
        ("abc", "x", "abc"),
        ("", "x", ""),
        (" a b ", "x", " a b "),
        ("3", "x", "3"),
        ("None", "x", "None"),
        ("a.b", "x", "a.b"),
        ("'a b'", "x", "a b"),
        ("'a", "x", "'a"),
        ("self.n += 1", "self.n = int(self.n) + 1", "self.n += 1"),
        ("futures.ThreadPoolExecutor", None, DottedName("futures.ThreadPoolExecutor")),
        (" a.b ", DottedName("c.d"), DottedName("a.b")),
        ("None", DottedName("c.d"), None),
        ("None", None, None),
        ("3", None, 3),
        ("'a.b'", None, "a.b"),
        ("[1]", None, [1]),
        ("a, b ,,c", ["x"], ["a", "b", "c"]),
        ("http://a/1,2\r\n\n http://b \n", ["x"], ["http://a/1,2", "http://b"]),
        ("http://a", ["x"], ["http://a"]),
        ("['a', 'b,c']", ["x"], ["a", "b,c"]),
        ("'a', 'b,c'", ["x"], ["a", "b,c"]),
        ("'a,b'", ["x"], ["a,b"]),
        ("1, 2", ["x"], ["1", "2"]),
        ("", ["x"], []),
        ("[]", ["x"], []),
        ("1, 2", [3], [1, 2]),
        ("1\n2", [3], [1, 2]),
        ("4", [3], [4]),
        ("(1, 2)", [3], [1, 2]),
        ("1, 2.5", [0.5], [1.0, 2.5]),
        ("true, FALSE", [True], [True, False]),
        ("a, b", [], ["a", "b"]),
        ("a.b", [], ["a.b"]),
        ("1, 2", [], [1, 2]),
        ("[1, 'x', None]", [1, "y"], [1, "x", None]),
        ("[[1], [2]]", [[0]], [[1], [2]]),
        ("1, 2", (3,), (1, 2)),
        ("[1, 2]", (3,), (1, 2)),
        ("1, 2", {3}, {1, 2}),
        ("{1, 2}", {3}, {1, 2}),
        ("set()", {3}, set()),
        ("{'a': 1}", {"b": 2}, {"a": 1}),
        ("[None]", [None], [None]),
    ],
)
def test_a_text_means_a_value_of_the_knobs_kind(
    text: str, current: KnobValue, value: KnobValue
) -> None:
    meant = parse_value(text, current)
    assert meant == value
    assert type(meant) is type(value)
    assert list(map(type, items(meant))) == list(map(type, items(value)))


def items(value: KnobValue) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []


@pytest.mark.parametrize(
    ("text", "current", "says"),
    [
        ("abc", 3, "'abc' is not a whole number: write a whole number, such as 3."),
        ("", 3, "'' is not a whole number"),
        ("2.5", 3, "'2.5' is not a whole number"),
        ("True", 3, "'True' is not a whole number"),
        ("1; 2", 3, "'1; 2' is not a whole number"),
        ("x = 1", 3, "'x = 1' is not a whole number"),
        ("'3'", 3, "is not a whole number"),
        ("a.b", 3, "'a.b' is not a whole number"),
        ("1\0", 3, "is not a whole number"),
        ("9" * 5_000, 3, "9…' is not a whole number"),
        ("(" * 5_000, 3, "(…' is not a whole number"),
        ("fast", 0.5, "'fast' is not a number: write a number, such as 0.5."),
        ("inf", 0.5, "'inf' is not a number"),
        ("1e999", 0.5, "'1e999' is not a number"),
        ("1" * 400, 0.5, "is too large here."),
        ("3", True, "'3' is not true or false: write true or false, such as True."),
        ("yes", True, "'yes' is not true or false"),
        ("3", DottedName("a.b"), "'3' does not fit here: write a dotted name or None."),
        ("a", DottedName("a.b"), "write a dotted name or None."),
        ("a b", None, "'a b' does not fit here: write None, a number, a dotted name, or a text"),
        ("a, 2", [3], "'a' is not a whole number"),
        ("[1, 'a']", [3], "'\"a\"' is not a whole number"),
        ("'a'", [3], "is not a whole number"),
        ("[1, 2]", ["x"], "'1' is not a text"),
        ("[a, b]", ["x"], "'[a, b]' is not a list: part the items by commas, and put texts"),
        ("{'a': 1}", ["x"], "is not a list"),
        ("{}", {1}, "'{}' is not a set"),
        ("[[1]]", {(1,)}, "is not a tuple"),
        ("[[1]]", {1, "x"}, "'[[1]]' has an item that no set can hold."),
        ("3", {}, "'3' is not a dictionary: write a dictionary, such as {}."),
        ("a: 1", {}, "'a: 1' is not a dictionary"),
    ],
)
def test_another_kind_of_value_is_refused_in_a_sentence(
    text: str, current: KnobValue, says: str
) -> None:
    with pytest.raises(BadKnobValue) as refused:
        parse_value(text, current)
    assert says in str(refused.value)
    assert len(str(refused.value)) < 250
