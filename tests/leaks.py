"""What a test may leave behind: no thread, process, descriptor, file, window or signal handler."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from multiprocessing import resource_tracker
from pathlib import Path

import psutil

SESSION_VARIABLE = "FUTURES_LAB_TEST_SESSION"
"""
Every process that descends from a test run inherits this, whatever becomes of its parents: a lab
process or a pool worker that outlived them is known by it. A command line would not do: another
test run, or somebody's window, may have labs of the same tree at the same moment.
"""

QT_OWN_THREADS = frozenset(
    {
        "Thread (pooled)",  # QThreadPool keeps an idle thread for 30 s by design
        "QXcbEventQueue",  # lives as long as the QApplication
        "QDBusConnection",  # the same
    }
)

QT_OWN_FILES = ("/mime/mime.cache",)  # the kinds of files, kept once a file dialog was open

NAMES_ITSELF_WITHIN_S = 0.2

_SIGNALS = [name for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
_TASKS = Path("/proc/self/task")
_DESCRIPTORS = Path("/proc/self/fd")


@dataclass(frozen=True, slots=True)
class Leak:
    """One thing that was not there before."""

    kind: str
    what: str
    pid: int = 0
    path: str = ""

    def __str__(self) -> str:
        return f"{self.kind}: {self.what}"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What exists at one moment; `leaks_since` compares the present with it."""

    threads: frozenset[threading.Thread]
    native_threads: frozenset[int]
    pids: frozenset[int]
    descriptors: frozenset[tuple[str, str]]
    temporary: frozenset[str]
    windows: frozenset[int]
    signals: frozenset[str]

    @classmethod
    def take(cls) -> Snapshot:
        """Look at this process, at the machine's processes and at the temporary folder."""
        return cls(
            threads=frozenset(threading.enumerate()),
            native_threads=frozenset(_native_threads()),
            pids=frozenset(psutil.pids()),
            descriptors=frozenset(_descriptors()),
            temporary=frozenset(_temporary_names()),
            windows=frozenset(_visible_windows()),
            signals=frozenset(_signal_handlers()),
        )


def leaks_since(before: Snapshot) -> list[Leak]:
    """
    List everything that exists now and did not exist at an earlier snapshot.

    Parameters
    ----------
    before : Snapshot
        Taken before the test.

    Returns
    -------
    The leaks; an empty list when all is clean.
    """
    return [
        *_new_threads(before),
        *new_processes(before.pids),
        *_new_descriptors(before),
        *new_temporary_files(before.temporary),
        *(
            Leak("window", name)
            for key, name in _visible_windows().items()
            if key not in before.windows
        ),
        *(Leak("signal handler", name) for name in sorted(_signal_handlers() - before.signals)),
    ]


def _native_threads() -> dict[int, str]:
    """Name every thread of this process, those that Python did not start too (Linux only)."""
    names: dict[int, str] = {}
    for task in _TASKS.iterdir() if _TASKS.exists() else ():
        try:
            names[int(task.name)] = (task / "comm").read_text().strip()
        except (FileNotFoundError, ProcessLookupError):
            continue  # it ended between the listing and the look
    return names


def _new_threads(before: Snapshot) -> list[Leak]:
    alive = [
        thread
        for thread in threading.enumerate()
        # A dummy stands for a foreign thread and never dies; the native look below sees those.
        if thread.is_alive() and not isinstance(thread, threading._DummyThread)
    ]
    leaks = [Leak("thread", repr(thread)) for thread in alive if thread not in before.threads]
    known = {thread.native_id for thread in alive} | before.native_threads
    names = _settled_names(known)
    # A library's pool (OpenBLAS) keeps the name of the main thread; a QThread has its own.
    own_names = QT_OWN_THREADS | {names.get(os.getpid(), "")}
    leaks += [
        Leak("native thread (a QThread?)", f"{name} ({tid})")
        for tid, name in names.items()
        if tid not in known and name not in own_names
    ]
    return leaks


def _settled_names(known: AbstractSet[int | None]) -> dict[int, str]:
    """Name the threads, after giving new ones time to name themselves: they start as `python`."""
    deadline_s = time.monotonic() + NAMES_ITSELF_WITHIN_S
    while True:
        names = _native_threads()
        unnamed = [tid for tid in names.keys() - known if names[tid] == names.get(os.getpid())]
        if not unnamed or time.monotonic() > deadline_s:
            return names
        time.sleep(0.005)


def new_processes(before: frozenset[int]) -> list[Leak]:
    """List the processes of this test run that are not among some earlier process ids."""
    ours: dict[int, Leak] = {}
    family = {os.getpid()}
    for pid in sorted(set(psutil.pids()) - before):
        try:
            process = psutil.Process(pid)
            if _is_ours(process, family):
                family.add(pid)
                ours[pid] = Leak("process", _describe(process), pid)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue  # gone in the meantime, or another user's
    return list(ours.values())


def _is_ours(process: psutil.Process, family: set[int]) -> bool:
    parent = process.ppid()
    if process.status() == psutil.STATUS_ZOMBIE:
        return parent == os.getpid()  # ended, and nobody waited for it; others are init's to reap
    if parent == os.getpid() and process.pid == _resource_tracker_pid():
        return False  # multiprocessing keeps one for the life of the process that uses it
    if parent in family:
        return True
    mark = os.environ.get(SESSION_VARIABLE)
    return mark is not None and process.environ().get(SESSION_VARIABLE, "").startswith(mark)


def _resource_tracker_pid() -> int | None:
    tracker: object = resource_tracker._resource_tracker
    pid = getattr(tracker, "_pid", None)
    return pid if isinstance(pid, int) else None


def _describe(process: psutil.Process) -> str:
    if process.status() == psutil.STATUS_ZOMBIE:
        return f"{process.pid} has ended and nobody waited for it"
    command = " ".join(process.cmdline()) or process.name()
    return f"{process.pid} (parent {process.ppid()}): {command[:300]}"


def _descriptors() -> set[tuple[str, str]]:
    """Pair every open descriptor of this process with its target (Linux only)."""
    found: set[tuple[str, str]] = set()
    for entry in _DESCRIPTORS.iterdir() if _DESCRIPTORS.exists() else ():
        try:
            found.add((entry.name, str(entry.readlink())))
        except FileNotFoundError:
            continue  # the descriptor of the listing itself
    return found


def _new_descriptors(before: Snapshot) -> list[Leak]:
    tracker_pipe = str(getattr(resource_tracker._resource_tracker, "_fd", None))
    return [
        Leak("open descriptor", f"{number} -> {target}")
        for number, target in sorted(_descriptors() - before.descriptors)
        if not target.endswith(QT_OWN_FILES)
        # Qt gives each of its threads an eventfd; the thread itself is looked for above.
        if target != "anon_inode:[eventfd]" and number != tracker_pipe
    ]


def _temporary_names() -> set[str]:
    return {entry.name for entry in Path(tempfile.gettempdir()).iterdir()}


def new_temporary_files(before: frozenset[str]) -> list[Leak]:
    """List what stands in the temporary folder now and was not there before."""
    folder = Path(tempfile.gettempdir())
    return [
        Leak("temporary file", name, path=str(folder / name))
        for name in sorted(_temporary_names() - before)
    ]


def _visible_windows() -> dict[int, str]:
    """Name the visible top-level widgets, without importing Qt for it."""
    widgets = sys.modules.get("PySide6.QtWidgets")
    if widgets is None or widgets.QApplication.instance() is None:
        return {}
    return {
        id(widget): f"{type(widget).__name__} {widget.objectName()!r}"
        for widget in widgets.QApplication.topLevelWidgets()
        if widget.isVisible()
    }


def _signal_handlers() -> set[str]:
    """Name what signals do in this process, and those that the main thread does not hear."""
    names = {f"{name}: {signal.getsignal(getattr(signal, name))}" for name in _SIGNALS}
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, []) if os.name == "posix" else set()
    return names | {f"blocked: {number}" for number in blocked}
