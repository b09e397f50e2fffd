"""Where a line may end: between words, also between those that a name is made of. No Qt."""

import itertools
import re
from bisect import bisect_left
from collections.abc import Callable
from typing import Final

ELLIPSIS: Final = "…"

_BREAKS: Final = re.compile(r"(?<=\s)(?=\S)|(?<=[_./:,;=-])(?=\w)|(?<=[a-z0-9])(?=[A-Z])")
"""After a space, after what joins the parts of a name, and before a capital within a name."""

_FULL: Final = 0.5
"""Share of a line that has to be filled: better a word is cut than a line left nearly empty."""

_JOINER: Final = "\u2060"
"""Forbids a line to end where it stands, and is not seen."""

_CLOSING: Final = "、。，．？！…」』）】〉》〜：；・ー々"
_QUOTED: Final = "」』）】〉》"
_OPENING: Final = "「『（【〈《"
_PARTICLES: Final = "のをにはがでともへやか"


def phrased(text: str) -> str:
    """Return a Japanese text that lines do not part within a word; others stay as they are.

    There are no spaces to go by. A word begins where hiragana ends, as a rule: endings and
    particles are written in hiragana, stems in kanji, and borrowed words in katakana.
    """
    parts = (
        one if _may_end(text, place, one, following) else one + _JOINER
        for place, (one, following) in enumerate(itertools.pairwise(text))
    )
    return "".join(parts) + text[-1:]


def _may_end(text: str, place: int, one: str, following: str) -> bool:
    """Return whether a line may end between a character and the following one."""
    if not (_is_japanese(one) or _is_japanese(following)) or following.isspace():
        return True  # as the rules of Unicode have it
    if following in _CLOSING or one in _OPENING:
        return False
    if one in _QUOTED and _is_hiragana(following):
        return False  # a particle of what was quoted
    if one in _CLOSING or one.isspace() or following in _OPENING:
        return one != "ー"
    if not _is_hiragana(one) or _is_hiragana(following):
        return False
    alone = place == 0 or not _is_hiragana(text[place - 1])
    return not alone or one in _PARTICLES  # else it is within a word: 取り消す


def _is_hiragana(one: str) -> bool:
    return "ぁ" <= one <= "ゖ"


def _is_japanese(one: str) -> bool:
    return "\u3000" <= one <= "\u9fff" or "\uff00" <= one <= "\uffef"


def split(words: str, fits: Callable[[str], bool]) -> tuple[str, str]:
    """Return the first line of a text and the rest; the line ends where a word does, if it can.

    A space is the best place, then the seam of a name (``Broken|ProcessPool``), then any.
    """
    if fits(words):
        return words, ""
    longest = _longest(words, fits)
    places = _places(words, longest)
    spaces = [place for place in places if words[place - 1].isspace()]
    for found in (spaces, places):
        if found and found[-1] >= longest * _FULL:
            longest = found[-1]
            break
    return words[:longest].rstrip(), words[longest:].lstrip()


def shortened(words: str, fits: Callable[[str], bool]) -> str:
    """Return a text that fits, with an ellipsis where a word ends if it had to be cut."""
    if fits(words):
        return words
    longest = _longest(words, lambda part: fits(part + ELLIPSIS))
    places = _places(words, longest)
    if places and places[-1] >= longest * _FULL:
        longest = places[-1]
    return words[:longest].rstrip().rstrip(":,;") + ELLIPSIS


def _longest(words: str, fits: Callable[[str], bool]) -> int:
    """Return how many characters fit, at least one."""
    over = bisect_left(range(1, len(words) + 1), True, key=lambda size: not fits(words[:size]))
    return max(1, over)


def _places(words: str, most: int) -> list[int]:
    """Return the places within the first characters where a line may end, ascending."""
    places = (match.start() for match in _BREAKS.finditer(words, 0, most + 2))
    return [place for place in places if place <= most or words[most:place].isspace()]
