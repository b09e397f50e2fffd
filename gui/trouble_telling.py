"""What of a run was not seen, in the language of the window.

A trouble is an English sentence wherever it travels: in the channel, in files, on the command
line. Here each is known by its template in the section ``trouble`` of the translations.
"""

import re
from functools import cache
from typing import Final

from core.number_format import count
from core.recording import Recording
from core.troubles import Trouble
from gui.texts import Texts

MOST_TOLD: Final = 3
"""Sentences that the window says; the command line and the file of the recording have all."""

_SECTION: Final = "trouble."
_FIELD: Final = re.compile(r"\\\{(\w+)\\\}")


def trouble_sentences(recording: Recording, texts: Texts) -> list[str]:
    """Return what of a run was not seen, in at most `MOST_TOLD` sentences and one for the rest."""
    kinds = list(recording.trouble_kinds)
    sentences = [_counted(kind, texts) for kind in kinds[:MOST_TOLD]]
    more = len(kinds) - len(sentences)
    return [*sentences, texts("explanation.more_troubles", count=more)] if more else sentences


def _counted(trouble: Trouble, texts: Texts) -> str:
    """Return a trouble with its count, if it happened more than once."""
    sentence = trouble_sentence(trouble.sentence, texts)
    if trouble.times == 1:
        return sentence
    how = "times" if trouble.is_always_so else "times_alike"
    told = sentence.rstrip(".。")
    return texts(f"explanation.trouble_{how}", trouble=told, times=count(trouble.times))


def trouble_sentence(trouble: str, texts: Texts) -> str:
    """Return a trouble in the language of the window; as it is where no template is known."""
    for key, template in _templates():
        found = template.fullmatch(trouble)
        if found is not None:
            return texts(key, **found.groupdict())
    return trouble


@cache
def _templates() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the key and the pattern of each English template, in the order of the file."""
    english = Texts("en")
    return tuple(
        (key, re.compile(_FIELD.sub(r"(?P<\1>.+)", re.escape(english(key))), re.DOTALL))
        for key in english.in_section(_SECTION)
    )
