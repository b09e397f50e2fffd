"""One run: its process, its recording, and the ways in which it can end.

Guarantees: `Run.stop` may be called from any thread, at any moment, any number of
times, and the run is over in bounded time. When `Run.wait` returns, no process of
the run, no thread, no socket file and no temporary file is left.
"""

import threading
import time
from functools import partial
from typing import Any, Final

from core import events
from core.collector import Collector
from core.lab_child import End, LabChild, let_go, signal_name
from core.lifeline import Lifeline
from core.no_room import reason_of, speaks_of_no_room
from core.private_folder import PrivateFolder
from core.quoting import shortened
from core.recording import Recording
from core.run_facts import Ending
from core.silent_ends import losses
from core.watcher_process import WatcherProcess

GRACE_S: Final = 0.4
"""How long each rung of the ladder (interrupt, terminate) may take before the next."""


class Run:
    """A script that is running or has run; made by `core.laboratory.Laboratory.start`."""

    def __init__(
        self,
        recording: Recording,
        lab: LabChild,
        lifeline: Lifeline,
        collector: Collector,
        folder: PrivateFolder,
        watcher: WatcherProcess | None = None,
    ) -> None:
        self.recording = recording
        self._lab = lab
        self._lifeline = lifeline
        self._watcher = watcher
        self._collector = collector
        self._folder = folder
        self._lock = threading.Lock()
        self._finishing = threading.Lock()
        self._exited = threading.Event()
        self._stopped: str | None = None
        self._ladder: threading.Thread | None = None

    @property
    def pid(self) -> int:
        """Return the process id of the lab process."""
        return self._lab.pid

    def send(self, order: dict[str, Any]) -> None:
        """Send one line to the lab process; a process that is gone hears nothing."""
        self._lifeline.send(order)

    def cancel(self, task: int) -> None:
        """Ask to cancel a task; one that runs already goes on."""
        self.send({"cancel": task})

    def stop(self, outcome: str = "stopped") -> None:
        """Begin to end the run and return at once; ``outcome`` is ``stopped`` or ``timed out``."""
        with self._lock:
            if self._stopped is not None or self._exited.is_set():
                return
            self._stopped = outcome
            ladder = threading.Thread(target=self._climb, name="lab-stop", daemon=True)
            try:
                ladder.start()
                self._ladder = ladder
            except (RuntimeError, MemoryError):
                pass  # there is no room for it
        if self._ladder is None:
            self._climb()  # at once then means within a second

    def wait(self) -> Ending:
        """Block until the run is over and nothing of it is left; return how it ended.

        May be interrupted (KeyboardInterrupt) and called again.
        """
        self._lab.wait()
        with self._finishing:
            if self.recording.ending is None:
                self._finish()
            assert self.recording.ending is not None  # noqa: S101 - _finish sets it
            return self.recording.ending

    def _finish(self) -> None:
        """End the run, whatever there is no room for: each step is taken, and the end comes."""
        self._lifeline.close()  # should its guard have been killed, it ends its group by that
        end = self._lab.finish()
        with self._lock:
            self._exited.set()
        if self._ladder is not None:
            self._ladder.join()
        if end.left:
            self.recording.trouble(
                f"Some processes of the run could not be ended ({end.left}); end them yourself."
            )
        has_watched = self._watcher is None or self._watcher.end()
        for step in (
            self._collector.close,
            self._tell_silent_ends,
            partial(self._tell_unwatched, has_watched),
            self._remove_folder,
        ):
            try:
                step()
            except (OSError, RuntimeError, MemoryError) as error:
                reason = reason_of(error)
                self.recording.trouble(f"The run could not be cleared away in order: {reason}.")
        outcome, message = self._verdict(end)
        self.recording.finish(outcome, end.exit_code, message, time.perf_counter_ns())
        self._collector.finish_spool()

    def _remove_folder(self) -> None:
        if left := let_go(self._lab, self._folder):
            self.recording.trouble(left)

    def _tell_silent_ends(self) -> None:
        """Note what may be missing because a process ended without a goodbye."""
        for sentence in self._collector.unseen(self._lab.pid):
            self.recording.trouble(sentence)
        ends, is_stopped = self._collector.silent_ends, self._stopped is not None
        if self._watcher is not None:  # `_tell_unwatched` tells of it
            ends.leave_out(self._watcher.pid)
        for sentence in losses(ends, self.recording, is_stopped=is_stopped):
            self.recording.trouble(sentence)

    def _tell_unwatched(self, has_watched: bool) -> None:
        """Note that there is nothing to see if the watcher saw nothing, or died before it told."""
        recording = self.recording
        if self._watcher is None or (has_watched and recording.activity_sampled() is not None):
            return
        if not recording.activity():
            self._collector.tell(self._lab.pid, events.Unwatched("failed"))

    def _climb(self) -> None:
        """Interrupt as Ctrl+C would, then terminate, then kill all that there is."""
        for rung in self._lab.interrupt, self._lab.terminate:
            rung()
            if self._exited.wait(GRACE_S) or self._lab.has_ended:
                return
        self._lab.kill()

    def _verdict(self, end: End) -> tuple[str, str]:
        """Return the outcome and one sentence about it."""
        exit_code = end.exit_code
        raised = self.recording.raised
        if self._stopped is not None:
            return self._stopped, _STOPPED[self._stopped]
        if raised is not None:
            where = "" if raised.line is None else f" in line {raised.line}"
            # One sentence, one line, and nothing that a terminal obeys.
            message = shortened(raised.message, _LONGEST_MESSAGE).rstrip(".")
            text = f"{raised.kind}: {message}" if message else raised.kind
            return "failed", f"The script ended with an exception{where}: {text}."
        if exit_code is None:
            return "failed", _unseen(end.guard_code)
        if not self.recording.processes and not self._collector.has_refused:
            return "failed", self._unbegun(exit_code)
        if exit_code == 0:
            return "done", ""
        if exit_code < 0:
            return "failed", (
                f"The lab process was killed by {signal_name(-exit_code)}. "
                "What had arrived is kept; run it again."
            )
        return "failed", f"The script ended with exit status {exit_code}."

    def _unbegun(self, exit_code: int) -> str:
        if exit_code < 0:
            return (
                f"The lab process was killed by {signal_name(-exit_code)} "
                "before the script began; run it again."
            )
        last = self.recording.output[-1].text if self.recording.output else "it said nothing"
        if speaks_of_no_room(last):
            return f"{NO_ROOM_TO_BEGIN} ({last.rpartition('Error: ')[2].rstrip('.')}); {_MAKE_ROOM}"
        return (
            f"The Python of this run ended before the script began (exit status {exit_code}: "
            f"{last.rstrip('.')}); choose another one."
        )


_LONGEST_MESSAGE: Final = 500
_STOPPED: Final = {
    "stopped": "The run was stopped; what had arrived is kept.",
    "timed out": "The run took longer than allowed and was stopped; what had arrived is kept.",
}

NO_ROOM_TO_BEGIN: Final = "There was no room for the Python of this run to begin"
"""Begins the sentence; what the Python said last follows."""

_MAKE_ROOM: Final = "close other programs or raise the limits (ulimit -n, -u, -v), and run again."


def _unseen(code: int | None) -> str:
    """Return why nobody saw the end: the guard ended first, and how, or there was none."""
    if code is None:
        return "The lab process could not be ended; end it yourself, then run it again."
    how = f"exit status {code}" if code >= 0 else signal_name(-code)
    return (
        f"The guard process of the run ended ({how}), so the run was ended. "
        "What had arrived is kept; run it again."
    )
