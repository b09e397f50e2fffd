"""Expressions of the cards: what they can say, and all that they cannot."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.expressions import LONGEST, ExpressionError, MissingName, evaluate, names_in

NAMES = {"THREADS": 2, "INCREMENTS": 1_000_000, "USE_LOCK": False, "mode": "threads", "x": 0.5}


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("THREADS * INCREMENTS", 2_000_000),
        ("(THREADS + 1) * 2 - 7 // 2", 3),
        ("7 % 4 + 2 ** 10", 1027),
        ("-x + 1", 0.5),
        ("2 ** -1", 0.5),
        ("1 / 4", 0.25),
        ("0 < x <= 0.5", True),
        ("0 < x < 0.5 < 1 / 0", False),
        ("mode == 'threads' and not USE_LOCK", True),
        ('mode != "threads" or USE_LOCK', False),
        ("True", True),
        ("'a' == 1", False),
    ],
)
def test_it_computes_as_python_does(expression: str, value: object) -> None:
    result = evaluate(expression, NAMES)
    assert result == value
    assert type(result) is type(value)


def test_numbers_of_numpy_are_numbers() -> None:
    names = {"lost": np.int64(3), "of": np.float64(4.0)}
    assert evaluate("lost / of", names) == 0.75
    assert evaluate("lost ** 20", names) == 3**20


def test_the_right_side_is_not_looked_at_in_vain() -> None:
    assert evaluate("mode == 'processes' and speedup > 1", NAMES) is False
    assert evaluate("mode == 'threads' or speedup > 1", NAMES) is True
    with pytest.raises(MissingName, match="There is no value named speedup") as caught:
        evaluate("mode == 'threads' and speedup > 1", NAMES)
    assert caught.value.name == "speedup"


def test_the_names_of_an_expression() -> None:
    assert names_in("mode == 'threads' and speedup > THREADS") == {"mode", "speedup", "THREADS"}
    assert names_in("1 + 1") == set()


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "1 +",
        "x = 1",
        "open('/etc/passwd')",
        "x.__class__",
        "x[0]",
        "[1]",
        "(1, 2)",
        "{1}",
        "lambda: 1",
        "1 if x else 2",
        "f'{x}'",
        "b'x'",
        "1j",
        "None",
        "...",
        "x := 1",
        "x is x",
        "1 in x",
        "~1",
        "1 << 9",
        "1 | 2",
        "x @ x",
        "1\n2",
        "*x",
        "\0",
        "(" * 400 + ")" * 400,
        "1 + " * (LONGEST // 4) + "1",
    ],
)
def test_nothing_else_is_an_expression(expression: str) -> None:
    with pytest.raises(ExpressionError):
        evaluate(expression, NAMES)
    with pytest.raises(ExpressionError):
        names_in(expression)


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("1 / (THREADS - 2)", "divides by zero"),
        ("1 // 0", "divides by zero"),
        ("1.5 % 0", "divides by zero"),
        ("0 ** -1", "divides by zero"),
        ("9 ** 9 ** 9", "too large"),
        ("2 ** 1025", "too large"),
        ("1e300 ** 9", "too large"),
        ("2 ** 600 * 2 ** 600", "too large"),
        ("1" * 400 + " + 1", "too large"),
        ("-" + "1" * 400, "too large"),
        ("(0 - 1) ** 0.5", "root of a negative number"),
        ("mode * 9", "'threads' is not a number"),
        ("mode + mode", "'threads' is not a number"),
        ("mode < 1", "'threads' is not a number"),
        ("USE_LOCK + 1", "False is not a number"),
        ("-USE_LOCK", "False is not a number"),
        ("THREADS and x", "neither true nor false"),
        ("not THREADS", "neither true nor false"),
        ("things == 1", "things is neither a number, a text nor a truth value"),
    ],
)
def test_what_has_no_value_says_why(expression: str, reason: str) -> None:
    with pytest.raises(ExpressionError, match=reason):
        evaluate(expression, {**NAMES, "things": [1]})


@given(st.text(max_size=60))
def test_any_text_is_a_value_or_an_expression_error(text: str) -> None:
    try:
        value = evaluate(text, NAMES)
    except ExpressionError:
        return
    assert isinstance(value, bool | int | float | str)


_LEAVES = st.sampled_from(["THREADS", "INCREMENTS", "x", "3", "0", "2.5", "1e9"])
_TREES = st.recursive(
    _LEAVES,
    lambda inner: st.builds(
        "({} {} {})".format,
        inner,
        st.sampled_from(["+", "-", "*", "/", "//", "%", "**", "<", "=="]),
        inner,
    ),
    max_leaves=12,
)


@given(_TREES)
def test_arithmetic_agrees_with_python_or_is_refused(expression: str) -> None:
    try:
        result = evaluate(expression, NAMES)
    except ExpressionError:
        return
    assert result == eval(expression, {}, dict(NAMES))
