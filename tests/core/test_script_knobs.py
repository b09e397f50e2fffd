"""Which parts of a script are knobs, and what they hold."""

from typing import Any

import pytest

from core.script import DottedName, KnobKind, ScriptKnob, SyntaxProblem, find_knobs


def values(text: str) -> dict[str, Any]:
    return {knob.name: knob.value for knob in find_knobs(text)}


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("3", 3),
        ("1_000_000", 1_000_000),
        ("0xFF", 255),
        ("-3", -3),
        ("+3", 3),
        ("0.5", 0.5),
        ("-1e-3", -0.001),
        ("True", True),
        ("None", None),
        ("'a'", "a"),
        ("r'\\d'", "\\d"),
        ("('a'\n    \"b\")", "ab"),
        ("'''a\nb'''", "a\nb"),
        ("[1, 'x', None]", [1, "x", None]),
        ("[\n    1,  # one\n\n    2,\n]", [1, 2]),
        ("1, 2", (1, 2)),
        ("(1,)", (1,)),
        ("()", ()),
        ("{'a': [1, -2]}", {"a": [1, -2]}),
        ("{1, 2}", {1, 2}),
        ("{}", {}),
        ("set()", set()),
        ("(3)", 3),
        ("\\\n    3", 3),
        ("futures.ThreadPoolExecutor", DottedName("futures.ThreadPoolExecutor")),
        ("concurrent . futures.Executor", DottedName("concurrent.futures.Executor")),
    ],
)
def test_a_constant_with_a_plain_value_is_a_knob(code: str, value: object) -> None:
    [knob] = find_knobs(f"A = {code}\n")
    assert knob.value == value
    assert type(knob.value) is type(value)


@pytest.mark.parametrize(
    "code",
    [
        "os.cpu_count()",
        "B",
        "2 * 3",
        "f'{x}'",
        "b'bytes'",
        "3j",
        "1e999",
        "-1e999",
        "-True",
        "- -3",
        "-'a'",
        "[1, x]",
        "[*x]",
        "{**x}",
        "{[1]: 2}",
        "{[1], 2}",
        "set([1])",
        "f().a",
        "[futures.Executor]",
        "...",
        "[" * 22 + "]" * 22,
    ],
)
def test_a_computed_value_is_no_knob(code: str) -> None:
    assert find_knobs(f"import os\nA = {code}\n") == ()


@pytest.mark.parametrize(
    "text",
    [
        "a = 1",
        "Aa = 1",
        "_A = 1",
        "__A__ = 1",
        "A = B = 1",
        "A, B = 1, 2",
        "A[0] = 1",
        "A.B = 1",
        "A += 1",
        "A: int",
        "if True:\n    A = 1",
        "def f():\n    A = 1",
        "class C:\n    A = 1",
        "for A in x: pass",
        "'''\nA = 1\n'''",
    ],
)
def test_only_a_plain_assignment_of_the_module_to_one_capital_name_counts(text: str) -> None:
    assert find_knobs(text) == ()


@pytest.mark.parametrize(
    "again",
    [
        "A = 2",
        "A = f()",
        "A += 1",
        "A: int = 2",
        "A = B = 2",
        "if x:\n    A = 2",
        "for A in x: pass",
        "with x as A: pass",
        "import b as A",
        "from b import A",
        "def A(): pass",
        "class A: pass",
        "del A",
        "try: pass\nexcept x as A: pass",
        "match x:\n    case [A, *_]: pass",
        "match x:\n    case [*A]: pass",
        "match x:\n    case {**A}: pass",
        "print(A := 2)",
    ],
)
def test_a_constant_that_is_bound_again_is_no_knob(again: str) -> None:
    assert values(f"A = 1\nZ = 0\n{again}\n").keys() == {"Z"}


@pytest.mark.parametrize(
    "elsewhere",
    [
        "A: int",
        "def f(A): A = 2",
        "class C:\n    A = 2",
        "f(lambda A: A)",
        "f([A for A in x])",
        "f(A=2)",
        "x.A = 2",
        "print(A)",
    ],
)
def test_the_same_name_in_another_scope_does_no_harm(elsewhere: str) -> None:
    assert values(f"A = 1\n{elsewhere}\n") == {"A": 1}


def test_annotated_constants_and_several_on_a_line_are_knobs() -> None:
    assert values("A: int = 1; B: 'Final[str]' = 'x'; C=3") == {"A": 1, "B": "x", "C": 3}


def test_a_marked_line_holds_its_code() -> None:
    text = "def f():\n\tx = 1  # a\n\tx  =  g('# no')\t# knob: step-2  \n"
    assert find_knobs(text) == (ScriptKnob("step-2", "x  =  g('# no')", "line", 3, 3),)


@pytest.mark.parametrize(
    "text",
    [
        "# knob: a\n",
        "x = 1  # knob:\n",
        "x = 1  # knob: a b\n",
        "x = 1  # a knob: a\n",
        "x = '# knob: a'\n",
        "x = '''\ny = 1 # knob: a\n'''\n",
        "x = [\n    1,  # knob: a\n]\n",
        "x = [  # knob: a\n    1,\n]\n",
        "x = [\n    1,\n]  # knob: a\n",
        "x = \\\n    1  # knob: a\n",
        "x = '''\n'''  # knob: a\n",
        "if x:\n    # knob: a\n    pass\n",
    ],
)
def test_a_mark_counts_only_after_code_that_is_one_whole_line(text: str) -> None:
    assert find_knobs(text) == ()


def test_a_comment_above_a_marked_line_is_not_part_of_it() -> None:
    assert values("# why\n\n# and how\nx = 1  # knob: a") == {"a": "x = 1"}


def test_the_constants_of_a_marked_line_belong_to_it() -> None:
    assert values("A = 1; B = 2  # knob: pair\nC = 3\n") == {"pair": "A = 1; B = 2", "C": 3}


@pytest.mark.parametrize(
    "text", ["x = 1  # knob: a\ny = 2  # knob: a\n", "A = 1\nx = 1  # knob: A\n"]
)
def test_two_knobs_of_one_name_are_none(text: str) -> None:
    assert find_knobs(text) == ()


def test_knobs_come_in_the_order_of_the_script_with_their_lines() -> None:
    text = "'''doc'''\nB = [\n    1,\n]\nx = 1  # knob: k\nA = (\n    'a'\n    'b'\n); C = 1\n"
    found: list[tuple[str, KnobKind, int, int]] = [
        (knob.name, knob.kind, knob.first_line, knob.last_line) for knob in find_knobs(text)
    ]
    assert found == [
        ("B", "constant", 2, 4),
        ("k", "line", 5, 5),
        ("A", "constant", 6, 9),
        ("C", "constant", 9, 9),
    ]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("start", ["", "\ufeff", "\f", "\ufeff\f"])
def test_line_ends_form_feeds_and_a_byte_order_mark_change_nothing(
    line_end: str, start: str
) -> None:
    text = start + "A = 1\n\fB = 'é\u2028🎈'; C = 2\n\f\nif A:\n    x = 1 # knob: k".replace(
        "\n", line_end
    )
    assert [(k.name, k.value, k.first_line) for k in find_knobs(text)] == [
        ("A", 1, 1),
        ("B", "é\u2028🎈", 2),
        ("C", 2, 2),
        ("k", "x = 1", 5),
    ]


def test_a_script_without_knobs_has_none() -> None:
    assert find_knobs("") == ()
    assert find_knobs("print('hello')") == ()


def test_a_doubtful_escape_does_not_warn_here() -> None:
    # Warnings are errors in these tests; the script's own run is the place for this one.
    assert values("A = '\\d'") == {"A": "\\d"}


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ("A = 1\nx = (\n", 2, "line 2 of this script: '(' was never closed in 'x = ('."),
        ("A = 1\r\n\0", 2, "line 2 of this script: there is a null character in it."),
        ("\nA = '\ud800'", 2, "line 2 of this script: there is half of a surrogate pair in it."),
        ("if x:\nA = 1", 2, "line 2 of this script: expected an indented block"),
        ("x = '" + "y" * 300, 1, "yyy…'."),
        ("x = " + "-" * 100_000 + "1", None, "this script: it is nested too deeply."),
        ("x" + ".y" * 100_000, None, "this script: it is nested too deeply."),
        ("#" * 300_001, None, "it has 300,001 characters, and the lab reads at most 300,000."),
    ],
    ids=["open", "null", "surrogate", "indent", "long line", "signs", "dots", "huge"],
)
def test_a_text_that_is_no_script_is_refused_in_a_sentence(
    text: str, line: int | None, sentence: str
) -> None:
    with pytest.raises(SyntaxProblem) as refused:
        find_knobs(text)
    assert refused.value.line == line
    assert sentence in str(refused.value)
    assert len(str(refused.value)) < 200


def test_a_knob_can_be_a_key_whatever_it_holds() -> None:
    [knob] = find_knobs("A = [1]")
    assert knob in {knob}
