"""Removes a folder of ours that is held open, and tells what was left of it and why.

A script may have put a link to somebody's files in its place, or somebody's folder, or have moved
it to where it is wanted: only what lies in the very folder that was made is removed, where it was
made, and its name only while it is its name.

Imports as little as possible: the guard beside each lab process uses it, too.
"""

import os
import stat

from core.emptying import MOUNTED, Identity, empty, identity, open_folder, reason_of

_GONE = " (deleted)"
_OF_RUN = "The temporary folder of the run"


def is_in_place(path: str, folder: int) -> bool:
    """Return whether the folder of a descriptor has that name."""
    return _found(path) == identity(os.fstat(folder))


def remove(path: str, folder: int) -> str:
    """Remove a folder with all that is in it.

    Parameters
    ----------
    path
        Where it was made.
    folder
        Its descriptor, which stays open.

    Returns
    -------
    str
        One sentence about what was left and why; empty if nothing was.
    """
    if not is_in_place(path, folder):
        return _displaced(path, folder)
    try:
        reason = empty(folder)
    except (OSError, MemoryError) as error:  # no descriptor is left to do it with
        reason = reason_of(error)
    try:
        _remove_name(path, identity(os.fstat(folder)))
    except (OSError, MemoryError) as error:
        reason = reason or reason_of(error)
    if not is_in_place(path, folder):
        return ""
    if reason == MOUNTED:
        return (
            "Something is mounted in the temporary folder of the run and was left alone; "
            f"unmount it, then remove {shown(path)}."
        )
    return f"{_OF_RUN} could not be removed ({reason}); what is left is in {shown(path)}."


def shown(path: str) -> str:
    """Return a path for a sentence: on one line, and as text whatever its bytes are."""
    text = os.fsencode(path).decode("utf-8", "backslashreplace")
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def _remove_name(path: str, expected: Identity) -> None:
    above, name = os.path.split(path)
    parent = open_folder(f"{above}/.")  # with the dot: the way to it may lead through links
    try:
        if identity(os.stat(name, dir_fd=parent, follow_symlinks=False)) == expected:
            os.rmdir(name, dir_fd=parent)
    finally:
        os.close(parent)


def _found(path: str) -> Identity | None:
    """Return what has a name now."""
    try:
        return identity(os.lstat(path))
    except OSError:
        return None


def _displaced(path: str, folder: int) -> str:
    """Return what became of the folder when something else, or nothing, has its name."""
    try:
        mode = os.lstat(path).st_mode
    except OSError:
        return _moved(path, folder)
    if stat.S_ISLNK(mode):
        return (
            f"{_OF_RUN} was replaced by a link; "
            f"the link {shown(path)} and what it points to were left alone."
        )
    kind = "another folder" if stat.S_ISDIR(mode) else "a file"
    return f"{_OF_RUN} was replaced by {kind}; {shown(path)} was left alone."


def _moved(path: str, folder: int) -> str:
    """Return where a folder is now; nothing if it is gone, or if the system tells no places."""
    try:
        place = os.readlink(f"/proc/self/fd/{folder}")  # noqa: PTH115 - without pathlib
    except OSError:
        return ""
    if place.endswith(_GONE):
        return ""
    if is_in_place(place, folder):
        return f"{_OF_RUN} was moved to {shown(place)} and was left there."
    return f"{_OF_RUN} can no longer be reached as {shown(path)} and was left alone."
