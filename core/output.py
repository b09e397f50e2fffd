"""Reads what a script prints, from a pipe, without limit in size and with a limit in memory.

At the level of the file descriptor, so that worker processes, C code and a dying
interpreter are heard as well. Lines carry the time at which they arrived.
"""

import os
import secrets
import threading
import time
from typing import Final

from core.recording import MAX_OUTPUT_LINES, Recording

_CHUNK: Final = 65_536
LONGEST_LINE: Final = 2_000
"""Characters of a line that are kept; the rest is replaced by an ellipsis."""

_MOST_BYTES: Final = 4 * (LONGEST_LINE + 1)
"""Bytes of a line that are looked at: one character more than is kept tells that it is longer."""


class OutputPipe:
    """One pipe and the thread that empties it."""

    def __init__(self, stream: str) -> None:
        self._stream = stream
        self._reader, self.writer = os.pipe()
        self._thread: threading.Thread | None = None
        # What nobody prints by chance: a zero byte may be in the output itself.
        self._end = secrets.token_bytes(16)
        self._closing = False
        self._partial = b""

    def start(self, recording: Recording) -> None:
        """Begin to read into ``recording``."""
        self._recording = recording
        thread = threading.Thread(target=self._read, name="lab-output", daemon=True)
        thread.start()
        self._thread = thread  # which has begun: only such a one can be waited for

    def close(self) -> None:
        """Read what has arrived, then close; works while others still hold the writing end."""
        self._closing = True
        if self._thread is not None:
            # A script may have told the pipe not to block, and the setting is the pipe's, not its.
            if os.name == "posix":
                os.set_blocking(self.writer, True)
            os.write(self.writer, self._end)
            self._thread.join()
        os.close(self.writer)
        os.close(self._reader)

    def _read(self) -> None:
        data = b""
        while not self._closing:
            self._append(data)
            data = os.read(self._reader, _CHUNK)
        while self._end not in data:
            keep = len(data) - len(self._end) + 1  # the rest may be the beginning of the end
            self._append(data[: max(0, keep)])
            data = data[max(0, keep) :] + os.read(self._reader, _CHUNK)
        self._append(data[: data.index(self._end)])
        if self._partial:
            self._keep([self._partial])

    def _append(self, data: bytes) -> None:
        if len(self._recording.output) >= MAX_OUTPUT_LINES:
            self._partial = b""
            self._recording.drop_output(data.count(b"\n"))
            return
        *lines, partial = (self._partial + data).split(b"\n")
        # A line without end must not grow for ever: what is beyond the limit is dropped.
        self._partial = partial[:_MOST_BYTES]
        if lines:
            self._keep(lines)

    def _keep(self, lines: list[bytes]) -> None:
        texts = [_shortened(line) for line in lines]
        self._recording.add_output(time.perf_counter_ns(), self._stream, texts)


def _shortened(line: bytes) -> str:
    text = line[:_MOST_BYTES].decode("utf-8", "replace").rstrip("\r")
    return text if len(text) <= LONGEST_LINE else text[: LONGEST_LINE - 1] + "…"
