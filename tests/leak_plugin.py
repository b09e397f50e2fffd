"""The pytest plugin that makes every test fail on what it leaves behind."""

from __future__ import annotations

import gc
import os
import re
import shutil
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.leaks import (
    SESSION_VARIABLE,
    Leak,
    Snapshot,
    leaks_since,
    new_processes,
    new_temporary_files,
)
from tests.waiting import wait_until

PRIVATE_FOLDER: pytest.StashKey[Path] = pytest.StashKey()
SAVED_ENVIRONMENT: pytest.StashKey[dict[str, str | None]] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the one option: how long a test's remains may take to go."""
    parser.addini(
        "leak_deadline_s", "seconds that threads, processes and files have to end", default="5"
    )


def pytest_configure(config: pytest.Config) -> None:
    """
    Give the run a temporary folder, settings and a mark of its own.

    With a folder of its own, whatever is in it was made by this run, not by another program of
    the machine; its name is short because the path of a socket file may have only 108 bytes.
    """
    outer = tempfile.gettempdir()
    private = Path(tempfile.mkdtemp(prefix="flt-"))
    settings = private / "settings"
    temporary = private / "t"
    settings.mkdir()
    temporary.mkdir()
    changes = {
        "TMPDIR": str(temporary),
        "XDG_CONFIG_HOME": str(settings),  # never the settings of the person who runs the tests
        "PYTEST_DEBUG_TEMPROOT": os.environ.get(
            "PYTEST_DEBUG_TEMPROOT", outer
        ),  # tmp_path stays there
        SESSION_VARIABLE: uuid.uuid4().hex,
    }
    config.stash[PRIVATE_FOLDER] = private
    config.stash[SAVED_ENVIRONMENT] = {name: os.environ.get(name) for name in changes}
    os.environ.update(changes)
    tempfile.tempdir = str(temporary)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Undo what `pytest_configure` did."""
    for name, value in config.stash[SAVED_ENVIRONMENT].items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
    tempfile.tempdir = None
    shutil.rmtree(config.stash[PRIVATE_FOLDER])


@pytest.fixture(scope="session", autouse=True)
def _no_leaks_of_the_session(pytestconfig: pytest.Config) -> Iterator[None]:
    """Catch what fixtures of a module or of the session leave, which no single test can see."""
    pids = frozenset(psutil.pids())
    yield
    _fail_on(lambda: [*new_processes(pids), *new_temporary_files(frozenset())], pytestconfig)


@pytest.fixture(autouse=True)
def _no_leaks(pytestconfig: pytest.Config) -> Iterator[None]:
    """Compare the world after each test with the world before it."""
    before = Snapshot.take()
    yield
    _clear(pytestconfig.stash[PRIVATE_FOLDER] / "settings")
    _fail_on(lambda: leaks_since(before), pytestconfig)


def _fail_on(look: Callable[[], list[Leak]], config: pytest.Config) -> None:
    leaks = look()
    if not leaks:
        return
    gc.collect()  # a cycle may hold the last reference; what it frees unclosed warns, and fails
    try:
        wait_until(lambda: not look(), timeout_s=float(config.getini("leak_deadline_s")))
    except AssertionError:
        leaks = look()
        _remove(leaks)
        pytest.fail("left behind:\n" + "\n".join(f"  {leak}" for leak in leaks), pytrace=False)


def _remove(leaks: list[Leak]) -> None:
    """End the processes and delete the files, so that the machine is left as it was."""
    for leak in leaks:
        if leak.pid:
            try:
                psutil.Process(leak.pid).kill()
            except psutil.NoSuchProcess:
                continue  # it ended after all
    _clear(Path(tempfile.gettempdir()))


def _clear(folder: Path) -> None:
    for entry in folder.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink(missing_ok=True)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """Fail on Qt messages of the teardown; pytest-qt looks only until the test's call ends."""
    __tracebackhide__ = True
    with _qt_messages() as messages:
        result = yield
    ignored = item.config.getini("qt_log_ignore") if messages else []
    unexpected = [text for text in messages if not any(re.search(i, text) for i in ignored)]
    if unexpected:
        pytest.fail("Qt messages during the teardown:\n  " + "\n  ".join(unexpected), pytrace=False)
    return result


@contextmanager
def _qt_messages() -> Iterator[list[str]]:
    """Collect Qt's warnings and worse while in the block, if Qt is loaded at all."""
    messages: list[str] = []
    core = sys.modules.get("PySide6.QtCore")
    if core is None:
        yield messages
        return
    harmless = {core.QtMsgType.QtDebugMsg, core.QtMsgType.QtInfoMsg}

    def collect(kind: Any, _context: Any, text: str) -> None:
        if kind not in harmless:
            messages.append(text)

    previous = core.qInstallMessageHandler(collect)
    try:
        yield messages
    finally:
        core.qInstallMessageHandler(previous)
