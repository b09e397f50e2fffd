"""A process that is ended by ``os._exit`` sends what waits before it ends.

For the script it is the same function; in a child that it forked there is nothing to send.
"""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable
from typing import Any

from .tracebacks import drop_first

_original: Any = os._exit
_speakers: list[Callable[[], object]] = []


@functools.wraps(_original)
def _exit(*args: Any, **kwargs: Any) -> None:
    for speak in _speakers:
        speak()
    try:
        _original(*args, **kwargs)
    except BaseException as error:
        drop_first(error)
        raise


_exit.__module__ = "os"  # there pickle finds it, in a worker too


def install(speak: Callable[[], object]) -> None:
    """Replace ``os._exit`` by one that calls ``speak()`` first."""
    _speakers[:] = [speak]
    vars(sys.modules["os"])["_exit"] = _exit
