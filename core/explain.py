"""What a run showed, in two or three sentences with its own numbers.

The sentences and the rules that choose among them are on the demo's card. Facts come from
measurements; a rule that needs a fact that was not measured does not hold, so no sentence ever
shows a number that nobody measured.

Facts of every run are in `core.card.RUN_FACTS`:

=======================  ==================================================================
``mode``, ``outcome``    as in the recording: ``"threads"``, ``"done"`` ...
``elapsed_s``            seconds that ``main()`` took
``tasks``, ``workers``   how many there were; ``failed``: tasks that ended by an exception
``cpu_s``                CPU seconds of all tasks together
``python``               ``"3.11"``; ``python_minor`` (11) is made from it here
``free_threaded``        whether this Python has no GIL; ``cores``: usable processor cores
``sequential_s`` ...     median of the finished runs of that mode with the same knobs
``speedup``              ``sequential_s / elapsed_s``
``started``              tasks that began to run; ``cancelled``: tasks that were cancelled
``refused``              calls of ``cancel()`` that answered False
``broken``               tasks that failed because their pool broke: ``BrokenProcessPool`` ...
``raised``               the exception that ended the script: ``"RuntimeError"``; else ``""``
``start_method``         of the newest pool of processes: ``"fork"`` ...; ``""`` without one
``max_workers``          of the newest executor, if it has a bound
``processes``            worker processes that joined; ``initialized``: workers whose initializer
                         ran to its end, ``initializing_s``: seconds that all initializers took
``overtaken``            tasks delivered after a task that was submitted later
``first_delivered_s``    seconds from the start of ``main()`` to the first delivery of a result
``held_s``               the longest that a result, ready already, waited for its delivery
``stalled_s``            seconds in which nothing ran or finished while tasks waited for each
                         other; ``stalled_tasks``: how many waited. Both 0 if that never was
=======================  ==================================================================

Of a watched series ``lateness`` (of the samples of a number as well) there are ``lateness_entries``
(how many), ``lateness_median`` and ``lateness_worst`` (the largest) of its values, and
``lateness_threads_median``, likewise for each mode: of the finished runs with the same knobs.

Besides: each knob by its name (of a marked line also ``<name>_is``, the name of the alternative
that it is, or ``"own"``), each figure by its name, and what `watch_facts` and `table_facts` say of
each watch. Of a knob that is a switch and on, ``<name>_off_s`` is the median of the finished runs
in the same mode in which it alone was off, ``<name>_times`` how many times as long this run took.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from core.card import RUN_FACTS, Card, CardKnob, Claim, Explanation, Figure, Verdict
from core.card_reader import read_explanations
from core.expressions import MissingName, evaluate
from core.run_facts import CUT_OFF
from core.templates import fields_of, fill

COMMON: Final = Path(__file__).resolve().parent.parent / "resources" / "demos" / "_common.toml"
"""Rules for runs that did not end well, and for scripts whose card has none that holds."""


def explain(card: Card, facts: Mapping[str, object], language: str) -> list[str]:
    """Return sentences about a run.

    Parameters
    ----------
    card : Card
        Of the demo that ran.
    facts : Mapping[str, object]
        What was measured; see the head of this module. None and NaN mean "not measured".
    language : str
        ``"en"`` or ``"ja"``.

    Raises
    ------
    core.expressions.ExpressionError
        A rule of the card cannot be applied to these facts, a text where it wants a number.
    core.templates.TemplateError
        The same of a template.
    """
    said = explain_by_card(card, facts, language)
    if said:
        return said
    known = _complete(card, facts)
    chosen = _chosen(_common(), known)
    return [fill(rule.text.in_language(language), known, language) for rule in chosen]


def explain_by_card(card: Card, facts: Mapping[str, object], language: str) -> list[str]:
    """Return the sentences of the card's own rules, as `explain` does; none when none holds."""
    known = _complete(card, facts)
    outcome = known.get("outcome")
    chosen = _chosen((rule for rule in card.explanations if rule.outcome == outcome), known)
    return [fill(rule.text.in_language(language), known, language) for rule in chosen]


def watch_facts(name: str, value: float, expected: float | None) -> dict[str, float]:
    """Return the facts about a watch: its last value and, if it had an aim, what is missing.

    ``counter``, ``counter_expected``, ``counter_lost`` and ``counter_lost_pct`` (in percent).
    """
    facts = {name: value}
    if expected is not None:
        facts[f"{name}_expected"] = expected
        facts[f"{name}_lost"] = expected - value
        if expected:
            facts[f"{name}_lost_pct"] = 100 * (expected - value) / expected
    return facts


def table_facts(name: str, rows: Sequence[Sequence[object]]) -> dict[str, int]:
    """Return the facts about a watched table.

    ``table_rows``, ``table_distinct`` (different values in the last column), and how many ticks
    (``table_yes``) and crosses (``table_no``) there are in it.
    """
    cells = [cell for row in rows for cell in row if isinstance(cell, bool)]
    return {
        f"{name}_rows": len(rows),
        f"{name}_distinct": len({row[-1] for row in rows if row}),
        f"{name}_yes": sum(cells),
        f"{name}_no": len(cells) - sum(cells),
    }


def verdict_on(claim: Claim, card: Card, facts: Mapping[str, object]) -> Verdict | None:
    """Return what a run says about a claim; None when it says nothing."""
    known = _complete(card, facts)
    if known.get("mode") != claim.mode or known.get("outcome") in (None, "", CUT_OFF):
        return None
    return next((verdict for verdict in claim.verdicts if _holds(verdict, known)), None)


def verdict_text(verdict: Verdict, card: Card, facts: Mapping[str, object], language: str) -> str:
    """Return what was measured, in one sentence; the verdict must be one on these facts."""
    return fill(verdict.text.in_language(language), _complete(card, facts), language)


def figures_about(card: Card, mode: str, knobs: Mapping[str, object]) -> tuple[Figure, ...]:
    """Return the figures of the tutorial that stand beside a run in this mode with these knobs."""
    figures = (figure for figure in card.figures if figure.mode == mode)
    return tuple(figure for figure in figures if _is_so(figure.when, knobs))


def _complete(card: Card, facts: Mapping[str, object]) -> dict[str, object]:
    """Return the facts that are known, with those that follow from them."""
    known = {name: value for name, value in facts.items() if not _is_unknown(value)}
    python = known.get("python")
    if isinstance(python, str) and python.count("."):
        known["python_minor"] = int(python.split(".")[1])
    known.update((figure.name, figure.value) for figure in card.figures)
    for knob in card.knobs:
        if knob.kind == "line" and knob.name in known:
            known[f"{knob.name}_is"] = _alternative(knob, known[knob.name])
    return known


def _is_unknown(value: object) -> bool:
    return value is None or (isinstance(value, float) and not math.isfinite(value))


def _alternative(knob: CardKnob, code: object) -> str:
    return next((line.name for line in knob.alternatives if line.code == code), "own")


def _chosen(rules: Iterable[Explanation], facts: Mapping[str, object]) -> list[Explanation]:
    """Return the first rule of each part that holds, the parts in their order on the card."""
    by_part: dict[str, Explanation | None] = {}
    for rule in rules:
        by_part.setdefault(rule.part, None)
        if by_part[rule.part] is None and _holds(rule, facts):
            by_part[rule.part] = rule
    return [rule for rule in by_part.values() if rule is not None]


def _holds(rule: Explanation | Verdict, facts: Mapping[str, object]) -> bool:
    templates = rule.text.languages().values()
    if any(name not in facts for template in templates for name, _ in fields_of(template)):
        return False
    return _is_so(rule.when, facts)


def read_ahead() -> None:
    """Read what the sentences are made of: after a run there might be no room for that.

    Raises
    ------
    core.card.CardError
        It cannot be read.
    """
    _common()


def _is_so(condition: str, facts: Mapping[str, object]) -> bool:
    """Return whether a condition is known to hold: with a fact missing it is not."""
    try:
        return evaluate(condition, facts) is True
    except MissingName:
        return False


@cache
def _common() -> tuple[Explanation, ...]:
    """Return what goes for all demos; read ahead of a run by `read_ahead`."""
    return read_explanations(COMMON, RUN_FACTS)
