"""What becomes of the lab in a child of this process that was forked.

A child has one thread: the copy of the one that forked. A lock that another thread held stays
locked in it for ever, also the lock inside each list of a free-threaded build. So in a child
nothing of the lab is cleared, taken or waited for: it is replaced, and exit handlers do nothing.
"""

from __future__ import annotations

import atexit
import os
from collections.abc import Callable
from os import getpid


def in_children(replace: Callable[[], object]) -> None:
    """Call ``replace()`` in each child, before anything of the script runs there."""
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=replace)


def at_exit(function: Callable[[], object]) -> None:
    """Call ``function()`` when this process ends, and at the end of no child of it.

    By the number of the process, so that a child forked without Python's knowledge is none either.
    """
    here = getpid()
    atexit.register(lambda: function() if getpid() == here else None)
