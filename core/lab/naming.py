"""Names the lab's own threads for the system, so that who looks on can tell them from the script's.

Only the system sees the name (``/proc``, ``top -H``); ``threading`` knows nothing of these threads.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading

NAME = b"futures-lab"


def name_own_thread() -> None:
    """Name the calling thread, where the system lets it be done without a foreign call."""
    if not sys.platform.startswith("linux"):
        return
    with contextlib.suppress(OSError):  # a name is a convenience
        file = os.open("/proc/self/task/%d/comm" % threading.get_native_id(), os.O_WRONLY)
        try:
            os.write(file, NAME)
        finally:
            os.close(file)
