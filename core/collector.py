"""Receives what one lab process and its workers say: the channel and the output pipes.

One thread a source, each blocking on its own: a source that stalls holds up nobody, not
even in the handshake, and one that has said everything by the time of the end is heard.
`Collector.close` ends them all in bounded time, whoever still holds the other ends.
"""

import contextlib
import os
import secrets
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import AuthenticationError
from multiprocessing.connection import (
    Client,
    Connection,
    Listener,
    answer_challenge,
    deliver_challenge,
)
from pathlib import Path
from typing import Any, Final

from core import events
from core.no_room import reason_of
from core.output import OutputPipe
from core.recording import Recording
from core.silent_ends import SilentEnds, unseen
from core.storage.spool import Spool

_BACKLOG: Final = 128
_MOST_GONE: Final = 1_000
"""So many may go away while they wait to be accepted; more would be a system that refuses all."""

_PATIENCE_S: Final = 2.0
"""How long a source may take to read what has arrived, once its sender is gone."""

_CUT_OFF: Final = "end of file"
"""In the text, which is all that tells it from other errors, when a message ends too early."""


class Collector:
    """The receiving ends of one run.

    Parameters
    ----------
    folder
        Private folder in which the socket file is made.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._pipes = _pipes()
        self._listener: Listener | None = None
        self._acceptor: threading.Thread | None = None
        self._readers: list[tuple[threading.Thread, Connection[Any, Any]]] = []
        self._lock = threading.Lock()
        self._closing = False
        self.has_refused = False
        self._spool: Spool | None = None
        self.silent_ends = SilentEnds()

    @property
    def stdout(self) -> int:
        """Return the descriptor that the lab process writes its output to."""
        return self._pipes[0].writer

    @property
    def stderr(self) -> int:
        """Return the descriptor that the lab process writes its errors to."""
        return self._pipes[1].writer

    def open(self, recording: Recording, key: bytes, spool: Spool | None = None) -> str:
        """Begin to collect into ``recording``; return the address to send to.

        What arrives is written to ``spool`` as well, in the form in which it came.
        """
        self._recording = recording
        self._spool = spool
        self._key = key
        for pipe in self._pipes:
            pipe.start(recording)
        self._address = str(self._folder / "events") if os.name == "posix" else _pipe_name()
        self._listener = Listener(self._address, backlog=_BACKLOG)  # the handshake is its reader's
        acceptor = threading.Thread(target=self._accept, name="lab-accept", daemon=True)
        acceptor.start()
        self._acceptor = acceptor  # which has begun: only such a one can be waited for
        return self._address

    def close(self) -> None:
        """Read to the end of every source, then let go of all; idempotent.

        To be called when the lab process and its group have ended.
        """
        with self._lock:
            if self._closing:
                return
            self._closing = True
        self._close_listener()
        deadline = time.monotonic() + _PATIENCE_S
        for thread, connection in self._readers:
            thread.join(max(0.0, deadline - time.monotonic()))
            if thread.is_alive():  # a process that left the group still holds the other end
                _unblock(connection)
                thread.join()
        for pipe in self._pipes:
            pipe.close()

    def tell(self, pid: int, event: events.Event) -> None:
        """Let the recording have an event that nobody sent."""
        self._recording.apply(pid, event)
        if self._spool is not None:
            self._spool.add(pid, events.encode([event]), [event])

    def unseen(self, main: int) -> list[str]:
        """Return what is to be told of processes that could not connect; see `silent_ends`."""
        with contextlib.suppress(OSError, AttributeError):
            told = unseen(self._address, main)
            if self.has_refused:
                return []  # that is told already
            self.has_refused = bool(told)
            return told
        return []

    def finish_spool(self) -> None:
        """Write down the end of the run, too: the recording has it."""
        if self._spool is not None:
            self._spool.finish()

    def drop_spool(self) -> None:
        """Remove what was written of a run that did not begin."""
        if self._spool is not None:
            self._spool.remove()

    def _close_listener(self) -> None:
        if self._listener is None:
            return
        if self._acceptor is None:  # there was no room for it
            _close(self._listener)
            return
        if os.name == "posix":
            # Not by its name: the script may have put a stranger's socket there.
            _wake(self._listener)
        else:
            with contextlib.suppress(OSError):
                Client(self._address).close()
        self._acceptor.join()
        _close(self._listener)

    def _accept(self) -> None:
        assert self._listener is not None  # noqa: S101 - open() made it before this thread
        gone = 0
        while True:
            try:
                connection = self._listener.accept()
            except (OSError, MemoryError) as error:
                if self._closing:
                    return
                gone += 1
                if isinstance(error, ConnectionError) and gone < _MOST_GONE:
                    continue  # whoever it was went away while waiting
                # Whoever comes now is refused and works on; in the queue it would wait for ever.
                _close(self._listener)
                self.has_refused = True
                reason = reason_of(error)
                self._recording.trouble(f"Further processes stay unobserved: {reason}.")
                return
            if self._closing:
                connection.close()  # it has said nothing: it had no answer yet
                return
            self._begin(connection)

    def _begin(self, connection: "Connection[Any, Any]") -> None:
        thread = threading.Thread(
            target=self._read, args=(connection,), name="lab-read", daemon=True
        )
        try:
            thread.start()
        except (RuntimeError, MemoryError) as error:
            connection.close()  # who is refused works on; without an answer it would wait
            self.has_refused = True
            self._recording.trouble(f"A process stays unobserved: {reason_of(error)}.")
        else:
            self._readers.append((thread, connection))

    def _read(self, connection: "Connection[Any, Any]") -> None:
        speaker = _Speaker()
        try:
            if self._authenticated(connection):
                self._follow(connection, speaker)
        except (EOFError, ConnectionError):
            self._note_end(speaker, connection)
        except events.MalformedEvent as error:
            self._recording.trouble(f"{error} That connection was closed.")
        except (OSError, MemoryError) as error:
            if _CUT_OFF in str(error):
                self._note_end(speaker, connection)  # likewise, in the middle of a message
                return
            self.has_refused = True
            self._recording.trouble(
                f"A message of the lab process could not be read: {reason_of(error)}. "
                "That connection was closed."
            )
        finally:
            connection.close()

    def _authenticated(self, connection: "Connection[Any, Any]") -> bool:
        try:
            deliver_challenge(connection, self._key)
            answer_challenge(connection, self._key)
        except (AuthenticationError, AssertionError, ValueError):  # all that nonsense raises
            self._recording.trouble("A connection without the run's key was refused.")
            return False
        return True

    def _follow(self, connection: "Connection[Any, Any]", speaker: "_Speaker") -> None:
        while True:
            message = connection.recv_bytes(events.MAX_MESSAGE_BYTES)
            decoded = events.decode(message)
            for event in decoded:
                if isinstance(event, events.Process):
                    speaker.pid, speaker.role = event.pid, event.role
                elif speaker.pid < 0:
                    raise events.MalformedEvent("A connection did not say which process speaks.")
                elif isinstance(event, events.Goodbye):
                    speaker.has_said_goodbye = True
                self._recording.apply(speaker.pid, event)
            if self._spool is not None:
                self._spool.add(speaker.pid, message, decoded)

    def _note_end(self, speaker: "_Speaker", connection: "Connection[Any, Any]") -> None:
        if speaker.pid < 0:  # so short was its life, or so soon was the connection closed
            speaker.pid = _peer(connection)
            if speaker.pid in {0, *(process.pid for process in self._recording.processes)}:
                return  # or it was the script itself that connected: no loss
        if not speaker.has_said_goodbye:
            self.silent_ends.add(speaker.pid, speaker.role, self._address)


@dataclass(slots=True)
class _Speaker:
    """Who is at the other end of a connection, as far as it has said."""

    pid: int = -1
    role: str = ""
    has_said_goodbye: bool = False


def _pipes() -> tuple[OutputPipe, OutputPipe]:
    first = OutputPipe("stdout")
    try:
        return first, OutputPipe("stderr")
    except BaseException:
        first.close()
        raise


def _close(listener: Listener) -> None:
    """Close a listener but leave the name of its socket to who removes the private folder.

    By that name `Listener.close` would remove whatever the script has put there instead.
    """
    inner: Any = listener._listener  # type: ignore[attr-defined] # it shows no way to keep the name
    if getattr(inner, "_unlink", None) is not None:
        inner._unlink.cancel()
        inner._unlink = None
    listener.close()


def _wake(listener: Listener) -> None:
    """Let accept() fail, where a socket can be shut down; it has no other handle."""
    inner = getattr(listener._listener, "_socket", None)  # type: ignore[attr-defined] # it shows no socket
    if inner is not None:
        with contextlib.suppress(OSError):
            inner.shutdown(socket.SHUT_RDWR)


def _peer(connection: "Connection[Any, Any]") -> int:
    """Return which process made a connection, 0 where the system does not tell."""
    if not hasattr(socket, "SO_PEERCRED"):
        return 0
    with _socket_of(connection) as own:
        credentials = own.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
    return int.from_bytes(credentials[:4], sys.byteorder)


def _unblock(connection: "Connection[Any, Any]") -> None:
    """Wake a thread out of a blocking read; closing the descriptor would not."""
    if os.name != "posix":
        connection.close()
        return
    with contextlib.suppress(OSError), _socket_of(connection) as own:
        own.shutdown(socket.SHUT_RDWR)


@contextmanager
def _socket_of(connection: "Connection[Any, Any]") -> Iterator[socket.socket]:
    """Lend the socket of a connection; without a second descriptor, which there may be none for."""
    own = socket.socket(fileno=connection.fileno())
    try:
        yield own
    finally:
        own.detach()


def _pipe_name() -> str:
    return rf"\\.\pipe\futures-lab-{secrets.token_hex(8)}"
