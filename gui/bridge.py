"""The one place of the window that knows threads: it drives the laboratory.

Requests go into queues that three `QThread`s work off; what happens comes back as
signals, a few a run, never one an event: the views read the recording themselves.

Guarantees
----------
* `Bridge.stop` may be called at any moment, any number of times: before the run
  begins, while it begins, while it runs, after it.
* A batch that was begun ends with exactly one `Bridge.batch_ended`.
* `Bridge.close` asks (the batch is to stop; `Bridge.is_closed` turns true for work with files
  that nobody will see), unblocks (the run is ended, so that
  waiting for it returns) and waits for the thread, in this order. When it returns no
  thread, no process and no file of the laboratory is left.
"""

import queue
import sys
import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, QThread, Signal

from core.bytecode import LineAnswer, Question
from core.bytecode_reader import BytecodeReader
from core.laboratory import BeginSpool, Job, LabError, Laboratory
from core.no_room import NoRoom, room_needed
from core.recording import Recording
from core.run import Run
from core.runtimes import Runtime, find_runtimes
from core.sites import SitesError

JobMaker = Callable[[], Job]
"""Makes a job, in the bridge's thread: it may have to wait for the local sites."""

PROBE_TIMEOUT_S: Final = 1.5
"""A Python that answers later than this is not offered: closing may have to wait for it."""


class Bridge(QObject):
    """Runs jobs one after the other in lab processes; for the thread of the window.

    Parameters
    ----------
    parent : QObject, optional
        The owner, who calls `close`.

    Raises
    ------
    core.no_room.NoRoom
        There is no room for its threads.
    """

    run_started = Signal(Recording)
    run_ended = Signal(Recording)
    run_refused = Signal(Exception)
    """A run could not begin: what was raised, its text one sentence that says why."""
    batch_ended = Signal()
    runtimes_found = Signal(tuple)
    """What `core.runtimes.find_runtimes` found."""
    line_read = Signal(LineAnswer)
    """What became of a `read_line`."""
    aside_done = Signal(object)
    """What was returned by something done by `do_aside`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.begin_spool: BeginSpool | None = None
        """Asked, in another thread, where a run is written down while it goes on."""
        self._lock = threading.Lock()
        self._run: Run | None = None
        self._stopped = False
        self._closed = False
        self._laboratory: Laboratory | None = None
        self._reader = BytecodeReader()
        self._runs, self._chores, self._files = (_Worker(self) for _ in range(3))
        self._begin()

    @property
    def is_closed(self) -> bool:
        """Whether `close` was called; may be asked from any thread."""
        return self._closed

    def start(self, makers: Sequence[JobMaker], python: str, *, while_done: bool = False) -> None:
        """Run jobs one after the other on a Python, until `stop` or one that is refused.

        With ``while_done`` also until the first that does not end well.
        """
        with self._lock:
            self._stopped = self._closed
        self._runs.ask(partial(self._work_off, list(makers), python, while_done))

    def stop(self) -> None:
        """End the run that goes on, and start no other of its batch."""
        with self._lock:
            self._stopped = True
            if self._run is not None:
                self._run.stop()

    def cancel(self, task: int) -> None:
        """Ask to cancel a task of the run that goes on; the recording gets the answer."""
        with self._lock:
            run = self._run
        if run is not None:
            run.cancel(task)

    def prepare(self, python: str) -> None:
        """Have a lab process of that Python ready for the next `start`."""
        self._runs.ask(partial(self._prepare, python))

    def do_ahead(self, chore: Callable[[], object]) -> None:
        """Do something that a later run needs; if it fails, that run will say it."""
        self._chores.ask(partial(_try, chore))

    def do_aside(self, work: Callable[[], object]) -> None:
        """Do something with files, in the order asked; `aside_done` brings what it returns."""
        self._files.ask(lambda: self.aside_done.emit(work()))

    def find_runtimes(self) -> None:
        """Look for Pythons; `runtimes_found` brings them."""
        self._chores.ask(self._find_runtimes)

    def read_line(self, question: Question) -> None:
        """Ask a Python for the bytecode of a line; `line_read` brings the answer."""
        self._chores.ask(partial(self._read_line, question))

    def close(self) -> None:
        """End everything; nothing can be started after this."""
        self._closed = True
        self.stop()
        self._reader.close()
        self._runs.ask(self._close_laboratory)
        self._runs.end()
        self._chores.end()
        self._files.end()  # a run that is to be kept is kept

    def _begin(self) -> None:
        """Begin all threads now: later there might be no room, for Stop for example."""
        try:
            for worker in (self._runs, self._chores, self._files):
                worker.begin()
        except NoRoom:
            self.close()
            raise

    # In the worker threads.

    def _work_off(self, makers: list[JobMaker], python: str, while_done: bool) -> None:
        try:
            for maker in makers:
                outcome = "" if self._stopped else self._run_one(maker, python)
                if not outcome or (while_done and outcome != "done"):
                    return
        finally:
            self.batch_ended.emit()
            if not self._closed:
                self._prepare(python)

    def _run_one(self, maker: JobMaker, python: str) -> str:
        """Run a job and return how it ended; empty if it could not begin."""
        try:
            with room_needed():
                run = self._laboratory_of(python).start(maker(), self.begin_spool)
        except (LabError, SitesError, NoRoom, ValueError, OSError) as error:
            self.run_refused.emit(error.with_traceback(None))  # frames would live on with it
            return ""
        with self._lock:
            self._run = run
            if self._stopped:  # asked for while the run began
                run.stop()
        self.run_started.emit(run.recording)
        ending = run.wait()
        with self._lock:
            self._run = None
        self.run_ended.emit(run.recording)
        return ending.outcome

    def _prepare(self, python: str) -> None:
        try:
            with room_needed():
                self._laboratory_of(python).prepare()
        except (LabError, NoRoom):
            return  # start() says it, when somebody wants to run something

    def _laboratory_of(self, python: str) -> Laboratory:
        if self._laboratory is None or self._laboratory.python != python:
            self._close_laboratory()
            self._laboratory = Laboratory(python, is_watching=True)
        return self._laboratory

    def _close_laboratory(self) -> None:
        if self._laboratory is not None:
            self._laboratory.close()
            self._laboratory = None

    def _find_runtimes(self) -> None:
        found: tuple[Runtime, ...] = find_runtimes(PROBE_TIMEOUT_S)
        self.runtimes_found.emit(found)

    def _read_line(self, question: Question) -> None:
        self.line_read.emit(self._reader.read(question))


def _try(chore: Callable[[], object]) -> None:
    try:
        with room_needed():
            chore()
    except (SitesError, NoRoom, ValueError, OSError):
        return  # it is done again, and refused aloud, when somebody runs what needs it


class _Worker(QThread):
    """Works off what it is asked, in order."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._requests: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()

    def begin(self) -> None:
        self.start()
        if not self.isRunning():  # all that Qt does besides is to print a line
            raise NoRoom("threads")

    def ask(self, request: Callable[[], None]) -> None:
        self._requests.put(request)

    def end(self) -> None:
        """Let it finish what it was asked, and wait for its end."""
        self._requests.put(None)
        self.wait()

    def run(self) -> None:
        while (request := self._requests.get()) is not None:
            try:
                request()
            except Exception:  # noqa: BLE001 - a fault in one request must not end those that follow
                sys.excepthook(*sys.exc_info())
