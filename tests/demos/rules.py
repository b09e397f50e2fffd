"""Checks the sentences of a demo's card against many possible runs."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final

from core.card import Card
from core.demos import demo_named
from core.explain import explain, verdict_on, verdict_text
from core.script import find_knobs
from core.templates import fill

LANGUAGES: Final = ("en", "ja")
SENTENCE_END: Final = {"en": re.compile(r"[.?](?=\s|$)"), "ja": re.compile("。")}
MOST_SENTENCES: Final = 3


def facts_of(demo: str, **changes: Any) -> dict[str, Any]:
    """Return the facts of a run of a demo with its knobs as they are, with some changed."""
    facts: dict[str, Any] = {
        "mode": "threads",
        "outcome": "done",
        "elapsed_s": 0.9271,
        "tasks": 3,
        "workers": 3,
        "failed": 0,
        "cpu_s": 0.0123,
        "python": "3.11",
        "free_threaded": False,
        "cores": 2,
        "started": 3,
        "cancelled": 0,
        "refused": 0,
        "broken": 0,
        "raised": "",
        "start_method": "",
        "processes": 0,
        "initialized": 0,
        "initializing_s": 0.0,
        "overtaken": 0,
        "stalled_s": 0.0,
        "stalled_tasks": 0,
    }
    return facts | knobs_of(demo) | changes


@cache
def knobs_of(demo: str) -> dict[str, Any]:
    """Return the knobs of a demo as it comes."""
    return {knob.name: knob.value for knob in find_knobs(demo_named(demo).text)}


def check_rules(demo: str, runs: Iterable[Mapping[str, Any]]) -> None:
    """Check that each run gets one to three sentences, and that each rule has its run.

    The same of claims: each verdict must be reached by one of the runs. Give runs of all kinds,
    as few as it takes.
    """
    card = demo_named(demo).card
    used: set[str] = set()
    judged: set[tuple[str, str]] = set()
    for facts in runs:
        for language in LANGUAGES:
            _check_sentences(card, facts, language)
        used |= templates_used(card, facts)
        for claim in card.claims:
            verdict = verdict_on(claim, card, facts)
            if verdict is not None:
                judged.add((claim.name, verdict.text.en))
                texts = [verdict_text(verdict, card, facts, language) for language in LANGUAGES]
                assert all(text and "{" not in text and "nan" not in text for text in texts), texts
    assert used == {rule.text.en for rule in card.explanations}
    assert judged == {(c.name, v.text.en) for c in card.claims for v in c.verdicts}


def _check_sentences(card: Card, facts: Mapping[str, Any], language: str) -> None:
    sentences = explain(card, facts, language)
    ends = SENTENCE_END[language].findall(" ".join(sentences))
    assert 1 <= len(ends) <= MOST_SENTENCES, sentences
    assert all("{" not in sentence and "nan" not in sentence for sentence in sentences)


def templates_used(card: Card, facts: Mapping[str, Any]) -> set[str]:
    """Return the English templates that were filled in for a run."""
    spoken = explain(card, facts, "en")
    figures = {figure.name: figure.value for figure in card.figures}
    known = {name: value for name, value in {**facts, **figures}.items() if value is not None}
    return {
        rule.text.en
        for rule in card.explanations
        if all(name in known for name in re.findall(r"{(\w+)", rule.text.en))
        and fill(rule.text.en, known) in spoken
    }
