"""The owner's side of the guard: the process that starts a lab process and outlives all of it.

See `core.guard_process`. It does its work also when this program was killed, and it is not the
script that it guards: a script may hold itself (SIGSTOP), make another program of itself (exec)
or start processes that leave its group.
"""

import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Self

from core.descendants import end_marked
from core.guard_process import DONE, END_OF_COMMAND, INTERRUPT, KILL, TERMINATE
from core.lab_child import End, GuardProblem
from core.no_room import no_room
from core.private_folder import VARIABLE, PrivateFolder

_ROOT: Final = Path(__file__).resolve().parents[1]
_ENTRY: Final = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from core.guard_process import main; main(sys.argv[2:])"
)
_BEGINNING_S: Final = 30.0
"""How long it may take to begin; some 30 milliseconds, usually."""

_PATIENCE_S: Final = 5.0
"""How long it may take to do what it was asked; it gives up itself after 2 seconds."""

_LOOK_S: Final = 0.02

_LOOK_UP_MS: Final = 250
"""How long a signal may wait for its handler, and a guard that was held until it goes on."""

_UNSEEN: Final = End(None)


class Guard:
    """A lab process and its guard; made by `Guard.start`, over with `Guard.close`.

    May be used from any thread.
    """

    def __init__(
        self, process: "subprocess.Popen[bytes]", connection: socket.socket, mark: bytes
    ) -> None:
        self.pid = 0
        self._process = process
        self._connection = connection
        self._mark = mark
        self._end: End | None = None

    @classmethod
    def start(
        cls,
        command: Sequence[str],
        environment: dict[str, str],
        streams: tuple[int, int, int],
        folder: PrivateFolder,
    ) -> Self:
        """Start a lab process under a guard, see `core.lab_child.start_child`."""
        ours, theirs = socket.socketpair()
        with theirs:
            inherited = theirs.fileno(), folder.descriptor
            mark = f"{VARIABLE}={folder.path}"
            # -I -S: it needs the standard library and nothing of the user's.
            python = [sys.executable, "-I", "-S", *["-B"] * sys.dont_write_bytecode, "-c", _ENTRY]
            try:
                process = subprocess.Popen(  # noqa: S603 - a program of our own
                    [*python, str(_ROOT), *map(str, inherited), str(folder.path), mark],
                    stdin=streams[0],
                    stdout=streams[1],
                    stderr=streams[2],
                    env=environment,
                    pass_fds=inherited,
                    start_new_session=True,
                )
            except BaseException as error:
                ours.close()
                if isinstance(error, OSError):
                    raise no_room(error) or GuardProblem(error.strerror or str(error)) from error
                raise
        guard = cls(process, ours, os.fsencode(mark))
        try:
            guard._begin(command)
        except BaseException:
            guard._let_go()  # what it has begun it ends, as if we were gone
            raise
        return guard

    def _begin(self, command: Sequence[str]) -> None:
        """Tell the guard what to start, and hear what became of it."""
        self._connection.settimeout(_BEGINNING_S)
        line = b""
        try:
            self._connection.sendall(b"\0".join(map(os.fsencode, command)) + END_OF_COMMAND)
            while not line.endswith(b"\n"):
                # One by one: what comes after this line stays for others.
                if not (data := self._connection.recv(1)):
                    raise GuardProblem("it ended at once")
                line += data
        except TimeoutError as error:
            raise GuardProblem("it did not answer") from error
        except ConnectionError as error:
            raise GuardProblem("it ended at once") from error
        self._connection.setblocking(False)
        word, number = line.split()
        if word == b"error":
            raise OSError(int(number), os.strerror(int(number)))
        self.pid = int(number)

    @property
    def has_ended(self) -> bool:
        """Whether the lab process has ended, and all that it started with it."""
        if self._end is None:
            self._end = self._told()
        return self._end is not None

    def _told(self) -> End | None:
        """Return what the guard has told of the end; it stays there to be read again."""
        try:
            told = self._connection.recv(128, socket.MSG_PEEK)
        except BlockingIOError:
            return None
        except OSError:
            return _UNSEEN
        if not told:
            return _UNSEEN
        _, code, left = told.split()
        return End(None if code == b"?" else int(code), int(left))

    def wait(self) -> None:
        """Block until the lab process has ended; may be interrupted, and called again.

        Looks up from waiting now and then: a signal that comes between Python's last look at its
        signals and the system call is handled only when that call returns: Ctrl+C could wait for
        ever. And the script may have held the guard, its parent.
        """
        while not self.has_ended:
            self._poll(_LOOK_UP_MS)
            self._continue()

    def _poll(self, timeout_ms: float) -> None:
        try:
            poll = select.poll()
            poll.register(self._connection, select.POLLIN)
            poll.poll(timeout_ms)
        except (OSError, MemoryError, ValueError):
            # There is no room even for waiting, or another thread has just closed it.
            time.sleep(_LOOK_S)

    def _continue(self) -> None:
        with contextlib.suppress(OSError):
            self._process.send_signal(signal.SIGCONT)

    def interrupt(self) -> None:
        """Interrupt the lab process, as Ctrl+C would."""
        self._ask(INTERRUPT)

    def terminate(self) -> None:
        """Ask the group of the lab process to end."""
        self._ask(TERMINATE)

    def kill(self) -> None:
        """Begin to end the lab process and all that it started."""
        self._ask(KILL)

    def _ask(self, order: bytes) -> None:
        if self._end is not None and not self._end.is_unseen:
            return
        self._continue()
        try:
            self._connection.send(order)
        except OSError:
            if order == KILL:
                end_marked(self.pid, self._mark)

    def finish(self) -> End:
        """End all that is left of the run, in bounded time; may be called again."""
        self.kill()
        deadline = time.monotonic() + _PATIENCE_S
        while not self.has_ended and (left_s := deadline - time.monotonic()) > 0:
            self._poll(left_s * 1000)
        if self._end is None:
            self._process.kill()
            self._end = _UNSEEN
        if self._end is _UNSEEN:  # what the guard would have ended is not its child any more
            end_marked(self.pid, self._mark)
            self._end = End(None, guard_code=self._ended_guard())
        return self._end

    def _ended_guard(self) -> int:
        try:
            return self._process.wait(_PATIENCE_S)
        except subprocess.TimeoutExpired:  # it let go of the connection, and nothing else
            self._process.kill()
            return self._process.wait()

    def close(self, *, is_clean: bool = True) -> None:
        """Let go of the guard when the run is over; may be called again.

        Unless all is removed, it tries to remove the private folder: it may have the room for
        that which we had not.
        """
        if is_clean:
            with contextlib.suppress(OSError):
                self._connection.send(DONE)
        self._let_go()

    def _let_go(self) -> None:
        self._connection.close()
        self._continue()
        self._ended_guard()
