"""Sends what was observed: 60 times a second, from a thread the script cannot see.

The connection carries bytes: JSON arrays, see core/events.py. When the reader is gone the sender
goes silent; the script goes on.
"""

from __future__ import annotations

import _thread
import json
from collections.abc import Callable
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client
from typing import Any

from . import observe
from .own_thread import OwnThread

PERIOD_S = 1 / 60
BATCH_ROWS = 1000  # encoding 1,000 rows holds the GIL for about a millisecond


class Sender:
    """The sending end of the channel of one process."""

    def __init__(self, address: str, key: bytes, role: str) -> None:
        self._address = address
        self._key = key
        self._connection: Any = None
        self._lock = _thread.allocate_lock()
        self._open = True
        self._thread: OwnThread | None = None
        self._closing = _thread.allocate_lock()
        self._closing.acquire()
        self._hello = observe.hello(role)

    def start(self, *each_tick: Callable[[], None]) -> None:
        """Begin to send; each ``each_tick()`` is called before every sending."""
        self._thread = OwnThread(lambda: self._run(each_tick))

    def flush(self) -> None:
        """Send everything that waits; the first time, connect."""
        with self._lock:
            if self._open and self._connection is None:
                self._connect()
            while self._open:
                batch = observe.take(BATCH_ROWS)
                if not batch:
                    return
                self._send(batch)

    def close(self) -> None:
        """Send everything that waits, say goodbye and close; return when the thread is over."""
        self.flush()
        with self._lock:
            if self._open:
                self._send([["goodbye", observe.now()]])
                self._open = False
                self._connection.close()
        if self._thread is not None:
            self._closing.release()
            self._thread.await_end()
            self._thread = None

    def abandon(self) -> None:
        """Let go of the connection without a word: in a forked child it is the parent's.

        So is the thread, and whoever holds the lock.
        """
        self._thread, self._lock = None, _thread.allocate_lock()
        if self._open:
            self._open = False
            if self._connection is not None:
                self._connection.close()

    def _connect(self) -> None:
        try:
            self._connection = Client(self._address, authkey=self._key)
            self._send([self._hello])
        except (OSError, EOFError, AuthenticationError):
            self._open = False  # unobserved, but the script goes on

    def _run(self, each_tick: tuple[Callable[[], None], ...]) -> None:
        while self._open and not self._closing.acquire(timeout=PERIOD_S):
            for call in each_tick:
                call()
            self.flush()

    def _send(self, batch: list[list[Any]]) -> None:
        try:
            message = json.dumps(batch, separators=(",", ":")).encode()
            self._connection.send_bytes(message)
        except OSError:
            self._open = False  # the window is gone, or has refused us
