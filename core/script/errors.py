"""What can be wrong with a script or with a value for it.

The text of each error is one sentence that a teacher can act on. The parts of
the sentence are attributes too, for those who say it in another language.
"""

from core.quoting import shortened, squeezed

_NAMES_LISTED = 20
_LONGEST_REASON = 160


class ScriptError(ValueError):
    """Base of the errors of this package."""


class SyntaxProblem(ScriptError):
    """The text is not a Python script.

    Attributes
    ----------
    reason : str
        What Python has against it.
    line : int or None
        The line (from 1) where it says so, if it does.
    text : str
        That line.
    """

    def __init__(self, reason: str, line: int | None = None, text: str = "") -> None:
        super().__init__(reason, line, text)
        self.reason = reason
        self.line = line
        self.text = text

    def __str__(self) -> str:
        reason = squeezed(self.reason, _LONGEST_REASON)
        if self.line is None:
            return f"Python cannot read this script: {reason}."
        there = f" in '{shortened(self.text)}'" if self.text.strip() else ""
        return f"Python cannot read line {self.line} of this script: {reason}{there}."


class UnknownKnob(ScriptError):
    """The script has no knob of that name.

    Attributes
    ----------
    name : str
        The name asked for.
    known : tuple[str, ...]
        The names there are.
    """

    def __init__(self, name: str, known: tuple[str, ...] = ()) -> None:
        super().__init__(name, known)
        self.name = name
        self.known = known

    def __str__(self) -> str:
        missing = f"This script has no knob named {shortened(self.name)}"
        if not self.known:
            return f"{missing}: it has no CAPITAL constant and no line marked '# knob: name'."
        more = len(self.known) - _NAMES_LISTED
        listed = ", ".join(map(shortened, self.known[:_NAMES_LISTED])) + (
            f" and {more} more" if more > 0 else ""
        )
        return f"{missing}; it has {listed}."


class BadKnobValue(ScriptError):
    """A knob cannot have that value.

    Attributes
    ----------
    reason : str
        Why not, and what would do; the whole sentence.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
