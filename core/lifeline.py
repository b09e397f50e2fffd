"""The owner's end of a lab process's stdin: orders go through it, and its end ends the process.

A pair of sockets, and not a pipe: the other end can then tell whether a script has put a file of
its own in its place (see core/lab/own_socket.py). On Windows, where no socket can be stdin, a pipe.
"""

import contextlib
import json
import os
import socket
import threading
from collections.abc import Callable
from typing import Any, Final

_PATIENCE_S: Final = 2.0
"""How long an order may wait for room; a script may hold its process (SIGSTOP) for ever."""


class Lifeline:
    """Both ends, until the lab process has started and has one of them."""

    def __init__(self) -> None:
        self._sending = threading.Lock()
        if os.name == "posix":
            near, far = socket.socketpair()
            near.settimeout(_PATIENCE_S)
            self._write: Callable[[bytes], object] = near.sendall
            self._close, self.stdin = near.close, far.detach()
        else:
            self.stdin, writer = os.pipe()
            file = os.fdopen(writer, "wb", buffering=0)
            self._write, self._close = file.write, file.close

    def has_started(self) -> None:
        """Close the descriptor ``stdin``: the process has it now, or there is none."""
        os.close(self.stdin)

    def send(self, order: dict[str, Any]) -> None:
        """Send one line; a process that is gone, or listens no more, hears nothing."""
        line = json.dumps(order).encode() + b"\n"
        with self._sending, contextlib.suppress(OSError, ValueError):
            try:
                self._write(line)
            except TimeoutError:
                self._close()  # after half a line there can be no other

    def close(self) -> None:
        """End the process, if it still listens; may be called again."""
        self._close()
