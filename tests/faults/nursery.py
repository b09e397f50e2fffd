"""Runs cases: each in a child forked from one process that has imported everything once.

A case is a command line or the window, with a fault or a limit. What a case leaves running
becomes a child of this process (it is a subreaper), so nothing that is left goes unseen.

``python -m tests.faults.nursery`` reads a case, a line of JSON, and answers with a line of JSON.
"""

from __future__ import annotations

import ctypes
import importlib
import json
import os
import resource
import signal
import sys
import time
import traceback
from pathlib import Path
from typing import Any, Final

PATIENCE_S: Final = float(os.environ.get("FAULTS_PATIENCE_S", "60"))
"""A case that has not ended by then hangs; it is only used up when something is wrong."""

GOING_S: Final = 10.0
"""What is ended may take so long to be gone."""

_SUBREAPER: Final = 36
_KEEP_CAPABILITIES: Final = 8
_AMBIENT, _RAISE = 47, 2
_READ_ALL: Final = 1  # CAP_DAC_OVERRIDE
_CAPABILITY_VERSION: Final = 0x20080522
_MODULES: Final = (
    "rich.table",
    "rich.progress",
    "core.cli.list_verb",
    "core.cli.run_verb",
    "core.cli.compare_verb",
    "core.cli.sweep_verb",
    "core.cli.export_verb",
    "tests.faults.injector",
)


def main() -> None:
    """Run the cases that come on stdin."""
    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
    for name in (*_MODULES, *sys.argv[1:]):
        importlib.import_module(name)
    for line in sys.stdin:
        answer = _run(json.loads(line))
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _run(case: dict[str, Any]) -> dict[str, Any]:
    folder = Path(case["folder"])
    for name in ("t", "settings", "data"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for name in ("out", "err"):
        (folder / name).touch(0o666)
    pid = os.fork()
    if pid == 0:
        _be(case, folder)
    began = time.monotonic()
    status, is_hung = _awaited(pid, case, folder)
    left = _left_processes()
    counts = folder / "counts"
    return {
        "status": status,
        "is_hung": is_hung,
        "elapsed_s": time.monotonic() - began,
        "out": (folder / "out").read_text("utf-8", "replace"),
        "err": (folder / "err").read_text("utf-8", "replace"),
        "counts": json.loads(counts.read_text()) if counts.exists() else {},
        "left": left + sorted(str(path) for path in (folder / "t").iterdir()),
    }


def _awaited(pid: int, case: dict[str, Any], folder: Path) -> tuple[int, bool]:
    """Wait for the end of a case; return its exit status, and whether it had to be killed."""
    deadline = time.monotonic() + PATIENCE_S
    told = case.get("interrupt_at")
    while time.monotonic() < deadline:
        found, status = os.waitpid(pid, os.WNOHANG)
        if found:
            return os.waitstatus_to_exitcode(status), False
        if told and told.encode() in (folder / "out").read_bytes():
            os.kill(pid, signal.SIGUSR1)  # from now on the fault
            os.kill(pid, signal.SIGTERM)
            told = None
        time.sleep(0.01)
    os.kill(pid, signal.SIGABRT)  # tells where it hangs
    time.sleep(0.5)
    os.kill(pid, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), True


def _left_processes() -> list[str]:
    """Wait until all that the case started is gone; return what is not, and end it."""
    deadline = time.monotonic() + GOING_S
    while children := _children():
        if time.monotonic() > deadline:
            break
        time.sleep(0.01)
    left = [f"process {_command(pid)}" for pid in children]
    for pid in children:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    return left


def _children() -> list[int]:
    while True:
        try:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                break
        except ChildProcessError:
            return []
    return [int(pid) for pid in Path("/proc/thread-self/children").read_text().split()]


def _command(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")


# -- in the child ----------------------------------------------------------------------------


def _be(case: dict[str, Any], folder: Path) -> None:
    """Become the process of a case; never returns."""
    status = 70
    try:
        _set_up(case, folder)
        status = _do(case, folder)
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 71
    except BaseException:  # noqa: BLE001 - as the interpreter does
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        _end_as_python_does()
        os._exit(status)


def _end_as_python_does() -> None:
    import atexit
    import threading

    threading._shutdown()  # type: ignore[attr-defined] # waits for the threads that are left
    atexit._run_exitfuncs()


def _set_up(case: dict[str, Any], folder: Path) -> None:
    import faulthandler

    os.setsid()
    for descriptor, name, flags in (
        (0, os.devnull, os.O_RDONLY),
        (1, str(folder / "out"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND),
        (2, str(folder / "err"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND),
    ):
        file = os.open(name, flags, 0o666)
        os.dup2(file, descriptor)
        os.close(file)
    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")  # noqa: SIM115 - for good
    faulthandler.enable(file=2)
    os.environ.update(
        TMPDIR=str(folder / "t"),
        XDG_CONFIG_HOME=str(folder / "settings"),
        XDG_DATA_HOME=str(folder / "data"),
        HOME=str(folder),  # no Pythons to be found there, which would take their time
        **case.get("environment", {}),
    )
    import tempfile

    tempfile.tempdir = None
    os.chdir(folder)
    if "uid" in case:
        for place in (folder, *folder.iterdir()):
            os.chown(place, case["uid"], -1)
        _become(case["uid"])
    for name, value in case.get("limits", {}).items():
        hard = resource.getrlimit(getattr(resource, name))[1]
        resource.setrlimit(getattr(resource, name), (value, hard))
    if "program" in case:
        os.execv(case["program"][0], case["program"])


def _become(uid: int) -> None:
    """Become another user, who may read what root may: this Python may be of root's alone.

    The limit of processes does not hold for root, nor for who may exceed limits.
    """
    library = ctypes.CDLL(None, use_errno=True)
    library.prctl(_KEEP_CAPABILITIES, 1, 0, 0, 0)
    os.setgroups([])
    os.setuid(uid)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    kept = 1 << _READ_ALL
    data = (ctypes.c_uint32 * 6)(kept, kept, kept, 0, 0, 0)
    if library.capset(header, data) or library.prctl(_AMBIENT, _RAISE, _READ_ALL, 0, 0):
        raise OSError(ctypes.get_errno(), "the capability to read cannot be kept")


def _do(case: dict[str, Any], folder: Path) -> int:
    from tests.faults.injector import Injector

    injector = Injector(*case.get("fault", ()), is_lasting=case.get("is_lasting", False))
    injector.install()
    if case.get("interrupt_at"):
        injector.is_armed = False
        signal.signal(signal.SIGUSR1, lambda *_: setattr(injector, "is_armed", True))
    module, _, function = case.get("does", "tests.faults.nursery:command").partition(":")
    try:
        status: int = getattr(importlib.import_module(module), function)(case, injector)
    finally:
        injector.is_armed = False
        (folder / "counts").write_text(json.dumps(injector.counts))
    return status


def command(case: dict[str, Any], _injector: object) -> int:
    """Do what a command line asks for."""
    from core import cli

    return cli.main(case["words"], _nothing, _nothing)


def _nothing(*_: object) -> int:
    raise NotImplementedError


if __name__ == "__main__":
    main()
