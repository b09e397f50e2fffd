"""Entry of a lab process in which a call of the lab fails, named by the variable ``LAB_FAULT``.

Calls of the script do not count, nor what its pools need: without the lab they would fail as well.
Standard library only, and Python 3.9.
"""

from __future__ import annotations

import _socket
import os
import runpy
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from tests.faults.injector import Injector

del sys.path[0]

LAB = Path(__file__).resolve().parents[2] / "core" / "lab"
_POOLS = (os.sep + "concurrent" + os.sep, os.sep + "multiprocessing" + os.sep)


class OfTheLab(Injector):
    """Counts what the lab itself calls."""

    def called(self, kind: str) -> None:
        if _is_ours():
            super().called(kind)


def _is_ours() -> bool:
    frame = sys._getframe(2)
    while frame is not None:
        file = frame.f_code.co_filename
        if any(part in file for part in _POOLS):
            return False
        if file.startswith(str(LAB)):
            return True
        if not file.startswith((sys.base_prefix, "<frozen", __file__)) and "faults" not in file:
            return False
        frame = frame.f_back  # type: ignore[assignment] # None ends it
    return False


class Socket(_socket.socket):
    """A socket as the lab uses it, each call of which is counted."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        if "fileno" not in options:
            injector.called("socket")
        super().__init__(*arguments, **options)

    def connect(self, address: Any) -> None:
        injector.called("connect")
        super().connect(address)

    def send(self, *arguments: Any) -> int:
        injector.called("write")
        return super().send(*arguments)


if __name__ == "__main__":
    kind, number, error = os.environ["LAB_FAULT"].split()
    injector = OfTheLab(kind, int(number), error)
    injector.install()
    _socket.socket = Socket  # type: ignore[misc] # the lab makes its sockets by this
    runpy.run_path(str(LAB / "__main__.py"), run_name="__main__")
