"""Empties a folder by descriptor: what lies elsewhere is never touched, whatever leads there.

A script may do anything in its temporary folder: put links there, mount something, build a tree
of any depth, take away its own rights. So no path is ever followed: each folder is opened in the
one above it and never as a link; one of another device or mount is left alone, and so is what
refuses to go. At most four descriptors are open besides the folder's own, and nothing recurs.

Imports as little as possible: the guard beside each lab process uses it, too.
"""

import os
import stat
import time

_TIME_S = 30.0
"""A folder that stays is not worth a run without an end: somebody may go on writing into it."""

_PASSES = 3
"""How often a folder is looked at again; some systems skip entries while others are removed."""

_FOLDER = (
    os.O_RDONLY
    | getattr(os, "O_DIRECTORY", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_CLOEXEC", 0)
)
_O_PATH = getattr(os, "O_PATH", 0)  # of Linux
_LARGEST = 4096

MOUNTED = "something is mounted in it"
LATE = "it took too long"

Identity = tuple[int, int]


def open_folder(name: str, within: int | None = None) -> int:
    """Return a descriptor of a folder; a link to one is refused."""
    return os.open(name, _FOLDER, dir_fd=within)


def reason_of(error: OSError | MemoryError) -> str:
    """Return why something was refused, for a sentence."""
    return getattr(error, "strerror", None) or str(error) or "no memory is left"


def identity(found: os.stat_result) -> Identity:
    """Return what tells a file from all others, as long as it is there or held open."""
    return found.st_dev, found.st_ino


def empty(folder: int) -> str:
    """Remove all that is in the folder of a descriptor; return why something was left, or ''."""
    deadline = time.monotonic() + _TIME_S
    for _ in range(_PASSES):
        walk = _Walk(folder, deadline)
        try:
            walk.run()
        except (OSError, MemoryError) as error:  # it was changed under our hands
            walk.leave_alone(reason_of(error))
        finally:
            walk.close()
        if not walk.left or time.monotonic() > deadline:
            break
    return walk.left


class _Walk:
    """One way through all folders, each emptied before it is left."""

    def __init__(self, top: int, deadline: float) -> None:
        self.left = ""
        self._deadline = deadline
        self._here = os.dup(top)
        self._device, self._mount = os.fstat(top).st_dev, _mount(top)
        # Of each folder on the way: what it is, its name, and the folders that are still in it.
        self._way: list[tuple[Identity, str, list[str]]] = []

    def close(self) -> None:
        os.close(self._here)

    def leave_alone(self, reason: str) -> None:
        """Note why something stays; the first reason counts, but for a mount, which is rarer."""
        if not self.left or reason == MOUNTED:
            self.left = reason

    def run(self) -> None:
        self._arrive("")
        while True:
            _, name, inner = self._way[-1]
            if inner:
                self._enter(inner.pop())
            elif len(self._way) > 1:
                self._return()
                self._remove_folder(name)
            else:
                return

    def _enter(self, name: str) -> None:
        if time.monotonic() > self._deadline:
            self.leave_alone(LATE)
            return
        try:
            descriptor = self._opened(name)
        except OSError as error:
            self.leave_alone(error.strerror or str(error))
            return
        if descriptor is None:
            self.leave_alone(MOUNTED)
            return
        self._move_to(descriptor)
        self._arrive(name)

    def _return(self) -> None:
        """Go up; only to the folder that we came from."""
        self._way.pop()
        self._move_to(open_folder("..", self._here))
        if identity(os.fstat(self._here)) != self._way[-1][0]:
            raise OSError(0, "it was moved meanwhile")

    def _move_to(self, descriptor: int) -> None:
        before, self._here = self._here, descriptor
        os.close(before)

    def _arrive(self, name: str) -> None:
        here = os.fstat(self._here)
        self._way.append((identity(here), name, []))
        try:
            if here.st_mode & stat.S_IRWXU != stat.S_IRWXU:
                os.fchmod(self._here, stat.S_IRWXU)
            for _ in range(_PASSES):
                if not self._remove_files():
                    return
        except OSError as error:
            self.leave_alone(error.strerror or str(error))

    def _remove_files(self) -> bool:
        """Remove all but folders, which are noted; return whether anything was removed."""
        inner = self._way[-1][2]
        inner.clear()
        has_removed = False
        with os.scandir(self._here) as entries:
            for entry in entries:
                if time.monotonic() > self._deadline:
                    inner.clear()
                    self.leave_alone(LATE)
                    return False
                if entry.is_dir(follow_symlinks=False):
                    inner.append(entry.name)
                else:
                    has_removed |= self._remove_file(entry.name)
        return has_removed

    def _remove_file(self, name: str) -> bool:
        try:
            os.unlink(name, dir_fd=self._here)
        except OSError as error:
            self.leave_alone(error.strerror or str(error))
            return False
        return True

    def _remove_folder(self, name: str) -> None:
        try:
            os.rmdir(name, dir_fd=self._here)
        except OSError as error:
            self.leave_alone(error.strerror or str(error))

    def _opened(self, name: str) -> int | None:
        """Open a folder in this one; None if it is of another device or mount.

        It is named before it is opened (``O_PATH``): what is mounted may be of a server that does
        not answer, and whoever opened it would wait for ever.
        """
        place = self._named(name)
        try:
            if self._is_elsewhere(place):
                return None
            try:
                return open_folder(".", place)
            except PermissionError:
                os.chmod(f"/proc/self/fd/{place}", stat.S_IRWXU)  # noqa: PTH101 - whatever its name
                return open_folder(".", place)
        finally:
            os.close(place)

    def _named(self, name: str) -> int:
        try:
            return os.open(name, _O_PATH | _FOLDER, dir_fd=self._here)
        except PermissionError:
            if _O_PATH:
                raise
            os.chmod(name, stat.S_IRWXU, dir_fd=self._here, follow_symlinks=False)
            return os.open(name, _FOLDER, dir_fd=self._here)

    def _is_elsewhere(self, place: int) -> bool:
        # What is bound to another place (mount --bind) has the device of where it comes from.
        return _mount(place) != self._mount or os.fstat(place).st_dev != self._device


def _mount(descriptor: int) -> bytes:
    """Return the number of the mount that a descriptor is in; empty where nobody tells it."""
    try:
        file = os.open(f"/proc/self/fdinfo/{descriptor}", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return b""
    try:
        told = os.read(file, _LARGEST)
    finally:
        os.close(file)
    return told.partition(b"mnt_id:")[2].split(b"\n")[0].strip()
