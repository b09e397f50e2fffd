"""The texts of the window, in each of its languages."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from gui.texts import LANGUAGES, Texts, system_language

SOURCES = Path(__file__).resolve().parents[2] / "gui"
KEY = re.compile(r"""texts?\(\s*"([a-z_]+\.[a-z_]+)["]""")


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_all_languages_say_the_same_things(language: str) -> None:
    assert Texts(language).keys() == Texts(LANGUAGES[0]).keys()


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_translations_fill_in_the_same_values(language: str) -> None:
    one, other = Texts(LANGUAGES[0]), Texts(language)
    for key in one.keys():  # noqa: SIM118 - Texts is no mapping
        # A sentence may leave out what its language does not need, but know nothing more.
        assert fields(other(key)) <= fields(one(key)), key
        assert other(key).strip(), key


def test_every_text_that_the_window_asks_for_is_there() -> None:
    asked = {
        key
        for path in SOURCES.rglob("*.py")
        for key in KEY.findall(path.read_text(encoding="utf-8"))
    }
    assert len(asked) > 30
    assert asked <= Texts("en").keys()


def test_values_are_filled_in() -> None:
    assert Texts("en")("output.dropped", count="1,000") == "1,000 more lines were not kept."


def test_a_text_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError):
        Texts("en")("window.nothing")


def test_the_language_of_the_system_is_one_of_ours() -> None:
    assert system_language() in LANGUAGES
