"""Reads a TOML table key by key and keeps a list of all that is wrong with it.

A reader asks for what it knows (`Table.text`, `Table.whole` ...) and says `Table.end`; what is
missing, of the wrong kind or unknown becomes one sentence on the list, with the file and the
key. So somebody who writes a card learns of all its faults at once.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from core.quoting import MOST, shortened, squeezed

T = TypeVar("T")

REQUIRED: Final[Any] = object()
"""As a fallback: the key has to be there."""

_KINDS: Final[Mapping[type, str]] = {
    str: "a text",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    list: "a list",
    dict: "a table",
}


class Table:
    """One table of a file.

    Parameters
    ----------
    data : Mapping[str, Any]
        Its content.
    source : str
        The name of the file, for the sentences.
    faults : list[str]
        Where the sentences go; tables inside this one use the same list.
    place : str
        Where in the file the table is, such as ``knob 2``; empty at the top.
    """

    def __init__(
        self, data: Mapping[str, Any], source: str, faults: list[str], place: str = ""
    ) -> None:
        self._data = data
        self._source = source
        self._faults = faults
        self._place = place
        self._known: list[str] = []

    def fault(self, key: str, problem: str) -> None:
        """Note what is wrong with a key; ``problem`` goes on after its name."""
        where = shortened(f"{self._place}, {key}" if self._place else key, MOST)
        self._faults.append(f"{self._source}: {where} {problem}.")

    def has(self, key: str) -> bool:
        """Return whether the key is there, and know it from now on."""
        self._known.append(key)
        return key in self._data

    def text(self, key: str, fallback: str = REQUIRED) -> str:
        """Return a text that is not empty."""
        value = self._take(key, str, fallback, "")
        if key in self._data and isinstance(self._data[key], str) and not value.strip():
            self.fault(key, "is empty")
        return value

    def whole(self, key: str, fallback: int = REQUIRED) -> int:
        """Return a whole number."""
        return self._take(key, int, fallback, 0)

    def truth(self, key: str, fallback: bool) -> bool:
        """Return true or false."""
        return self._take(key, bool, fallback, fallback)

    def number(self, key: str, fallback: float | None = REQUIRED) -> float | None:
        """Return a number, whole or not."""
        if isinstance(self._data.get(key), int):
            return self._take(key, int, 0, 0)
        return self._take(key, float, fallback, 0.0)

    def texts(self, key: str, fallback: tuple[str, ...] = REQUIRED) -> tuple[str, ...]:
        """Return a list of texts."""
        value = self._take(key, list, fallback, [])
        if any(not isinstance(item, str) for item in value):
            self.fault(key, "must be a list of texts")
            return ()
        return tuple(value)

    def anything(self, key: str) -> Any:
        """Return whatever stands there; the key has to be there."""
        self._known.append(key)
        if key not in self._data:
            self.fault(key, "is missing")
        return self._data.get(key)

    def mapping(self, key: str) -> dict[str, str]:
        """Return a table of texts; empty when it is not there."""
        value = self._take(key, dict, {}, {})
        wrong = [name for name, text in value.items() if not isinstance(text, str)]
        for name in wrong:
            self.fault(f"{key}.{name}", "must be a text")
        return {name: text for name, text in value.items() if name not in wrong}

    def values(self, key: str) -> dict[str, Any]:
        """Return a table of whatever; empty when it is not there."""
        value: dict[str, Any] = self._take(key, dict, {}, {})
        return value

    def table(self, key: str) -> "Table":
        """Return a table; an empty one when it is not there, which is a fault."""
        value = self._take(key, dict, REQUIRED, {})
        place = f"{self._place}, {key}" if self._place else key
        return Table(value, self._source, self._faults, place)

    def tables(self, key: str) -> tuple["Table", ...]:
        """Return a list of tables, ``[[key]]`` in the file; empty when there is none."""
        value = self._take(key, list, [], [])
        if any(not isinstance(item, dict) for item in value):
            self.fault(key, "must be a list of tables")
            return ()
        start = f"{self._place}, {key}" if self._place else key
        return tuple(
            Table(item, self._source, self._faults, f"{start} {index}")
            for index, item in enumerate(value, start=1)
        )

    def one_of(self, key: str, choices: tuple[str, ...], fallback: str = REQUIRED) -> str:
        """Return a text that is one of some."""
        value = self.text(key, fallback)
        if self.has(key) and value not in choices:
            self.fault(key, f"is '{shortened(value)}', but can only be {' or '.join(choices)}")
        return value

    def checked(self, key: str, value: T, check: Callable[[T], object]) -> T:
        """Note what `check` raises (a ValueError whose text is a sentence) about a value."""
        try:
            check(value)
        except ValueError as problem:
            self.fault(key, f"is wrong: {squeezed(problem, 2 * MOST).rstrip('.')}")
        return value

    def end(self) -> None:
        """Say that all known keys were asked for: any other is a fault."""
        for key in self._data:
            if key not in self._known:
                self.fault(
                    key, f"is unknown here; known are {', '.join(dict.fromkeys(self._known))}"
                )

    def _take(self, key: str, kind: type[T], fallback: Any, stand_in: T) -> T:
        self._known.append(key)
        if key not in self._data:
            if fallback is REQUIRED:
                self.fault(key, "is missing")
                return stand_in
            return fallback  # type: ignore[no-any-return]  # the caller's own fallback
        value = self._data[key]
        if type(value) is not kind:
            self.fault(key, f"must be {_KINDS[kind]}")
            return stand_in
        return value
