"""Samples the script's own objects by name, 30 times a second: ``counter.count``."""

from __future__ import annotations

import math
from typing import Any

from . import observe
from .shorten import shorten_error

EVERY = 2  # ticks of the sender, which come 60 times a second


class Watches:
    """The watches of one run; one that fails is switched off and reported."""

    def __init__(self, names: dict[str, str], namespace: dict[str, Any]) -> None:
        self._paths = {name: path.split(".") for name, path in names.items()}
        self._namespace = namespace
        self._ticks = 0

    def tick(self) -> None:
        """Sample at half the sender's rate."""
        self._ticks += 1
        if self._ticks % EVERY == 0:
            self.sample()

    def sample(self) -> None:
        """Take one sample of each watch; a name that does not exist yet is waited for."""
        for name, path in list(self._paths.items()):
            try:
                value = self._read(path)
            except Exception as error:  # noqa: BLE001 - an attribute of the script may raise anything
                if self._paths.pop(name, None) is not None:  # two threads sample; one of them tells
                    reason = shorten_error(error)
                    observe.trouble("Watch %s was switched off: %s." % (name, reason))
                continue
            if value is not None:
                observe.sample(name, value)

    def _read(self, path: list[str]) -> float | None:
        if path[0] not in self._namespace:
            return None
        value = self._namespace[path[0]]
        for part in path[1:]:
            value = getattr(value, part)
        if type(value) not in (int, float) or not math.isfinite(value):
            raise TypeError("%s is no plain number" % ".".join(path))
        return value if type(value) is float or abs(value) < 2**63 else float(value)
