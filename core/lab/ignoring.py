"""As ``contextlib.suppress``, which looks built-in names up where a script can replace them."""

from __future__ import annotations


class ignoring:  # noqa: N801 - it reads as the statement that it is
    """Ignores exceptions of some kinds in a ``with``."""

    __slots__ = ("_kinds",)

    def __init__(self, *kinds: type[BaseException]) -> None:
        self._kinds = kinds

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> bool:
        """End; True says that it is ignored."""
        return kind is not None and issubclass(kind, self._kinds)
