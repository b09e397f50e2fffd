"""A shell beside each lab process, which ends the run when the program that owns it was killed.

The lab process watches its own standard input for that. But a script may hold it (SIGSTOP),
make another program of it (exec) or start processes that leave its group: then the guard,
whose standard input ends at the same moment, does what is left to do.
"""

import contextlib
import os
import subprocess
from pathlib import Path
from typing import Final, Self

from core.private_folder import VARIABLE

_SCRIPT: Final = f"""
read -r nothing
kill -9 -- "-$1" 2>/dev/null
for attempt in 1 2 3 4 5 6 7 8 9; do
    for found in $(grep -laF -- "{VARIABLE}=$2" /proc/[0-9]*/environ 2>/dev/null); do
        number=${{found#/proc/}}
        kill -9 "${{number%/environ}}" 2>/dev/null
    done
    rm -rf -- "$2" 2>/dev/null && [ "$attempt" -gt 1 ] && exit
    sleep 0.1
done
"""


class Guard:
    """Watches over one lab process; made by `Guard.start`, ended when nothing of the run is left.

    Parameters
    ----------
    process : subprocess.Popen or None
        The shell; None where there is none, as on Windows.
    """

    def __init__(self, process: "subprocess.Popen[bytes] | None") -> None:
        self._process = process

    @classmethod
    def start(cls, group: int, folder: Path) -> Self:
        """Watch over the processes of a group, and over those that have the folder as their own."""
        if os.name != "posix":
            return cls(None)
        arguments = ["/bin/sh", "-c", _SCRIPT, "sh", str(group), str(folder)]
        with contextlib.suppress(OSError):  # no shell, or no room: the lifeline has to do
            return cls(
                subprocess.Popen(  # noqa: S603 - a script of our own
                    arguments,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    env={"PATH": os.defpath},  # without the mark: it must not end itself
                    start_new_session=True,
                )
            )
        return cls(None)

    def end(self) -> None:
        """End the guard, who has nothing to do any more; may be called again."""
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        assert self._process.stdin is not None  # noqa: S101 - it was made with a pipe
        self._process.stdin.close()
