"""Why something is not run: sentences for people, with what they are made of beside them.

The text is English; who speaks another language makes a sentence of its own from the attributes.
"""

from collections.abc import Sequence

from core.card import Card, CardKnob
from core.number_format import size


class JobProblem(ValueError):
    """Something that cannot be run as asked; its text is one sentence."""


class NoSuchMode(JobProblem):
    """A demo does not have the mode that was asked for.

    Attributes
    ----------
    card : Card
        Of the demo; its ``why_not`` may have a reason.
    mode : str
    """

    def __init__(self, name: str, card: Card, mode: str, advice: str = "") -> None:
        known = ", ".join(card.modes)
        reason = card.why_not.get(mode)
        if reason is None:
            super().__init__(f"{name} has no mode {mode!r}; choose one of {known}{advice}.")
        else:
            super().__init__(f"{name} has no mode {mode!r}, only {known}: {reason.en}")
        self.card = card
        self.mode = mode


class MissingModules(JobProblem):
    """The Python that is to run a demo lacks modules that it needs.

    Attributes
    ----------
    card : Card
        Of the demo.
    python : str
        What people call that Python: ``Python 3.9.18``.
    path : str
        Where it is.
    modules : tuple[str, ...]
        Those that it lacks.
    """

    def __init__(
        self, name: str, card: Card, python: str, path: str, modules: tuple[str, ...]
    ) -> None:
        super().__init__(
            f"{name} needs {' and '.join(modules)}, which {python} does not have; choose another "
            f"Python, or install it for this one ({path} -m pip install {' '.join(modules)})."
        )
        self.card = card
        self.python = python
        self.path = path
        self.modules = modules


class TooLittleMemory(JobProblem):
    """A run would need more memory than the machine has free.

    Attributes
    ----------
    card : Card
        Of the demo.
    knobs : tuple[tuple[CardKnob, object], ...]
        Those that decide how much it needs, each with its value.
    needed_bytes, free_bytes : float
    """

    def __init__(
        self,
        name: str,
        card: Card,
        knobs: Sequence[tuple[CardKnob, object]],
        needed_bytes: float,
        free_bytes: float,
    ) -> None:
        values = " and ".join(f"{knob.name} = {shown_value(value)}" for knob, value in knobs)
        names = " or ".join(knob.name for knob, _ in knobs)
        super().__init__(
            f"{name} with {values} needs {size(needed_bytes)} of memory, and "
            f"{size(free_bytes)} are free; make {names} smaller."
        )
        self.card = card
        self.knobs = tuple(knobs)
        self.needed_bytes = needed_bytes
        self.free_bytes = free_bytes


def shown_value(value: object) -> str:
    """Return the value of a knob as it stands in a sentence."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return f"{value:,}" if is_number else str(value)
