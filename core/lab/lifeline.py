"""Stdin of the lab process: one job, then commands, then its end, which is ours too.

It is a socket, which can be told from what a script puts in its place (see `own_socket.py`); on
Windows a pipe. A script that closes it is not heard of any more when its owner goes away: the guard
ends it then.
"""

from __future__ import annotations

import os
import signal
import stat
from typing import Any, NoReturn

from . import executors, observe
from .ignoring import ignoring
from .json_text import decode
from .own_socket import LostError, OwnSocket
from .own_thread import OwnThread, begun
from .shorten import shorten_error

_GONE = 1
_MOST = 65536


class Lifeline:
    """Reads lines from what was stdin; the script gets an empty stdin instead."""

    def __init__(self) -> None:
        self._own: OwnSocket | None = None
        self._pipe = os.dup(0)
        if stat.S_ISSOCK(os.fstat(self._pipe).st_mode):
            self._own = OwnSocket(self._pipe)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        self._waiting = b""
        self._thread: OwnThread | None = None

    def job(self) -> dict[str, Any]:
        """Wait for the job, see core/laboratory.py; ends the process at end of file."""
        job: dict[str, Any] = decode(self._line())
        return job

    def start(self) -> None:
        """Obey commands from a thread of its own from now on."""
        self._thread = begun(self._obey, "Tasks could not be cancelled: %s.")

    def await_beginning(self) -> None:
        """Return when the thread has begun; nothing may be taken apart before."""
        if self._thread is not None:
            self._thread.await_beginning()

    def close_in_child(self) -> None:
        """Let go of the socket in a forked child; a child's child has nothing to let go of."""
        self._thread = None
        if self._own is not None:
            self._own.close()

    def _obey(self) -> None:
        with ignoring(LostError):  # nobody can cancel any more; the script goes on
            while True:
                self._follow(decode(self._line()))

    @staticmethod
    def _follow(command: dict[str, Any]) -> None:
        try:
            if "cancel" in command:
                executors.cancel(command["cancel"])
        except BaseException as error:  # noqa: BLE001 - a callback of the script may raise anything
            observe.trouble("A command was not followed: %s." % shorten_error(error))

    def _line(self) -> bytes:
        while b"\n" not in self._waiting:
            data = self._read()
            if not data:
                end_everything()
            self._waiting += data
        line, _, self._waiting = self._waiting.partition(b"\n")
        return line

    def _read(self) -> bytes:
        if self._own is None:
            return os.read(self._pipe, _MOST)
        try:
            return self._own.receive(_MOST)
        except OSError:
            return b""  # the owner was killed before it had read everything, which is its end


def end_everything() -> NoReturn:
    """End this process and all in its group at once: nobody is left to watch them.

    The guard does the rest, such as removing the private folder, when all of them are dead.
    """
    if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(_GONE)
