"""What runs say about the claims of the tutorial, and which runs it takes to judge them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.card import Card, Claim, Figure, Holds, Localized
from core.explain import figures_about, verdict_on, verdict_text


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether a claim is true here.

    Attributes
    ----------
    measured : Localized
        What was measured, in one sentence.
    """

    claim: Claim
    holds: Holds
    measured: Localized


@dataclass(frozen=True, slots=True)
class Measurement:
    """Runs of one demo with the same knobs that judge some of its claims.

    Attributes
    ----------
    knobs : Mapping[str, Any]
        Values of the knobs that are not as the demo comes.
    modes : tuple[str, ...]
        Each once, in the order in which they have to run.
    """

    knobs: Mapping[str, Any] = field(hash=False)
    modes: tuple[str, ...]
    claims: tuple[Claim, ...]


def judge(claim: Claim, card: Card, facts: Mapping[str, object]) -> Judgement | None:
    """Return what a run says about a claim; None when it says nothing.

    Raises
    ------
    core.expressions.ExpressionError, core.templates.TemplateError
        A verdict of the card cannot be applied to these facts.
    """
    verdict = verdict_on(claim, card, facts)
    if verdict is None:
        return None
    measured = {
        language: verdict_text(verdict, card, facts, language)
        for language in verdict.text.languages()
    }
    return Judgement(claim, verdict.holds, Localized(measured.pop("en"), measured))


def claim_in_question(
    card: Card, facts: Mapping[str, object], mode: str | None
) -> tuple[Claim | None, Judgement | None]:
    """Return the claim to speak of, and what the run with these facts says about it.

    The first that the run judges; else one about ``mode``, the mode on screen; else the first.
    """
    for claim in card.claims:
        judgement = judge(claim, card, facts)
        if judgement is not None:
            return claim, judgement
    about_mode = (claim for claim in card.claims if claim.mode == mode)
    return next(about_mode, card.claims[0] if card.claims else None), None


def measurements(claims: Sequence[Claim]) -> tuple[Measurement, ...]:
    """Return the runs that judge the claims of one demo, none of them twice."""
    together: dict[str, list[Claim]] = {}
    for claim in claims:
        together.setdefault(json.dumps(dict(claim.knobs), sort_keys=True), []).append(claim)
    return tuple(_measurement(tuple(alike)) for alike in together.values())


def figures_of(claim: Claim, card: Card, knobs: Mapping[str, Any]) -> tuple[Figure, ...]:
    """Return the figures of the tutorial behind a claim.

    Parameters
    ----------
    knobs : Mapping[str, Any]
        Those of the runs that judge it. Where no figure is about such runs, because the
        tutorial's work was larger, those about the same modes stand.
    """
    modes = (*claim.before, claim.mode)
    same = tuple(figure for mode in modes for figure in figures_about(card, mode, knobs))
    return same or tuple(figure for figure in card.figures if figure.mode in modes)


def _measurement(claims: tuple[Claim, ...]) -> Measurement:
    before = [mode for claim in claims for mode in claim.before]
    modes = dict.fromkeys([*before, *(claim.mode for claim in claims)])
    return Measurement(claims[0].knobs, tuple(modes), claims)
