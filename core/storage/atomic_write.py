"""Writes a file as a whole or not at all: the one way to write a file for somebody.

Guarantees, whatever happens meanwhile (a full disk, an interrupt, a kill):

* Under its name there is the old file or the whole new one, never a part.
* Only a regular file is ever replaced. A folder, a pipe, a socket or a device is refused; so is
  a link that somebody else put into a folder that everybody may write to.
* The new content is written to a file of an unguessable name that did not exist before, in the
  same folder. Nothing that somebody planted there is opened, and an interrupt leaves nothing.
* An existing file keeps its mode, and its owner and group where the system allows that. A new
  one gets what the umask says. A write-protected file stays as it is.
* A link keeps pointing where it does; what it points to is what changes.
"""

import contextlib
import errno
import os
import re
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, Literal

WhyRefused = Literal[
    "folder", "pipe", "unread", "socket", "device", "descriptor", "planted", "protected", "sticky"
]

_REASONS: Final[dict[WhyRefused, str]] = {
    "folder": "it is a folder",
    "pipe": "it is a pipe",
    "unread": "nobody reads from this pipe",
    "socket": "it is a socket",
    "device": "it is a device",
    "descriptor": "it is no file",
    "planted": "somebody else put it into a folder that everybody may write to",
    "protected": "it is write-protected",
    "sticky": "it belongs to somebody else",
}

_LEAST_ROOM_BYTES: Final = 64 * 1024
"""Less than any recording of a run takes."""

_MOST_LINKS: Final = 40
_DESCRIPTORS: Final = re.compile(r"/proc/(self|thread-self|\d+)(/task/\d+)?/fd|/dev/fd")
_HAS_DESCRIPTORS: Final = os.open in os.supports_dir_fd
"""Whether files can be named relative to an open folder. Windows cannot do that."""


class Refused(OSError):
    """A place to which no file is written; ``strerror`` is the reason, in words.

    Attributes
    ----------
    why : str
        The reason as a key, for those who say it in another language.
    """

    def __init__(self, why: WhyRefused) -> None:
        super().__init__(errno.EINVAL, _REASONS[why])
        self.why = why


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Open a file for writing that takes its place only when the block ends well.

    Raises
    ------
    OSError
        It cannot be written, then or on the way; the file is as it was before.
    """
    with _found(path) as place:
        part = f".{secrets.token_hex(8)}.part"
        try:
            with _created(place, part) as stream:
                yield stream
                stream.flush()
                if place.old is not None:
                    _dress(stream.fileno(), place.old)
                os.fsync(stream.fileno())  # else the name may be on the disk before its content
            place.look()  # it may have become something else
            _rename(place, part)
        finally:
            with contextlib.suppress(FileNotFoundError):  # it has its name, or never was
                os.unlink(place.at(part), dir_fd=place.folder)


def move_into_place(path: Path, target: Path) -> None:
    """Give a whole file that lies in the same folder the place of another one, as above.

    Raises
    ------
    OSError
        It cannot be moved; both are as they were before.
    """
    with _found(target) as place:
        if place.old is not None and hasattr(os, "fchmod"):
            with path.open("rb") as stream:
                _dress(stream.fileno(), place.old)
        _rename(place, path.name)


def check_place(path: Path, room_bytes: int = _LEAST_ROOM_BYTES) -> None:
    """Check, as far as that can be known, that a file can be written there later.

    Raises
    ------
    OSError
        It cannot be written, or there are fewer than ``room_bytes`` bytes left.
    """
    with _found(path) as place:
        probe = f".{secrets.token_hex(8)}.part"
        try:
            with _created(place, probe) as stream:
                _check_room(stream.fileno(), room_bytes)
        finally:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(place.at(probe), dir_fd=place.folder)


def place_of(path: Path) -> Path:
    """Return where a file is written that is asked for under a name: links are followed.

    Raises
    ------
    OSError
        A link must not be followed, or the links never end.
    """
    for _ in range(_MOST_LINKS):
        if not path.is_symlink():
            return path
        if is_descriptor(path):
            raise Refused("descriptor")
        refuse_planted(path)
        path = path.parent / path.readlink()  # the parent as it is: it may be a link itself
    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))


def is_descriptor(path: Path) -> bool:
    """Return whether a path names an open file of a process, like ``/dev/fd/1``."""
    folders = (str(path.parent), os.path.realpath(path.parent))
    is_number = path.name.isascii() and path.name.isdecimal()
    return is_number and any(map(_DESCRIPTORS.fullmatch, folders))


def refuse_planted(path: Path) -> None:
    """Refuse a link or pipe that somebody else put where everybody may write, as kernels do.

    Raises
    ------
    Refused
        It is such a one.
    """
    folder, found = path.parent.stat(), path.lstat()
    shared = stat.S_ISVTX | stat.S_IWOTH
    is_shared = folder.st_mode & shared == shared
    if is_shared and found.st_uid not in (_own_user(), folder.st_uid):
        raise Refused("planted")


@dataclass
class _Place:
    """The name of a file in a folder that is held open, and the file that has it now."""

    path: Path
    folder: int | None
    old: os.stat_result | None = None

    def at(self, name: str) -> str:
        """Return how the system is told a name in the folder."""
        return name if self.folder is not None else str(self.path.with_name(name))

    def look(self) -> None:
        """Look at what is there, and refuse what is not to be replaced."""
        name = self.at(self.path.name)
        try:
            self.old = os.stat(name, dir_fd=self.folder, follow_symlinks=False)
        except FileNotFoundError:
            self.old = None
            return
        _refuse_special(self.old.st_mode)
        self._refuse_protected(name, self.old)

    def _refuse_protected(self, name: str, old: os.stat_result) -> None:
        effective = os.access in os.supports_effective_ids
        if not os.access(name, os.W_OK, dir_fd=self.folder, effective_ids=effective):
            raise Refused("protected")
        folder = self.path.parent.stat() if self.folder is None else os.fstat(self.folder)
        is_allowed = _own_user() in (0, old.st_uid, folder.st_uid)
        if folder.st_mode & stat.S_ISVTX and not is_allowed:
            raise Refused("sticky")


@contextmanager
def _found(path: Path) -> Iterator[_Place]:
    """Find the place of a file; its folder stays the same even if it is moved meanwhile."""
    path = place_of(path)
    if path.is_dir():
        raise Refused("folder")  # also one without a name, like the root
    folder = _opened_folder(path.parent) if _HAS_DESCRIPTORS else None
    try:
        place = _Place(path, folder)
        place.look()
        yield place
    finally:
        if folder is not None:
            os.close(folder)


def _opened_folder(folder: Path) -> int:
    try:
        return os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except PermissionError:
        if not hasattr(os, "O_PATH"):
            raise
        return os.open(folder, os.O_PATH | os.O_DIRECTORY)  # may be written to, but not listed


def _created(place: _Place, name: str) -> BinaryIO:
    """Make a file that nobody made before; until it is dressed, only we may read it."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    flags |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    mode = 0o666 if place.old is None else 0o600
    return os.fdopen(os.open(place.at(name), flags, mode, dir_fd=place.folder), "wb")


def _dress(descriptor: int, old: os.stat_result) -> None:
    """Give a file the owner, the group and the mode of another one, as far as that is allowed."""
    if not hasattr(os, "fchmod"):
        return
    mode, made = stat.S_IMODE(old.st_mode) & 0o777, os.fstat(descriptor)
    if made.st_uid != old.st_uid:
        with contextlib.suppress(OSError):  # only root may give files away
            os.fchown(descriptor, old.st_uid, -1)
    if made.st_gid != old.st_gid:
        try:
            os.fchown(descriptor, -1, old.st_gid)
        except OSError:
            mode &= ~0o070  # it was meant for another group
    with contextlib.suppress(PermissionError):  # some file systems know no modes
        os.fchmod(descriptor, mode)


def _rename(place: _Place, name: str) -> None:
    new = place.at(place.path.name)
    os.replace(place.at(name), new, src_dir_fd=place.folder, dst_dir_fd=place.folder)
    if place.folder is not None:
        with contextlib.suppress(OSError):  # not every file system can do that for a folder
            os.fsync(place.folder)


def _check_room(descriptor: int, room_bytes: int) -> None:
    if not hasattr(os, "fstatvfs"):
        return
    told = os.fstatvfs(descriptor)
    blocks = told.f_bfree if _own_user() == 0 else told.f_bavail
    if told.f_blocks and blocks * told.f_frsize < room_bytes:  # some do not count blocks
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _refuse_special(mode: int) -> None:
    kinds: dict[int, WhyRefused] = {
        stat.S_IFDIR: "folder",
        stat.S_IFIFO: "pipe",
        stat.S_IFSOCK: "socket",
        stat.S_IFLNK: "planted",  # links were followed: this one has come since then
    }
    if not stat.S_ISREG(mode):
        raise Refused(kinds.get(stat.S_IFMT(mode), "device"))


def _own_user() -> int:
    return os.geteuid() if hasattr(os, "geteuid") else 0
