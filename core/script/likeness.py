"""Whether two scripts are the same but for the values of their knobs."""

from core.script.errors import SyntaxProblem
from core.script.knobs import places_in
from core.script.source import parse


def differ_in_knobs_only(one: str, other: str) -> bool:
    """Return whether two texts have the same knobs, and are equal outside of their values."""
    try:
        return _frame(one) == _frame(other)
    except SyntaxProblem:
        return one == other


def _frame(text: str) -> list[str]:
    """Return the names of the knobs, and the text between their values."""
    places = places_in(parse(text))
    ends = [0, *(place.end for place in places)]
    starts = [*(place.start for place in places), len(text)]
    between = [text[end:start] for end, start in zip(ends, starts, strict=True)]
    return [*(place.knob.name for place in places), *between]
