"""The card of a demo: what the lab knows about a script beyond its text.

A card is a TOML file beside the script; `core.card_reader` reads it. Everything here is a
value: frozen, without behaviour beyond looking something up.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

from core.templates import fill

CardKnobKind: TypeAlias = Literal[
    "int", "float", "bool", "choice", "text", "lines", "urls", "folder", "line"
]
"""``lines`` is a list of texts, ``urls`` one of web addresses, ``line`` a marked line of code."""

Holds: TypeAlias = Literal["yes", "partly", "no"]

SCRIPT_MODE: Final = "script"
"""The one mode of a script that has no `EXECUTOR` to turn: as it is written."""

SWEEP_PAGE: Final = "speedup"
"""The page of a demo that can be run over numbers of workers, see `core.sweep`."""

RUN_FACTS: Final = frozenset(
    {
        *("mode", "outcome", "elapsed_s", "tasks", "workers", "failed", "cpu_s"),
        *("python", "python_minor", "free_threaded", "cores"),
        *("sequential_s", "threads_s", "processes_s", "speedup"),
        *("started", "cancelled", "refused", "broken", "raised"),
        *("start_method", "max_workers", "processes", "initialized", "initializing_s", "troubles"),
        *("overtaken", "first_delivered_s", "held_s", "stalled_s", "stalled_tasks"),
    }
)
"""What is measured on every run, or known about it; see `core.explain`."""

NUMBER_FACTS: Final = ("", "_expected", "_lost", "_lost_pct")
"""Ends of the names of the facts about a watched number."""

TABLE_FACTS: Final = ("_rows", "_distinct", "_yes", "_no")
"""The same of a watched table; see `core.explain`."""

SPREAD_FACTS: Final = (
    *("_entries", "_median", "_worst"),
    *("_sequential_median", "_threads_median", "_processes_median"),
)
"""The same of all that a watched number or series told in a run; see `core.explain`."""


SWITCH_FACTS: Final = ("_off_s", "_times")
"""The same of a switch that is on; see `core.explain`."""


class CardError(ValueError):
    """A card that cannot be used.

    Attributes
    ----------
    faults : tuple[str, ...]
        One sentence each, with the file and the key.
    """

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Localized:
    """A text in English, and in the languages it was translated to."""

    en: str
    others: Mapping[str, str] = field(default_factory=dict, hash=False)

    def in_language(self, language: str) -> str:
        """Return the text in a language (``"ja"``), in English if there is no translation."""
        return self.others.get(language, self.en)

    def languages(self) -> dict[str, str]:
        """Return all texts by language."""
        return {"en": self.en, **self.others}


@dataclass(frozen=True, slots=True)
class Preset:
    """A value of a knob that has a name."""

    value: Any = field(hash=False)
    label: Localized


@dataclass(frozen=True, slots=True)
class Alternative:
    """A line of code that a marked line can be.

    Attributes
    ----------
    name : str
        Short, for the rules of explanations: ``increment_is == "plain"``.
    """

    name: str
    code: str
    label: Localized


@dataclass(frozen=True, slots=True)
class CardKnob:
    """How a knob of the script is shown and what it may be.

    Attributes
    ----------
    minimum, maximum : float or None
        Bounds, both included; None where it is open.
    default : {"cores"} or None
        Set when the demo is loaded: the number of usable cores. None leaves the script's value.
    presets : tuple[Preset, ...]
        For ``choice`` all there is to choose from, for other kinds suggestions.
    """

    name: str
    kind: CardKnobKind
    label: Localized
    help: Localized
    minimum: float | None = None
    maximum: float | None = None
    unit: Localized | None = None
    default: str | None = None
    presets: tuple[Preset, ...] = ()
    alternatives: tuple[Alternative, ...] = ()


@dataclass(frozen=True, slots=True)
class Watch:
    """A value of the script that is read while it runs.

    Attributes
    ----------
    read : str
        A dotted name in the script's globals.
    expected : str or None
        An expression over the knobs: what the value should be in the end.
    columns : tuple[Localized, ...]
        Headings, if the value is a table: a list of rows, or a dictionary of them by their first
        cell. Empty if it is a number.
    equal : bool
        Whether equal values in the last column of the table are to be seen at a glance.
    series : bool
        Whether the value is a list that only grows, of pairs: ``time.perf_counter()`` and a number.
    """

    name: str
    read: str
    expected: str | None = None
    columns: tuple[Localized, ...] = ()
    equal: bool = False
    series: bool = False

    def facts(self) -> tuple[str, ...]:
        """Return the names of the facts about it."""
        ends = TABLE_FACTS if self.columns else NUMBER_FACTS + SPREAD_FACTS
        return tuple(f"{self.name}{end}" for end in ends)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the tutorial, for one mode.

    Attributes
    ----------
    name : str
        By which the explanations call the figure.
    unit : {"s", "count"}
        Seconds, or a whole number.
    when : str
        An expression over the knobs: when the figure is about the same thing.
    """

    name: str
    mode: str
    value: float
    unit: str
    text: Localized
    when: str = "True"

    def sentence(self, language: str) -> str:
        """Return a sentence with the figure in it."""
        return fill(self.text.in_language(language), {"value": self.value}, language)


@dataclass(frozen=True, slots=True)
class Explanation:
    """A sentence about a run, and when it is true.

    Attributes
    ----------
    part : str
        Of the rules of one part, the first that holds is used.
    when : str
        An expression over the facts of the run.
    text : Localized
        A template over the same facts.
    outcome : str
        How the run ended that the rule is about: ``done``, ``failed``, ``stopped``, ``timed out``.
    """

    part: str
    when: str
    text: Localized
    outcome: str = "done"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a run says about a claim, and when it does.

    Attributes
    ----------
    holds : {"yes", "partly", "no"}
        Whether the claim is true here.
    when : str
        An expression over the facts of the run.
    text : Localized
        A template over the same facts: what was measured.
    """

    holds: Holds
    when: str
    text: Localized


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement of the tutorial that this demo puts to the test.

    Attributes
    ----------
    text : Localized
        The statement, with the tutorial's own numbers where it gives any.
    mode : str
        The mode of the run that judges it.
    before : tuple[str, ...]
        Modes that have to be measured before, for the facts that compare.
    knobs : Mapping[str, Any]
        Values that the knobs need for it; the others are as the demo comes.
    verdicts : tuple[Verdict, ...]
        The first that holds is what the run says; if none does, it says nothing.
    """

    name: str
    text: Localized
    mode: str
    before: tuple[str, ...]
    knobs: Mapping[str, Any] = field(hash=False)
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """What the lab knows about a script.

    Attributes
    ----------
    tasks : tuple[str, ...]
        Functions that are the tasks; in sequential mode their calls are observed.
    views : tuple[str, ...]
        Names of the charts to show, besides those that are always there.
    environment : Mapping[str, str]
        Variables to set before the lab process starts.
    sites : str or None
        The address in the script that means "the local sites".
    pages : tuple[str, ...]
        Names of charts that have the place of all the others to themselves, behind a tab.
    needs : tuple[str, ...]
        Modules that the Python of the run must have.
    memory : str or None
        An expression over the knobs: the bytes that a run takes.
    why_not : Mapping[str, Localized]
        For each mode that it does not have: why not.
    workers : str or None
        The knob that is the number of workers, and of nothing else: what a sweep turns.
    why_no_sweep : Localized or None
        Why nothing can be swept, if no knob is that.
    """

    title: Localized
    summary: Localized
    modes: tuple[str, ...]
    default_mode: str
    tasks: tuple[str, ...]
    views: tuple[str, ...]
    order: int = 0
    environment: Mapping[str, str] = field(default_factory=dict, hash=False)
    sites: str | None = None
    knobs: tuple[CardKnob, ...] = ()
    watches: tuple[Watch, ...] = ()
    figures: tuple[Figure, ...] = ()
    claims: tuple[Claim, ...] = ()
    pages: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    memory: str | None = None
    why_not: Mapping[str, Localized] = field(default_factory=dict, hash=False)
    explanations: tuple[Explanation, ...] = ()
    workers: str | None = None
    why_no_sweep: Localized | None = None

    def knob(self, name: str) -> CardKnob | None:
        """Return the knob of that name; None when the card has none."""
        return next((knob for knob in self.knobs if knob.name == name), None)

    def fact_names(self) -> frozenset[str]:
        """Return the names that rules and templates of this card may use."""
        names = set(RUN_FACTS)
        names.update(knob.name for knob in self.knobs)
        names.update(f"{knob.name}_is" for knob in self.knobs if knob.kind == "line")
        for knob in self.knobs:
            if knob.kind == "bool":
                names.update(f"{knob.name}{end}" for end in SWITCH_FACTS)
        names.update(figure.name for figure in self.figures)
        for watch in self.watches:
            names.update(watch.facts())
        return frozenset(names)
