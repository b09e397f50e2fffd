"""The lab's end of a connection to the collector, which authenticates both ends by the run's key.

It speaks as ``multiprocessing.connection`` does, which the other end uses. Not by its code, where
there are socket files: that reads and writes whatever has the descriptor's number by now, and looks
up names that the script may have replaced (see `own_socket.py` and `load.py`).
"""

from __future__ import annotations

import _socket
import multiprocessing.connection
import os
import struct
from hashlib import md5, sha256
from hmac import compare_digest
from typing import Any

from .ignoring import ignoring
from .own_socket import OwnSocket

_LENGTH = struct.Struct("!i")
_LONGEST_GREETING = 256
_BLOCK_BYTES = 64
_CHALLENGE, _WELCOME, _FAILURE = b"#CHALLENGE#", b"#WELCOME#", b"#FAILURE#"
_SHA256 = b"{sha256}"
"""Written before a challenge and its answer from Python 3.12 on; those before know MD5 only."""


class RefusedError(Exception):
    """The other end does not have the key."""


class Connection:
    """A connection that is made in two steps, of which only the second may take its time.

    The first is taken before the script runs beside us: between a descriptor's making and its
    moving, a thread of the script might close it and have its number. And whoever has connected
    is missed when nothing more comes.
    """

    def __init__(self, address: str, key: bytes) -> None:
        self._address, self._key = address, key
        self._own: OwnSocket | None = None
        self._inner: Any = None
        self._is_impossible = self._is_marked = False
        if hasattr(_socket, "AF_UNIX"):
            self._connect()

    def _connect(self) -> None:
        try:
            inner = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
            self._own = OwnSocket(inner.detach())
            self._own.connect(self._address)
        except (ConnectionRefusedError, FileNotFoundError):
            pass  # nobody is there, or wants us: the second step fails
        except (OSError, MemoryError):  # no descriptor is left, or no room where we are awaited
            self._is_impossible = True

    def open(self) -> None:
        """Authenticate both ends."""
        if self._is_impossible:
            raise RefusedError
        if self._own is None:
            self._inner = multiprocessing.connection.Client(self._address, authkey=self._key)
            return
        self._answer()
        self._challenge()

    def send(self, message: bytes) -> None:
        """Send a message; blocks while the other end has no room."""
        if self._own is None:
            self._inner.send_bytes(message)
        else:
            self._own.send(_LENGTH.pack(len(message)) + message)

    def wait_at_most(self, patience_s: float | None) -> None:
        """Let sending fail that takes longer; None: let it block again."""
        if self._own is not None:
            self._own.wait_at_most(patience_s)

    def close(self) -> None:
        """Close the connection."""
        if self._own is not None:
            self._own.close()
        elif self._inner is not None:
            self._inner.close()

    def mark_lost(self) -> None:
        """Say that the script closed the connection."""
        self._mark("lost")

    def mark_unseen(self) -> None:
        """Say that there could be no connection at all."""
        self._mark("unseen")

    def _mark(self, what: str) -> None:
        """Say what became of the connection: by a folder, which takes no descriptor."""
        if self._is_marked:
            return
        self._is_marked = True
        with ignoring(OSError):
            os.mkdir("%s.%d.%s" % (self._address, os.getpid(), what))

    def _answer(self) -> None:
        challenge = self._greeting()
        if not challenge.startswith(_CHALLENGE):
            raise RefusedError
        challenge = challenge[len(_CHALLENGE) :]
        if challenge.startswith(_SHA256):
            self.send(_SHA256 + _digest(sha256, self._key, challenge))
        else:
            self.send(_digest(md5, self._key, challenge))
        if self._greeting() != _WELCOME:
            raise RefusedError

    def _challenge(self) -> None:
        challenge = _SHA256 + os.urandom(32)
        self.send(_CHALLENGE + challenge)
        answer = self._greeting()
        if answer.startswith(_SHA256):
            right = _SHA256 + _digest(sha256, self._key, challenge)
        else:
            right = _digest(md5, self._key, challenge)
        is_right = compare_digest(answer, right)
        self.send(_WELCOME if is_right else _FAILURE)
        if not is_right:
            raise RefusedError

    def _greeting(self) -> bytes:
        (length,) = _LENGTH.unpack(self._bytes(_LENGTH.size))
        if not 0 <= length <= _LONGEST_GREETING:
            raise RefusedError
        return self._bytes(length)

    def _bytes(self, length: int) -> bytes:
        assert self._own is not None
        data = b""
        while len(data) < length:
            more = self._own.receive(length - len(data))
            if not more:
                raise RefusedError  # it closed the connection
            data += more
        return data


def _digest(kind: Any, key: bytes, message: bytes) -> bytes:
    """Return the HMAC of a message (RFC 2104); the key is shorter than a block."""
    key = key.ljust(_BLOCK_BYTES, b"\0")
    inner = _hash(kind, bytes([byte ^ 0x36 for byte in key]) + message)
    return _hash(kind, bytes([byte ^ 0x5C for byte in key]) + inner)


def _hash(kind: Any, data: bytes) -> bytes:
    # Where MD5 is forbidden it is so for security, which here rests on the folder's rights too.
    digest: bytes = kind(data, usedforsecurity=False).digest()
    return digest
