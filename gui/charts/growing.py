"""Arrays that grow at the end: what a chart keeps of a run from frame to frame. No Qt."""

from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt

from core.columns import grown, wider_capacity

Scalar = TypeVar("Scalar", np.float64, np.int32)


class Growing(Generic[Scalar]):
    """An append-only array; appending costs in proportion to what is appended."""

    def __init__(self, dtype: type[Scalar]) -> None:
        self._values: npt.NDArray[Scalar] = np.zeros(0, dtype=dtype)
        self._used = 0

    def __len__(self) -> int:
        """Return the number of values."""
        return self._used

    @property
    def view(self) -> npt.NDArray[Scalar]:
        """Return the values so far, not copied."""
        return self._values[: self._used]

    def append(self, values: npt.NDArray[Scalar]) -> None:
        """Append values."""
        end = self._used + len(values)
        if end > len(self._values):
            self._values = grown(self._values, wider_capacity(len(self._values), end))
        self._values[self._used : end] = values
        self._used = end

    def keep(self, count: int) -> None:
        """Forget all values but the first so many."""
        self._used = min(self._used, count)


class Ascending(Growing[np.float64]):
    """Times in ascending order, though they may arrive a little out of it.

    Connections flush 60 times a second and independently, so what arrives late belongs
    near the end: only the tail from its place on is sorted again.
    """

    def __init__(self) -> None:
        super().__init__(np.float64)

    def append(self, values: npt.NDArray[np.float64]) -> None:
        """Insert values; NaN is left out."""
        values = np.sort(values[~np.isnan(values)])
        if not len(values):
            return
        place = int(np.searchsorted(self.view, values[0], side="right"))
        tail = self.view[place:].copy()
        self._used = place
        super().append(np.sort(np.concatenate([tail, values]), kind="stable"))
