"""What went wrong in the observation of a run: each trouble once, with how often it happened.

A script can cause the same trouble a thousand times; people read it once. Sentences that
differ in larger numbers only (of processes, of bytes) are of one kind; the first stands for all.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from core.quoting import shortened

MOST_KINDS: Final = 100
"""Kinds of trouble that are kept; the others are counted."""

LONGEST: Final = 1_000
"""Characters of a sentence; what is beyond is left out."""

_NUMBER: Final = re.compile(r"\d{2,}")
"""Of a process, of bytes. Numbers of one digit say more often what kind it is."""


class Trouble(NamedTuple):
    """One kind of trouble: a sentence, how often it happened, and whether always as it says."""

    sentence: str
    times: int
    is_always_so: bool = True
    """Whether the others of its kind were the same to the last digit."""


class Troubles:
    """The troubles of a run in the order of their first time."""

    def __init__(self) -> None:
        self._kinds: dict[str, Trouble] = {}
        self._others = 0

    def __iter__(self) -> Iterator[Trouble]:
        """Yield each kind once; what was too much to be kept is one more."""
        yield from list(self._kinds.values())  # others may add while this is read
        if self._others:
            yield Trouble("There was more trouble of other kinds.", self._others)

    def add(self, sentence: str, times: int = 1, *, is_always_so: bool = True) -> None:
        """Note that something happened, once or more often."""
        sentence = shortened(sentence, LONGEST)  # a script may have a word in it
        kind = _NUMBER.sub("0", sentence)
        before = self._kinds.get(kind)
        if before is not None:
            so = before.is_always_so and is_always_so and before.sentence == sentence
            self._kinds[kind] = Trouble(before.sentence, before.times + times, so)
        elif len(self._kinds) < MOST_KINDS:
            self._kinds[kind] = Trouble(sentence, times, is_always_so)
        else:
            self._others += times

    def told(self) -> list[str]:
        """Return a sentence for each kind, in English."""
        return [told(trouble) for trouble in self]


def told(trouble: Trouble) -> str:
    """Return the sentence of a trouble, with its count if it happened more than once."""
    sentence, times, is_always_so = trouble
    if times == 1:
        return sentence
    count = f"{times:,} times" if is_always_so else f"{times:,} times with other numbers"
    return f"{sentence.removesuffix('.')} ({count})."
