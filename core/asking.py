"""Asks a Python a question: runs a few lines on it and reads what they print, in bounded time."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Sequence
from typing import Final

from core.deadline import ended_after
from core.no_room import no_room, room_needed

_MAX_ANSWER_BYTES: Final = 64 * 1024
_POSIX: Final = os.name == "posix"


class RuntimeProblem(ValueError):
    """A file that cannot be used as a Python; its text is one sentence."""


def answer_of(path: str, arguments: Sequence[str], timeout_s: float) -> bytes:
    """Run a Python with some arguments and return what it printed.

    What answers too late is ended, together with whatever it started.

    Raises
    ------
    RuntimeProblem
        It cannot be started, or does not answer in time.
    core.no_room.NoRoom
        There is no room for one more process, file or thread.
    """
    with room_needed():
        process = _started(path, arguments)
        try:
            return _read(process, path, timeout_s)
        finally:
            _end(process)


def _read(process: subprocess.Popen[bytes], path: str, timeout_s: float) -> bytes:
    assert process.stdout is not None  # noqa: S101 - it is a pipe
    with process.stdout as stream, ended_after(timeout_s, lambda: _end(process)) as late:
        try:
            answer = stream.read(_MAX_ANSWER_BYTES)  # more than that is no answer
        except OSError as error:
            raise no_room(error) or RuntimeProblem(
                f"What {path} says cannot be read ({error.strerror}); try again."
            ) from error
    if late.is_set():
        raise RuntimeProblem(
            f"{path} did not answer within {timeout_s:g} seconds; choose another Python."
        )
    return answer


def _started(path: str, arguments: Sequence[str]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(  # noqa: S603 - running the chosen file is the point
            [path, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise no_room(error) or RuntimeProblem(
            f"{path} cannot be run ({error.strerror}); choose a Python program."
        ) from error


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process and what it started; it is reaped when this returns."""
    if process.returncode is not None:
        return  # reaped before: its number may be another process's by now
    with contextlib.suppress(ProcessLookupError, PermissionError):  # already gone
        if _POSIX:
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()
