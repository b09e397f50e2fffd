"""Who writes a growing file holds a lock on it, which the system takes away when he is gone.

However he goes: killed, or with the whole machine. A process id would have to be believed.
"""

import contextlib
import os

if os.name == "posix":
    import fcntl


def lock(descriptor: int) -> bool:
    """Take the lock of a file; return False if somebody else has it.

    Where the file system has no locks (or the system: Windows lets nobody rename a file that is
    open, which serves as well) nobody seems to have it.
    """
    if os.name != "posix":
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def is_locked(descriptor: int) -> bool:
    """Return whether somebody else has the lock."""
    if not lock(descriptor):
        return True
    with contextlib.suppress(OSError):
        fcntl.flock(descriptor, fcntl.LOCK_UN)
    return False
