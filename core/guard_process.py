"""The guard beside each lab process: starts it, sees its end, and lets nothing of it live on.

It is a process of its own, run by `core.guard.Guard` on the Python of this program, with the
lab's standard input and output as its own. Whatever the script starts is its descendant and stays
it: on Linux the guard adopts whoever has lost its parent (it is a "subreaper"), also one in a
session of its own that has nothing of the run in its environment. So at the end nobody has to be
looked for.

Over one socket it is told letters (`INTERRUPT`, ...) and tells lines: ``lab NUMBER``, or ``error
ERRNO`` if there is no such program; and ``ended STATUS LEFT`` when all is over. The end of the
socket is the end of its owner: then it removes the private folder, too.

Only the guard signals the lab process and its group, and only while it has not reaped it: as long
as that is so, the number is nobody else's.

It is started for every run, so it imports little: `signal` and `contextlib` alone would double the
time that its start takes.
"""

import _signal as signal  # type: ignore[import-not-found] # built in, and typeshed leaves it out
import os
import select
import sys
import time

from core.descendants import children, end_marked, kill
from core.removal import remove

INTERRUPT, TERMINATE, KILL, DONE = b"I", b"T", b"K", b"D"
"""Signal the lab process; signal its group; end everything; go, for nothing is left to do."""

END_OF_COMMAND = b"\0\0"
"""After the arguments of the lab process, which have a zero byte between them."""

_PR_SET_CHILD_SUBREAPER = 36
_DYING_S = 2.0
"""How long processes that were killed may take to be gone."""

_LOOK_S = 0.001
_NOT_FOR_US = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Whoever ends processes by these ends the lab process, or the owner: the guard ends after both."""

_OF_PYTHON = (signal.SIGPIPE, signal.SIGXFSZ)
"""Python ignores these; what it starts is to have them as they are (so does subprocess)."""


class GuardProcess:
    """One guard.

    Parameters
    ----------
    owner
        Descriptor of the socket.
    folder
        Descriptor of the private folder.
    path
        Where that was made.
    mark
        What each process of the run has in its environment unless it was cleaned.
    """

    def __init__(self, owner: int, folder: int, path: str, mark: bytes) -> None:
        self._owner, self._folder, self._path, self._mark = owner, folder, path, mark
        self._lab = 0
        self._status: int | None = None  # of the lab process, once it was reaped
        self._has_ended = self._adopts = False
        self._before = {number: signal.signal(number, signal.SIG_IGN) for number in _NOT_FOR_US}

    def run(self) -> None:
        """Guard one run, from its command to its end."""
        command = self._command()
        try:
            if command:
                self._begin(command)
        except OSError as error:
            self._tell(f"error {error.errno}")
        if not self._lab:
            while os.read(self._owner, 1):
                pass
            remove(self._path, self._folder)  # which the owner cannot do if it was killed
            return
        self._adopts = _adopt_orphans()
        self._tell(f"lab {self._lab}")
        while self._attend():
            pass

    def _begin(self, command: list[bytes]) -> None:
        """Start the lab process; whatever may be refused for it, and raises OSError, is first."""
        self._woken, wake = os.pipe()
        for descriptor in self._woken, wake:
            os.set_blocking(descriptor, False)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        nothing = os.open(os.devnull, os.O_RDWR)
        self._lab = self._started(command)
        # The pipes are the lab's: who holds an end of one keeps it from being seen closed.
        for descriptor in 0, 1, 2:
            os.dup2(nothing, descriptor)
        os.close(nothing)

    def _command(self) -> list[bytes]:
        said = b""
        while not said.endswith(END_OF_COMMAND):
            data = os.read(self._owner, 65_536)
            if not data:
                return []
            said += data
        return said.removesuffix(END_OF_COMMAND).split(b"\0")

    def _started(self, command: list[bytes]) -> int:
        """Start a program in a session of its own; return its number."""
        reader, writer = os.pipe()
        number = os.fork()
        if number == 0:
            self._become(command, writer)
        os.close(writer)
        problem = os.read(reader, 64)
        os.close(reader)
        if problem:
            os.waitpid(number, 0)
            raise OSError(int(problem), "")
        return number

    def _become(self, command: list[bytes], writer: int) -> None:
        """Be the lab process, or tell by the pipe why that cannot be; for the child."""
        try:
            os.setsid()
            for number, before in self._before.items():
                signal.signal(number, before)
            for number in _OF_PYTHON:
                signal.signal(number, signal.SIG_DFL)
            os.execvp(command[0], command)  # noqa: S606 - the interpreter that the user chose
        except OSError as error:
            os.write(writer, str(error.errno).encode())
        finally:
            os._exit(255)

    def _attend(self) -> bool:
        """Wait until something happens, and see to it; return whether to go on."""
        poll = select.poll()
        for descriptor in self._owner, self._woken:
            poll.register(descriptor, select.POLLIN)
        ready = {descriptor for descriptor, _ in poll.poll()}
        if self._woken in ready:
            _drain(self._woken)
            if not self._has_ended and self._lab_is_dead():
                self._end()
        return self._owner not in ready or self._obey()

    def _obey(self) -> bool:
        """Do what the owner asks for; return whether to go on."""
        try:
            orders = os.read(self._owner, 1)
        except OSError:
            orders = b""
        if not orders:  # it was killed
            self._end()
            remove(self._path, self._folder)
        elif orders == KILL:
            self._end()
        elif not self._has_ended:
            self._signal(orders)
        return orders not in (b"", DONE)

    def _signal(self, order: bytes) -> None:
        try:
            if order == INTERRUPT:
                os.kill(self._lab, signal.SIGINT)
            elif order == TERMINATE:
                os.killpg(self._lab, signal.SIGTERM)
            elif order == KILL:
                os.killpg(self._lab, signal.SIGKILL)
        except OSError:
            return  # none of them is left, or another user's

    def _lab_is_dead(self) -> bool:
        """Return whether the lab process has ended; reap whoever else has, and leave that one."""
        if not hasattr(os, "waitid"):  # macOS before Python 3.13: only who is reaped is known to be
            return self._reap(self._lab)
        # The lab process itself is there to be seen, so there is no lack of children.
        while ended := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            if ended.si_pid == self._lab:
                return True
            os.waitpid(ended.si_pid, 0)
        return False

    def _end(self) -> None:
        """End the lab process, its group, and all that descends from it; tell how that went."""
        if self._has_ended:
            return
        self._has_ended = True
        self._signal(KILL)  # the group first: its number is ours until the lab process is reaped
        left = self._end_children()
        if not self._adopts:
            _await_group_end(self._lab)
            end_marked(self._lab, self._mark)
        code = "?" if self._status is None else os.waitstatus_to_exitcode(self._status)
        self._tell(f"ended {code} {left}")

    def _end_children(self) -> int:
        """Kill our children until there are none: those of each become ours when it dies.

        Only they are signalled: a number is theirs until we reap it.
        """
        deadline = time.monotonic() + _DYING_S
        while not self._reap(-1):
            if time.monotonic() > deadline:
                return len(children())
            for number in children():
                kill(number)
            time.sleep(_LOOK_S)
        return 0

    def _reap(self, number: int) -> bool:
        """Reap a child that has ended, or (-1) all that have; return whether none is left."""
        try:
            while (ended := os.waitpid(number, os.WNOHANG))[0]:
                if ended[0] == self._lab:
                    self._status = ended[1]
        except ChildProcessError:
            return True
        return False

    def _tell(self, line: str) -> None:
        try:
            os.write(self._owner, line.encode() + b"\n")
        except OSError:
            return  # the owner is gone; that is seen next


def _await_group_end(group: int) -> None:
    """Wait, in bounded time, for processes of a killed group that are not our children."""
    deadline = time.monotonic() + _DYING_S
    while time.monotonic() < deadline:
        try:
            os.killpg(group, 0)
        except OSError:
            return
        time.sleep(_LOOK_S)


def _drain(descriptor: int) -> None:
    try:
        os.read(descriptor, 65_536)
    except BlockingIOError:
        return


def _adopt_orphans() -> bool:
    """Be the parent of whoever among our descendants loses its own; return whether we are."""
    if sys.platform != "linux":
        return False
    try:
        import ctypes

        one, nothing = ctypes.c_ulong(1), ctypes.c_ulong(0)
        prctl = ctypes.CDLL(None).prctl
        return bool(prctl(_PR_SET_CHILD_SUBREAPER, one, nothing, nothing, nothing) == 0)
    except (ImportError, OSError, MemoryError):  # built without it: then the mark has to do
        return False


def main(arguments: list[str]) -> None:
    """Guard a run: the owner's socket, the folder, its path, the mark."""
    owner, folder, path, mark = arguments
    for descriptor in int(owner), int(folder):
        os.set_inheritable(descriptor, False)
    GuardProcess(int(owner), int(folder), path, os.fsencode(mark)).run()
