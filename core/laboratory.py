"""Starts lab processes, one a run, and keeps the next one ready ahead of time.

A `Laboratory` stands for one interpreter. `Laboratory.start` hands a `Job` to the lab
process that is waiting already and returns a `core.run.Run`, which collects the
events, can be stopped from any thread, and leaves nothing behind when it is over.
"""

import contextlib
import os
import secrets
import sys
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from core import events
from core.collector import Collector
from core.lab_child import GuardProblem, LabChild, let_go, start_child
from core.lifeline import Lifeline
from core.local_time import local_now
from core.no_room import no_room, room_needed
from core.private_folder import PREFIX as PREFIX
from core.private_folder import VARIABLE, PrivateFolder
from core.recording import Recording
from core.run import Run
from core.run_facts import Header
from core.storage.spool import Spool
from core.watcher_process import IS_POSSIBLE, WatcherProcess

BeginSpool = Callable[[Recording], Spool | None]
"""Begins to write down a run that begins."""

LAB: Final = Path(__file__).resolve().parent / "lab" / "__main__.py"


class LabError(RuntimeError):
    """No lab process could be started; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Job:
    """Everything that one run needs.

    Attributes
    ----------
    text
        The script, exactly as on the screen.
    path
        The file it came from: its folder is the script's import folder. When ``text`` is
        what that file holds, the file itself runs, otherwise a copy of the same name.
    tasks
        Functions that are observed as tasks in sequential mode.
    watches
        Name of each watch and the dotted name that it reads among the script's globals.
    tables
        Names of the watches that are tables.
    series
        Names of the watches that are series.
    environment
        Variables set before the script runs.
    arguments
        ``sys.argv[1:]`` of the script.
    """

    demo: str
    text: str
    path: Path
    mode: str
    knobs: dict[str, Any] = field(default_factory=dict)
    tasks: tuple[str, ...] = ()
    watches: dict[str, str] = field(default_factory=dict)
    tables: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)
    arguments: tuple[str, ...] = ()


class Laboratory:
    """Lab processes of one interpreter; a context manager, closed by its owner.

    Parameters
    ----------
    python
        The interpreter that scripts run on, 3.9 or newer.
    is_watching
        Whether a watcher beside each run samples what its threads do, see core/watcher.
    """

    def __init__(self, python: str = sys.executable, *, is_watching: bool = False) -> None:
        self.python = python
        self._is_watching = is_watching
        self._lock = threading.Lock()
        self._spare: _LabProcess | None = None
        self._closed = False

    def prepare(self) -> None:
        """Start the next lab process now, so that `start` answers at once.

        Raises
        ------
        LabError
            If the interpreter cannot be started.
        core.no_room.NoRoom
            There is no room for one more process, thread or file.
        """
        with self._lock:
            self._prepare()

    def _prepare(self) -> None:
        if self._spare is not None and not self._spare.usable:
            self._spare.discard()
            self._spare = None
        if self._spare is None and not self._closed:
            self._spare = _LabProcess(self.python, is_watched=self._is_watching)

    def start(self, job: Job, begin_spool: BeginSpool | None = None) -> Run:
        """Run a job; returns at once.

        Parameters
        ----------
        begin_spool
            Gets the recording of the run and returns where it is written to as it goes on, if
            anywhere; what it raises is raised, and nothing runs.

        Raises
        ------
        LabError, core.no_room.NoRoom
            As `prepare` does, and when the job cannot be handed over or the laboratory is closed.
        """
        with self._lock:
            self._prepare()
            lab, self._spare = self._spare, None
        if lab is None:
            raise LabError("The laboratory is closed; nothing can be run any more.")
        try:
            with room_needed():
                return lab.take(job, begin_spool)
        except BaseException as error:
            lab.discard()
            if isinstance(error, OSError):
                reason = error.strerror or error
                raise no_room(error) or LabError(
                    f"The run could not be set up in {lab.folder.path} ({reason}); "
                    "choose another temporary folder (TMPDIR), with a short name and some room."
                ) from error
            raise

    def close(self) -> None:
        """End the waiting lab process. Runs in progress are their owners' to stop."""
        with self._lock:
            self._closed = True
            lab, self._spare = self._spare, None
        if lab is not None:
            lab.discard()

    def __enter__(self) -> "Laboratory":
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()


class _LabProcess:
    """One process that waits for its job, with its private folder and its output pipes."""

    def __init__(self, python: str, *, is_watched: bool) -> None:
        self.python = python
        self._why_unwatched: events.WhyUnwatched = "off"
        # Whatever there is no room for, what was made before it goes again.
        with room_needed(), ExitStack() as stack:
            self.folder = _private_folder()
            stack.callback(self.folder.remove)
            self.collector = Collector(self.folder.path)
            stack.callback(self.collector.close)
            self.lifeline = Lifeline()
            stack.callback(self.lifeline.close)
            self.child = self._start()
            stack.callback(self._end_child)
            self.watcher = self._watcher() if is_watched else None
            stack.pop_all()

    def _watcher(self) -> WatcherProcess | None:
        if not IS_POSSIBLE:
            self._why_unwatched = "system"
            return None
        try:
            return WatcherProcess.start()
        except (OSError, MemoryError):
            self._why_unwatched = "failed"  # the run goes on, and its recording says so
            return None

    def _start(self) -> LabChild:
        environment = dict(os.environ)
        # What a killed script leaves in its temporary folder goes with ours.
        environment[VARIABLE] = str(self.folder.path)
        environment["PYTHONIOENCODING"] = "utf-8"
        command = [self.python, str(LAB)]
        streams = self.lifeline.stdin, self.collector.stdout, self.collector.stderr
        try:
            return start_child(command, environment, streams, self.folder)
        except GuardProblem as error:
            raise LabError(
                f"The guard process of the run could not be started ({error}); "
                "end some programs, then try again."
            ) from error
        except OSError as error:
            raise no_room(error) or LabError(
                f"The Python at {self.python} could not be started ({error.strerror}); "
                "choose another one."
            ) from error
        finally:
            self.lifeline.has_started()

    def _end_child(self) -> None:
        self.child.finish()
        self.child.close()

    @property
    def usable(self) -> bool:
        # Systems clean their temporary folders, and a window may be idle over night.
        return not self.child.has_ended and self.folder.is_usable

    def take(self, job: Job, begin_spool: BeginSpool | None = None) -> Run:
        """Hand over the job; from now on the run owns the process."""
        file = self._file(job)
        key = secrets.token_bytes(32)
        recording = Recording(_header(job), time.perf_counter_ns())
        spool = begin_spool(recording) if begin_spool is not None else None
        address = self.collector.open(recording, key, spool)
        order = {
            "address": address,
            "key": key.hex(),
            "file": str(file),
            "folder": str(job.path.resolve().parent),
            "mode": job.mode,
            "tasks": job.tasks,
            "watches": job.watches,
            "tables": job.tables,
            "series": job.series,
            "environment": job.environment,
            "arguments": job.arguments,
        }
        run = Run(recording, self.child, self.lifeline, self.collector, self.folder, self.watcher)
        if self.watcher is None:
            self.collector.tell(self.child.pid, events.Unwatched(self._why_unwatched))
        else:  # before the script begins
            self.watcher.watch(address, key, self.child.pid)
        run.send(order)
        return run

    def _file(self, job: Job) -> Path:
        with contextlib.suppress(OSError):
            if job.path.read_bytes() == job.text.encode():
                return job.path.resolve()
        # In a folder of its own: whatever its name, no other file of ours has it.
        copy = self.folder.path / "script" / (job.path.name or "script.py")
        copy.parent.mkdir()
        copy.write_bytes(job.text.encode())
        return copy

    def discard(self) -> None:
        """End a process that got no job."""
        self.lifeline.close()
        self.child.finish()
        if self.watcher is not None:
            self.watcher.end()
        self.collector.close()
        self.collector.drop_spool()
        let_go(self.child, self.folder)


def _private_folder() -> PrivateFolder:
    """Make a folder that is 0700 and ours: nobody else can reach the socket file in it."""
    try:
        return PrivateFolder.make()
    except OSError as error:
        raise no_room(error) or LabError(
            f"No private folder for the run could be made ({error.strerror}); "
            "free some room, or set TMPDIR to another folder."
        ) from error


def _header(job: Job) -> Header:
    return Header(
        demo=job.demo,
        mode=job.mode,
        script=job.text,
        knobs=job.knobs,
        python="",  # the lab process itself says what it is, see Recording.apply
        free_threaded=False,
        machine={"cores": os.cpu_count(), "system": sys.platform},
        made_at=local_now().isoformat(timespec="seconds"),
    )
