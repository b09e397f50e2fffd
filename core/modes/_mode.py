"""What a mode is."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Mode:
    """One way to run the tasks of a demo.

    Attributes
    ----------
    name : str
        What commands, cards and recordings call it (``"threads"``).
    value : str
        What the constant ``EXECUTOR`` of a script gets, as Python text.
    label : Mapping[str, str]
        What people read, by language (``"en"``, ``"ja"``).
    needs : tuple[int, int] or None
        The oldest Python that has it; None when every supported one does.
    """

    name: str
    value: str
    label: Mapping[str, str] = field(hash=False)
    needs: tuple[int, int] | None = None
