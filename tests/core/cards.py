"""The head of a card, for tests that are about what follows it."""

from collections.abc import Sequence


def card_text(more: str, modes: Sequence[str] = ("threads",), views: Sequence[str] = ()) -> str:
    """Return the text of a card that has what each must have, and more."""
    return f"""
order = 1
modes = {list(modes)}
default_mode = "threads"
tasks = []
views = {list(views)}
title = {{ en = "T", ja = "題" }}
summary = {{ en = "S", ja = "要" }}
{more}"""
