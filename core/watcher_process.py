"""The owner's side of the watcher: starts it, tells it what to watch, and ends it."""

import contextlib
import json
import select
import subprocess
import sys
from pathlib import Path
from typing import Final, Self

_ROOT: Final = Path(__file__).resolve().parents[1]
_PATIENCE_S: Final = 1.0
"""How long it may take to send what it still has; a millisecond or two, usually."""

_BEGINNING_S: Final = 0.5
"""How long the script may have to wait for it; a millisecond or two when it was kept ready."""

# -S -E: it needs the standard library and nothing of the user's, see core/sites/process.py.
_COMMAND: Final = [sys.executable, "-E", "-S", "-m", "core.watcher"]

IS_POSSIBLE: Final = sys.platform == "linux"
"""Whether this system shows the states of threads."""


class WatcherProcess:
    """A watcher that waits for its run, and then watches it; made by `WatcherProcess.start`.

    It ends with its standard input, so it never outlives its owner.
    """

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    @classmethod
    def start(cls) -> Self:
        """Start a watcher, on the Python of this program.

        Raises
        ------
        OSError
            If it cannot be started.
        """
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            _COMMAND,
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # what goes wrong comes through the channel
            start_new_session=True,
        )
        return cls(process)

    @property
    def pid(self) -> int:
        """Return its process id."""
        return self._process.pid

    def watch(self, address: str, key: bytes, pid: int) -> None:
        """Let it watch the run of lab process ``pid``, and wait until it does.

        One that is gone hears nothing, and one that is slow misses the beginning of the run.
        """
        assert self._process.stdin is not None  # noqa: S101 - it was made with a pipe
        assert self._process.stdout is not None  # noqa: S101 - it was made with a pipe
        order = {"address": address, "key": key.hex(), "pid": pid}
        with contextlib.suppress(OSError, MemoryError):
            self._process.stdin.write(json.dumps(order).encode() + b"\n")
            self._process.stdin.flush()
            _await_answer(self._process.stdout.fileno())

    def end(self) -> bool:
        """Let it send what it still has, and wait for its end, in bounded time.

        Returns
        -------
        bool
            Whether it ended in order: one that was killed did not see everything.
        """
        assert self._process.stdin is not None  # noqa: S101 - it was made with a pipe
        assert self._process.stdout is not None  # noqa: S101 - it was made with a pipe
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(_PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
        return self._process.returncode == 0


def _await_answer(descriptor: int) -> None:
    """Wait, in bounded time, until there is something to read; also of a large descriptor."""
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    poll.poll(1_000 * _BEGINNING_S)
