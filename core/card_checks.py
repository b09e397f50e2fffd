"""What must agree on a card: bounds, names, rules and templates. Faults go on the table's list."""

from collections import Counter
from collections.abc import Iterable
from functools import partial
from typing import Final

from core.card import RUN_FACTS, Card, CardKnob, Explanation, Localized
from core.expressions import ExpressionError, names_in
from core.knob_values import CHECKED_KINDS, check_value
from core.quoting import shortened
from core.templates import TemplateError, fields_of
from core.toml_table import Table

_BOUNDED: Final = ("int", "float")


def check_knob(knob: CardKnob, table: Table) -> None:
    """Check one knob on its own: bounds and choices fit its kind."""
    if knob.kind not in _BOUNDED and (knob.minimum, knob.maximum) != (None, None):
        table.fault("minimum", f"and maximum are for the kinds {' and '.join(_BOUNDED)} only")
    elif knob.minimum is not None and knob.maximum is not None and knob.minimum > knob.maximum:
        table.fault("minimum", "is larger than maximum")
    if knob.default is not None and knob.kind != "int":
        table.fault("default", "is for the kind int only")
    if knob.kind == "choice" and not knob.presets:
        table.fault("presets", "is missing: a choice needs something to choose from")
    if bool(knob.alternatives) != (knob.kind == "line"):
        table.fault("alternatives", "belongs to knobs of the kind line, and to each of them")
    # What kind it is meant to be is not known when the kind is a fault itself.
    for preset in knob.presets if knob.kind in CHECKED_KINDS else ():
        table.checked("presets", preset.value, lambda value: check_value(knob, value))
    _check_once((line.name for line in knob.alternatives), "alternatives", table)


def check_names(card: Card, top: Table) -> None:
    """Check what the parts of a card say about each other."""
    watches = [watch.name for watch in card.watches]
    knobs = [knob.name for knob in card.knobs]
    figures = [figure.name for figure in card.figures]
    _check_once([*knobs, *watches, *figures, *RUN_FACTS], "knob, watch or figure", top)
    for watch in card.watches:
        if not all(part.isidentifier() for part in watch.read.split(".")):
            top.fault("watch", f"reads '{watch.read}', which is not a dotted name")
        if watch.equal and not watch.columns:
            top.fault("watch", f"marks what is equal in {watch.name}, which is no table")
        if watch.series and (watch.columns or watch.expected is not None):
            top.fault("watch", f"has columns or an aim for {watch.name}, which is a series")
        if watch.columns and watch.expected is not None:
            top.fault("watch", f"expects '{watch.expected}' of {watch.name}, which is a table")
        elif watch.expected is not None:
            check_expression(watch.expected, frozenset(knobs), "watch", top)
    for figure in card.figures:
        check_expression(figure.when, frozenset(knobs), "figure", top)
    turned = card.knob(card.workers) if card.workers is not None else None
    if card.workers is not None and (turned is None or turned.kind != "int"):
        top.fault("workers", f"is '{card.workers}', which is no knob of the kind int")
    if card.workers is not None and card.why_no_sweep is not None:
        top.fault("why_no_sweep", "is there, although workers names what to sweep")
    if card.memory is not None:
        check_expression(card.memory, frozenset(knobs), "memory", top)
    check_claims(card, top)
    check_explanations(card.explanations, card.fact_names(), top)


def check_explanations(
    explanations: tuple[Explanation, ...], known: frozenset[str], top: Table
) -> None:
    """Check that rules and templates can be read and use known names only."""
    for index, explanation in enumerate(explanations, start=1):
        place = f"explanation {index}"
        check_expression(explanation.when, known, place, top)
        check_template(explanation.text, known, place, top)


def check_claims(card: Card, top: Table) -> None:
    """Check the claims: their knobs and what their verdicts use."""
    _check_once((claim.name for claim in card.claims), "claim", top)
    for claim in card.claims:
        for name, value in claim.knobs.items():
            knob = card.knob(name)
            if knob is None:
                top.fault(
                    f"claim {claim.name}", f"sets {shortened(name)}, which is no knob on this card"
                )
            else:
                top.checked(f"claim {claim.name}", value, partial(check_value, knob))
        for verdict in claim.verdicts:
            place = f"claim {claim.name}, verdict {verdict.holds}"
            check_expression(verdict.when, card.fact_names(), place, top)
            check_template(verdict.text, card.fact_names(), place, top)


def check_expression(expression: str, known: frozenset[str], key: str, table: Table) -> None:
    """Check an expression and its names."""
    try:
        unknown = sorted(names_in(expression) - known)
    except ExpressionError as problem:
        table.fault(key, f"is wrong: {str(problem).rstrip('.')}")
        return
    for name in unknown:
        table.fault(key, f"uses {shortened(name)}, which nothing on this card is named")


def check_template(text: Localized, known: frozenset[str], key: str, table: Table) -> None:
    """Check the templates of a text in all languages, and their names."""
    for language, template in text.languages().items():
        try:
            names = {name for name, _ in fields_of(template)}
        except TemplateError as problem:
            table.fault(f"{key}, {language}", f"is wrong: {str(problem).rstrip('.')}")
            continue
        for name in sorted(names - known):
            table.fault(
                f"{key}, {language}", f"uses {shortened(name)}, which nothing on this card is named"
            )


def _check_once(names: Iterable[str], key: str, table: Table) -> None:
    for name, times in Counter(names).items():
        if times > 1:
            table.fault(key, f"has a name that something else has too: '{shortened(name)}'")
        if not name.isidentifier():
            table.fault(key, f"has a name that no rule could use: '{shortened(name)}'")
