"""A measured figure beside the limit it is meant to keep."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the benchmark's table.

    Attributes
    ----------
    name
        What was measured.
    value
        The measured number.
    limit
        The greatest value that keeps the promise; None when the figure stands for comparison only.
    unit
        ``x`` for a ratio, else ``ms``, ``bytes`` ...
    note
        What the number was made of: medians, counts.
    """

    name: str
    value: float
    limit: float | None
    unit: str = "x"
    note: str = ""

    @property
    def verdict(self) -> str:
        """Return whether the limit is kept, and if not, by how much it is missed."""
        if self.limit is None:
            return ""
        if self.value <= self.limit:
            return "kept"
        return f"MISSED by {100 * (self.value / self.limit - 1):.0f} %"
