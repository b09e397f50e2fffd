"""Writes down a run while it goes on, so that what arrived outlives the program that received it.

The file grows line by line (docs/RECORDING.md). It is finished with the end of the run; one without
an end opens as far as it goes, see `core.storage.early_end`.

Guarantees:

* Who receives messages never waits for the disk: a thread writes them some milliseconds later.
* What waits is bounded. A disk that is full makes it wait; whatever does not fit then is written
  when there is room again, and the run goes on all the same.
* There are whole lines in the file only, but for the moment in which one is written.
* It is on the disk a second later, also after a power cut.
"""

import contextlib
import errno
import os
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from core import events
from core.no_room import reason_of, room_needed
from core.quoting import shown_path
from core.recording import Recording
from core.recording_file import LARGEST_BYTES, MOST_LINES
from core.recording_header import first_line, script_lines
from core.recording_limits import Limits, TooMuch
from core.recording_lines import last_line, line_so_far, output_lines
from core.storage.atomic_write import move_into_place
from core.storage.lock import lock
from core.storage.spool_lines import lines_of_messages
from core.troubles import Trouble

_MOST_WAITING_BYTES: Final = events.MAX_MESSAGE_BYTES
_SELDOM_S: Final = 1.0
"""Between two tries to write on a full disk, and between two times that the disk has to keep it."""

_PERIODS_S: Final = ((20_000, 0.02), (100_000, 0.1), (MOST_LINES, 0.5))
"""How often news are written, as long as there are fewer lines: their number is limited."""

_MAY_BE_MISSING: Final = (
    events.Activity,
    events.Sampled,
    events.Cores,
    events.Watch,
    events.Table,
    events.Cancel,
    events.Stalled,
    events.Trouble,
    events.Thread,
    events.Goodbye,
)
"""Events on which no other is built."""


class Spool:
    """The growing file of one run.

    Parameters
    ----------
    path : Path
        Nothing may be there.
    recording : Recording
        What the run is recorded in; its output and its troubles are taken from there.
    mode : int
        Of the file, as far as the umask allows it.

    Attributes
    ----------
    is_whole : bool
        Whether the file has everything, the end included.

    Raises
    ------
    OSError
        The file cannot be made.
    core.no_room.NoRoom
        There is no room for the thread that writes.
    """

    def __init__(self, path: Path, recording: Recording, mode: int = 0o666) -> None:
        self.path = path
        self.is_whole = False
        self._recording = recording
        self._lock = threading.Lock()
        self._waiting: list[tuple[int, bytes]] = []
        self._waiting_bytes = 0
        self._limits = Limits(spooled_bytes=LARGEST_BYTES)
        self._lines: list[bytes] = [first_line(recording, is_spooled=True)]
        self._lines += script_lines(recording)
        self._unwritten_bytes = self._size = self._synced_bytes = self._count = 0
        self._printed = 0
        self._so_far: tuple[int, tuple[Trouble, ...]] = (0, ())
        self._is_given_up = self._is_told = False
        self._tell_at = self._retry_at = 0.0
        self._sync_at = time.monotonic() + _SELDOM_S  # a short run waits for no disk
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._work, name="lab-spool", daemon=True)
        self._descriptor = _made(path, mode)
        try:
            self._begin()
        except BaseException:
            self.remove()
            raise

    def _begin(self) -> None:
        if not lock(self._descriptor):
            raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))  # somebody took it for abandoned
        self._write()
        if self._lines:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        with room_needed():
            self._thread.start()

    def add(self, pid: int, message: bytes, decoded: Sequence[events.Event]) -> None:
        """Take a message that a process sent and that was understood; never waits for the disk."""
        with self._lock:
            if self._is_given_up or not decoded or not self._has_room_for(decoded):
                return
            self._waiting.append((pid, message))
            self._waiting_bytes += len(message)
            if self._waiting_bytes + self._unwritten_bytes > _MOST_WAITING_BYTES:
                self._give_up()

    def finish(self) -> None:
        """Write what is left, and how the run ended; the recording has its end already."""
        ending = self._recording.ending
        assert ending is not None  # noqa: S101 - the caller says so
        self._over.set()
        self._thread.join()
        self._is_told = True  # a disk that is still full is told by who saves the recording
        self._take_news()
        if self._is_given_up:
            return
        self._lines.append(last_line(self._recording, ending))
        self._retry_at = 0.0
        self._write()
        self.is_whole = not self._lines and not self._is_given_up

    def become(self, target: Path) -> None:
        """Let a whole file have the name that was meant; ``target`` is in the same folder.

        Raises
        ------
        OSError
            It cannot have it; the file stays where it is.
        """
        if self._descriptor < 0:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))  # it was removed
        self._sync()
        move_into_place(self.path, target)
        self.release()

    def remove(self) -> None:
        """Remove the file: it is not needed any more."""
        with contextlib.suppress(OSError):  # then it is somebody else's by now
            if os.path.samestat(self.path.lstat(), os.fstat(self._descriptor)):
                self.path.unlink()
        self.release()

    def release(self) -> None:
        """Leave the file as it is to whoever finds it; idempotent."""
        self._over.set()
        if self._thread.ident is not None:  # it was started
            self._thread.join()
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)

    # In the thread that writes, and in `finish` when that is over.

    def _work(self) -> None:
        while not self._over.wait(self._period_s()):
            self._take_news()
            self._write()
            if self._size > self._synced_bytes and time.monotonic() >= self._sync_at:
                self._sync()

    def _period_s(self) -> float:
        return next((period for most, period in _PERIODS_S if self._count < most), _SELDOM_S)

    def _take_news(self) -> None:
        if self._is_given_up:
            return
        with self._lock:
            waiting, self._waiting = self._waiting, []
            self._waiting_bytes = 0
            self._unwritten_bytes += sum(len(message) for _, message in waiting)
        try:
            self._lines += lines_of_messages(waiting)
        except TooMuch:  # in one message alone
            self._give_up()
            return
        printed = self._recording.output[self._printed :]
        self._printed += len(printed)
        self._lines += output_lines(printed)
        self._tell_so_far()
        self._unwritten_bytes = sum(map(len, self._lines))

    def _tell_so_far(self) -> None:
        so_far = (self._recording.output_dropped, tuple(self._recording.trouble_kinds))
        if so_far != self._so_far and time.monotonic() >= self._tell_at:
            self._so_far = so_far
            self._tell_at = time.monotonic() + _SELDOM_S
            self._lines.append(line_so_far(self._recording))

    def _write(self) -> None:
        if self._is_given_up or not self._lines or time.monotonic() < self._retry_at:
            return
        content = b"".join(self._lines)
        is_too_long = self._size + len(content) > LARGEST_BYTES
        if is_too_long or self._count + content.count(b"\n") > MOST_LINES:
            self._give_up()
            return
        done = self._written(content)
        self._size += done
        self._count += content.count(b"\n", 0, done)
        self._lines = [content[done:]] if done < len(content) else []
        self._unwritten_bytes = len(content) - done

    def _written(self, content: bytes) -> int:
        """Write as many whole lines as there is room for; return how many bytes they have."""
        done = 0
        try:
            while done < len(content):
                done += os.write(self._descriptor, memoryview(content)[done:])
        except (OSError, MemoryError) as error:
            done = content.rfind(b"\n", 0, done) + 1
            self._tell_full(reason_of(error))
            try:
                os.ftruncate(self._descriptor, self._size + done)
            except OSError:
                self._give_up()  # half a line is there to stay, and nothing may follow it
        return done

    def _tell_full(self, reason: str) -> None:
        self._retry_at = time.monotonic() + _SELDOM_S
        if not self._is_told:
            self._is_told = True
            folder = shown_path(self.path.absolute().parent)
            self._recording.trouble(
                f"What arrives cannot be written to {folder} ({reason}); "
                "make room there, and the recording is saved at the end of the run."
            )

    def _sync(self) -> None:
        if not self._synced_bytes:
            _sync_folder(self.path.parent)
        self._synced_bytes = self._size
        with contextlib.suppress(OSError):  # the next write says what is wrong
            getattr(os, "fdatasync", os.fsync)(self._descriptor)
        self._sync_at = time.monotonic() + _SELDOM_S  # only now: disks may be slow

    # What does not fit.

    def _has_room_for(self, decoded: Sequence[events.Event]) -> bool:
        try:
            for event in decoded:
                self._limits.count(event)
        except TooMuch:
            if not all(isinstance(event, _MAY_BE_MISSING) for event in decoded):
                self._give_up()
            return False
        return True

    def _give_up(self) -> None:
        """Write no more: what follows cannot be read without what is left out."""
        self._is_given_up = True
        self._waiting, self._waiting_bytes = [], 0
        self._lines, self._unwritten_bytes = [], 0


def _made(path: Path, mode: int) -> int:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND
    flags |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    return os.open(path, flags, mode)


def _sync_folder(folder: Path) -> None:
    """Let the disk keep the name of a new file, where that can be asked for."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
