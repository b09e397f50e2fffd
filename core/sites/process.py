"""The owner's side: starts the sites as a process and ends it."""

import re
import subprocess
import sys
from pathlib import Path
from typing import IO, Final, Self, cast

from core.deadline import ended_after
from core.no_room import Lacking, NoRoom, no_room, room_needed

PREFERRED_PORT: Final = 8930
START_TIMEOUT_S: Final = 20.0
"""Starting takes about 0.1 s; a machine that is busy to the brim gets more."""
STOP_TIMEOUT_S: Final = 2.0

NO_ROOM: Final = "no room for "
"""Begins the line that the process prints in place of its address; what is lacking follows."""

_ROOT: Final = Path(__file__).resolve().parents[2]
_ADDRESS: Final = re.compile(r"http://127\.0\.0\.1:\d{1,5}")


class SitesError(RuntimeError):
    """The local sites did not start; its text is one clear sentence."""


class Sites:
    """The running process of the local web sites; made by `Sites.start`.

    A context manager: leaving it stops the process. The process also goes when its owner
    does, however that ends: its standard input is a lifeline, and end of file ends it.
    (An owner that *forks* children passes the lifeline on to them; call `stop` then.)
    """

    def __init__(self, process: subprocess.Popen[bytes], address: str) -> None:
        self._process = process
        self._address = address

    @classmethod
    def start(cls, preferred_port: int = PREFERRED_PORT) -> Self:
        """Start the sites and wait until they serve.

        Parameters
        ----------
        preferred_port
            Where to listen on 127.0.0.1; when that port is taken, any free one will do.
            0 asks for a free one at once.

        Raises
        ------
        SitesError
            The process could not be started, ended early or said nothing in time.
        core.no_room.NoRoom
            There is no room for one more process, file or thread.
        ValueError
            ``preferred_port`` is not between 0 and 65,535.
        """
        if not 0 <= preferred_port <= 65_535:
            raise ValueError(f"{preferred_port} is not a port; give a number between 0 and 65,535.")
        with room_needed():
            process = _launch(preferred_port)
            try:
                return cls(process, _address_of(process))
            except BaseException:  # an interrupt, too, must not leave the process behind
                _end(process)
                raise

    @property
    def address(self) -> str:
        """Where the sites are, for example ``http://127.0.0.1:8930`` (no slash at the end)."""
        return self._address

    @property
    def pid(self) -> int:
        """Number of the process that serves."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether the process still serves; False after `stop` and after a crash."""
        return self._process.poll() is None

    def stop(self) -> None:
        """End the process, in bounded time; a second call does nothing."""
        _end(self._process)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stop()


def _command(port: int) -> list[str]:
    # -S: only the standard library can be imported, which also starts twice as fast. -E: no
    # PYTHON* variable of the user's (PYTHONSAFEPATH, PYTHONPATH) can hide core.sites.
    return [sys.executable, "-E", "-S", "-m", "core.sites", "--lifeline", "--port", str(port)]


def _launch(port: int) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(  # noqa: S603 - our own interpreter and module, and a number
            _command(port),
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # One sentence tells of it, see `_address_of`; no traceback beside that.
            stderr=subprocess.DEVNULL,
            bufsize=0,
            # Ctrl+C in the owner's terminal is the owner's to handle. On Windows the flag
            # does that, and keeps a console window from popping up.
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except OSError as error:
        raise no_room(error) or SitesError(
            f"The local web sites could not be started ({error.strerror}); "
            "check that this machine can start one more process."
        ) from error


def _address_of(process: subprocess.Popen[bytes]) -> str:
    """Read the one line the process prints when it serves."""
    # Its end ends the reading, on every system.
    with ended_after(START_TIMEOUT_S, process.kill) as late:
        line = cast(IO[bytes], process.stdout).readline().decode("ascii", "replace").strip()
    if late.is_set():
        reason = f"nothing came within {START_TIMEOUT_S:g} s"
    elif _ADDRESS.fullmatch(line):
        return line
    elif line.startswith(NO_ROOM):
        raise NoRoom(cast(Lacking, line.removeprefix(NO_ROOM)))
    else:
        reason = f"their process said {line[:80]!r}" if line else "their process ended"
    raise SitesError(
        f"The local web sites did not start ({reason}); "
        "run `python -m core.sites` to see why, or type in real addresses."
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    for stream in (process.stdin, process.stdout):
        cast(IO[bytes], stream).close()
    for harder in (process.terminate, process.kill):
        try:
            process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            harder()
        else:
            return
    process.wait()
