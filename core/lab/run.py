"""Runs one script as ``python script.py`` would, with the observers in place."""

from __future__ import annotations

import ast
import builtins
import os
import signal
import sys
import traceback
import types
import warnings
from importlib.machinery import SourceFileLoader
from typing import Any

from . import deliveries, ends, executors, forks, functions, last_words, observe
from .channel import Sender
from .lifeline import Lifeline
from .shorten import shorten_error
from .stalls import Stalls
from .thread_names import ThreadNames
from .tracebacks import prune
from .watches import Watches
from .worker import line_buffered

_PARSE: int = ast.PyCF_ONLY_AST
"""As `ast.parse`, of which the traceback of a script that cannot be parsed would tell."""


def run_job() -> int:
    """Wait for a job, run it; return the exit status as Python itself would give it."""
    try:
        lifeline = Lifeline()
    except (OSError, MemoryError) as error:  # no descriptor is left, and the script has not begun
        sys.exit("the system refused what it needs: %s" % (error or "no memory"))
    job = lifeline.job()
    main = _main_module(job["file"])
    watches = Watches(job["watches"], main.__dict__, job["tables"], job["series"])
    stalls = Stalls(job["file"], main.__dict__)
    sender = Sender(job["address"], bytes.fromhex(job["key"]), "main")
    _observe(job, sender, watches, lifeline)
    forks.at_exit(stalls.end)
    sender.start(watches.tick, stalls.tick, ThreadNames().tick)
    _set_scene(job, main)
    try:
        _execute(job, main, watches, stalls)
    except SystemExit:
        raise
    except BaseException as error:  # noqa: BLE001 - whatever the script raises is shown as Python shows it
        return _report(error, job["file"])
    return 0


def _observe(job: dict[str, Any], sender: Sender, watches: Watches, lifeline: Lifeline) -> None:
    key = bytes.fromhex(job["key"])
    executors.install(job["address"], key)
    deliveries.install()
    ends.install()
    observe.connected()
    if job["mode"] == "sequential":
        executors.announce(functions.SEQUENTIAL, "sequential", 1, "")
    forks.in_children(sender.abandon)
    forks.in_children(lifeline.close_in_child)
    # Registered before anything of the script, so it runs after everything of it.
    forks.at_exit(lambda: _finish(sender, watches, lifeline))
    lifeline.start()
    sender.flush()
    last_words.install(sender.last_words)
    # The script has one thread when run alone; that ours are there is no fault of its own.
    warnings.filterwarnings(
        "ignore", "This process .* is multi-threaded, use of fork", DeprecationWarning
    )


def _finish(sender: Sender, watches: Watches, lifeline: Lifeline) -> None:
    watches.sample()
    sender.close()
    lifeline.await_beginning()


def _main_module(file: str) -> types.ModuleType:
    """Return a module with the names that Python gives to ``__main__``, in the same order."""
    main = types.ModuleType("__main__")
    main.__loader__ = SourceFileLoader("__main__", file)
    if sys.version_info < (3, 14):
        main.__annotations__ = {}
    main.__dict__.update(__builtins__=builtins, __file__=file)
    if sys.version_info < (3, 15):
        main.__dict__["__cached__"] = None
    return main


def _set_scene(job: dict[str, Any], main: types.ModuleType) -> None:
    os.environ.update(job["environment"])
    sys.argv = [job["file"]] + job["arguments"]
    sys.path[0] = job["folder"]
    # What a spawned worker sends back is of the second name, see multiprocessing/__init__.py.
    sys.modules["__main__"] = sys.modules["__mp_main__"] = main
    line_buffered()
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _execute(job: dict[str, Any], main: types.ModuleType, watches: Watches, stalls: Stalls) -> None:
    try:
        with open(job["file"], "rb") as script:
            source = script.read()
    except (OSError, MemoryError) as error:  # as plain Python, which says it in a line, too
        sys.exit("the script cannot be read: %s" % (error or "no memory"))
    stalls.begin(source)
    tree: ast.Module = compile(source, job["file"], "exec", _PARSE, dont_inherit=True)
    tasks = job["tasks"] if job["mode"] == "sequential" else ()
    has_main = functions.decorate(tree, tasks)
    code = compile(tree, job["file"], "exec", dont_inherit=True)
    vars(builtins).update(functions.names(watches))
    if has_main:
        exec(code, main.__dict__)
        return
    functions.main_starts()
    try:
        exec(code, main.__dict__)
    finally:
        functions.main_ends(watches)


def _parsed(file: str) -> ast.Module:
    with open(file, "rb") as script:
        try:
            return ast.parse(script.read(), file)
        except SyntaxError as error:
            raise error.with_traceback(None) from None  # the way through ast is not the script's


def _report(error: BaseException, file: str) -> int:
    """Show an exception as Python would; return the exit status."""
    prune(error)
    kind, _, message = shorten_error(error).partition(": ")
    if isinstance(error, SyntaxError):
        message = error.msg  # its str repeats file and line
    observe.state.single.append(["raised", observe.now(), kind, message, _line_of(error, file)])
    sys.excepthook(type(error), error, error.__traceback__)
    if isinstance(error, KeyboardInterrupt):
        return 128 + signal.SIGINT
    return 1


def _line_of(error: BaseException, file: str) -> int | None:
    if isinstance(error, SyntaxError) and error.filename == file:
        return error.lineno
    lines = [
        line
        for frame, line in traceback.walk_tb(error.__traceback__)
        if frame.f_code.co_filename == file
    ]
    return lines[-1] if lines else None
