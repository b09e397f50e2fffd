"""Watched tables on a card: headings in both languages, and what is marked as equal."""

import pytest

from core.card import CardError, Localized, Watch
from core.card_reader import read_card
from tests.core.cards import card_text

CARD = card_text(
    """
    [[watch]]
    name = "numbers"
    read = "table"
    equal = true
    columns = [{ en = "worker", ja = "ワーカー" }, { en = "value", ja = "値" }]
    """,
    views=["table"],
)


def test_a_table_has_headings() -> None:
    (watch,) = read_card(CARD).watches
    headings = (Localized("worker", {"ja": "ワーカー"}), Localized("value", {"ja": "値"}))
    assert watch == Watch("numbers", "table", None, headings, equal=True)
    assert [heading.in_language("ja") for heading in watch.columns] == ["ワーカー", "値"]


def test_a_table_has_facts_of_its_own() -> None:
    names = read_card(CARD).fact_names()
    assert {"numbers_rows", "numbers_distinct", "numbers_yes", "numbers_no"} <= names
    assert "numbers" not in names


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        ("equal = true", "equal = 1", "card: watch 1, equal must be true or false."),
        (
            "equal = true",
            'expected = "2"',
            "card: watch expects '2' of numbers, which is a table.",
        ),
        (
            'columns = [{ en = "worker", ja = "ワーカー" }, { en = "value", ja = "値" }]',
            "",
            "card: watch marks what is equal in numbers, which is no table.",
        ),
    ],
)
def test_what_does_not_fit_a_table_is_a_fault(right: str, wrong: str, fault: str) -> None:
    with pytest.raises(CardError) as caught:
        read_card(CARD.replace(right, wrong))
    assert caught.value.faults == (fault,)
