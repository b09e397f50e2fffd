"""Stdin of the lab process: one job, then commands, then its end, which is ours too."""

import _thread
import json
import os
import signal

from . import executors

_GONE = 1


class Lifeline:
    """Reads lines from the pipe that was stdin; the script gets an empty stdin instead."""

    def __init__(self):
        self._descriptor = os.dup(0)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        self._waiting = b""

    def job(self):
        """Wait for the job: a dictionary, see core/laboratory.py; ends the process at end of file."""
        return json.loads(self._line())

    def start(self):
        """Obey commands from a thread of its own from now on."""
        _thread.start_new_thread(self._obey, ())

    def close_in_child(self):
        """Let go of the pipe in a forked child."""
        os.close(self._descriptor)

    def _obey(self):
        while True:
            command = json.loads(self._line())
            if "cancel" in command:
                executors.cancel(command["cancel"])

    def _line(self):
        while b"\n" not in self._waiting:
            data = os.read(self._descriptor, 65536)
            if not data:
                end_everything()
            self._waiting += data
        line, _, self._waiting = self._waiting.partition(b"\n")
        return line


def end_everything():
    """End this process and all in its group at once: nobody is left to watch them."""
    if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(_GONE)
