"""Knobs of a run in words: their labels, and their values as people call them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from core.card import Card, CardKnob
from core.script import MODE_KNOB
from gui.texts import Texts


def knobs_told(knobs: Mapping[str, Any], card: Card, texts: Texts) -> Iterator[tuple[str, str]]:
    """Yield label and value of each knob but the mode: those of the card first, in its order."""
    order = {knob.name: place for place, knob in enumerate(card.knobs)}
    for name in sorted(knobs, key=lambda name: order.get(name, len(order))):
        if name != MODE_KNOB:
            knob, value = card.knob(name), knobs[name]
            label = name if knob is None else knob.label.in_language(texts.language)
            yield label, value_told(knob, value, texts)


def sentence_of(knobs: Mapping[str, Any], card: Card, texts: Texts) -> str:
    """Return knobs in one line, as in ``Threads: 2, Lock: yes``."""
    told = knobs_told(knobs, card, texts)
    return texts("explanation.comma").join(
        texts("report.knob", label=label, value=value) for label, value in told
    )


def differing(knobs: Mapping[str, Any], all_knobs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return those knobs of a run, without the mode, that are not the same in all runs."""
    return {
        name: value
        for name, value in knobs.items()
        if name != MODE_KNOB and any(each.get(name) != value for each in all_knobs)
    }


def value_told(knob: CardKnob | None, value: Any, texts: Texts) -> str:
    """Return a value as people call it: by its preset or alternative, else as it is."""
    named = _named(knob, value, texts.language) if knob is not None else ""
    if named:
        return named
    if isinstance(value, bool):
        return texts("report.yes" if value else "report.no")
    if isinstance(value, int | float):
        number = f"{value:,}"
        unit = knob.unit.in_language(texts.language) if knob is not None and knob.unit else ""
        return f"{number} {unit}".strip()
    if isinstance(value, list | tuple):
        return texts("explanation.comma").join(map(str, value)) or texts("report.none")
    return str(value) or texts("report.none")


def _named(knob: CardKnob, value: Any, language: str) -> str:
    for alternative in knob.alternatives:
        if alternative.code == value:
            return alternative.label.in_language(language)
    for preset in knob.presets if knob.kind == "choice" else ():
        if preset.value == value:
            return preset.label.in_language(language)
    return ""
