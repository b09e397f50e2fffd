"""What is no file and is written to directly when somebody asks for it on the command line.

These are the open files of this program (``/dev/stdout``, ``/dev/fd/3``, ``>(command)`` of a
shell), pipes that somebody reads, terminals, ``/dev/null`` and ``/dev/full``. They are never
replaced. Opening one never waits, and writing to one can be interrupted.
"""

import errno
import os
import stat
from io import FileIO
from pathlib import Path
from typing import Final

from core.storage.atomic_write import Refused, is_descriptor, refuse_planted

_MOST_LINKS: Final = 40
_NAMED: Final = {"/dev/stdin": 0, "/dev/stdout": 1, "/dev/stderr": 2}
_OURS: Final = ("/dev/fd", "/proc/self/fd")


def opened_directly(path: Path) -> FileIO | None:
    """Open what is to be written to directly; return None where a file is or could be.

    Raises
    ------
    OSError
        It is no place to write to: a disk, a socket, a pipe that nobody reads ...
    """
    if os.name != "posix":
        return None
    for _ in range(_MOST_LINKS):
        number = _own_descriptor(path)
        if number is not None:
            return _duplicate(number)
        if not path.is_symlink():
            return _opened_special(path)
        refuse_planted(path)
        path = path.parent / path.readlink()
    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))


def write_all(stream: FileIO, content: bytes) -> None:
    """Write all of it; a stream without a buffer may take less at a time.

    It has no buffer so that closing it after an interrupt does not wait for a reader once more.
    """
    left = memoryview(content)
    while left:
        left = left[stream.write(left) or 0 :]


def _own_descriptor(path: Path) -> int | None:
    """Return the number of the open file of this program that a path names."""
    if str(path) in _NAMED:
        return _NAMED[str(path)]
    if not is_descriptor(path):
        return None
    ours = [*_OURS, f"/proc/{os.getpid()}/fd"]
    is_ours = str(path.parent) in ours or os.path.realpath(path.parent) == ours[-1]
    return int(path.name) if is_ours else None


def _duplicate(number: int) -> FileIO:
    # Not opened by name: that would begin a file anew that the shell has opened for us.
    duplicate = os.dup(number)
    try:
        return FileIO(duplicate, "wb")
    except OSError:
        os.close(duplicate)
        raise


def _opened_special(path: Path) -> FileIO | None:
    try:
        mode = path.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return None
    if not stat.S_ISFIFO(mode) and not stat.S_ISCHR(mode):
        return None
    refuse_planted(path)
    try:
        # Not to wait for a reader, and not to take a terminal for our own.
        flags = os.O_WRONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_NOCTTY
        descriptor = os.open(path, flags)
    except OSError as error:
        if error.errno == errno.ENXIO:
            raise Refused("unread" if stat.S_ISFIFO(mode) else "device") from error
        raise
    try:
        _check_kind(descriptor)
        os.set_blocking(descriptor, True)
        return FileIO(descriptor, "wb")
    except BaseException:
        os.close(descriptor)
        raise


def _check_kind(descriptor: int) -> None:
    """Refuse devices that do something else with what is written to them."""
    found = os.fstat(descriptor)
    if stat.S_ISFIFO(found.st_mode) or os.isatty(descriptor):
        return
    harmless = [Path(name) for name in ("/dev/null", "/dev/full")]
    numbers = [each.stat().st_rdev for each in harmless if each.is_char_device()]
    if not stat.S_ISCHR(found.st_mode) or found.st_rdev not in numbers:
        raise Refused("device")
