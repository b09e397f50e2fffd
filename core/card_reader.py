"""Reads the cards of demos, strictly: what is wrong is said in one sentence a fault."""

import tomllib
from pathlib import Path
from typing import Final, cast, get_args

from core.card import (
    Alternative,
    Card,
    CardError,
    CardKnob,
    CardKnobKind,
    Claim,
    Explanation,
    Figure,
    Holds,
    Localized,
    Preset,
    Verdict,
    Watch,
)
from core.card_checks import check_explanations, check_knob, check_names, check_template
from core.modes import MODES, mode_named
from core.quoting import squeezed
from core.toml_table import Table

LANGUAGES: Final = ("en", "ja")
"""Every text of a card comes in these."""

OUTCOMES: Final = ("done", "failed", "stopped", "timed out")
"""How a run can end; the first is what rules are about that say nothing else."""

_KINDS: Final = cast("tuple[str, ...]", get_args(CardKnobKind))


def read_card(source: Path | str, name: str = "card") -> Card:
    """Return the card in a file, or in a text that is called ``name`` in sentences.

    Raises
    ------
    CardError
        With a sentence for each fault.
    """
    top, faults = _opened(source, name)
    card = _card(top)
    top.end()
    check_names(card, top)
    if faults:
        raise CardError(tuple(faults))
    return card


def read_explanations(source: Path | str, known: frozenset[str]) -> tuple[Explanation, ...]:
    """Return the rules of a file that has nothing else; they may use the facts ``known``.

    Raises
    ------
    CardError
        With a sentence for each fault.
    """
    top, faults = _opened(source, "explanations")
    explanations = tuple(_explanation(table) for table in top.tables("explanation"))
    top.end()
    check_explanations(explanations, known, top)
    if faults:
        raise CardError(tuple(faults))
    return explanations


def _opened(source: Path | str, name: str) -> tuple[Table, list[str]]:
    if isinstance(source, Path):
        name = source.name
    faults: list[str] = []
    try:
        text = source.read_text(encoding="utf-8") if isinstance(source, Path) else source
        return Table(tomllib.loads(text), name, faults), faults
    except OSError as problem:
        raise CardError((f"{name}: it cannot be read ({problem.strerror}).",)) from problem
    except UnicodeDecodeError as problem:
        raise CardError((f"{name}: it is not UTF-8 text.",)) from problem
    except tomllib.TOMLDecodeError as problem:
        raise CardError((f"{name}: it is not TOML ({squeezed(problem)}).",)) from problem


def _card(top: Table) -> Card:
    modes = top.texts("modes")
    for mode in modes:
        top.checked("modes", mode, mode_named)
    default_mode = top.text("default_mode")
    if modes and default_mode not in modes:
        top.fault("default_mode", f"is '{default_mode}', which is not among the modes")
    return Card(
        order=top.whole("order"),
        title=_localized(top.table("title")),
        summary=_localized(top.table("summary")),
        modes=modes,
        default_mode=default_mode,
        tasks=top.texts("tasks"),
        views=top.texts("views"),
        environment=top.mapping("environment"),
        sites=top.text("sites") if top.has("sites") else None,
        pages=top.texts("pages", ()),
        needs=top.texts("needs", ()),
        memory=top.text("memory") if top.has("memory") else None,
        why_not=_why_not(top, modes),
        workers=top.text("workers") if top.has("workers") else None,
        why_no_sweep=_localized(top.table("why_no_sweep")) if top.has("why_no_sweep") else None,
        knobs=tuple(_knob(table) for table in top.tables("knob")),
        watches=tuple(_watch(table) for table in top.tables("watch")),
        figures=tuple(_figure(table, modes) for table in top.tables("figure")),
        claims=tuple(_claim(table, modes) for table in top.tables("claim")),
        explanations=tuple(_explanation(table) for table in top.tables("explanation")),
    )


def _localized(table: Table) -> Localized:
    english, *others = (table.text(language) for language in LANGUAGES)
    table.end()
    return Localized(english, dict(zip(LANGUAGES[1:], others, strict=True)))


def _knob(table: Table) -> CardKnob:
    knob = CardKnob(
        name=table.text("name"),
        kind=cast("CardKnobKind", table.one_of("kind", _KINDS)),
        label=_localized(table.table("label")),
        help=_localized(table.table("help")),
        minimum=table.number("minimum", None),
        maximum=table.number("maximum", None),
        unit=_localized(table.table("unit")) if table.has("unit") else None,
        default=table.one_of("default", ("cores",)) if table.has("default") else None,
        presets=tuple(_preset(preset) for preset in table.tables("presets")),
        alternatives=tuple(_alternative(line) for line in table.tables("alternatives")),
    )
    table.end()
    check_knob(knob, table)
    return knob


def _preset(table: Table) -> Preset:
    preset = Preset(table.anything("value"), _localized(table.table("label")))
    table.end()
    return preset


def _alternative(table: Table) -> Alternative:
    name, code = table.text("name"), table.text("code")
    line = Alternative(name, code, _localized(table.table("label")))
    table.end()
    return line


def _watch(table: Table) -> Watch:
    expected = table.text("expected") if table.has("expected") else None
    columns = tuple(_localized(column) for column in table.tables("columns"))
    name, read = table.text("name"), table.text("read")
    equal, series = table.truth("equal", False), table.truth("series", False)
    watch = Watch(name, read, expected, columns, equal, series)
    table.end()
    return watch


def _figure(table: Table, modes: tuple[str, ...]) -> Figure:
    figure = Figure(
        name=table.text("name"),
        mode=table.one_of("mode", modes),
        value=table.number("value") or 0.0,
        unit=table.one_of("unit", ("s", "count")),
        text=_localized(table.table("text")),
        when=table.text("when", "True"),
    )
    check_template(figure.text, frozenset({"value"}), "text", table)
    table.end()
    return figure


def _claim(table: Table, modes: tuple[str, ...]) -> Claim:
    claim = Claim(
        name=table.text("name"),
        text=Localized(table.text("en"), {"ja": table.text("ja")}),
        mode=table.one_of("mode", modes),
        before=table.texts("before", ()),
        knobs=table.values("knobs"),
        verdicts=tuple(_verdict(verdict) for verdict in table.tables("verdict")),
    )
    for mode in claim.before:
        if mode not in modes:
            table.fault("before", f"names '{mode}', which is not among the modes")
    table.end()
    return claim


def _verdict(table: Table) -> Verdict:
    texts = Localized(table.text("en"), {"ja": table.text("ja")})
    verdict = Verdict(
        cast("Holds", table.one_of("holds", get_args(Holds))), table.text("when"), texts
    )
    table.end()
    return verdict


def _why_not(top: Table, modes: tuple[str, ...]) -> dict[str, Localized]:
    """Return why modes that the demo lacks are not there; every shipped demo says it for each."""
    if not top.has("why_not"):
        return {}
    table = top.table("why_not")
    missing = [mode.name for mode in MODES if mode.name not in modes and table.has(mode.name)]
    reasons = {mode: _localized(table.table(mode)) for mode in missing}
    table.end()
    return reasons


def _explanation(table: Table) -> Explanation:
    texts = Localized(table.text("en"), {"ja": table.text("ja")})
    outcome = table.one_of("outcome", OUTCOMES) if table.has("outcome") else OUTCOMES[0]
    explanation = Explanation(table.text("part"), table.text("when"), texts, outcome)
    table.end()
    return explanation
