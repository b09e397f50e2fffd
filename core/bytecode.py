"""The bytecode of one marked line: what it does to a value, and where a thread may be switched.

A line like ``self.count = self.count + 1`` reads, adds and writes in several instructions. Updates
get lost if another thread can come in between the reading and the writing; whether it can is a
matter of the Python version, see `core.switches`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from core.card import Card
from core.switches import Reason, is_known, switch_after

Role: TypeAlias = Literal["read", "write", "add", "call", "take", "keep", "drop", "return", "other"]
"""What an instruction does; ``read`` and ``write`` are of the watched value, ``add`` is any sum."""

Verdict: TypeAlias = Literal["between", "none", "anywhere", "unseen"]
"""A switch may come between reading and writing, may not, may come anywhere, or cannot be seen."""

ProblemKind: TypeAlias = Literal["syntax", "unmarked", "missing", "late", "broken", "foreign"]

_ROLES: Final[tuple[tuple[str, Role], ...]] = (
    ("CALL", "call"),
    ("INPLACE_", "add"),
    ("UNARY_", "add"),
    ("STORE_FAST", "keep"),
    ("POP_TOP", "drop"),
    ("RETURN_", "return"),
    ("LOAD_FAST", "take"),
    ("LOAD_CONST", "take"),
    ("LOAD_SMALL_INT", "take"),
    ("LOAD_GLOBAL", "take"),
    ("LOAD_NAME", "take"),
    ("LOAD_DEREF", "take"),
)
"""By how the name begins; the first that fits."""


@dataclass(frozen=True, slots=True)
class Question:
    """Which line of which script on which Python.

    Attributes
    ----------
    python : str
        The path of the Python.
    text : str
        The script.
    knob : str
        The name in the line's mark ``# knob: name``.
    name : str
        Of the value that is read and written.
    is_attribute : bool
        Whether it is an attribute of an object; else it is a global.
    """

    python: str
    text: str
    knob: str
    name: str
    is_attribute: bool


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction of the line.

    Attributes
    ----------
    argument : str
        As `dis` writes it; empty if there is none.
    switch : str or None
        Why a thread may be switched after it; None if it may not.
    """

    offset: int
    name: str
    argument: str
    role: Role
    switch: Reason | None


@dataclass(frozen=True, slots=True)
class LineCode:
    """The bytecode of a line.

    Attributes
    ----------
    python : str
        As in ``3.11.7``.
    known : bool
        Whether it was looked up where this version switches threads.
    watched : str
        The name of the value.
    """

    python: str
    gil: bool
    known: bool
    line: int
    source: str
    watched: str
    instructions: tuple[Instruction, ...]

    @property
    def span(self) -> range | None:
        """The places of the instructions from the first reading up to before the last writing.

        None if the line does not both read and write. After each of these a switch would be one
        in between.
        """
        roles = [each.role for each in self.instructions]
        if "read" not in roles or "write" not in roles:
            return None
        first, last = roles.index("read"), len(roles) - 1 - roles[::-1].index("write")
        return range(first, last) if first < last else None

    @property
    def switches_between(self) -> tuple[int, ...]:
        """The places of the instructions in between after which a thread may be switched."""
        return tuple(i for i in self.span or () if self.instructions[i].switch is not None)

    @property
    def verdict(self) -> Verdict:
        """What follows for the updates."""
        if self.span is None:
            return "unseen"
        if not self.gil:
            return "anywhere"
        return "between" if self.switches_between else "none"


@dataclass(frozen=True, slots=True)
class LineProblem:
    """Why there is no bytecode to show.

    Attributes
    ----------
    kind : str
        ``syntax``: that Python cannot read the script. ``unmarked``: no line has the mark.
        ``missing``: the Python does not start. ``late``, ``broken``: it gave no answer.
        ``foreign``: it is no CPython.
    reason : str
        In the words of that Python or of the system.
    """

    kind: ProblemKind
    line: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LineAnswer:
    """A question and what came of it."""

    question: Question
    found: LineCode | LineProblem


def question_about(card: Card, text: str, python: str) -> Question | None:
    """Return the question about the first marked line of a card; None if it has none to ask about.

    It is asked what the line does to the first number that the card watches.
    """
    knob = next((each.name for each in card.knobs if each.kind == "line"), None)
    watch = next((each.read for each in card.watches if not each.columns), None)
    if knob is None or watch is None:
        return None
    owner, _, name = watch.rpartition(".")
    return Question(python, text, knob, name, bool(owner))


def understood(question: Question, told: Mapping[str, Any]) -> LineCode | LineProblem:
    """Return what the answer of `core.lab.bytecode` means.

    Raises
    ------
    KeyError, TypeError, ValueError
        It is no such answer.
    """
    if told["implementation"] != "cpython":
        return LineProblem("foreign", reason=str(told["implementation"]))
    if "problem" in told:
        return LineProblem(told["problem"], told.get("line"), str(told.get("reason") or ""))
    major, minor, _ = (int(number) for number in told["python"].split("."))
    version, gil = (major, minor), bool(told["gil"])
    names = [str(each["name"]) for each in told["instructions"]]
    following = [*names[1:], ""]
    instructions = tuple(
        Instruction(
            int(each["offset"]),
            each["name"],
            str(each["argument"]),
            _role(question, each["name"], str(each["argument"]), bool(each["touches"])),
            switch_after(version, gil, each["name"], after),
        )
        for each, after in zip(told["instructions"], following, strict=True)
    )
    return LineCode(
        python=told["python"],
        gil=gil,
        known=is_known(version),
        line=int(told["line"]),
        source=str(told["code"]),
        watched=question.name,
        instructions=instructions,
    )


def _role(question: Question, name: str, argument: str, touches: bool) -> Role:
    if touches and _reaches(question, name):
        return "read" if name.startswith("LOAD_") else "write"
    if name.startswith("BINARY_"):  # 3.14 takes items by BINARY_OP as well, 3.13 by BINARY_SUBSCR
        is_item = name in ("BINARY_SUBSCR", "BINARY_SLICE") or argument == "[]"
        return "other" if is_item else "add"
    return next((role for begin, role in _ROLES if name.startswith(begin)), "other")


def _reaches(question: Question, name: str) -> bool:
    """Return whether an instruction of that name reaches for the kind of thing that is watched."""
    kind = name.partition("_")[2]
    if question.is_attribute:
        return kind in ("ATTR", "METHOD")
    return kind in ("GLOBAL", "NAME", "DEREF")
