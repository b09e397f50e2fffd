"""Reads what a script prints, from a pipe, without limit in size and with a limit in memory.

At the level of the file descriptor, so that worker processes, C code and a dying
interpreter are heard as well. Lines carry the time at which they arrived.
"""

import os
import threading
import time
from typing import Final

from core.recording import MAX_OUTPUT_LINES, Recording

_CHUNK: Final = 65_536
LONGEST_LINE: Final = 2_000
"""Characters of a line that are kept; the rest is replaced by an ellipsis."""

_WAKE: Final = b"\0"


class OutputPipe:
    """One pipe and the thread that empties it."""

    def __init__(self, stream: str) -> None:
        self._stream = stream
        self._reader, self.writer = os.pipe()
        self._thread: threading.Thread | None = None
        self._closing = False
        self._partial = b""

    def start(self, recording: Recording) -> None:
        """Begin to read into ``recording``."""
        self._recording = recording
        self._thread = threading.Thread(target=self._read, name="lab-output", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Read what has arrived, then close; works while others still hold the writing end."""
        self._closing = True
        if self._thread is not None:
            os.write(self.writer, _WAKE)
            self._thread.join()
        os.close(self.writer)
        os.close(self._reader)

    def _read(self) -> None:
        while True:
            data = os.read(self._reader, _CHUNK)
            ending = self._closing and _WAKE in data
            if ending:
                data = data[: data.rindex(_WAKE)]
            self._append(data)
            if ending:
                break
        if self._partial:
            self._keep([self._partial])

    def _append(self, data: bytes) -> None:
        if len(self._recording.output) >= MAX_OUTPUT_LINES:
            self._partial = b""
            self._recording.drop_output(data.count(b"\n"))
            return
        *lines, partial = (self._partial + data).split(b"\n")
        # A line without end must not grow for ever: what is beyond the limit is dropped.
        self._partial = partial[: 4 * LONGEST_LINE]
        if lines:
            self._keep(lines)

    def _keep(self, lines: list[bytes]) -> None:
        texts = [_shortened(line) for line in lines]
        self._recording.add_output(time.perf_counter_ns(), self._stream, texts)


def _shortened(line: bytes) -> str:
    text = line[: 4 * LONGEST_LINE].decode("utf-8", "replace").rstrip("\r")
    return text if len(text) <= LONGEST_LINE else text[: LONGEST_LINE - 1] + "…"
