"""The owner's end of a lab process's stdin: orders go through it, and its end ends the process.

A pair of sockets, and not a pipe: the other end can then tell whether a script has put a file of
its own in its place (see core/lab/own_socket.py). On Windows, where no socket can be stdin, a pipe.
"""

import json
import os
import socket
import threading
from collections.abc import Callable
from functools import partial
from typing import Any, Final

_PATIENCE_S: Final = 0.25
"""How long an order may wait for room; a script may hold its process (SIGSTOP) for ever."""

_JOB_PATIENCE_S: Final = 30.0
"""How long the first one may, for a process that is still starting on a busy machine."""


class Lifeline:
    """Both ends, until the lab process has started and has one of them."""

    def __init__(self) -> None:
        self._sending = threading.Lock()
        self._is_deaf = False
        if os.name == "posix":
            near, far = socket.socketpair()
            near.settimeout(_JOB_PATIENCE_S)
            self._write: Callable[[bytes], object] = near.sendall
            self._be_brief: Callable[[], object] = partial(near.settimeout, _PATIENCE_S)
            self._close, self.stdin = near.close, far.detach()
        else:
            self.stdin, writer = os.pipe()
            file = os.fdopen(writer, "wb", buffering=0)
            self._write, self._close = file.write, file.close
            self._be_brief = lambda: None

    def has_started(self) -> None:
        """Close the descriptor ``stdin``: the process has it now, or there is none."""
        os.close(self.stdin)

    def send(self, order: dict[str, Any]) -> None:
        """Send one line; a process that is gone, or listens no more, hears nothing."""
        line = json.dumps(order).encode() + b"\n"
        with self._sending:
            if self._is_deaf:
                return
            try:
                self._write(line)
                self._be_brief()
            except (OSError, ValueError):
                self._is_deaf = True  # also when it has no room: after half a line comes no other

    def close(self) -> None:
        """End the process, if it still listens; may be called again."""
        self._close()
