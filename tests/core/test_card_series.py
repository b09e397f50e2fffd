"""Watched series on a card."""

import pytest

from core.card import CardError, Watch
from core.card_reader import read_card
from tests.core.cards import card_text

CARD = card_text(
    """
    [[watch]]
    name = "late"
    read = "ticks"
    series = true
    """,
    views=["lateness"],
)


def test_a_series_has_facts_about_its_spread() -> None:
    card = read_card(CARD)
    assert card.watches == (Watch("late", "ticks", series=True),)
    wanted = {"late_entries", "late_median", "late_worst", "late_processes_median"}
    assert wanted <= card.fact_names()


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ("series = 1", "card: watch 1, series must be true or false."),
        (
            'series = true\n    columns = [{ en = "a", ja = "あ" }]',
            "card: watch has columns or an aim for late, which is a series.",
        ),
        (
            'series = true\n    expected = "2"',
            "card: watch has columns or an aim for late, which is a series.",
        ),
    ],
)
def test_what_does_not_fit_a_series_is_a_fault(wrong: str, fault: str) -> None:
    with pytest.raises(CardError) as caught:
        read_card(CARD.replace("series = true", wrong))
    assert caught.value.faults == (fault,)
