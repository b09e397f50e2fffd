"""One run: its process, its recording, and the ways in which it can end.

Guarantees: `Run.stop` may be called from any thread, at any moment, any number of
times, and the run is over in bounded time. When `Run.wait` returns, no process of
the run, no thread, no socket file and no temporary file is left.
"""

import os
import signal
import subprocess
import threading
import time
from typing import Any, Final

from core import events
from core.collector import Collector
from core.guard import Guard
from core.incidents import broken_tasks
from core.lifeline import Lifeline
from core.private_folder import PrivateFolder, end_descendants
from core.process_group import (
    await_group_end,
    has_ended,
    signal_group,
    signal_name,
    wait_unreaped,
)
from core.recording import Recording
from core.run_facts import Ending
from core.watcher_process import WatcherProcess

GRACE_S: Final = 0.4
"""How long each rung of the ladder (interrupt, terminate) may take before the next."""


class Run:
    """A script that is running or has run; made by `core.laboratory.Laboratory.start`."""

    def __init__(
        self,
        recording: Recording,
        process: subprocess.Popen[bytes],
        lifeline: Lifeline,
        collector: Collector,
        folder: PrivateFolder,
        guard: Guard,
        watcher: WatcherProcess | None = None,
    ) -> None:
        self.recording = recording
        self._guard = guard
        self._watcher = watcher
        self._process = process
        self._lifeline = lifeline
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
        return self._process.pid

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
            self._ladder = threading.Thread(target=self._climb, name="lab-stop", daemon=True)
            self._ladder.start()

    def wait(self) -> Ending:
        """Block until the run is over and nothing of it is left; return how it ended.

        May be interrupted (KeyboardInterrupt) and called again.
        """
        wait_unreaped(self._process)
        with self._finishing:
            if self.recording.ending is None:
                self._finish()
            assert self.recording.ending is not None  # noqa: S101 - _finish sets it
            return self.recording.ending

    def _finish(self) -> None:
        # The group first, while the process is still unreaped and its number therefore ours.
        signal_group(self._process.pid, "SIGKILL")
        with self._lock:
            self._process.wait()
            self._exited.set()
        await_group_end(self._process.pid)
        end_descendants(self._folder.path)  # that have left the group
        if self._ladder is not None:
            self._ladder.join()
        self._lifeline.close()
        has_watched = self._watcher is None or self._watcher.end()
        self._collector.close()
        self._tell_silent_ends()
        self._tell_unwatched(has_watched)
        if left := self._folder.remove():
            self.recording.trouble(left)
        self._guard.end()
        outcome, message = self._verdict(self._process.returncode)
        now_ns = time.perf_counter_ns()
        self.recording.finish(outcome, self._process.returncode, message, now_ns)
        self._collector.finish_spool()

    def _tell_silent_ends(self) -> None:
        """Note what may be missing because a process ended without a goodbye."""
        is_broken = broken_tasks(self.recording) > 0
        ends = self._collector.silent_ends
        for sentence in ends.sentences(is_stopped=self._stopped is not None, is_broken=is_broken):
            self.recording.trouble(sentence)

    def _tell_unwatched(self, has_watched: bool) -> None:
        """Note that there is nothing to see if the watcher saw nothing, or died before it told."""
        recording = self.recording
        if self._watcher is None or (has_watched and recording.activity_sampled() is not None):
            return
        if not recording.activity():
            self._collector.tell(self._process.pid, events.Unwatched("failed"))

    def _climb(self) -> None:
        """Interrupt as Ctrl+C would, then terminate, then kill the whole group."""
        if os.name != "posix":
            self._process.kill()
            return
        self._signal("SIGINT", group=False)
        if self._exited.wait(GRACE_S) or has_ended(self._process):
            return
        self._signal("SIGTERM")
        if self._exited.wait(GRACE_S) or has_ended(self._process):
            return
        self._signal("SIGKILL")

    def _signal(self, name: str, group: bool = True) -> None:
        """Send a signal while the process is unreaped: later its number may be another's."""
        with self._lock:
            if self._exited.is_set():
                return
            if group:
                signal_group(self._process.pid, name)
            else:
                os.kill(self._process.pid, getattr(signal, name))

    def _verdict(self, exit_code: int) -> tuple[str, str]:
        """Return the outcome and one sentence about it."""
        raised = self.recording.raised
        if self._stopped is not None:
            return self._stopped, _STOPPED[self._stopped]
        if raised is not None:
            where = "" if raised.line is None else f" in line {raised.line}"
            message = " ".join(raised.message.split()).rstrip(".")  # one sentence, one line
            text = f"{raised.kind}: {message}" if message else raised.kind
            return "failed", f"The script ended with an exception{where}: {text}."
        if not self.recording.processes:
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
        return (
            f"The Python of this run ended before the script began (exit status {exit_code}: "
            f"{last.rstrip('.')}); choose another one."
        )


_STOPPED: Final = {
    "stopped": "The run was stopped; what had arrived is kept.",
    "timed out": "The run took longer than allowed and was stopped; what had arrived is kept.",
}
