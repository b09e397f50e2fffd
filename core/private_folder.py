"""The private folder of a lab process: its name marks what belongs to a run, and it goes with it.

It is the temporary folder of the script, so that what a killed script leaves there goes as well.
Every process that descends from the lab process has it in its environment and is known by that,
also one that has left the group of the run.
"""

import contextlib
import itertools
import os
import shutil
import signal
import stat
import time
from pathlib import Path
from typing import Final

VARIABLE: Final = "TMPDIR" if os.name == "posix" else "TEMP"
_DYING_S: Final = 0.5
"""How long processes that were killed may take to be gone."""


def end_descendants(folder: Path) -> None:
    """Kill, in bounded time, all processes that have the folder in their environment (Linux)."""
    deadline = time.monotonic() + _DYING_S
    while (found := _descendants(folder)) and time.monotonic() < deadline:
        for pid in found:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.001)  # one that is dead has no environment any more


def remove(folder: Path) -> None:
    """Remove the folder with all that is in it, however deep; what refuses to go stays."""
    # However often it is interrupted: a folder that stays is not worth a run without an end.
    with contextlib.suppress(OSError, RecursionError):
        shutil.rmtree(folder, ignore_errors=True)
    if folder.exists():
        with contextlib.suppress(OSError):
            _flatten(folder)
            folder.rmdir()


def _descendants(folder: Path) -> list[int]:
    mark = f"{VARIABLE}={folder}".encode()
    found = []
    for environment in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):  # it has ended, or is somebody else's
            if mark in environment.read_bytes().split(b"\0"):
                found.append(int(environment.parent.name))
    return found


def _flatten(folder: Path) -> None:
    """Empty a folder by lifting what is in its folders: no path gets long, and nothing recurs."""
    numbers = itertools.count()
    folder.chmod(stat.S_IRWXU)
    while names := list(folder.iterdir()):
        for name in names:
            if name.is_symlink() or not name.is_dir():
                name.unlink()
                continue
            name.chmod(stat.S_IRWXU)
            for inner in list(name.iterdir()):
                inner.rename(folder / f".lifted-{next(numbers)}")
            name.rmdir()
