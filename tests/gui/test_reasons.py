"""Why a file is not written there, in both languages."""

from __future__ import annotations

from typing import get_args

import pytest

from core.storage.atomic_write import Refused, WhyRefused
from gui.reasons import reason_in, unwritable_sentence
from gui.texts import Texts


@pytest.mark.parametrize("why", get_args(WhyRefused))
def test_every_reason_of_core_has_words_in_each_language(why: WhyRefused) -> None:
    reason = Refused(why).strerror
    assert isinstance(reason, str)
    assert reason_in(reason, Texts("en")) == reason
    assert reason_in(reason, Texts("ja")) != reason


def test_what_the_system_says_stays() -> None:
    sentence = unwritable_sentence("a.png", "No space left on device", Texts("en"))
    assert sentence == "a.png cannot be saved (No space left on device); choose another place."
