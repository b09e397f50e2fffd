"""Sends what was observed: 60 times a second, from a thread the script cannot see.

The connection carries bytes: JSON arrays, see core/events.py. When it is lost, because the reader
is gone or the script closed it, the sender goes silent; the script goes on.
"""

from __future__ import annotations

import _thread
from collections.abc import Callable
from math import inf
from multiprocessing import AuthenticationError
from typing import Any

from . import observe
from .connection import Connection, RefusedError
from .json_text import encode
from .own_socket import LostError
from .own_thread import OwnThread, begun

PERIOD_S = 1 / 60
BATCH_ROWS = 1000  # encoding 1,000 rows holds the GIL for about a millisecond

PATIENCE_S = 1.0
"""For the last words of a process: its script wants it to end at once."""

_FAILED = (
    b'[["trouble","The lab failed to report what it saw; what follows was not seen."],'
    b'["goodbye",%d]]'
)
"""Complete, but for the time: what makes others may be what failed."""

_AT_THE_END = "What this process did was sent at its end only: %s."

_LOSSES = (OSError, EOFError, AuthenticationError, RefusedError)
"""How a connection ends when the window is gone, or has refused us."""


class Sender:
    """The sending end of the channel of one process."""

    def __init__(self, address: str, key: bytes, role: str) -> None:
        self._connection = Connection(address, key)
        self._lock = _thread.allocate_lock()
        self._begun = False
        self._open = True
        self._thread: OwnThread | None = None
        self._closing = _thread.allocate_lock()
        self._closing.acquire()
        self._hello = observe.hello(role)

    def start(self, *each_tick: Callable[[], None]) -> None:
        """Begin to send; each ``each_tick()`` is called before every sending."""
        self._thread = begun(lambda: self._run(each_tick), _AT_THE_END)

    def flush(self) -> None:
        """Send everything that waits; the first time, connect."""
        with self._lock:
            self._guard(self._flush)

    def last_words(self) -> None:
        """Send what waits, in bounded time: the process is about to end at once.

        Without a goodbye: what other threads do meanwhile is missing.
        """
        if not self._open or not self._lock.acquire(timeout=PATIENCE_S):
            return
        try:
            self._use(self._connection.wait_at_most, PATIENCE_S)
            self._guard(lambda: self._flush(observe.now() + int(PATIENCE_S * 1e9)))
            self._use(self._connection.wait_at_most, None)  # it may go on after all
        finally:
            self._lock.release()

    def close(self) -> None:
        """Send everything that waits, say goodbye and close; return when the thread is over."""
        self.flush()
        with self._lock:
            self._guard(lambda: self._send([["goodbye", observe.now()]]))
            self._open = False
            self._connection.close()
        if self._thread is not None:
            self._closing.release()
            self._thread.await_end()
            self._thread = None

    def abandon(self) -> None:
        """Let go of the connection without a word: in a forked child it is the parent's.

        So is the thread, and whoever holds the lock. Where it is our own thread that forked, by an
        attribute of the script's that it read, it ends.
        """
        self._thread = None
        self._lock, self._closing = _thread.allocate_lock(), _thread.allocate_lock()
        self._begun, self._open = True, False
        self._connection.close()

    def _run(self, each_tick: tuple[Callable[[], None], ...]) -> None:
        self.flush()
        while not self._closing.acquire(timeout=PERIOD_S):
            if self._open:
                for call in each_tick:
                    self._guard(call)
            self.flush()

    def _flush(self, deadline: float = inf) -> None:
        if not self._begun:
            self._begun = True
            self._use(self._connection.open)
            self._send([self._hello])
            if not self._open:
                self._connection.mark_unseen()
        while observe.now() < deadline:
            # Taken though nobody wants it any more: what waits would grow for ever.
            batch = observe.take(BATCH_ROWS)
            if not batch:
                return
            self._send(batch)

    def _send(self, batch: list[list[Any]]) -> None:
        if self._open:
            self._use(self._connection.send, encode(batch))

    def _use(self, call: Callable[..., None], *arguments: Any) -> None:
        try:
            call(*arguments)
        except LostError:
            self._open = False
            self._connection.mark_lost()
        except _LOSSES:
            self._open = False  # unobserved, but the script goes on

    def _guard(self, call: Callable[[], None]) -> None:
        """Call what must not fail; when it does, that is told, and nothing after it."""
        try:
            call()
        except BaseException:  # noqa: BLE001 - whatever it is, the script has nothing to do with it
            if self._open:
                self._use(self._connection.send, _FAILED % observe.now())
            self._open = False
