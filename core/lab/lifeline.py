"""Stdin of the lab process: one job, then commands, then its end, which is ours too."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
from typing import Any, NoReturn

from . import executors
from .own_thread import OwnThread

_GONE = 1

_CLEANER = """
kill -9 -- "-$1" 2>/dev/null
for attempt in 1 2 3 4 5 6 7 8 9; do
    rm -rf -- "$2" 2>/dev/null && exit
    sleep 0.1
done
"""


class Lifeline:
    """Reads lines from the pipe that was stdin; the script gets an empty stdin instead."""

    def __init__(self) -> None:
        self._descriptor = os.dup(0)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        self._waiting = b""
        self._thread: OwnThread | None = None
        # Named by the laboratory, and removed by it; by us only when it is gone.
        self._folder = sys.argv[1] if len(sys.argv) > 1 else ""

    def job(self) -> dict[str, Any]:
        """Wait for the job, see core/laboratory.py; ends the process at end of file."""
        job: dict[str, Any] = json.loads(self._line())
        return job

    def start(self) -> None:
        """Obey commands from a thread of its own from now on."""
        self._thread = OwnThread(self._obey)

    def await_beginning(self) -> None:
        """Return when the thread has begun; nothing may be taken apart before."""
        if self._thread is not None:
            self._thread.await_beginning()

    def close_in_child(self) -> None:
        """Let go of the pipe in a forked child; a child's child has nothing to let go of."""
        self._thread = None
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _obey(self) -> None:
        while self._descriptor >= 0:  # a callback of the script's may have forked
            command = json.loads(self._line())
            if "cancel" in command:
                executors.cancel(command["cancel"])

    def _line(self) -> bytes:
        while b"\n" not in self._waiting:
            data = os.read(self._descriptor, 65536)
            if not data:
                end_everything(self._folder)
            self._waiting += data
        line, _, self._waiting = self._waiting.partition(b"\n")
        return line


def end_everything(folder: str) -> NoReturn:
    """End this process and all in its group at once: nobody is left to watch them."""
    if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
        if folder:
            _leave_cleaner(folder)
        os.killpg(0, signal.SIGKILL)
    os._exit(_GONE)


def _leave_cleaner(folder: str) -> None:
    """Start a shell, in a group of its own, that removes our private folder after our end.

    We cannot: threads and workers may be writing into it until they are dead. And an import,
    as of shutil or subprocess, may wait for the script for ever.
    """
    arguments = ["sh", "-c", _CLEANER, "sh", str(os.getpid()), folder]
    with contextlib.suppress(OSError):  # no shell: then the folder stays
        os.posix_spawn("/bin/sh", arguments, {"PATH": os.defpath}, setpgroup=0)
