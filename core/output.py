"""Reads what a script prints, from a pipe, without limit in size and with a limit in memory.

At the level of the file descriptor, so that worker processes, C code and a dying
interpreter are heard as well. Lines carry the time at which they arrived.
"""

import os
import secrets
import select
import threading
import time
from typing import Final

from core.no_room import reason_of
from core.recording import MAX_OUTPUT_LINES, Recording

_CHUNK: Final = 65_536
LONGEST_LINE: Final = 2_000
"""Characters of a line that are kept; the rest is replaced by an ellipsis."""

_MOST_BYTES: Final = 4 * (LONGEST_LINE + 1)
"""Bytes of a line that are looked at: one character more than is kept tells that it is longer."""

_PATIENCE_S: Final = 2.0
"""How long somebody may hold the pipe when the run is over; those that the system has just killed
have let go of it, and a process that we start beside it does in a moment."""

_CAN_POLL: Final = os.name == "posix"

_HELD: Final = (
    "A program that is no part of the run holds on to its output; "
    "what it prints after the end is not kept."
)


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
        self._end = (_Bell if _CAN_POLL else _EndMark)(self._reader, self.writer)
        thread = threading.Thread(target=self._read, name="lab-output", daemon=True)
        try:
            thread.start()
        except BaseException:
            self._end.close(is_rung=False)
            raise
        self._thread = thread  # which has begun: only such a one can be waited for

    def close(self) -> None:
        """Read what has arrived, then close; in bounded time, whoever holds an end of the pipe.

        A process may have passed it on to others, which write to it or read from it.
        """
        self._closing = True
        if self._thread is None:
            os.close(self.writer)
        else:
            self._end.tell()
            self._thread.join()
            self._end.close()
        os.close(self._reader)

    def _read(self) -> None:
        try:
            self._read_all()
        except (OSError, MemoryError) as error:
            self._recording.trouble(f"The output was not read to its end: {reason_of(error)}.")
        if self._partial:
            self._keep([self._partial])

    def _read_all(self) -> None:
        while not self._closing:
            self._append(self._end.next_data())
        deadline = time.monotonic() + _PATIENCE_S
        while data := self._end.last_data(deadline):
            self._append(data)
        if data is None:
            self._recording.trouble(_HELD)

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


class _Bell:
    """Tells the thread that reads a pipe that the end has come, by a pipe of its own."""

    def __init__(self, reader: int, writer: int) -> None:
        self._reader, self._writer = reader, writer
        os.set_blocking(reader, False)  # that end is nobody else's
        self._poll = select.poll()
        self._heard, self._rung = os.pipe()
        for descriptor in reader, self._heard:
            self._poll.register(descriptor, select.POLLIN)

    def next_data(self) -> bytes:
        """Wait for data or the end; return data, or nothing."""
        self._poll.poll()
        return self._available() or b""

    def last_data(self, deadline: float) -> bytes | None:
        """Return what has arrived; nothing if that was all, None if somebody holds the pipe."""
        poll = select.poll()
        poll.register(self._reader, select.POLLIN)
        while (left_s := deadline - time.monotonic()) > 0:
            poll.poll(left_s * 1000)
            if (data := self._available()) is not None:
                return data
        return None

    def _available(self) -> bytes | None:
        try:
            return os.read(self._reader, _CHUNK)
        except BlockingIOError:
            return None

    def tell(self) -> None:
        """Say that the end has come, and let go of the pipe: nobody is to hold it any more."""
        os.close(self._writer)
        os.close(self._rung)  # which the other end hears, and which cannot fail

    def close(self, *, is_rung: bool = True) -> None:
        """Let go of the bell."""
        os.close(self._heard)
        if not is_rung:
            os.close(self._rung)


class _EndMark:
    """The same where pipes cannot be polled (Windows): something in the pipe itself."""

    def __init__(self, reader: int, writer: int) -> None:
        self._reader, self._writer = reader, writer
        # What nobody prints by chance: a zero byte may be in the output itself.
        self._mark = secrets.token_bytes(16)
        self._data = b""

    def next_data(self) -> bytes:
        """Wait for data or the mark; return what stands before it, perhaps nothing yet."""
        self._data += os.read(self._reader, _CHUNK)
        if self._mark in self._data:
            return self._take(self._data.index(self._mark))
        # The rest may be the beginning of the mark.
        return self._take(max(0, len(self._data) - len(self._mark) + 1))

    def last_data(self, _deadline: float) -> bytes | None:
        """Return what stands before the mark; nothing if that was all."""
        while self._mark not in self._data:
            if data := self.next_data():
                return data
        return self._take(self._data.index(self._mark))

    def _take(self, size: int) -> bytes:
        data, self._data = self._data[:size], self._data[size:]
        return data

    def tell(self) -> None:
        """Say that the end has come."""
        os.write(self._writer, self._mark)
        os.close(self._writer)

    def close(self, *, is_rung: bool = True) -> None:
        """Let go of nothing more."""
