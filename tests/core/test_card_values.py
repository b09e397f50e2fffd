"""Values for the knobs of a card: what is refused, and the sentence that says why."""

import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.card import CardKnob, CardKnobKind, Localized, Preset
from core.knob_values import check_value
from core.script import BadKnobValue


def knob(kind: CardKnobKind, **parts: Any) -> CardKnob:
    return CardKnob("KNOB", kind, Localized("Knob"), Localized("Help."), **parts)


CHOICES = (Preset("fork", Localized("fork")), Preset(1, Localized("one")))

RIGHT: list[tuple[CardKnob, Any]] = [
    (knob("int", minimum=1, maximum=64), 1),
    (knob("int", minimum=1, maximum=64), 64),
    (knob("int"), -(10**400)),
    (knob("float", minimum=0.5), 1),
    (knob("float", maximum=0.5), -1e300),
    (knob("float"), 10**400),
    (knob("bool"), False),
    (knob("choice", presets=CHOICES), "fork"),
    (knob("choice", presets=CHOICES), 1),
    (knob("text"), ""),
    (knob("line"), "x = 1"),
    (knob("lines"), ["a", ""]),
    (knob("lines"), ("a",)),
    (knob("urls"), ["http://127.0.0.1:8930/a?delay_ms=930", "HTTPS://example.org"]),
    (knob("urls"), ["http://日本.example/%E6%97%A5", "http://[::1]:80/"]),
    (knob("folder"), ""),
]


@pytest.mark.parametrize(("knob", "value"), RIGHT, ids=range(len(RIGHT)))
def test_what_fits_is_accepted(knob: CardKnob, value: Any) -> None:
    check_value(knob, value)


BOUNDED = knob("int", minimum=1, maximum=10_000)
URLS = knob("urls")
WRONG: list[tuple[CardKnob, Any, str]] = [
    (BOUNDED, 0, "KNOB must be between 1 and 10,000; 0 is too small."),
    (BOUNDED, 10_001, "KNOB must be between 1 and 10,000; 10,001 is too large."),
    (BOUNDED, 10**9999, "KNOB must be between 1 and 10,000; this number is too large."),
    (knob("int", minimum=1), 0, "KNOB must be at least 1; 0 is too small."),
    (knob("float", maximum=0.5), 0.6, "KNOB must be at most 0.5; 0.6 is too large."),
    (BOUNDED, 2.0, "KNOB must be a whole number; 2.0 is not."),
    (BOUNDED, True, "KNOB must be a whole number; True is not."),
    (BOUNDED, "2", "KNOB must be a whole number; '2' is not."),
    (BOUNDED, None, "KNOB must be a whole number; None is not."),
    (BOUNDED, [1], "KNOB must be a whole number; a list is not."),
    (knob("float"), math.nan, "KNOB must be a number; nan is not."),
    (knob("float"), math.inf, "KNOB must be a number; inf is not."),
    (knob("float"), False, "KNOB must be a number; False is not."),
    (knob("bool"), 1, "KNOB must be true or false; 1 is not."),
    (knob("choice", presets=CHOICES), "spawn", "KNOB must be one of 'fork', 1; 'spawn' is not."),
    (knob("choice", presets=CHOICES), True, "KNOB must be one of 'fork', 1; True is not."),
    (knob("text"), 1, "KNOB must be a text; 1 is not."),
    (knob("line"), "a\nb", "KNOB must be one line of code; 'a\\nb' is not."),
    (knob("line"), " ", "KNOB must be one line of code; ' ' is not."),
    (knob("lines"), "a", "KNOB must be a list of texts, one a line; 'a' is not."),
    (knob("lines"), [1], "KNOB must be a list of texts, one a line; a list is not."),
    (knob("lines"), [], "KNOB needs at least one line."),
    (URLS, [], "KNOB needs at least one line."),
    (URLS, ["http://a", "ftp://a"], "Line 2 of KNOB, 'ftp://a', is no web address: it must begin "),
    (URLS, ["file:///etc/passwd"], "Line 1 of KNOB, 'file:///etc/passwd', is no web address: it "),
    (URLS, ["data:,x"], "Line 1 of KNOB, 'data:,x', is no web address: it must begin with http"),
    (URLS, ["example.org"], "Line 1 of KNOB, 'example.org', is no web address: it must begin with"),
    (URLS, ["http://"], "Line 1 of KNOB, 'http://', is no web address: it must name a host after"),
    (URLS, ["http:///a"], "Line 1 of KNOB, 'http:///a', is no web address: it must name a host"),
    (URLS, ["http://a:b"], "Line 1 of KNOB, 'http://a:b', is no web address: its host or port "),
    (URLS, ["http://[a"], "Line 1 of KNOB, 'http://[a', is no web address: its host or port "),
    (URLS, ["http://a/日"], "Line 1 of KNOB, 'http://a/日', is no web address: signs other than "),
    (URLS, ["http://a b"], "Line 1 of KNOB, 'http://a b', is no web address: it must be one addr"),
    (URLS, ["http://a\r\nHost: b"], "Line 1 of KNOB, 'http://a Host: b', is no web address: it "),
    (URLS, [""], "Line 1 of KNOB, '', is no web address: it must be one address without spaces."),
    (knob("folder"), 1, "KNOB must be a text; 1 is not."),
    (
        knob("folder"),
        "/no/such",
        "KNOB: the folder /no/such does not exist; choose another one, or",
    ),
    (knob("folder"), "a\0b", "KNOB: the folder a\0b does not exist; choose another one, or leave"),
    (knob("folder"), "a" * 5000, "KNOB: the folder aaa"),
]


@pytest.mark.parametrize(("knob", "value", "sentence"), WRONG, ids=range(len(WRONG)))
def test_what_does_not_fit_is_one_sentence(knob: CardKnob, value: Any, sentence: str) -> None:
    with pytest.raises(BadKnobValue) as caught:
        check_value(knob, value)
    assert str(caught.value).startswith(sentence)
    assert str(caught.value).endswith(".")


def test_a_folder_has_to_be_one_that_can_be_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = knob("folder")
    check_value(folder, str(tmp_path))
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(BadKnobValue, match=r"file is a file; choose another one"):
        check_value(folder, str(file))
    # The administrator may write anywhere, so that a folder without the right proves nothing.
    monkeypatch.setattr("os.access", lambda _path, _mode: False)
    with pytest.raises(BadKnobValue, match=r"cannot be written to; choose another one"):
        check_value(folder, str(tmp_path))


def problem_with(url: str) -> str:
    try:
        check_value(URLS, [url])
    except BadKnobValue as problem:
        return str(problem)
    return ""


@given(st.text(max_size=40).map("http://".__add__))
def test_any_text_for_an_address_is_accepted_or_one_sentence(url: str) -> None:
    assert "\n" not in problem_with(url)
