"""Why a file is not written there, in the language of the window.

Core says it in English, like the system; what it says itself is known by its words here.
"""

from typing import Final

from gui.texts import Texts

_SECTION: Final = "unwritable."


def reason_in(reason: str, texts: Texts) -> str:
    """Return a reason in the language of the texts; what the system says stays as it is."""
    english = Texts("en")
    keys = english.in_section(_SECTION)
    return next((texts(key) for key in keys if english(key) == reason), reason)


def unwritable_sentence(name: str, reason: str, texts: Texts) -> str:
    """Return the sentence that a file cannot be saved."""
    return texts("file.unwritable", name=name, reason=reason_in(reason, texts))
