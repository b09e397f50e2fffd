"""Lines end where words and the parts of names do."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.charts.line_breaks import ELLIPSIS, phrased, shortened, split


def within(most: int) -> Callable[[str], bool]:
    return lambda part: len(part) <= most


def lines_of(words: str, most: int) -> list[str]:
    lines = []
    while words:
        line, words = split(words, within(most))
        lines.append(line)
    return lines


@pytest.mark.parametrize(
    ("words", "most", "lines"),
    [
        ("ValueError: 2 is not allowed", 20, ["ValueError: 2 is not", "allowed"]),
        ("BrokenProcessPool", 12, ["Broken", "ProcessPool"]),
        ("TimeoutError", 10, ["Timeout", "Error"]),
        ("no_such_module", 8, ["no_such_", "module"]),
        ("123456789", 4, ["1234", "5678", "9"]),  # no seam: anywhere
        ("a bbbbbbbbbbbb", 6, ["a bbbb", "bbbbbb", "bb"]),  # no line is left nearly empty
    ],
)
def test_a_name_is_parted_at_its_seams(words: str, most: int, lines: list[str]) -> None:
    assert lines_of(words, most) == lines


def test_a_text_is_cut_after_a_whole_word() -> None:
    assert shortened("ProcessPool: A process in the pool", within(9)) == "Process…"
    assert shortened("process in the process pool", within(20)) == "process in the…"
    assert shortened("123456789", within(5)) == "1234…"
    assert shortened("short", within(5)) == "short"


@given(words=st.text(min_size=1, max_size=60), most=st.integers(2, 20))
def test_every_line_fits_and_no_letter_is_lost(words: str, most: int) -> None:
    lines = lines_of(words, most)
    assert all(len(line) <= most for line in lines)
    assert "".join("".join(lines).split()) == "".join(words.split())
    cut = shortened(words, within(most))
    assert len(cut) <= most
    assert cut == words or cut.endswith(ELLIPSIS)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("実行を押すと表れます。", ["実行を", "押すと", "表れます。"]),
        ("受け取った順で並びます", ["受け取った", "順で", "並びます"]),
        ("「すべて比較」は順に", ["「すべて", "比較」は", "順に"]),
        ("max_workersを上限とする", ["max_workersを", "上限とする"]),
    ],
)
def test_japanese_words_stay_whole(text: str, words: list[str]) -> None:
    joined = phrased(text)
    assert joined.replace("\u2060", "") == text
    places = [sum(map(len, words[:count])) for count in range(1, len(words))]
    plain = [place for place in range(1, len(text)) if not _is_joined(joined, place)]
    ascii_only = {place for place in plain if text[place - 1 : place + 1].isascii()}
    assert [place for place in plain if place not in ascii_only] == places


def _is_joined(joined: str, place: int) -> bool:
    """Return whether no line may end before the character at a place of the plain text."""
    at, seen = 0, 0
    while seen < place:
        seen += joined[at] != "\u2060"
        at += 1
    return joined[at] == "\u2060"


def test_other_texts_are_as_they_were() -> None:
    assert phrased("Press Run: each worker gets a lane.") == "Press Run: each worker gets a lane."
    assert phrased("") == ""
